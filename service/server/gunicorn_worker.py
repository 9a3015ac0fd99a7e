"""gunicorn's threaded worker, hardened: its loop gathers requests and gets rid of answers, so that a thread of the pool
is held by the application only, never by a caller; and what isn't HTTP gets a problem.

Knows connections and nothing of the service; `service.server.gunicorn_conf` tells it the little it must know.
"""

from __future__ import annotations

import enum
import heapq
import json
import os
import selectors
import socket
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors, get_parser
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from service.server.connection import (
    ANSWER_SECONDS,
    HEAD_SECONDS,
    LINGER_SECONDS,
    Connection,
    Phase,
    Verdict,
)

CLOSING_SECONDS = 5.0
"""What requests get to be told that the service stops, once their time is up."""

BOOT_ERROR = 3
"""gunicorn's exit status for a worker that can't be started; its arbiter then ends, too."""

_SWEEP_SECONDS = 0.25
_MOST_HELD = 256 << 20
"""Bytes of unfinished requests and unread answers in memory, beyond which the slowest callers go; four of the largest
bodies where those are more."""

_LARGE = 65536
_ACCEPTED_AT_ONCE = 64

_STATUS = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
}


class Serving(enum.Enum):
    """How far the application is. A worker whose application has FAILED ends."""

    LOADING = enum.auto()
    READY = enum.auto()
    FAILED = enum.auto()


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Everything but `handle` and what it calls runs in the loop, which is the main thread, and never waits there."""

    wsgi: Any

    drain_seconds = 30.0
    """What requests get to be answered after SIGTERM; then `give_up` is called."""

    most_body = 4 << 20
    """Bytes of the largest body that the application takes."""

    patient = False
    """Whether to accept nobody until the application is ready, because another worker still serves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.serving: Callable[[], Serving] = lambda: Serving.READY
        self.give_up: Callable[[], object] = lambda: None
        self._giving_up: threading.Thread | None = None
        self._connections: set[Connection] = set()
        self._held = 0
        self._swept = 0.0
        self._announced = False

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Raise RuntimeError for what this worker can't do, and gunicorn's options or GUNICORN_CMD_ARGS ask for."""
        super().check_config(cfg, log)
        if cfg.is_ssl:
            raise RuntimeError("TLS is for the proxy in front: leave gunicorn's certfile and keyfile alone")

    def load_wsgi(self) -> None:
        """Load the application, and tell it with each request whether this worker is stopping."""
        super().load_wsgi()
        application = self.wsgi

        def tell(environ: dict[str, Any], start_response: Any) -> Any:
            environ["depesche.stopping"] = lambda: not self.alive
            return application(environ, start_response)

        self.wsgi = tell

    # The loop.

    def run(self) -> None:
        """Serve until SIGTERM, or until the application can't be loaded."""
        self.poller.register(self.method_queue.fileno(), selectors.EVENT_READ, self.method_queue.run_callbacks)
        while self.alive:
            self._announce()
            self.set_accept_enabled(self._announced or not self.patient)
            self._turn()
            if not self.is_parent_alive():
                break
        self._stop()

    def _announce(self) -> None:
        if self._announced:
            return
        serving = self.serving()
        if serving is Serving.FAILED:
            raise SystemExit(BOOT_ERROR)
        if serving is Serving.READY:
            self._announced = True
            announce_ready(self)

    def _turn(self) -> None:
        self.notify()
        self.wait_for_and_dispatch_events(timeout=_SWEEP_SECONDS)
        self._sweep()

    def _stop(self) -> None:
        """Answer what has come and close the door: newcomers are refused at once, and may go elsewhere."""
        self.alive = False
        serves = self._accepting
        self.set_accept_enabled(False)
        for listener in self.sockets:
            while serves and self.accept(listener):
                pass
            listener.close()
        now = time.monotonic()
        for conn in self._connections:
            if conn.phase is Phase.ARRIVING and not conn.begun:  # a request may be on its way
                conn.deadline = min(conn.deadline, now + STOP_KEEPALIVE_LINGER)
        self._turn_until(now + self.drain_seconds)
        if self._connections:
            self._giving_up = threading.Thread(target=self.give_up, name="give-up", daemon=True)
            self._giving_up.start()
            for conn in list(self._connections):
                if conn.phase is Phase.ARRIVING:
                    self._expire(conn, HTTPStatus.SERVICE_UNAVAILABLE)
            self._turn_until(time.monotonic() + CLOSING_SECONDS)
        for conn in list(self._connections):
            if conn.phase is Phase.WORKING:
                with suppress(OSError):
                    conn.sock.send(problem(HTTPStatus.SERVICE_UNAVAILABLE, uuid.uuid4().hex), socket.MSG_DONTWAIT)
                    conn.sock.shutdown(socket.SHUT_WR)
            self._drop(conn)
        # The poller and the queue stay open: a thread that ends late writes to a descriptor that mustn't be another's.
        self.tpool.shutdown(wait=False, cancel_futures=True)

    def _turn_until(self, end: float) -> None:
        while self._connections and time.monotonic() < end:
            self._turn()

    def wait_given_up(self) -> None:
        """Wait for `give_up`, where it was called."""
        if self._giving_up is not None:
            self._giving_up.join()

    # Callers come and go.

    def accept(self, listener: Any) -> bool:
        """Accept who waits, up to a bound. Whether there may be more."""
        for _ in range(_ACCEPTED_AT_ONCE):
            try:
                accepted, client = listener.accept()
            except BlockingIOError:
                return False
            except ConnectionAbortedError:
                continue
            except OSError as error:  # no descriptor is left
                self.log.warning("a connection could not be accepted: %s", error.strerror)
                if not self._evict(_ACCEPTED_AT_ONCE):
                    time.sleep(0.1)  # the poller would report the same caller again at once
                return False
            conn = Connection(self.cfg, accepted, client, listener.getsockname(), self.most_body)
            self._connections.add(conn)
            self.nr_conns += 1
            self._on_readable(conn)
        if self.nr_conns >= self.worker_connections - _ACCEPTED_AT_ONCE:
            self._evict(2 * _ACCEPTED_AT_ONCE)
        return True

    def _watch(self, conn: Connection, events: int) -> None:
        """Let the poller wait for `events` of the connection; 0 for none."""
        if events == conn.watched:
            return
        callback = partial(self._on_writable if events == selectors.EVENT_WRITE else self._on_readable, conn)
        if not conn.watched:
            self.poller.register(conn.sock, events, callback)
        elif not events:
            self.poller.unregister(conn.sock)
        else:
            self.poller.modify(conn.sock, events, callback)
        conn.watched = events

    def _on_readable(self, conn: Connection, _: Any = None) -> None:
        try:
            if conn.phase is Phase.LEAVING:
                if not conn.sock.recv(_LARGE):
                    self._drop(conn)
            else:
                self._proceed(conn, conn.receive())
        except BlockingIOError:
            pass
        except (OSError, ValueError):
            self._drop(conn)

    def _proceed(self, conn: Connection, verdict: Verdict | HTTPStatus) -> None:
        self._count(conn)
        if isinstance(verdict, HTTPStatus):
            self._refuse(conn, verdict)
        elif verdict is Verdict.WAIT:
            self._watch(conn, selectors.EVENT_READ)
        elif conn.arrival.bytes:
            self._watch(conn, 0)
            conn.enter(Phase.WORKING, 0)
            self.enqueue_req(conn)
        else:
            self._drop(conn)

    def _refuse(self, conn: Connection, status: HTTPStatus) -> None:
        request_id = uuid.uuid4().hex
        self.log.info("a caller was answered with %d, request %s", status, request_id)
        conn.sock.sendall(problem(status, request_id))
        conn.reusable = False
        self._answer(conn)

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """The pool is done with a request: get rid of the answer, then wait for the next one or for the end."""
        if conn not in self._connections:
            return
        try:
            conn.done()
            conn.reusable = not fs.cancelled() and bool(fs.result())
            self._answer(conn)
        except Exception as error:
            self.log.debug("a connection is closed: %s", type(error).__name__)
            self._drop(conn)

    def _answer(self, conn: Connection) -> None:
        """Send what is left of the answer. Raises OSError when the caller is gone."""
        moved = conn.sock.flush()
        if conn.sock.unsent:
            if conn.phase is not Phase.ANSWERING:
                conn.enter(Phase.ANSWERING, ANSWER_SECONDS)
            conn.move(moved)
            self._count(conn)
            self._watch(conn, selectors.EVENT_WRITE)
        elif conn.reusable and not conn.ended:
            left = bool(conn.arrival.bytes)
            idle = self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER
            conn.enter(Phase.ARRIVING, HEAD_SECONDS if left else idle)
            self._proceed(conn, conn.progress() if left else Verdict.WAIT)
        elif conn.ended:
            self._drop(conn)
        else:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.enter(Phase.LEAVING, LINGER_SECONDS)
            conn.arrival.bytes.clear()
            self._count(conn)
            self._watch(conn, selectors.EVENT_READ)

    def _on_writable(self, conn: Connection, _: Any = None) -> None:
        try:
            self._answer(conn)
        except (OSError, ValueError):
            self._drop(conn)

    def _drop(self, conn: Connection) -> None:
        if conn not in self._connections:
            return
        with suppress(OSError, ValueError, KeyError):
            self._watch(conn, 0)
        self._connections.discard(conn)
        self.nr_conns -= 1
        self._held -= conn.held
        conn.close()

    # Who is too slow.

    def _count(self, conn: Connection) -> None:
        held = len(conn.arrival.bytes) + len(conn.sock.unsent)
        self._held += held - conn.held
        conn.held = held
        if self._held > max(_MOST_HELD, 4 * self.most_body):
            self._evict(1, least_held=_LARGE)

    def _sweep(self) -> None:
        """End the connections whose time is up."""
        now = time.monotonic()
        if now < self._swept + _SWEEP_SECONDS:
            return
        self._swept = now
        for conn in [each for each in self._connections if each.deadline < now and each.phase is not Phase.WORKING]:
            self._expire(conn, HTTPStatus.REQUEST_TIMEOUT)

    def _expire(self, conn: Connection, status: HTTPStatus) -> None:
        """End a connection; whoever was sending a request is told `status`."""
        try:
            if conn.begun:
                self._refuse(conn, status)
            else:
                self._drop(conn)
        except (OSError, ValueError):
            self._drop(conn)

    def _evict(self, count: int, least_held: int = 0) -> int:
        """Make room: those who leave anyway go first, then the slowest, and of those the longest waiting.

        How many went.
        """
        now = time.monotonic()
        waiting = [each for each in self._connections if each.phase is not Phase.WORKING and each.held >= least_held]
        victims = heapq.nsmallest(
            count, waiting, key=lambda conn: (conn.phase is not Phase.LEAVING, conn.rate(now), conn.since)
        )
        for conn in victims:
            self._drop(conn)
        if victims:
            self.log.warning("%d connections were closed, the slowest first, to make room", len(victims))
        return len(victims)

    # In a thread of the pool.

    def handle(self, conn: Connection) -> bool:
        """Answer the request that has arrived. Whether the connection can take another."""
        conn.parser = get_parser(self.cfg, conn.pieces(), conn.client)
        reusable = bool(super().handle(conn))
        if self.alive:  # a stopping loop may have closed the connection, so that it alone sends
            with suppress(OSError):
                conn.sock.flush()
        return reusable

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Let the application answer."""
        if req.version >= (1, 1) and not any(name == "HOST" for name, _ in req.headers):
            raise errors.InvalidHeader("HOST", req=req)  # RFC 9112, section 3.2
        req._expected_100_continue = False  # the loop has said it
        return super().handle_request(req, conn)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        return keepalive and conn.agreed()

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
        client.sendall(problem(status, request_id))


def announce_ready(worker: Worker) -> None:
    """Tell the arbiter that the worker is ready: by the size of the file whose times are the worker's heartbeat."""
    os.pwrite(worker.tmp.fileno(), b"ready", 0)


def is_ready(worker: Worker) -> bool:
    """Whether the worker, a child of this process, has announced that it is ready."""
    return os.fstat(worker.tmp.fileno()).st_size > 0


def problem(status: HTTPStatus, request_id: str) -> bytes:
    """A whole HTTP/1.1 answer with a problem+json body, like those of the application."""
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        slug, title = "shutting-down", "The service is shutting down"
    elif status < HTTPStatus.INTERNAL_SERVER_ERROR or status is HTTPStatus.NOT_IMPLEMENTED:
        slug, title = "bad-request", "The request can't be understood"
    else:
        slug, title = "internal-error", "Internal error"
    body = json.dumps(
        {
            "type": f"/problems/{slug}",
            "title": title,
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
        + ("Retry-After: 1\r\n" if status is HTTPStatus.SERVICE_UNAVAILABLE else "")
        + "Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
