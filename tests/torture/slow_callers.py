"""What /livez and a small translation take while callers are slow.

Run `python -m tests.torture.slow_callers [SCENARIO...]`.

Starts one service per scenario, with the settings' defaults, on this machine. Prints a table; asserts nothing.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.e2e.server import Server

_SECONDS = 12.0
"""How long a scenario is watched; a probe that is under way then is waited for."""

_PATIENCE = 60.0
_BODY = 200_000


@dataclass(frozen=True, slots=True)
class Attack:
    """`callers` connections: each sends `first`, then `rest` a byte a second.

    `reads` is its receive window in bytes, 0 for the usual.
    """

    callers: int
    first: bytes = b""
    rest: bytes = b""
    reads: int = 0


def _post(body: bytes, length: int) -> bytes:
    return (
        b"POST /v1/translate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % length
    ) + body


_LARGE = b"GET /docs/assets/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n"

SCENARIOS: dict[str, Attack] = {
    "nobody": Attack(0),
    "silent-80": Attack(80),
    "silent-160": Attack(160),
    "silent-500": Attack(500),
    "slow-heads-100": Attack(100, b"GET /livez HT", b"TP/1.1\r\nHost: " + b"a" * 100),
    "slow-bodies-100": Attack(100, _post(b'{"text": "', _BODY), b"a" * 100),
    "stalled-uploads-64": Attack(64, _post(b'{"text": "' + b"a" * (_BODY // 2), _BODY)),
    "stalled-uploads-200": Attack(200, _post(b'{"text": "' + b"a" * (_BODY // 2), _BODY)),
    "unread-answers-100": Attack(100, _LARGE * 4, reads=4096),
}


class Callers:
    """The connections of an attack, all open at once; a thread feeds those that have more to send."""

    def __init__(self, port: int, attack: Attack) -> None:
        self._attack = attack
        self._over = threading.Event()
        self._connections = [self._connect(port) for _ in range(attack.callers)]
        self._thread = threading.Thread(target=self._trickle, daemon=True)
        self._thread.start()

    def _connect(self, port: int) -> socket.socket:
        connection = socket.socket()
        if self._attack.reads:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._attack.reads)
        connection.settimeout(_PATIENCE)
        connection.connect(("127.0.0.1", port))
        connection.sendall(self._attack.first)
        return connection

    def _trickle(self) -> None:
        for byte in self._attack.rest:
            if self._over.wait(1.0):
                return
            for connection in self._connections:
                try:
                    connection.send(bytes([byte]))
                except OSError:  # the service has had enough of this one
                    continue

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        for connection in self._connections:
            connection.close()


def watch(ask: Callable[[], requests.Response]) -> tuple[list[float], dict[str, int]]:
    """Ask again and again: the seconds of each answer, and how often each status came."""
    took: list[float] = []
    statuses: dict[str, int] = {}
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        began = time.monotonic()
        try:
            status = str(ask().status_code)
        except requests.RequestException as error:
            status = type(error).__name__
        took.append(time.monotonic() - began)
        statuses[status] = statuses.get(status, 0) + 1
        time.sleep(0.05)
    return took, statuses


def run(name: str) -> None:
    """Print a line for /livez and one for a small translation under the attack `name`."""
    with tempfile.TemporaryDirectory() as home, Server(Path(home)) as server:
        server.translate("Nein.")
        callers = Callers(server.port, SCENARIOS[name])
        found: dict[str, tuple[list[float], dict[str, int]]] = {}
        body = {"text": "Nein.", "source_lang": "de"}
        asked: dict[str, Callable[[], requests.Response]] = {
            "/livez": lambda: requests.get(server.url("/livez"), timeout=_PATIENCE),
            "/v1/translate": lambda: requests.post(server.url("/v1/translate"), json=body, timeout=_PATIENCE),
        }
        threads = [
            threading.Thread(target=lambda path=path, ask=ask: found.update({path: watch(ask)}))
            for path, ask in asked.items()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        callers.close()
    for path in asked:
        took, statuses = found[path]
        print(
            f"{name:20} {path:14} {len(took):4} asked, worst {max(took):6.2f} s, "
            f"median {sorted(took)[len(took) // 2]:6.3f} s, {statuses}",
            flush=True,
        )


def main(names: Sequence[str]) -> None:
    """Run the scenarios named, or all."""
    for name in names or SCENARIOS:
        run(name)


if __name__ == "__main__":
    main(sys.argv[1:])
