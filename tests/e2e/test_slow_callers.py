"""Callers who send or read slowly, or not at all, in any number: the others are served as if they weren't there."""

from __future__ import annotations

import json
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import requests

from tests.e2e.server import Server
from tests.e2e.test_connections import connect, everything

THREADS = 4
SECONDS = 2
"""In which the others want their answers. Slow callers may take 5 s for a head alone."""

POST = b"POST /v1/translate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
LARGE = b"GET /docs/assets/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service with few threads, so that few callers could hold them all."""
    home = tmp_path_factory.mktemp("small")
    with Server(home, DEPESCHE_THREADS=str(THREADS), DEPESCHE_MAX_CONCURRENT_REQUESTS="2") as running:
        running.translate("Nein.", source_lang="de")
        yield running


@contextmanager
def callers(server: Server, count: int, sent: bytes, window: int = 0) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        opened = []
        for _ in range(count):
            connection = stack.enter_context(socket.socket())
            if window:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
            connection.settimeout(60)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(sent)
            opened.append(connection)
        yield opened


def assert_served(server: Server) -> None:
    for _ in range(3):
        assert requests.get(server.url("/livez"), timeout=SECONDS).status_code == 200
        body = {"text": "Nein.", "source_lang": "de"}
        assert requests.post(server.url("/v1/translate"), json=body, timeout=SECONDS).status_code == 200


@pytest.mark.parametrize(
    ("count", "sent"),
    [
        pytest.param(20 * THREADS, b"", id="nothing"),
        pytest.param(20 * THREADS, b"GET /livez HT", id="half a head"),
        pytest.param(20 * THREADS, POST % 200_000, id="no body"),
        pytest.param(20 * THREADS, POST % 200_000 + b'{"text": "' + b"a" * 100_000, id="half a body"),
        pytest.param(
            20 * THREADS, POST.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked") + b"ff\r\na", id="a chunk"
        ),
    ],
)
def test_callers_who_stop_sending_hold_nobody_up(small: Server, count: int, sent: bytes) -> None:
    with callers(small, count, sent):
        assert_served(small)


def test_callers_who_do_not_read_their_answers_hold_nobody_up(small: Server) -> None:
    with callers(small, 20 * THREADS, 4 * LARGE, window=4096):
        assert_served(small)


def test_a_caller_who_reads_late_gets_the_whole_answer(small: Server) -> None:
    whole = requests.get(small.url("/docs/assets/swagger-ui-bundle.js"), timeout=10).content
    request = LARGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with callers(small, 8, request, window=4096) as opened:
        assert_served(small)
        for connection in opened:
            assert everything(connection).endswith(whole)


def test_who_is_too_slow_is_told_so(small: Server) -> None:
    with connect(small, b"GET /livez HT") as connection:
        head, _, body = everything(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert json.loads(body)["type"] == "/problems/bad-request"


def test_a_slow_caller_may_still_finish(small: Server) -> None:
    body = b'{"text": "Nein.", "source_lang": "de"}'
    with connect(small, (POST % len(body)).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")) as connection:
        with callers(small, 20 * THREADS, POST % 200_000):
            for byte in body:
                connection.sendall(bytes([byte]))
        assert everything(connection).startswith(b"HTTP/1.1 200 ")


@pytest.mark.slow
def test_more_callers_than_the_service_keeps_make_room_for_the_next(small: Server) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 4096:
        pytest.skip("needs 4,096 file descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 4096), hard))
    try:
        with callers(small, 2200, b""):
            assert_served(small)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
