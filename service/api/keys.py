"""API keys: reads a file of hashed keys and tells whose key a caller shows. Keys themselves are never stored or logged.

Keys are meant to be long random strings (32 bytes or more of entropy); that is why one round of SHA-256 is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from pathlib import Path

_LINE = re.compile(r"sha256:(?P<digest>[0-9a-f]{64})\s+(?P<name>\S.*)")


def hash_key(key: str) -> str:
    """How `key` is written in a key file: "sha256:<64 hex digits>"."""
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """The keys that open the service: (hash as `hash_key` writes it, name of the caller)."""

    entries: tuple[tuple[str, str], ...] = field(repr=False)

    @classmethod
    def load(cls, path: Path) -> ApiKeys:
        """Read a key file: one `sha256:<hex>  name` per line; empty lines and lines that start with "#" don't count.

        Raises OSError when the file can't be read, and ValueError, with the line's number, when a line is something
        else or the file names no key at all (which would lock everybody out).
        """
        entries = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            entry = line.strip()
            if not entry or entry.startswith("#"):
                continue
            if (match := _LINE.fullmatch(entry)) is None:
                raise ValueError(f"{path}, line {number}: expected 'sha256:<64 hex digits>  name'")
            entries.append((f"sha256:{match['digest']}", match["name"]))
        if not entries:
            raise ValueError(f"{path} names no key")
        return cls(tuple(entries))

    def owner(self, key: str) -> str | None:
        """The name that `key` belongs to, or None. Takes the same time for every wrong key."""
        shown = hash_key(key)
        found = None
        for known, name in self.entries:
            if hmac.compare_digest(known, shown):
                found = name
        return found
