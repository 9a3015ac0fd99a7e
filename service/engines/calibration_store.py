"""Keeps what calibration measured, one file per model beside the store, valid for one host, engine and model.

Losing it costs a few seconds at the next start; so failures to read or write it are not errors.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from service.engines.calibration import Calibration

_METHOD = 3
"""Raised when calibration measures otherwise, so that what an earlier release stored is measured anew."""


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
        "method": _METHOD,
        "processor": _processor(),
        "cores": os.cpu_count(),
        "model": digest,
        "engine": [engine, version("ctranslate2" if engine == "ctranslate2" else "torch"), compute_type],
        "replicas": [replicas, intra_threads],
    }


def stored(folders: Iterable[Path]) -> list[str]:
    """What is stored in `folders` for each model and engine, in words; unreadable files are left out."""
    lines: dict[str, str] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.json"))):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            found = json.loads(path.read_text(encoding="utf-8"))["calibration"]
            sizes = sorted((int(size), round(speed)) for size, speed in found["table"].items())
            table = ", ".join(f"{size}: {speed}" for size, speed in sizes)
            lines.setdefault(
                path.stem,
                f"{path.stem}: batches of {found['batch_size']} and {found['batch_tokens']} source tokens at most; "
                f"source tokens/s by batch size {table}",
            )
    return list(lines.values())


def recall_or_measure(
    paths: Sequence[Path], host: dict[str, object], measure: Callable[[], Calibration]
) -> Calibration:
    """The calibration stored for `host` in one of `paths`, or a fresh one, stored in the first that works."""
    for path in paths:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            stored = json.loads(path.read_text(encoding="utf-8"))
            if stored["host"] == host:
                known = stored["calibration"]
                table = {int(size): speed for size, speed in known["table"].items()}  # JSON made its keys strings
                return Calibration(**{**known, "table": table})
    calibration = measure()
    document = json.dumps({"host": host, "calibration": asdict(calibration)}, indent=2)
    for path in paths:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}.tmp")
            draft.write_text(document, encoding="utf-8")
            draft.replace(path)
            break
    return calibration
