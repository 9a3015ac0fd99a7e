"""Every example of the contract, executed against the running service, answers as the contract shows."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import pytest
import requests
from openapi_schema_validator import OAS31Validator

from tests.api.openapi_examples import RequestExample, iterate_request_examples, iterate_response_examples
from tests.e2e.server import Server


def without_changing_parts(body: Any) -> Any:
    """An answer without what depends on what was asked before."""
    if isinstance(body, dict):
        return {
            key: without_changing_parts(value)
            for key, value in body.items()
            if key not in {"cached", "segments_cached", "instance", "revision", "compute_type", "certainty"}
        }
    return [without_changing_parts(value) for value in body] if isinstance(body, list) else body


@pytest.mark.parametrize(
    "example", list(iterate_request_examples()), ids=lambda example: f"{example.operation}-{example.name}"
)
def test_examples_answer_as_shown(server: Server, example: RequestExample) -> None:
    answer = requests.request(example.method, server.url(example.path), json=example.body, timeout=60)
    assert answer.status_code == example.response.status, answer.text
    OAS31Validator(example.response.schema).validate(answer.json())
    assert without_changing_parts(answer.json()) == without_changing_parts(example.response.value)


def test_the_languages_are_those_that_the_contract_shows(server: Server) -> None:
    [shown] = [each for each in iterate_response_examples() if each.operation == "listLanguages" and each.status == 200]
    answer = requests.get(server.url("/v1/languages"), timeout=10).json()
    key = itemgetter("task", "source_lang", "target_lang")
    assert sorted(answer["languages"], key=key) == sorted(shown.value["languages"], key=key)


def test_the_models_satisfy_the_contract(server: Server) -> None:
    [shown] = [each for each in iterate_response_examples() if each.operation == "listModels" and each.status == 200]
    answer = requests.get(server.url("/v1/models"), timeout=10).json()
    OAS31Validator(shown.schema).validate(answer)
    assert {model["tier"] for model in answer["models"]} == {"demo"}
