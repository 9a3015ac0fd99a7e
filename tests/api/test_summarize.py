"""`POST /v1/summarize`: what reaches the core, and what comes back."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.api.fakes import FakeRuntime

ARTICLE = "Der Zug hatte Verspätung.\nNiemand weiß, warum."


def test_defaults_are_those_of_the_contract(client: FlaskClient, runtime: FakeRuntime) -> None:
    answer = client.post("/v1/summarize", json={"text": ARTICLE})
    call = runtime.calls[0]
    assert call["texts"] == [ARTICLE]
    asked = [call[name] for name in ("source_lang", "target_lang", "method", "max_sentences")]
    assert asked == ["auto", None, None, 3]
    line = ARTICLE.split("\n", maxsplit=1)[0]
    assert answer.json is not None
    assert answer.json["summaries"] == [
        {
            "text": line,
            "source_lang": "de",
            "target_lang": "de",
            "method": "extractive",
            "model": "first-sentences",
            "warnings": [],
            "sentences": [
                {
                    "text": line,
                    "start": 0,
                    "end": len(line),
                    "evidence": [{"start": 0, "end": len(line), "text": line}],
                    "flags": [],
                    "findings": [],
                }
            ],
            "coverage": {"characters": len(ARTICLE), "characters_used": len(ARTICLE), "complete": True},
        }
    ]
    assert [model["tier"] for model in answer.json["models"]] == ["builtin"]


def test_translation_model_is_named_only_where_one_took_part(client: FlaskClient) -> None:
    same = client.post("/v1/summarize", json={"text": ARTICLE}).json
    translated = client.post("/v1/summarize", json={"text": ARTICLE, "target_lang": "en"}).json
    assert same is not None
    assert translated is not None
    assert "translation_model" not in same["summaries"][0]
    assert translated["summaries"][0]["translation_model"] == "toy-de-en"
    assert [model["id"] for model in translated["models"]] == ["first-sentences", "toy-de-en"]


def test_unsupported_method_has_a_type_of_its_own(client: FlaskClient) -> None:
    answer = client.post("/v1/summarize", json={"text": ARTICLE, "method": "abstractive"})
    assert answer.json is not None
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/unsupported-method")
    assert answer.json["errors"][0]["pointer"] == "/method"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"max_sentences": 0}, "/max_sentences"),
        ({"max_sentences": 51}, "/max_sentences"),
        ({"max_sentences": True}, "/max_sentences"),
        ({"max_sentences": "3"}, "/max_sentences"),
        ({"method": "best"}, "/method"),
        ({"source_lang": "f"}, "/source_lang"),
        ({"target_lang": "auto"}, "/target_lang"),
        ({"priority": "bulk"}, "/priority"),
        ({"text": ["a"] * 17}, "/text"),
    ],
)
def test_what_the_contract_excludes_is_refused(client: FlaskClient, body: dict[str, object], pointer: str) -> None:
    answer = client.post("/v1/summarize", json={"text": "a"} | body)
    assert answer.status_code == 422
    assert answer.json is not None
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]
