"""SIGTERM: what was begun is answered, newcomers are sent away at once, and what can't be finished is told so."""

from __future__ import annotations

import json
import re
import signal
import threading
import time
from pathlib import Path

import pytest
import requests

from tests.core.fakes import eventually
from tests.e2e.server import Server
from tests.e2e.test_connections import connect, everything
from tests.e2e.test_slow_callers import POST

BODY = b'{"text": "Nein.", "source_lang": "de"}'


def refused(server: Server) -> bool:
    try:
        connect(server, b"").close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_stopping_service_refuses_newcomers_and_says_not_ready_while_it_finishes(home: Path) -> None:
    with Server(home) as server, requests.Session() as kept:
        assert kept.get(server.url("/readyz"), timeout=5).status_code == 200
        with connect(server, POST % len(BODY)) as begun:
            server.process.send_signal(signal.SIGTERM)
            assert eventually(lambda: refused(server))
            answer = kept.get(server.url("/readyz"), timeout=5)
            assert (answer.status_code, answer.json()["reasons"]) == (503, ["shutting down"])
            assert answer.headers["Connection"] == "close"
            begun.sendall(BODY)
            assert everything(begun).startswith(b"HTTP/1.1 200 ")
        assert server.process.wait(30) == 0


@pytest.mark.parametrize("drain", ["0", "1"])
def test_what_the_drain_cannot_finish_is_answered_with_shutting_down(home: Path, drain: str) -> None:
    """One request is in the queue, one hasn't fully arrived; both have too little time."""
    settings = {"DEPESCHE_DRAIN_SECONDS": drain, "DEPESCHE_REPLICAS": "1"}
    with Server(home, **settings) as server:
        server.translate("Nein.", source_lang="de")
        answers: list[requests.Response] = []

        def ask() -> None:
            text = " ".join(f"Satz Nummer {number} mit etwas mehr Inhalt als sonst." for number in range(15_000))
            body = {"text": text, "source_lang": "de", "priority": "bulk"}
            answers.append(requests.post(server.url("/v1/translate"), json=body, timeout=60))

        thread = threading.Thread(target=ask)
        thread.start()
        metrics = server.url("/metrics")
        waiting = re.compile(r'queue_jobs\{model="demo-de-en",priority="bulk"\} [1-9]')
        assert eventually(lambda: waiting.search(requests.get(metrics, timeout=5).text) is not None, 20)
        time.sleep(0.5)
        with connect(server, POST % len(BODY)) as begun:
            assert server.stop() == 0
            head, _, body = everything(begun).partition(b"\r\n\r\n")
        thread.join(30)
        assert head.startswith(b"HTTP/1.1 503 ")
        assert json.loads(body)["type"] == "/problems/shutting-down"
        assert (answers[0].status_code, answers[0].json()["type"]) == (503, "/problems/shutting-down")
        assert "SIGKILL" not in server.log.read_text()
    with Server(home) as server:
        usage = server.translate("Nein.", source_lang="de")["usage"]
        assert usage["segments_cached"] == usage["segments"], "the cache was not written"
