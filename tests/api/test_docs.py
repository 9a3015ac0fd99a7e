"""The documentation page: complete, and nothing of it comes from the web."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from service.api.contract import contract_path
from tests.api.conftest import Connect

ASSETS = ["docs.css", "docs.js", "swagger-ui.css", "swagger-ui-bundle.js"]


def test_contract_is_served_as_it_is(client: FlaskClient) -> None:
    answer = client.get("/openapi.yaml")
    assert answer.data == contract_path().read_bytes()


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
