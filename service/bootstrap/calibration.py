"""Keeps what calibration measured, one file per model beside the store, valid for one host, engine and model.

Losing it costs a few seconds at the next start; so failures to read or write it are not errors.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from service.inference.calibrate import Calibration


def _processor() -> str:
    """The processor's model name where the kernel tells it (Linux), else the architecture."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def fingerprint(*, digest: str, engine: str, compute_type: str, replicas: int, intra_threads: int) -> dict[str, object]:
    """What a calibration depends on. A change in any of it calls for a new one."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "model": digest,
        "engine": [engine, version("ctranslate2" if engine == "ctranslate2" else "torch"), compute_type],
        "replicas": [replicas, intra_threads],
    }


def recall_or_measure(
    places: Sequence[Path], host: dict[str, object], measure: Callable[[], Calibration]
) -> Calibration:
    """The calibration stored for `host` in one of `places`, or a fresh one, stored in the first that works."""
    for path in places:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            stored = json.loads(path.read_text(encoding="utf-8"))
            if stored["host"] == host:
                known = stored["calibration"]
                table = {int(size): speed for size, speed in known["table"].items()}  # JSON made its keys strings
                return Calibration(**{**known, "table": table})
    calibration = measure()
    document = json.dumps({"host": host, "calibration": asdict(calibration)}, indent=2)
    for path in places:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}.tmp")
            draft.write_text(document, encoding="utf-8")
            draft.replace(path)
            break
    return calibration
