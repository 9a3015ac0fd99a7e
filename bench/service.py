"""Starts the service for a measurement, on a free port, with an empty cache, and ends it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import requests


class RunningService:
    """`depesche serve` with the settings of the environment, but a port and a cache of its own."""

    def __init__(self, home: Path) -> None:
        self._home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self.seconds_to_ready = 0.0

    def __enter__(self) -> RunningService:
        environment = os.environ | {
            "DEPESCHE_PORT": str(self._port),
            "DEPESCHE_HOST": "127.0.0.1",
            "DEPESCHE_CACHE_DIR": str(self._home / "cache"),
            "DEPESCHE_LOG_LEVEL": "warning",
        }
        began = time.perf_counter()
        command = [sys.executable, "-m", "service.cli", "serve"]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        while self._process.poll() is None:
            try:
                if requests.get(self.url("/readyz"), timeout=5).ok:
                    self.seconds_to_ready = time.perf_counter() - began
                    return self
            except requests.ConnectionError:
                pass
            time.sleep(0.05)
        raise RuntimeError("the service ended before it was ready; its message is above")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(60)

    def url(self, path: str) -> str:
        """The address of `path`."""
        return f"http://127.0.0.1:{self._port}{path}"

    def profile(self) -> str:
        """The profile that serves."""
        name: str = requests.get(self.url("/v1/models"), timeout=5).json()["profile"]
        return name

    def model(self) -> str:
        """The translation model, its engine and its batches."""
        model = requests.get(self.url("/v1/models"), timeout=5).json()["models"][0]
        batch = model["details"].get("batch_size")
        return f"{model['id']} on {model['engine']} ({model['compute_type']}), batches of {batch}"

    def resident_megabytes(self) -> float:
        """Resident memory of gunicorn and its worker together."""
        pids = [self._process.pid]
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text(encoding="utf-8")
        pids += map(int, children.split())
        return sum(_resident_kilobytes(pid) for pid in pids) / 1024


def _resident_kilobytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
