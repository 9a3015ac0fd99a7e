"""The load: HTTP clients that send prepared bodies over kept-alive connections and keep every raw answer.

Nothing is parsed or compared while the clock runs: the clients share the machine with what they measure.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.system import Served

_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
_PATIENCE_SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: its HTTP status (0 where the connection broke), its body, and the seconds from request to end."""

    status: int
    body: bytes
    seconds: float


class Connection:
    """One client's connection to a system. Not thread-safe."""

    def __init__(self, served: Served, *, timeout: float = _PATIENCE_SECONDS) -> None:
        self._path = served.path
        self._connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=timeout)

    def post(self, body: bytes) -> Reply:
        """Send `body` and read the whole answer. A broken connection or a time-out is a reply of status 0."""
        began = time.perf_counter()
        try:
            try:
                status, answer = self._once(body)
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self._connection.close()  # the server had closed a connection that was kept alive
                status, answer = self._once(body)
        except (OSError, http.client.HTTPException):
            self._connection.close()
            status, answer = 0, b""
        return Reply(status, answer, time.perf_counter() - began)

    def _once(self, body: bytes) -> tuple[int, bytes]:
        self._connection.request("POST", self._path, body, _HEADERS)
        with self._connection.getresponse() as answer:
            return answer.status, answer.read()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Run:
    """What a load came to: seconds from the first request to the last answer, and the replies in request order."""

    seconds: float
    replies: list[Reply]


def closed_loop(served: Served, bodies: Sequence[bytes], clients: int) -> Run:
    """Every body once, by `clients` clients that each send the next one when the last is answered."""
    replies: list[Reply | None] = [None] * len(bodies)
    numbers = iter(range(len(bodies)))
    lock = threading.Lock()

    def work() -> None:
        connection = Connection(served)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                connection.close()
                return
            replies[number] = connection.post(bodies[number])

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(clients, len(bodies)))]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Run(time.perf_counter() - began, [reply for reply in replies if reply is not None])


def beside(
    served: Served, background: bytes, probes: Sequence[bytes], *, pause: float, limit: float
) -> tuple[Run, Run]:
    """Send `background`, and while it is being answered the probes one after another, `pause` seconds between them.

    Ends when the background is answered or after `limit` seconds, whichever comes first; what is unanswered then is
    a reply of status 0, with the time it has waited so far. Returns (background, probes).
    """
    answered = threading.Event()
    slot: list[Reply] = []
    began = time.perf_counter()

    def ask() -> None:
        connection = Connection(served, timeout=limit)
        slot.append(connection.post(background))
        connection.close()
        answered.set()

    threading.Thread(target=ask, daemon=True).start()
    replies: list[Reply] = []
    connection = Connection(served, timeout=limit)
    answered.wait(2 * pause)  # so that the first probe meets it at work
    for probe in probes:
        if answered.is_set() or time.perf_counter() - began >= limit:
            break
        replies.append(connection.post(probe))
        answered.wait(pause)
    connection.close()
    answered.wait(max(0.0, limit - (time.perf_counter() - began)))
    seconds = time.perf_counter() - began
    return Run(seconds, slot or [Reply(0, b"", seconds)]), Run(seconds, replies)
