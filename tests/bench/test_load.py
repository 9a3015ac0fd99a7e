"""The clients, the loads and the process of a system, against a small server of this test's own."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.client import Connection, beside, closed_loop
from bench.corpus import Supply
from bench.foretold import Foretold
from bench.loads import Session, Sizes, quantile
from bench.process import RunningSystem, free_port
from bench.system import Served


class Shouting(Foretold):
    """Knows that the server below shouts."""

    def target(self, sentence: str) -> str | None:
        return sentence.upper()


class Handler(BaseHTTPRequestHandler):
    """Answers in capitals; "langsam" waits for the event `release`, "kaputt" is a 500."""

    protocol_version = "HTTP/1.1"
    release = threading.Event()
    seen: set[int]

    def do_POST(self) -> None:
        self.seen.add(self.client_address[1])
        text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"]
        if "langsam" in text:
            self.release.wait(10)
        body = json.dumps({"text": text.upper()}).encode()
        self.send_response(500 if "kaputt" in text else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def served() -> Iterator[Served]:
    Handler.seen = set()
    Handler.release.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield describe(server.server_address[1])
    Handler.release.set()
    server.shutdown()
    thread.join()
    server.server_close()


def describe(port: int, *command: str) -> Served:
    return Served(
        "shouting",
        command,
        {},
        port,
        "/",
        lambda text, bulk: json.dumps({"text": text}).encode(),
        lambda body: str(json.loads(body)["text"]),
    )


def test_every_body_is_sent_once_over_as_many_connections_as_there_are_clients(served: Served) -> None:
    bodies = [served.body(f"Satz {number}.", False) for number in range(40)]
    run = closed_loop(served, bodies, 4)
    assert [served.text_of(reply.body) for reply in run.replies] == [f"SATZ {number}." for number in range(40)]
    assert len(Handler.seen) <= 4
    assert all(0 < reply.seconds <= run.seconds for reply in run.replies)


def test_a_refused_connection_is_a_reply_without_status() -> None:
    reply = Connection(describe(free_port()), timeout=1).post(b"{}")
    assert (reply.status, reply.body) == (0, b"")


def test_probes_are_sent_while_the_background_is_answered(served: Served) -> None:
    threading.Timer(0.5, Handler.release.set).start()
    probes = [served.body(f"{number}", False) for number in range(100)]
    behind, before = beside(served, served.body("langsam", True), probes, pause=0.02, limit=30)
    assert [reply.status for reply in behind.replies] == [200]
    assert 1 < len(before.replies) < 100
    assert all(reply.status == 200 for reply in before.replies)


def test_a_background_that_takes_too_long_is_given_up(served: Served) -> None:
    behind, before = beside(
        served, served.body("langsam", True), [served.body("kurz", False)] * 3, pause=0.01, limit=0.3
    )
    assert [reply.status for reply in behind.replies] == [0]
    assert len(before.replies) == 3


def test_loads_count_what_is_right_wrong_and_failed(served: Served) -> None:
    sentences = [f"Ein Satz mit der schönen Nummer {number} steht hier." for number in range(300)]
    sizes = Sizes(clients=4, articles=3, idle=2)
    session = Session(served, Supply(sentences, Shouting(), seed=1), sizes)
    cold, hot, update = session.cold(), session.hot(), session.update()
    assert (cold.articles, cold.sentences, cold.wrong, cold.failed) == (3, 60, 0, 0)
    assert (hot.articles, update.articles, hot.wrong, update.wrong) == (24, 3, 0, 0)
    unknowing = Session(served, Supply(sentences, Whispering(), seed=1), sizes)
    assert unknowing.cold().wrong == 60
    broken = Session(
        served,
        Supply([f"Diese Maschine ist schon {n} mal sehr kaputt gewesen." for n in range(99)], Shouting(), seed=1),
        sizes,
    ).cold()
    assert (broken.articles, broken.failed, broken.wrong) == (0, 3, 0)


class Whispering(Foretold):
    """Expects what the server doesn't do."""

    def target(self, sentence: str) -> str | None:
        return f"psst {sentence}"


def test_quantiles_are_values_that_were_seen() -> None:
    assert quantile([1.0, 2.0, 3.0, 4.0], 0.5) == 3.0
    assert quantile([1.0], 0.95) == 1.0
    assert quantile([], 0.5) != quantile([], 0.5)  # not a number


def test_a_system_is_started_measured_and_ended_with_its_children(tmp_path: Path) -> None:
    port = free_port()
    script = (
        "import http.server, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\n"
        "class H(http.server.BaseHTTPRequestHandler):\n"
        "    def do_POST(self):\n"
        "        self.send_response(200); self.send_header('Content-Length', '0'); self.end_headers()\n"
        f"http.server.HTTPServer(('127.0.0.1', {port}), H).serve_forever()\n"
    )
    log = tmp_path / "log"
    with RunningSystem(describe(port, sys.executable, "-u", "-c", script), log) as system:
        assert system.first_answer(b"{}") > 0
        assert 5 < system.resident_megabytes() < 200
    child = Path(f"/proc/{log.read_text().split()[0]}/stat")
    deadline = time.monotonic() + 10
    while child.exists() and ") Z" not in child.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not child.exists() or ") Z" in child.read_text()


def test_a_system_that_ends_says_why(tmp_path: Path) -> None:
    served = describe(free_port(), sys.executable, "-c", "raise SystemExit('no model here')")
    with (
        RunningSystem(served, tmp_path / "log") as system,
        pytest.raises(RuntimeError, match="no model here"),
    ):
        system.first_answer(b"{}")
