"""`POST /v1/translate`: what reaches the core, and what comes back."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from service.core.types import Priority
from tests.api.conftest import Connect
from tests.api.fakes import FakeRuntime


def test_defaults_are_those_of_the_contract(client: FlaskClient, runtime: FakeRuntime) -> None:
    answer = client.post("/v1/translate", json={"text": "Nein."})
    call = runtime.calls[0]
    assert (call["texts"], call["source_lang"], call["target_lang"]) == (["Nein."], "auto", "en")
    assert call["context"].priority is Priority.INTERACTIVE
    assert answer.json == {
        "translations": [{"text": "<Nein.>", "source_lang": "de", "target_lang": "en", "warnings": []}],
        "model": {
            "id": "toy-de-en",
            "revision": "0123abcd",
            "engine": "fake",
            "compute_type": "float32",
            "tier": "demo",
        },
        "usage": {"characters": 5, "segments": 1, "segments_cached": 0},
    }


def test_segments_come_when_asked_for(client: FlaskClient, runtime: FakeRuntime) -> None:
    runtime.flags, runtime.warnings = ("numbers_changed", "retried"), ("segments_flagged",)
    answer = client.post("/v1/translate", json={"text": "Ja 🙂", "include_segments": True})
    assert answer.json is not None
    assert answer.json["translations"][0]["warnings"] == ["segments_flagged"]
    assert answer.json["translations"][0]["segments"] == [
        {
            "source": "Ja 🙂",
            "target": "<Ja 🙂>",
            "source_start": 0,
            "source_end": 4,
            "target_start": 0,
            "target_end": 6,
            "cached": False,
            "flags": ["numbers_changed", "retried"],
        }
    ]


def test_a_list_of_one_is_a_list(client: FlaskClient, runtime: FakeRuntime) -> None:
    answer = client.post("/v1/translate", json={"text": ["", "b"], "source_lang": "de-AT"})
    assert runtime.calls[0]["texts"] == ["", "b"]
    assert answer.status_code == 422  # the fake knows "de" only; the core reads "de-AT" as "de"
    assert client.post("/v1/translate", json={"text": ["", "b"]}).json["translations"][1]["text"] == "<b>"  # type: ignore[index]


@pytest.mark.parametrize(("priority", "seconds"), [("interactive", 7.0), ("bulk", 70.0)])
def test_priority_chooses_the_deadline(connect: Connect, runtime: FakeRuntime, priority: str, seconds: float) -> None:
    client = connect(deadline_interactive_seconds=7.0, deadline_bulk_seconds=70.0)
    client.post("/v1/translate", json={"text": "a", "priority": priority})
    context = runtime.calls[0]["context"]
    assert context.allowed_seconds == seconds
    assert context.priority is Priority[priority.upper()]


@pytest.mark.parametrize(
    ("header", "read", "write"),
    [
        ("", True, True),
        ("no-store", True, False),
        ("no-cache", False, True),
        ("No-Cache, NO-STORE", False, False),
        ("max-age=0", True, True),
    ],
)
def test_cache_control_limits_the_cache(
    client: FlaskClient, runtime: FakeRuntime, header: str, read: bool, write: bool
) -> None:
    client.post("/v1/translate", json={"text": "a"}, headers={"Cache-Control": header})
    context = runtime.calls[0]["context"]
    assert (context.read_cache, context.write_cache) == (read, write)


def test_unsupported_language_points_at_the_text_when_it_was_detected(client: FlaskClient) -> None:
    answer = client.post("/v1/translate", json={"text": ["Nein.", "Le maire"]})
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["type"] == "/problems/unsupported-language"
    assert answer.json["errors"][0]["pointer"] == "/text/1"
    assert answer.json["supported"] == [{"source_lang": "de", "target_lang": "en"}]
    alone = client.post("/v1/translate", json={"text": "Le maire"}).json
    assert alone is not None
    assert alone["errors"][0]["pointer"] == "/text"


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"source_lang": "fr"}, "/source_lang"),
        ({"target_lang": "pl"}, "/target_lang"),
        ({"source_lang": "auto", "target_lang": "pl"}, "/target_lang"),
    ],
)
def test_unsupported_language_points_at_the_member_that_asks_for_it(
    client: FlaskClient, asked: dict[str, str], pointer: str
) -> None:
    answer = client.post("/v1/translate", json={"text": "a", "source_lang": "de"} | asked)
    assert answer.json is not None
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]
