"""Starts the real service - gunicorn, engine, cache on disk - on a free port of this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

from bench.process import free_port

ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0


def environment(home: Path, **settings: str) -> dict[str, str]:
    """A clean environment: an empty home, offline, the demo profile, no setting but those given."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DEPESCHE_", "XDG_"))}
    return kept | {
        "HOME": str(home),
        "DEPESCHE_OFFLINE": "1",
        "DEPESCHE_PROFILE": "demo",
        "DEPESCHE_CACHE_DIR": str(home / "cache"),
        "DEPESCHE_CALIBRATE": "0",
        **settings,
    }


class Server:
    """A running service. Use as a context manager; `url("/v1/translate")` gives addresses."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.port = free_port()
        self.log = home / "log.txt"
        self._settings = settings
        self.process: subprocess.Popen[bytes]

    def __enter__(self) -> Server:
        self.home.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", "serve"],
                cwd=self.home,
                env=environment(
                    self.home, **{"DEPESCHE_PORT": str(self.port), "PYTHONPATH": str(ROOT)} | self._settings
                ),
                stdout=log,
                stderr=log,
            )
        self.wait_ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def wait_ready(self) -> None:
        """Wait for /readyz; fail with the log when the service ends or takes too long."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if requests.get(self.url("/readyz"), timeout=2).status_code == 200:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.05)
        raise AssertionError(f"the service did not become ready:\n{self.log.read_text()}")

    def translate(self, text: str | list[str], headers: dict[str, str] | None = None, **options: object) -> Any:
        """POST /v1/translate; the answer's body. Fails on any other status than 200."""
        answer = requests.post(self.url("/v1/translate"), json={"text": text, **options}, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def summarize(self, text: str | list[str], **options: object) -> Any:
        """POST /v1/summarize; the answer's body."""
        answer = requests.post(self.url("/v1/summarize"), json={"text": text, **options}, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def worker_pid(self) -> int:
        """The process that serves: gunicorn's only child."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0])

    def stop(self, how: int = signal.SIGTERM) -> int:
        """End the service; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(30)
