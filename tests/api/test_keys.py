"""API keys: the file, and what is behind them."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from service.api.keys import ApiKeys, hash_key
from tests.api.conftest import Connect

KEY = "Zg0x-an-Example-of-a-Key-8K2"


@pytest.fixture
def keys(tmp_path: Path) -> ApiKeys:
    path = tmp_path / "keys"
    path.write_text(f"# Redaktion\n\n{hash_key(KEY)}  cms staging\n{hash_key('anderer')} wire\n", encoding="utf-8")
    return ApiKeys.load(path)


def test_keys_know_their_owners(keys: ApiKeys) -> None:
    assert keys.owner(KEY) == "cms staging"
    assert keys.owner("anderer") == "wire"
    assert keys.owner(hash_key(KEY)) is None, "the hash is no key"
    assert keys.owner("") is None
    assert keys.owner("schlüssel") is None


def test_hash_is_sha256_in_hex() -> None:
    assert hash_key("abc") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("content", ["", "# nothing\n", f"{KEY} cms\n", "sha256:12 cms\n", f"{hash_key(KEY)}\n"])
def test_unusable_file_is_refused_without_repeating_it(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="key") as caught:
        ApiKeys.load(path)
    assert KEY not in str(caught.value)


def test_without_a_key_the_challenge_comes_first(connect: Connect, keys: ApiKeys) -> None:
    client = connect(api_keys=keys)
    for answer in (client.post("/v1/translate", data=b"{"), client.get("/v1/models")):
        assert answer.json is not None
        assert (answer.status_code, answer.json["type"]) == (401, "/problems/unauthorized")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="depesche"'


@pytest.mark.parametrize("sent", ["Bearer falsch", f"Basic {KEY}", "Bearer", f"Bearer {KEY}x", KEY])
def test_wrong_key_stays_outside_and_out_of_the_log(
    connect: Connect, keys: ApiKeys, sent: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = connect(api_keys=keys).get("/v1/languages", headers={"Authorization": sent})
    assert answer.status_code == 401
    assert "falsch" not in caplog.text + answer.text
    assert KEY not in caplog.text + answer.text


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_right_key_opens(connect: Connect, keys: ApiKeys, scheme: str) -> None:
    answer = connect(api_keys=keys).post(
        "/v1/translate", json={"text": "a"}, headers={"Authorization": f"{scheme} {KEY}"}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path", ["/livez", "/readyz", "/metrics", "/openapi.yaml", "/docs", "/", "/problems/unauthorized"]
)
def test_operation_and_documentation_stay_open(connect: Connect, keys: ApiKeys, path: str) -> None:
    assert connect(api_keys=keys).get(path).status_code == 200
