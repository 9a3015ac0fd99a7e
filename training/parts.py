"""Cuts bytes into files of at most 16 MiB that can be carried one by one, and joins and checks them again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

PART_BYTES = 15 * 2**20
TOTAL_BYTES = 60 * 2**20  # what one slice may bring back, all files together
MAX_FILES = 8


def split(data: bytes, folder: Path, name: str, *, part_bytes: int = PART_BYTES) -> list[Path]:
    """Write `data` as `name.0`, `name.1`, ... and then `name.json`, which makes it valid. Older parts are replaced."""
    index = folder / f"{name}.json"
    index.unlink(missing_ok=True)
    for old in folder.glob(f"{name}.[0-9]*"):
        old.unlink()
    pieces = [data[start : start + part_bytes] for start in range(0, len(data), part_bytes)] or [b""]
    paths = [folder / f"{name}.{number}" for number in range(len(pieces))]
    for path, piece in zip(paths, pieces, strict=True):
        path.write_bytes(piece)
    summary = {"parts": len(pieces), "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    index.write_text(json.dumps(summary) + "\n", encoding="utf-8")
    return [*paths, index]


def join(folder: Path, name: str) -> bytes:
    """What `split` wrote. Raises FileNotFoundError when there is nothing, ValueError when a part is lost or changed."""
    index = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    paths = [folder / f"{name}.{number}" for number in range(index["parts"])]
    missing = [path.name for path in paths if not path.exists()]
    if missing:
        raise ValueError(f"{', '.join(missing)} missing")
    data = b"".join(path.read_bytes() for path in paths)
    if hashlib.sha256(data).hexdigest() != index["sha256"]:
        raise ValueError(f"the parts of {name} don't belong together, or have changed")
    return data
