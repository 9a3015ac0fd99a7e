"""The bound on requests that are worked on at once."""

from __future__ import annotations

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.conftest import Connect
from tests.api.fakes import FakeObserver, FakeRuntime


def test_one_request_too_many_is_turned_away(connect: Connect, runtime: FakeRuntime, observer: FakeObserver) -> None:
    """The second request arrives while the first is inside; a third, afterwards, gets in."""
    client = connect(max_concurrent_requests=1)
    inside: list[TestResponse] = []
    free: list[TestResponse] = []

    def arrive() -> None:
        runtime.during = None
        other: FlaskClient = client.application.test_client()
        inside.append(other.post("/v1/summarize", json={"text": "b"}))
        free.extend(other.get(path) for path in ("/livez", "/readyz", "/metrics", "/v1/models"))

    runtime.during = arrive
    assert client.post("/v1/translate", json={"text": "a"}).status_code == 200
    assert inside[0].json is not None
    assert (inside[0].status_code, inside[0].json["type"]) == (429, "/problems/too-many-requests")
    assert inside[0].headers["Retry-After"] == "1"
    assert observer.refusals == [("any", "concurrency")]
    assert {answer.status_code for answer in free} == {200}
    assert client.post("/v1/summarize", json={"text": "b"}).status_code == 200


def test_a_failed_request_leaves_its_place(connect: Connect, runtime: FakeRuntime) -> None:
    client = connect(max_concurrent_requests=1)
    runtime.error = ValueError()
    assert [client.post("/v1/translate", json={"text": "a"}).status_code for _ in range(2)] == [500, 500]
    assert [client.post("/v1/translate", data=b"{").status_code for _ in range(2)] == [415, 415]
