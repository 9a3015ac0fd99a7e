"""SHA-256 of files and of whole models. Knows nothing of where the files lie."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file's SHA-256 in hex and its size in bytes."""

    sha256: str
    size: int


def digest_file(path: Path) -> FileDigest:
    """Read `path` once. Raises OSError."""
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return FileDigest(sha256, stream.tell())


def digest_tree(folder: Path) -> dict[str, FileDigest]:
    """The digest of every file below `folder`, by its path relative to it with "/" between the parts."""
    return {
        path.relative_to(folder).as_posix(): digest_file(path) for path in sorted(folder.rglob("*")) if path.is_file()
    }


def digest_model(files: Mapping[str, FileDigest]) -> str:
    """One SHA-256 over the names and digests of all files: it changes whenever any of them does."""
    lines = sorted((name, digest.sha256) for name, digest in files.items())
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
