"""Tells whether the caller of a request has hung up, by looking at its socket without taking anything from it."""

from __future__ import annotations

import select
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import Any


def never() -> bool:
    """Nothing is known about the caller: take it as still there."""
    return False


def hang_up_check(environ: Mapping[str, Any]) -> Callable[[], bool]:
    """A check for the request in `environ`, from gunicorn's socket; `never` where the server doesn't give one.

    The check never blocks and consumes nothing, so a pipelined request stays whole. A caller that only closes its
    sending side counts as gone, as with most HTTP servers. TLS inside the process isn't looked through.
    """
    connection = environ.get("gunicorn.socket")
    if not isinstance(connection, socket.socket) or isinstance(connection, ssl.SSLSocket):
        return never
    return lambda: hung_up(connection)


def hung_up(connection: socket.socket) -> bool:
    """Whether the other end of `connection` is closed and everything it sent was read."""
    poller = select.poll()  # asked first: recv on a socket with a timeout would wait in spite of MSG_DONTWAIT
    try:
        poller.register(connection, select.POLLIN)
        if not poller.poll(0):
            return False
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except (OSError, ValueError):  # reset by the peer, or closed on our side
        return True
