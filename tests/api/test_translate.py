"""`POST /v1/translate`: what reaches the core, and what comes back."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from service.core.enums import Flag, Severity, WarningCode
from service.core.types import Finding, Priority, Span
from tests.api.conftest import Connect
from tests.api.fakes import FakeRuntime


def test_defaults_are_those_of_the_contract(client: FlaskClient, runtime: FakeRuntime) -> None:
    answer = client.post("/v1/translate", json={"text": "Nein."})
    call = runtime.calls[0]
    assert (call["texts"], call["source_lang"], call["target_lang"]) == (["Nein."], "auto", "en")
    assert call["context"].priority is Priority.INTERACTIVE
    assert answer.json == {
        "translations": [
            {"text": "<Nein.>", "source_lang": "de", "target_lang": "en", "model": "toy-de-en", "warnings": []}
        ],
        "models": [
            {
                "id": "toy-de-en",
                "revision": "0123abcd",
                "engine": "fake",
                "compute_type": "float32",
                "tier": "demo",
            }
        ],
        "usage": {"characters": 5, "segments": 1, "segments_cached": 0},
    }


def test_segments_come_when_asked_for(client: FlaskClient, runtime: FakeRuntime) -> None:
    runtime.flags = (Flag.NUMBERS_CHANGED, Flag.RETRIED)
    runtime.findings = (Finding(Flag.NUMBERS_CHANGED, Severity.CRITICAL, (Span(0, 2),), (Span(1, 3), Span(4, 5))),)
    runtime.warnings = (WarningCode.SEGMENTS_FLAGGED,)
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
            "source_lang": "de",
            "model": "toy-de-en",
            "cached": False,
            "flags": ["numbers_changed", "retried"],
            "findings": [
                {
                    "flag": "numbers_changed",
                    "severity": "critical",
                    "category": "accuracy/mistranslation",
                    "source": [{"start": 0, "end": 2}],
                    "target": [{"start": 1, "end": 3}, {"start": 4, "end": 5}],
                }
            ],
        }
    ]


def test_certainty_and_what_to_review_come_when_they_are_known_and_asked_for(
    client: FlaskClient, runtime: FakeRuntime
) -> None:
    runtime.certainty = 0.25
    [plain] = client.post("/v1/translate", json={"text": "Ja"}).json["translations"]  # type: ignore[index]
    assert (plain["certainty"], "review" in plain) == (0.25, False)
    [asked] = client.post("/v1/translate", json={"text": "Ja", "review": 3}).json["translations"]  # type: ignore[index]
    assert [(each["source"], each["certainty"]) for each in asked["review"]] == [("Ja", 0.25)]
    assert "segments" not in asked


@pytest.mark.parametrize("value", [-1, 101, "3", True, 1.5])
def test_review_is_a_small_number(client: FlaskClient, value: object) -> None:
    answer = client.post("/v1/translate", json={"text": "a", "review": value})
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"][0]["pointer"] == "/review"


def test_a_list_of_one_is_a_list(client: FlaskClient, runtime: FakeRuntime) -> None:
    answer = client.post("/v1/translate", json={"text": ["", "b"]})
    assert runtime.calls[0]["texts"] == ["", "b"]
    assert answer.json is not None
    assert answer.json["translations"][1]["text"] == "<b>"


@pytest.mark.parametrize("code", ["de", "DE", "de-AT", "de_CH", "deu", "ger"])
def test_codes_are_understood_in_every_usual_spelling(client: FlaskClient, runtime: FakeRuntime, code: str) -> None:
    body = {"text": "Jause", "source_lang": code, "target_lang": "EN-GB"}
    assert client.post("/v1/translate", json=body).status_code == 200
    assert (runtime.calls[0]["source_lang"], runtime.calls[0]["target_lang"]) == ("de", "en")


@pytest.mark.parametrize("code", ["und", "AUTO", "auto"])
def test_undetermined_is_for_the_service_to_tell(client: FlaskClient, runtime: FakeRuntime, code: str) -> None:
    assert client.post("/v1/translate", json={"text": "Jause", "source_lang": code}).status_code == 200
    assert runtime.calls[0]["source_lang"] == "auto"


@pytest.mark.parametrize("member", ["source_lang", "target_lang"])
def test_what_is_no_language_code_is_a_fault_of_its_member(client: FlaskClient, member: str) -> None:
    answer = client.post("/v1/translate", json={"text": "a", member: "klingonisch"})
    assert (answer.status_code, answer.json and answer.json["type"]) == (422, "/problems/invalid-request")
    assert answer.json is not None
    assert [fault["pointer"] for fault in answer.json["errors"]] == [f"/{member}"]


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
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/unsupported-language")
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]
    assert answer.json["supported"] == [{"source_lang": "de", "target_lang": "en"}]
