"""The plain sentence splitter of the peers: after a full stop, question or exclamation mark and white space.

It knows no abbreviations and no ordinals; a benchmark's corpus has none of them.
"""

from __future__ import annotations

import re

_BORDER = re.compile(r"(?<=[.!?])\s+")


def split(paragraph: str) -> list[str]:
    """The sentences of a paragraph without the white space around them; none for white space only."""
    stripped = paragraph.strip()
    return _BORDER.split(stripped) if stripped else []
