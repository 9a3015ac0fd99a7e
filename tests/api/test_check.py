"""`POST /v1/check`: what reaches the core, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.core.enums import Flag, Severity
from service.core.types import Finding, Priority, Span
from tests.api.conftest import Connect
from tests.api.fakes import FakeRuntime

BODY: dict[str, Any] = {
    "items": [{"source": "Ja 12", "target": "Yes 13", "id": 7}],
    "source_lang": "de-AT",
    "target_lang": "eng",
}


def test_pairs_reach_the_core_and_findings_come_back(client: FlaskClient, runtime: FakeRuntime) -> None:
    runtime.findings = (Finding(Flag.NUMBERS_CHANGED, Severity.CRITICAL, (Span(3, 5),), (Span(4, 6),)),)
    runtime.certainty = 0.5
    answer = client.post("/v1/check", json=BODY)
    call = runtime.calls[0]
    assert (call["pairs"], call["source_lang"], call["target_lang"]) == ([("Ja 12", "Yes 13")], "de", "en")
    assert call["context"].priority is Priority.INTERACTIVE
    assert answer.json is not None
    assert answer.json["items"] == [
        {
            "certainty": 0.5,
            "flags": ["numbers_changed"],
            "findings": [
                {
                    "flag": "numbers_changed",
                    "severity": "critical",
                    "category": "accuracy/mistranslation",
                    "source": [{"start": 3, "end": 5}],
                    "target": [{"start": 4, "end": 6}],
                }
            ],
        }
    ]
    assert answer.json["usage"] == {"characters": 11, "segments": 1, "segments_cached": 0}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"items": []}, "/items"),
        ({"items": "Ja"}, "/items"),
        ({"items": [{"source": "Ja"}]}, "/items/0/target"),
        ({"items": [{"source": 1, "target": "x"}]}, "/items/0/source"),
        ({"items": [{"source": "\ud800", "target": "x"}]}, "/items/0/source"),
        ({"items": [{"source": "a", "target": "b"}] * 1001}, "/items"),
        ({"source_lang": "auto"}, "/source_lang"),
        ({"target_lang": "klingonisch"}, "/target_lang"),
        ({"priority": "now"}, "/priority"),
        ({"text": "Ja"}, "/text"),
    ],
)
def test_faults_are_pointed_at(client: FlaskClient, change: dict[str, Any], pointer: str) -> None:
    answer = client.post("/v1/check", json=BODY | change)
    assert answer.json is not None
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/invalid-request")
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]


def test_sources_and_targets_together_are_bounded(connect: Connect) -> None:
    client = connect(max_characters=10)
    answer = client.post("/v1/check", json=BODY)
    assert answer.status_code == 413
    assert answer.json is not None
    assert (answer.json["size"], answer.json["limit"]) == (11, 10)


def test_a_check_in_bulk_may_take_longer(connect: Connect, runtime: FakeRuntime) -> None:
    connect(deadline_bulk_seconds=70.0).post("/v1/check", json=BODY | {"priority": "bulk"})
    assert runtime.calls[0]["context"].allowed_seconds == 70.0
