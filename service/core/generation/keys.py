"""Cache keys: SHA-256 over canonical JSON of everything that decides an output, never a joined string."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict, dataclass

from service.core.types import DecodingOptions

SCHEMA_VERSION = 1
"""Raised whenever a stored value's form or the meaning of an output changes; old entries are then never read."""

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # soft hyphen, zero-width space/joiner, BOM


def normalize(text: str) -> str:
    """The form of a segment that is translated and keyed: NFC, no invisible characters, single spaces.

    A sentence that a layout wrapped over lines, or hyphenated softly, is the same sentence.
    """
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


_LETTER = re.compile(r"[^\W\d_]")


def has_letters(text: str) -> bool:
    """Whether there is anything in `text` to translate: numbers, dashes and emoji mean the same in any language."""
    return _LETTER.search(text) is not None


@dataclass(frozen=True, slots=True)
class KeyFactory:
    """Makes the keys of one served model. Two different inputs, models or options never share a key."""

    task: str
    source_lang: str
    target_lang: str
    model_id: str
    model_digest: str
    engine: str
    compute_type: str
    options: DecodingOptions

    def prefix(self) -> str:
        """Canonical JSON of all parts but the text."""
        parts = {
            "schema": SCHEMA_VERSION,
            "task": self.task,
            "languages": [self.source_lang, self.target_lang],
            "model": [self.model_id, self.model_digest],
            "engine": [self.engine, self.compute_type],
            "options": asdict(self.options),
        }
        return json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def key(self, normalized: str, prefix: str | None = None) -> str:
        """Hex SHA-256 of the JSON list [parts, text]. Pass `prefix()` when making many keys."""
        document = json.dumps([prefix or self.prefix(), normalized], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(document.encode("utf-8", "surrogatepass")).hexdigest()
