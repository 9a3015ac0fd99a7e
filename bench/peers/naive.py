"""The naive service as a system under test: started with gunicorn as its quickstart shows. See naive_app.

Twice: sentence by sentence, as first versions are, and, for a fair picture, with the sentences of a request in batches.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from bench.system import Model, Served

BATCH_VARIABLE = "NAIVE_BATCH"
SNAPSHOT_VARIABLE = "NAIVE_SNAPSHOT"
TIMEOUT_SECONDS = 3600
_ROOT = Path(__file__).parents[2]


class Naive:
    """Implements `Peer`: `at_once` sentences of a request go through the model together."""

    def __init__(self, name: str, at_once: int, how: str) -> None:
        self._name = name
        self._at_once = at_once
        self._how = how

    def prepare(self, model: Model, work: Path) -> None:
        """Nothing: it runs in the project's own environment."""

    def served(self, model: Model, port: int, work: Path) -> Served:
        """One worker, as gunicorn's quickstart starts an app; its time-out is raised so that long texts survive."""
        command = f"-m gunicorn -w 1 -b 127.0.0.1:{port} --timeout {TIMEOUT_SECONDS} bench.peers.naive_app:create_app()"
        return Served(
            name=self._name,
            command=(sys.executable, *command.split()),
            environment={
                "PATH": os.environ.get("PATH", os.defpath),
                "HOME": str(work),
                "PYTHONPATH": str(_ROOT),
                "HF_HUB_OFFLINE": "1",
                SNAPSHOT_VARIABLE: str(model.snapshot),
                BATCH_VARIABLE: str(self._at_once),
            },
            port=port,
            path="/translate",
            body=_body,
            text_of=_text,
            notes=(
                f"{self._name}: Flask and transformers in float32 with the model's own generation settings, "
                f"`gunicorn -w 1`; one request at a time, {self._how}; torch uses as many threads as there are cores",
            ),
        )


ONE_BY_ONE = Naive("naive", 1, "its sentences one by one")
BATCHED = Naive("naive-batched", 16, "its sentences in padded batches of 16")


def _body(text: str, bulk: bool) -> bytes:
    del bulk
    return json.dumps({"text": text}, ensure_ascii=False).encode()


def _text(body: bytes) -> str:
    text: str = json.loads(body)["text"]
    return text
