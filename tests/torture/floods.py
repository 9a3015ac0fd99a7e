"""Large requests, many at once: what memory they take and leave behind, and how long /livez waits beside them.

Run `python -m tests.torture.floods [new] [cached]`. `new`: 48 requests of 45,000 short sentences each, within the
limits, none of them known. `cached`: 60 clients with texts of 8,000 sentences that are all in the cache. Serves the
demo model with the settings' defaults; prints figures, asserts nothing.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from pathlib import Path

import requests

from tests.e2e.server import Server

_PATIENCE = 200.0
_SETTLE_SECONDS = 10.0


def resident_megabytes(process: int) -> float:
    """The resident memory of a process."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1000


def watch(url: str, process: int, over: Event, figures: SimpleQueue[tuple[float, float]]) -> None:
    """Ask `url` until it is over, and give the longest time it took (s) and the most memory of `process` (MB)."""
    longest = most = 0.0
    while not over.wait(0.1):
        began = time.monotonic()
        requests.get(url, timeout=_PATIENCE)
        longest = max(longest, time.monotonic() - began)
        most = max(most, resident_megabytes(process))
    figures.put((longest, most))


def flood(server: Server, bodies: Sequence[dict[str, object]], rounds: int) -> None:
    """Send every body `rounds` times, each by a client of its own, all at once, and print what came of it."""
    statuses: Counter[str] = Counter()
    seconds: list[float] = []

    def ask(body: dict[str, object]) -> None:
        for _ in range(rounds):
            began = time.monotonic()
            try:
                answer = requests.post(server.url("/v1/translate"), json=body, timeout=_PATIENCE)
                statuses[str(answer.status_code)] += 1
            except requests.RequestException as error:
                statuses[type(error).__name__] += 1
            seconds.append(time.monotonic() - began)

    before = resident_megabytes(server.worker_pid())
    # In a process of its own: among the clients it would wait for them, not for the service.
    context = multiprocessing.get_context("spawn")
    figures, over = context.SimpleQueue(), context.Event()
    watcher = context.Process(target=watch, args=(server.url("/livez"), server.worker_pid(), over, figures))
    watcher.start()
    clients = [threading.Thread(target=ask, args=(body,)) for body in bodies]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    over.set()
    probe, most = figures.get()
    watcher.join()
    time.sleep(_SETTLE_SECONDS)
    print(
        f"  {dict(statuses)}, longest {max(seconds):.1f} s; /livez worst {probe:.2f} s; memory "
        f"{before:.0f} MB before, {most:.0f} at most, {resident_megabytes(server.worker_pid()):.0f} at the end",
        flush=True,
    )


def new() -> None:
    """Large texts that nobody has seen."""
    texts = [" ".join(f"Nr. {client} {number} da." for number in range(45_000)) for client in range(48)]
    with tempfile.TemporaryDirectory() as home, Server(Path(home)) as server:
        server.translate("Nein.")
        flood(server, [{"text": text, "source_lang": "de"} for text in texts], 1)


def cached() -> None:
    """A large text that is known, again and again."""
    with tempfile.TemporaryDirectory() as home, Server(Path(home)) as server:
        text = " ".join(f"Wort {number} ist da." for number in range(8_000))
        body: dict[str, object] = {"text": text, "source_lang": "de", "priority": "bulk"}
        answer = requests.post(server.url("/v1/translate"), json=body, timeout=600)
        print(f"  first: {answer.status_code}")
        flood(server, [body] * 60, 3)


def main(names: Sequence[str]) -> None:
    """Run the loads named, or all."""
    for name in names or ("new", "cached"):
        print(name)
        {"new": new, "cached": cached}[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
