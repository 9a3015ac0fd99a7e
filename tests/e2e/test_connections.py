"""Callers who don't speak HTTP well: too slow, too long, never hanging up. None of them may stop the service."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from service.server.connection import Arrival, Verdict
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


def test_a_caller_cannot_move_its_request_to_another_path(small: Server) -> None:
    """gunicorn takes SCRIPT_NAME and PATH_INFO from whoever calls from this machine, as every proxy beside us does."""
    for name, value, path, status in [
        ("SCRIPT_NAME", "/v1", "/v1/metrics", 404),
        ("SCRIPT_NAME", "/x", "/livez", 200),
        ("PATH_INFO", "/metrics", "/livez", 200),
    ]:
        answer = requests.get(small.url(path), headers={name: value}, timeout=10)
        assert answer.status_code == status
        assert "depesche_" not in answer.text


def test_a_request_without_a_host_is_refused_where_http_asks_for_one(small: Server) -> None:
    with connect(small, b"GET /livez HTTP/1.1\r\n\r\n") as connection:
        head, _, body = everything(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["type"] == "/problems/bad-request"
    with connect(small, b"GET /livez HTTP/1.0\r\n\r\n") as connection:
        assert everything(connection).startswith(b"HTTP/1.0 200 ")


HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "pieces"),
    [
        (HEAD, [b"abcd", b"ef"]),
        (HEAD, [b"abcdef"]),
        (CHUNKED, [b"4\r\nabcd\r\n", b"2\r\nef\r\n", b"0\r\n\r\n"]),
        (CHUNKED, [b"6;a=b\r\nabc", b"def\r", b"\n0\r\nA: b\r\n", b"\r\n"]),
        (CHUNKED, [b"3\r\n\r\n\r\r\n", b"0\r\n\r\n"]),
    ],
)
def test_a_request_is_whole_once_its_body_is_there(head: bytes, pieces: list[bytes]) -> None:
    arrival = Arrival(most_body=100)
    for piece in [head, *pieces]:
        assert arrival.look() is Verdict.WAIT
        arrival.bytes += piece
    arrival.bytes += b"GET"
    assert arrival.look() is Verdict.HAND_OVER
    assert arrival.take() == head + b"".join(pieces)
    assert bytes(arrival.bytes) == b"GET"


@pytest.mark.parametrize("head", [HEAD + b"abcdef", CHUNKED + b"6\r\nabcdef\r\n0\r\nA: b\r\n\r\n"])
@given(cuts=st.lists(st.integers(1, 120), max_size=8))
def test_where_a_request_ends_does_not_depend_on_how_it_arrives(head: bytes, cuts: list[int]) -> None:
    stream = head + HEAD
    arrival = Arrival(most_body=100)
    at = 0
    for cut in [*sorted(cuts), len(stream)]:
        arrival.bytes += stream[at:cut]
        at = max(at, cut)
        if arrival.look() is Verdict.HAND_OVER:
            break
    assert arrival.take() == head


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\nHost: a\n\n",
        HEAD.replace(b": 6", b": 101"),
        HEAD.replace(b": 6", b": six"),
        HEAD.replace(b"\r\n\r\n", b"\r\nContent-Length: 7\r\n\r\n"),
        CHUNKED.replace(b"chunked", b"canary"),
        CHUNKED + b"canary\r\n",
        CHUNKED + b"ffffff\r\n" + b"a" * 9000,
        CHUNKED + b"1\r\na\r\n" * 10_001,
    ],
)
def test_what_will_be_refused_is_not_waited_for(request_: bytes) -> None:
    arrival = Arrival(most_body=100)
    arrival.bytes += request_
    assert arrival.look() is Verdict.HAND_OVER


def test_requests_in_one_piece_are_answered_one_by_one(small: Server) -> None:
    body = b'{"text": "Nein.", "source_lang": "de"}'
    post = b"POST /v1/translate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    sized = post + b"Content-Length: %d\r\n\r\n" % len(body) + body
    chunked = post + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    last = b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with connect(small, sized + chunked + sized + last) as connection:
        answers = everything(connection)
    assert answers.count(b"HTTP/1.1 200 OK") == 4
    assert answers.count(b'"text":"No."') == 3


def test_a_body_that_waits_to_be_asked_for_is_asked_for_once(small: Server) -> None:
    body = b'{"text": "Nein.", "source_lang": "de"}'
    head = b"POST /v1/translate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n"
    with connect(small, head + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body)) as connection:
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert everything(connection).startswith(b"HTTP/1.1 200 OK")
    with connect(small, head + b"Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n") as connection:
        assert everything(connection).startswith(b"HTTP/1.1 413 ")


def test_a_body_in_chunks_that_is_too_large_is_told_so(small: Server) -> None:
    head = b"POST /v1/translate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    with connect(small, head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 65) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")
