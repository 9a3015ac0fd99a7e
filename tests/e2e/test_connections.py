"""Callers who don't speak HTTP well: too slow, too long, never hanging up. None of them may stop the service."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Iterator

import pytest
import requests

from service.server.gunicorn_worker import ArrivingBody
from tests.e2e.server import Server

THREADS = 4


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service with few threads, so that few callers could hold them all."""
    home = tmp_path_factory.mktemp("small")
    with Server(home, DEPESCHE_THREADS=str(THREADS), DEPESCHE_MAX_CONCURRENT_REQUESTS="2") as running:
        yield running


def connect(server: Server, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    connection.sendall(sent)
    return connection


def everything(connection: socket.socket) -> bytes:
    """What comes until the service closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def test_callers_who_never_finish_their_request_lose_their_threads(small: Server) -> None:
    waiting = [connect(small, b"GET /livez HT") for _ in range(3 * THREADS)]
    assert requests.get(small.url("/livez"), timeout=60).status_code == 200
    for connection in waiting:
        connection.close()


def test_callers_who_never_hang_up_do_not_hold_the_others_up(small: Server) -> None:
    """The service closes these connections and the callers don't; it must not wait for each in turn."""
    asked = b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    waiting = [connect(small, asked) for _ in range(10 * THREADS)]
    assert requests.get(small.url("/livez"), timeout=60).status_code == 200
    for connection in waiting:
        assert everything(connection).startswith(b"HTTP/1.1 200")
        connection.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01 canary\r\n\r\n", 400),
        (b"POST /v1/translate HTTP/1.1\r\nHost: a\r\nContent-Length: canary\r\n\r\n", 400),
        (b"GET /?canary=" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX-A: canary" + b"a" * 9000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: canary\r\n\r\n", 501),
    ],
)
def test_what_is_no_http_is_answered_with_a_problem(small: Server, sent: bytes, status: int) -> None:
    with connect(small, sent) as connection:
        head, _, body = everything(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"Content-Type: application/problem+json" in head
    problem = json.loads(body)
    assert (problem["status"], problem["type"]) == (status, "/problems/bad-request")
    assert problem["instance"].rpartition(":")[2] in small.log.read_text()
    assert "canary" not in small.log.read_text()


@pytest.mark.parametrize(("length", "sizes"), [(6, [4, 2]), (6, [10]), (6, [None]), (None, [4, 4, 4]), (None, [-1])])
def test_a_body_tells_when_it_was_read_to_its_end(length: int | None, sizes: list[int | None]) -> None:
    told: list[bool] = []
    body = ArrivingBody(io.BytesIO(b"abcdef"), length, lambda: told.append(True))
    for size in sizes:
        assert not told
        body.read(size)
    assert told
