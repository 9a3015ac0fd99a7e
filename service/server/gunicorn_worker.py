"""gunicorn's threaded worker, hardened: slow callers can't hold its threads, and what isn't HTTP gets a problem.

Knows connections and nothing of the service; loaded by `service.server.gunicorn_conf`.
"""

from __future__ import annotations

import json
import socket
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

HEADER_SECONDS = 5.0
"""What the head of a request may take, from its first byte. gunicorn alone waits forever, a thread per caller."""

BODY_SECONDS = 30.0
"""What the body may take after that."""

ANSWER_SECONDS = 60.0
"""What the caller may take to read the answer."""

LINGER_SECONDS = 2.0
"""How long a connection that we close is still read from, so that the caller gets the answer and not a reset."""

_STATUS = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
}


class ArrivingBody:
    """A request's body that calls `arrived` once it was read to its end. Everything else is the body's own."""

    def __init__(self, body: Any, length: int | None, arrived: Callable[[], object]) -> None:
        """`length` in bytes is None for a body in chunks."""
        self._body = body
        self._left = length
        self._arrived = arrived

    def read(self, size: int | None = None) -> bytes:
        """See WSGI's wsgi.input."""
        data: bytes = self._body.read(size)
        if self._left is not None:
            self._left -= len(data)
        if self._left == 0 or (not data and size != 0) or size is None or size < 0:
            self._arrived()
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A caller that sends too slowly has its sending side closed: the read that waits for it ends at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arriving: dict[Any, float] = {}

    def handle(self, conn: Any) -> Any:
        """Serve one request of a connection, in a thread of the pool."""
        self._arriving[conn] = time.monotonic() + HEADER_SECONDS
        try:
            reusable = super().handle(conn)
        finally:
            self._arrived(conn)
        if not reusable:
            linger(conn.sock)
        return reusable

    def _arrived(self, conn: Any) -> bool:
        return self._arriving.pop(conn, None) is not None

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Let the application answer; the head of the request is read by now."""
        headers = dict(req.headers)
        length = None if "TRANSFER-ENCODING" in headers else int(headers.get("CONTENT-LENGTH", 0))
        if length == 0:
            self._arrived(conn)
        else:
            self._arriving[conn] = time.monotonic() + BODY_SECONDS
            req.body = ArrivingBody(req.body, length, partial(self._arrived, conn))
        conn.sock.settimeout(ANSWER_SECONDS)
        return super().handle_request(req, conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """Called about once a second by gunicorn's loop, also while it drains."""
        super().murder_keepalived(force)
        now = time.monotonic()
        for conn, deadline in list(self._arriving.items()):
            if now > deadline and self._arrived(conn):
                with suppress(OSError):  # closed by now
                    conn.sock.shutdown(socket.SHUT_RD)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Answer what never reached the application. The log gets the kind of error: messages quote the caller."""
        caller_erred = isinstance(exc, errors.ParseException) and not isinstance(exc, errors.ConfigurationProblem)
        status = next(
            (status for kind, status in _STATUS.items() if isinstance(exc, kind)),
            HTTPStatus.BAD_REQUEST if caller_erred else HTTPStatus.INTERNAL_SERVER_ERROR,
        )
        request_id = uuid.uuid4().hex
        log = self.log.warning if caller_erred else self.log.error
        log("%s, answered with %d, request %s", type(exc).__name__, status, request_id)
        try:
            client.settimeout(1.0)
            client.sendall(problem(status, request_id))
        except OSError:
            self.log.debug("the caller hung up before the error could be sent")


def linger(connection: socket.socket) -> None:
    """Say that nothing more comes, and wait for the caller to close. gunicorn then finds nothing left to wait for.

    It would wait in its loop, where every caller that leaves a connection open stops the whole service for 2 seconds.
    """
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        deadline = time.monotonic() + LINGER_SECONDS
        with suppress(TimeoutError):
            while (left := deadline - time.monotonic()) > 0:
                connection.settimeout(left)
                if not connection.recv(1 << 16):
                    break
        connection.shutdown(socket.SHUT_RD)


def problem(status: HTTPStatus, request_id: str) -> bytes:
    """A whole HTTP/1.1 answer with a problem+json body, like those of the application."""
    bad_request = status < HTTPStatus.INTERNAL_SERVER_ERROR or status is HTTPStatus.NOT_IMPLEMENTED
    body = json.dumps(
        {
            "type": "/problems/bad-request" if bad_request else "/problems/internal-error",
            "title": "The request can't be understood" if bad_request else "Internal error",
            "status": int(status),
            "detail": f"{status.phrase}: {status.description}" if status.description else status.phrase,
            "instance": f"urn:depesche:request:{request_id}",
        }
    ).encode()
    head = (
        f"HTTP/1.1 {int(status)} {status.phrase}\r\n"
        "Content-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"X-Request-ID: {request_id}\r\n"
        "Cache-Control: no-store\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
