"""What becomes of the requests when more is asked for than can be done: what is let in, and whether it is in time.

Run `python -m tests.torture.overload [--factor 6] [--sentences 40] [--deadline 5] [--seconds 60] [--model SNAPSHOT]`.

First some clients keep the service busy without haste: that is the capacity. Then so many clients ask as would need
`factor` times the capacity to be answered within the deadline; each waits as long as Retry-After says and asks the same
again. Serves the starter model, or a Marian snapshot; prints figures, asserts nothing.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import requests

from bench.corpus import Supply, read_sentences
from bench.foretold import Foretold
from bench.installed import import_model
from tests.e2e.server import Server


@dataclass(slots=True)
class Tally:
    """What became of the requests; `done` are the seconds at which answers came, `probes` what /livez took."""

    statuses: Counter[str] = field(default_factory=Counter)
    attempts: list[int] = field(default_factory=list)
    done: list[float] = field(default_factory=list)
    probes: list[float] = field(default_factory=list)


class Load:
    """Clients that ask for translations until `stop`."""

    def __init__(self, server: Server, supply: Supply, sentences: int) -> None:
        self._server = server
        self._supply = supply
        self._sentences = sentences
        self._lock = threading.Lock()
        self._over = threading.Event()

    def run(self, clients: int, seconds: float) -> Tally:
        """The tally of so many clients in so many seconds; answers under way at the end are waited for."""
        tally = Tally()
        self._over.clear()
        threads = [threading.Thread(target=self._ask, args=(tally, 2.0 * n / clients)) for n in range(clients)]
        threads.append(threading.Thread(target=self._probe, args=(tally,)))
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        self._over.set()
        for thread in threads:
            thread.join()
        return tally

    def _text(self) -> str:
        with self._lock:
            return " ".join(self._supply.take(self._sentences))

    def _ask(self, tally: Tally, pause: float) -> None:
        session = requests.Session()
        self._over.wait(pause)
        while not self._over.is_set():
            body = {"text": self._text(), "source_lang": "de"}
            for attempt in range(1, 1000):
                answer = session.post(self._server.url("/v1/translate"), json=body, timeout=120)
                with self._lock:
                    tally.statuses[str(answer.status_code)] += 1
                    if answer.status_code == 200:
                        tally.attempts.append(attempt)
                        tally.done.append(time.monotonic())
                if answer.status_code != 429 or self._over.wait(float(answer.headers["Retry-After"])):
                    break

    def _probe(self, tally: Tally) -> None:
        while not self._over.wait(0.1):
            began = time.monotonic()
            status = requests.get(self._server.url("/livez"), timeout=60).status_code
            tally.probes.append(time.monotonic() - began if status == 200 else float("inf"))


def rate(tally: Tally, sentences: int) -> float:
    """Sentences per second between the first and the last answer, leaving out the first tenth."""
    done = sorted(tally.done)[len(tally.done) // 10 :]
    return sentences * (len(done) - 1) / (done[-1] - done[0]) if len(done) > 1 else 0.0


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--factor", type=float, default=6)
    parser.add_argument("--sentences", type=int, default=40)
    parser.add_argument("--deadline", type=float, default=5)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--model", type=Path, help="a snapshot of opus-mt's shape")
    parser.add_argument("--corpus", type=Path)
    wanted = parser.parse_args()
    supply = Supply(read_sentences(wanted.corpus), Foretold(), seed=1)
    with tempfile.TemporaryDirectory() as home:
        settings = {"DEPESCHE_PROFILE": "starter", "DEPESCHE_CALIBRATE": "1"}
        if wanted.model is not None:
            found = import_model(wanted.model, Path(home))
            settings |= {"DEPESCHE_PROFILE": found.profile, "DEPESCHE_MODEL_CACHE": str(found.store)}
        settings |= {"DEPESCHE_MAX_CONCURRENT_REQUESTS": "1000", "DEPESCHE_THREADS": "1010"}
        with Server(Path(home) / "capacity", **settings) as server:
            capacity = rate(Load(server, supply, wanted.sentences).run(8, wanted.seconds / 2), wanted.sentences)
        settings["DEPESCHE_DEADLINE_INTERACTIVE_SECONDS"] = str(wanted.deadline)
        with Server(Path(home) / "overload", **settings) as server:
            clients = max(8, round(wanted.factor * capacity * wanted.deadline / wanted.sentences))
            tally = Load(server, supply, wanted.sentences).run(clients, wanted.seconds)
            began = time.monotonic()
            server.translate("Nach dem Sturm ist es wieder still.")
            recovered = time.monotonic() - began
    print(f"capacity {capacity:.1f} sentences/s; {clients} clients, {wanted.factor:g} times that")
    let_in = tally.statuses["200"] + tally.statuses["504"]
    attempts = sorted(tally.attempts)
    print(f"statuses {dict(tally.statuses)}; of what was let in {tally.statuses['200'] / max(1, let_in):.1%} in time")
    print(f"goodput {rate(tally, wanted.sentences) / capacity:.2f} of capacity")
    if attempts:
        p95 = attempts[int(0.95 * len(attempts))]
        print(f"attempts median {attempts[len(attempts) // 2]}, p95 {p95}, most {attempts[-1]}")
    print(f"/livez worst {max(tally.probes):.3f} s; a sentence afterwards {recovered:.2f} s")


if __name__ == "__main__":
    main()
