"""What an output depends on, and its cache key: SHA-256 over canonical JSON of all of it, never a joined string."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import asdict, dataclass

from service.core.enums import Task
from service.core.types import DecodingOptions

SCHEMA_VERSION = 3
"""Raised whenever a stored value's form or the meaning of an output changes; old entries are then never read."""


_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Input:
    """What is asked of one model: a normalized, non-empty text, its languages, and how to search for the output.

    `beginning` are target tokens that the output has to begin with. All of it belongs to the key.
    """

    text: str
    source_lang: str
    target_lang: str
    options: DecodingOptions
    beginning: tuple[str, ...] = ()


@dataclass(frozen=True)
class KeyFactory:
    """Makes the keys of one served model. Two different inputs or models never share a key.

    `checks_revision` is part of them, because entries hold what the checks of that revision found.
    """

    task: Task
    model_id: str
    model_digest: str
    engine: str
    compute_type: str
    checks_revision: int

    def key(self, item: Input) -> str:
        """Hex SHA-256 of the JSON list [everything else, text]."""
        digest = self._common(item.source_lang, item.target_lang, item.options, item.beginning).copy()
        digest.update(f"{_json(item.text)}]".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    @functools.lru_cache(maxsize=1024)  # noqa: B019 - one factory a model; a request's sentences share all but the text
    def _common(self, source: str, target: str, options: DecodingOptions, beginning: tuple[str, ...]) -> hashlib._Hash:
        """The digest of the list up to the text, to be copied."""
        parts = {
            "schema": SCHEMA_VERSION,
            "task": self.task,
            "languages": [source, target],
            "model": [self.model_id, self.model_digest],
            "engine": [self.engine, self.compute_type],
            "options": asdict(options),
            "beginning": beginning,
            "checks": self.checks_revision,
        }
        return hashlib.sha256(f"[{_json(parts)},".encode())
