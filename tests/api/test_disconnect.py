"""Seeing that a caller has hung up, on real sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from service.api.disconnect import hang_up_check

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture(params=[None, 5.0, 0.0], ids=["blocking", "timeout", "nonblocking"])
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    ours.settimeout(request.param)
    with ours, theirs:
        yield ours, theirs


def test_waiting_caller_is_there(pair: Pair) -> None:
    assert not hang_up_check({"gunicorn.socket": pair[0]})()


def test_closed_connection_is_seen(pair: Pair) -> None:
    ours, theirs = pair
    gone = hang_up_check({"gunicorn.socket": ours})
    assert not gone()
    theirs.close()
    assert gone()


def test_pipelined_request_is_left_alone(pair: Pair) -> None:
    ours, theirs = pair
    theirs.sendall(b"POST /v1/translate")
    check = hang_up_check({"gunicorn.socket": ours})
    assert [check(), check()] == [False, False]
    assert ours.recv(64) == b"POST /v1/translate"


def test_connection_closed_on_our_side_counts_as_gone(pair: Pair) -> None:
    ours, _ = pair
    gone = hang_up_check({"gunicorn.socket": ours})
    ours.close()
    assert gone()


def test_other_servers_tell_nothing() -> None:
    assert not hang_up_check({})()
    assert not hang_up_check({"gunicorn.socket": object()})()
