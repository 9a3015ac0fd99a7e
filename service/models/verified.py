"""Remembers which files had the digest that was recorded for them, so that loading a model needn't read it twice.

Knows files and digests, and nothing of models.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from service.models.manifest import FileDigest, digest_file

State = tuple[int, int, int, int]
"""Inode, size, and the times in nanoseconds at which content (mtime) and anything (ctime) last changed."""


class VerifiedFiles:
    """Files that were read and compared, with the state in which they were. `path` is where that is kept.

    Losing it costs reading the files again; so failures to read or write it are not errors. It doesn't guard against
    somebody who can write to the folder: the recorded digests lie there too.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, tuple[State, str]] | None = None
        self._learned = False

    def matches(self, path: Path, expected: FileDigest) -> bool:
        """Whether the file has this digest. Reads it only if it has changed since it was last compared."""
        if self._known is None:
            self._known = self._load()
        key = str(path.absolute())
        try:
            state = _state(path)
            if self._known.get(key) == (state, expected.sha256):
                return True
            if digest_file(path) != expected:
                return False
        except OSError:  # unreadable sectors, or gone since somebody looked
            return False
        self._known[key] = (state, expected.sha256)
        self._learned = True
        return True

    def save(self) -> None:
        """Keep what was learned for the next process, where the place can be written."""
        if not self._learned or self._known is None:
            return
        kept = {key: value for key, value in self._known.items() if Path(key).exists()}
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}.tmp")
        with contextlib.suppress(OSError):
            draft.write_text(json.dumps(kept, indent=1), encoding="utf-8")
            draft.replace(self._path)
        self._learned = False

    def _load(self) -> dict[str, tuple[State, str]]:
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            stored = json.loads(self._path.read_text(encoding="utf-8"))
            return {
                key: ((inode, size, mtime, ctime), sha256)
                for key, ((inode, size, mtime, ctime), sha256) in stored.items()
            }
        return {}


def _state(path: Path) -> State:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
