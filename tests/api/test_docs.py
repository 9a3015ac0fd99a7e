"""The documentation page: complete, and nothing of it comes from the web."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
import yaml
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator

from service.api.contract import contract_path, served_contract
from service.core.enums import Task
from service.core.types import LanguagePair
from tests.api.conftest import Connect
from tests.api.fakes import FakeRuntime

ASSETS = ["docs.css", "docs.js", "swagger-ui.css", "swagger-ui-bundle.js"]


def test_contract_is_served_as_it_is_but_for_the_languages(client: FlaskClient) -> None:
    served, written = client.get("/openapi.yaml").text.splitlines(), contract_path().read_text("utf-8").splitlines()
    changed = [(one, other) for one, other in zip(served, written, strict=True) if one != other]
    assert [other.strip() for _, other in changed] == ["# served: translation", "# served: summarization"]


def test_contract_is_served_as_it_is_while_the_languages_are_not_known(
    client: FlaskClient, runtime: FakeRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "language_pairs", list)
    assert client.get("/openapi.yaml").text == contract_path().read_text("utf-8")


def valid(client: FlaskClient, name: str, **request: object) -> bool:
    """Whether the served contract calls a request valid."""
    contract = yaml.safe_load(client.get("/openapi.yaml").data)
    return bool(OAS31Validator(contract["components"]["schemas"][name]).is_valid({"text": "Guten Tag.", **request}))


def test_served_contract_knows_the_languages(client: FlaskClient) -> None:
    """What FakeRuntime serves: de-en, de-fr, and summaries of German in German."""
    request: Mapping[str, object]
    for request in (
        {},
        {"source_lang": "de"},
        {"source_lang": "DE_AT", "target_lang": "eng"},
        {"source_lang": "ger", "target_lang": "fr-CA"},
        {"source_lang": "auto", "target_lang": "fr"},
        {"source_lang": "fr", "target_lang": "FR"},
    ):
        assert valid(client, "TranslateRequest", **request), request
    for request in (
        {"source_lang": "es"},
        {"target_lang": "de"},
        {"target_lang": "auto"},
        {"source_lang": "fr"},
        {"source_lang": "en", "target_lang": "fr"},
        {"source_lang": "deut"},
    ):
        assert not valid(client, "TranslateRequest", **request), request
    for request in ({}, {"source_lang": "de"}, {"target_lang": "de"}, {"target_lang": None, "method": "extractive"}):
        assert valid(client, "SummarizeRequest", **request), request
    for request in ({"source_lang": "en"}, {"target_lang": "en"}, {"method": "abstractive", "target_lang": "de"}):
        assert not valid(client, "SummarizeRequest", **request), request


def test_served_contract_wants_english_abstracts_only() -> None:
    pairs = [
        LanguagePair(source, target, task, ("m",))
        for task in Task
        for source, target in (
            ("de", "en"),
            ("en", "de"),
            *((("de", "de"), ("en", "en")) if task == "summarization" else ()),
        )
    ]
    contract = yaml.safe_load(served_contract(contract_path().read_text("utf-8"), pairs, abstracts=True))
    validator = OAS31Validator(contract["components"]["schemas"]["SummarizeRequest"])
    abstract: Mapping[str, object] = {"text": "x", "method": "abstractive"}
    more: Mapping[str, object]
    for more in ({}, {"target_lang": "en"}, {"source_lang": "de", "target_lang": "en"}, {"source_lang": "en"}):
        assert validator.is_valid({**abstract, **more}), more
    assert validator.is_valid({**abstract, "source_lang": "en", "target_lang": None})
    for more in ({"target_lang": "de"}, {"source_lang": "de"}, {"source_lang": "de", "target_lang": None}):
        assert not validator.is_valid({**abstract, **more}), more


def test_served_contract_wants_a_target_where_english_is_none() -> None:
    pairs = [LanguagePair("en", "de", Task.TRANSLATION, ("m",))]
    contract = yaml.safe_load(served_contract(contract_path().read_text("utf-8"), pairs, abstracts=False))
    validator = OAS31Validator(contract["components"]["schemas"]["TranslateRequest"])
    assert validator.is_valid({"text": "x", "target_lang": "de"})
    assert not validator.is_valid({"text": "x"})


def test_page_loads_only_what_the_service_has(client: FlaskClient) -> None:
    page = client.get("/docs")
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    local = [address for address in addresses if not address.startswith("data:")]
    assert {f"docs/assets/{name}" for name in ASSETS} <= set(local)
    for address in local:
        with client.get(f"/{address}") as answer:
            assert answer.status_code == 200
            assert answer.data
    assert "<script>" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy


@pytest.mark.parametrize("name", ASSETS)
def test_assets_may_be_kept_and_asked_for_again(client: FlaskClient, name: str) -> None:
    with client.get(f"/docs/assets/{name}") as first:
        assert "max-age" in first.headers["Cache-Control"]
        etag = first.headers["ETag"]
    with client.get(f"/docs/assets/{name}", headers={"If-None-Match": etag}) as second:
        assert second.status_code == 304


@pytest.mark.parametrize("name", ["swagger-ui.js", "..%2fdocs.py", "VERSION"])
def test_other_files_are_not_given(client: FlaskClient, name: str) -> None:
    assert client.get(f"/docs/assets/{name}").status_code == 404


def test_root_points_to_the_documentation(connect: Connect) -> None:
    answer = connect(version="1.2.3").get("/")
    assert answer.json == {"service": "depesche", "version": "1.2.3", "docs": "/docs", "contract": "/openapi.yaml"}


def test_a_range_outside_an_asset_is_the_callers_mistake(client: FlaskClient) -> None:
    with client.get("/docs/assets/docs.js", headers={"Range": "bytes=999999-"}) as answer:
        assert answer.status_code == 400
        assert answer.mimetype == "application/problem+json"
