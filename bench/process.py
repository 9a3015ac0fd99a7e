"""Runs a system under test as a child process: starts it, measures its memory, ends it with all that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

from bench.client import Connection
from bench.system import Served

_START_SECONDS = 600.0


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RunningSystem:
    """A started system. Use as a context manager; its output goes to `log`."""

    def __init__(self, served: Served, log: Path) -> None:
        self.served = served
        self._log = log

    def __enter__(self) -> RunningSystem:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                list(self.served.command),
                env=dict(self.served.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(15)

    def first_answer(self, body: bytes) -> float:
        """Seconds until `body` was answered with 200. Raises RuntimeError, with the log's end, if that never comes."""
        began = time.perf_counter()
        while time.perf_counter() - began < _START_SECONDS and self._process.poll() is None:
            connection = Connection(self.served, timeout=60)
            reply = connection.post(body)
            connection.close()
            if reply.status == 200:
                return time.perf_counter() - began
            time.sleep(0.02)
        tail = self._log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"{self.served.name} gave no answer:\n{tail}")

    def resident_megabytes(self) -> float:
        """Memory of the process and its descendants in MB (10^6 bytes), pages that they share counted once (PSS)."""
        return sum(_proportional_kilobytes(pid) for pid in _tree(self._process.pid)) * 1024 / 1e6


def _tree(pid: int) -> list[int]:
    pids = [pid]
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text(encoding="utf-8").split():
                pids += _tree(int(child))
    return pids


def _proportional_kilobytes(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
