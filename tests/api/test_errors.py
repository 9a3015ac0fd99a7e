"""Errors become problem+json with the right status, and tell nothing that they shouldn't."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api.app import ApiOptions, create_app
from service.api.errors import DOMAIN_PROBLEMS
from service.api.problems import whole_seconds
from service.core import errors as domain
from service.core.types import Readiness
from tests.api.conftest import Connect
from tests.api.fakes import FakeObserver, FakeRuntime

SECRET = "Streng geheimer Text"


@pytest.mark.parametrize(
    ("error", "status", "slug", "retry_after"),
    [
        (domain.NotReady("loading", 12.2), 503, "not-ready", "13"),
        (domain.QueueFull("full", 0.01), 429, "queue-full", "1"),
        (domain.DeadlineUnreachable("too late", 90.0), 429, "deadline-unreachable", "90"),
        (domain.DeadlineExceeded(30.0), 504, "deadline-exceeded", None),
        (domain.Cancelled("stopping"), 503, "shutting-down", "1"),
        (domain.InferenceFailed(SECRET), 500, "inference-failed", None),
        (domain.ModelNotInstalled(SECRET), 503, "model-unavailable", "60"),
        (domain.TextTooLarge(20, 10), 413, "text-too-large", None),
        (domain.TooMuchWork(95, 60), 413, "too-much-work", None),
        (domain.UnsupportedMethod("abstractive", "not here"), 422, "unsupported-method", None),
        (domain.UnsupportedLanguage("fr", "en", ()), 422, "unsupported-language", None),
        (domain.RequestError("odd"), 422, "invalid-request", None),
        (domain.DepescheError(SECRET), 500, "internal-error", None),
        (ValueError(SECRET), 500, "internal-error", None),
    ],
)
def test_error_of_the_core_becomes_a_problem(
    client: FlaskClient, runtime: FakeRuntime, error: Exception, status: int, slug: str, retry_after: str | None
) -> None:
    runtime.error = error
    answer = client.post("/v1/translate", json={"text": "a"}, headers={"X-Request-ID": "cms/1"})
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["type"] == f"/problems/{slug}"
    assert answer.json["status"] == status
    assert answer.json["instance"] == "urn:depesche:request:cms%2F1"
    assert answer.headers.get("Retry-After") == retry_after
    assert SECRET not in answer.text


def every_domain_error() -> set[type[domain.DepescheError]]:
    found: set[type[domain.DepescheError]] = set()
    waiting = [domain.DepescheError]
    while waiting:
        kind = waiting.pop()
        found.add(kind)
        waiting += kind.__subclasses__()
    return found


def test_every_error_of_the_core_has_its_place_in_the_table() -> None:
    unlisted = {kind for kind in every_domain_error() - DOMAIN_PROBLEMS.keys() if kind.__module__ == domain.__name__}
    assert all(issubclass(kind, domain.ModelError) for kind in unlisted)


def test_unexpected_error_is_logged_without_its_message(
    client: FlaskClient, runtime: FakeRuntime, caplog: pytest.LogCaptureFixture
) -> None:
    runtime.error = ValueError(SECRET)
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/v1/translate", json={"text": SECRET}, headers={"X-Request-ID": "cms-1"})
    assert SECRET not in caplog.text
    assert "unexpected ValueError in request cms-1 at fakes.py" in caplog.text
    assert "cms-1" in caplog.text
    assert answer.status_code == 500


def test_answer_that_breaks_the_contract_is_an_internal_error(
    client: FlaskClient, runtime: FakeRuntime, caplog: pytest.LogCaptureFixture
) -> None:
    runtime.warnings = ("no_such_warning",)  # type: ignore[assignment]  # on purpose
    answer = client.post("/v1/translate", json={"text": SECRET})
    assert answer.status_code == 500
    assert "unexpected ValidationError" in caplog.text
    assert SECRET not in caplog.text


def test_caller_that_hung_up_is_told_apart_from_shutdown(
    client: FlaskClient, runtime: FakeRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.api.v1.context.hang_up_check", lambda environ: lambda: True)
    runtime.error = domain.Cancelled("gone")
    assert client.post("/v1/translate", json={"text": "a"}).status_code == 499


@pytest.mark.parametrize(
    "path", ["/v2/translate", "/v1/translate/", "//v1/translate", "/problems/nonsense", "/docs/assets/app.py"]
)
def test_unknown_paths_are_404(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.json is not None
    assert (answer.status_code, answer.json["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/v1/translate", "POST"), ("DELETE", "/v1/summarize", "POST"), ("POST", "/livez", "GET")],
)
def test_other_methods_are_405_with_allow(client: FlaskClient, method: str, path: str, allowed: str) -> None:
    answer = client.open(path, method=method)
    assert answer.json is not None
    assert (answer.status_code, answer.json["type"]) == (405, "/problems/method-not-allowed")
    assert allowed in answer.headers["Allow"]


def test_options_tells_methods_and_head_is_get_without_a_body(client: FlaskClient) -> None:
    assert set(client.options("/v1/translate").allow) == {"OPTIONS", "POST"}
    head = client.head("/v1/models")
    assert (head.status_code, head.data) == (200, b"")


def test_readiness_says_why_not(client: FlaskClient, runtime: FakeRuntime) -> None:
    runtime.ready = Readiness(ready=False, reasons=("toy-de-en is loading",))
    answer = client.get("/readyz")
    assert answer.json is not None
    assert (answer.status_code, answer.json["type"]) == (503, "/problems/not-ready")
    assert answer.json["reasons"] == ["toy-de-en is loading"]
    assert int(answer.headers["Retry-After"]) >= 1
    assert client.get("/livez").status_code == 200


@pytest.mark.parametrize(
    ("seconds", "whole"),
    [(-5.0, 1), (0.0, 1), (1.0, 1), (1.1, 2), (1e9, 3600), (float("inf"), 3600), (float("nan"), 1)],
)
def test_retry_after_is_whole_seconds(seconds: float, whole: int) -> None:
    assert whole_seconds(seconds) == whole


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_texts_translate": 65},
        {"max_texts_summarize": 0},
        {"max_body_bytes": 0},
        {"deadline_bulk_seconds": -1.0},
        {"max_concurrent_requests": 0},
    ],
)
def test_options_outside_the_contract_are_refused(connect: Connect, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        connect(**wrong)


def test_what_a_stopping_service_does_not_take_says_so(client: FlaskClient, runtime: FakeRuntime) -> None:
    """The server says in the WSGI environment whether it stops; before that the service is only not ready."""
    runtime.error = domain.NotReady("shutting down", 1)
    for stops, slug in [(False, "not-ready"), (True, "shutting-down")]:
        environ = {"depesche.stopping": lambda stops=stops: stops}
        answer = client.post("/v1/translate", json={"text": "a"}, environ_overrides=environ)
        assert answer.json is not None
        assert (answer.status_code, answer.json["type"]) == (503, f"/problems/{slug}")
        assert client.get("/readyz", environ_overrides=environ).status_code == (503 if stops else 200)


def test_liveness_fails_only_where_a_new_process_is_needed(client: FlaskClient, runtime: FakeRuntime) -> None:
    runtime.ready = Readiness(ready=False, reasons=("0 of 1 dispatcher threads alive",), alive=False)
    answer = client.get("/livez")
    assert answer.json is not None
    assert (answer.status_code, answer.json["reasons"]) == (503, ["0 of 1 dispatcher threads alive"])


def test_an_observer_that_fails_costs_no_answer(runtime: FakeRuntime) -> None:
    class Failing(FakeObserver):
        def request(self, route: str, method: str, status: int, seconds: float) -> None:
            raise ValueError("no disk")

    client = create_app(runtime, ApiOptions(), Failing()).test_client()
    assert client.post("/v1/translate", json={"text": "a"}).status_code == 200
