"""What every response carries, and what metrics and log hear of it."""

from __future__ import annotations

import logging
import re

import pytest
from flask.testing import FlaskClient

from tests.api.fakes import FakeObserver


@pytest.mark.parametrize("sent", ["cms-2041", "a" * 128, "~!"])
def test_request_id_comes_back(client: FlaskClient, sent: str) -> None:
    for answer in (
        client.get("/livez", headers={"X-Request-ID": sent}),
        client.get("/x", headers={"X-Request-ID": sent}),
    ):
        assert answer.headers["X-Request-ID"] == sent


@pytest.mark.parametrize("sent", [None, "", "a" * 129, "two words", "Grün", "tab\tbed"])
def test_unusable_request_id_is_replaced(client: FlaskClient, sent: str | None) -> None:
    headers = {} if sent is None else {"X-Request-ID": sent}
    first, second = (client.get("/livez", headers=headers).headers["X-Request-ID"] for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second


def test_server_timing_has_every_stage(client: FlaskClient) -> None:
    answer = client.post("/v1/translate", json={"text": "a"})
    stages = dict(part.split(";dur=") for part in answer.headers["Server-Timing"].split(", "))
    assert list(stages) == ["segment", "cache", "queue", "engine", "total"]
    assert stages["engine"] == "250.0"


def test_answers_are_not_stored_on_the_way(client: FlaskClient) -> None:
    for answer in (
        client.post("/v1/translate", json={"text": "a"}),
        client.post("/v1/translate"),
        client.get("/readyz"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_metrics_get_rules_instead_of_paths(client: FlaskClient, observer: FakeObserver) -> None:
    client.post("/v1/translate", json={"text": "a"})
    client.get("/problems/queue-full")
    client.get("/wp-admin/setup.php")
    client.open("/livez", method="BREW")
    assert observer.requests == [
        ("/v1/translate", "POST", 200),
        ("/problems/<slug>", "GET", 200),
        ("other", "GET", 404),
        ("other", "other", 405),
    ]


def test_log_has_one_line_per_request_and_no_text(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post("/v1/translate", json={"text": "Geheim!"}, headers={"X-Request-ID": "cms-7"})
        client.post("/v1/translate", json={"Geheim!": "Geheim!"})
        client.get("/Geheim!?Geheim!")
    assert "Geheim" not in caplog.text
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 3
    assert re.fullmatch(r"POST /v1/translate 200 \d+\.\d ms, 19 bytes in, \d+ bytes out, request cms-7", lines[0])


def test_metrics_page_is_passed_through(client: FlaskClient) -> None:
    answer = client.get("/metrics")
    assert answer.data == b"toys_total 1\n"
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"


def test_probes_are_silent_while_they_succeed(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """They come every few seconds; a line for each would bury the rest."""
    with caplog.at_level("INFO", logger="depesche.api"):
        client.get("/livez")
        client.get("/readyz")
        client.get("/v1/models")
    assert [record.getMessage().split()[1] for record in caplog.records] == ["/v1/models"]
