"""Cuts a text of any length into blocks for the command line, so that it is translated with a progress bar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service import bootstrap
from service.cli.parallel import in_order

_BLOCK_CHARACTERS = 4000
"""About thirty sentences: enough for full batches, small enough for a progress bar to move."""

_PER_SEGMENT = "segments_flagged"
"""The warning that the segments' own flags say in detail."""


@dataclass(frozen=True, slots=True)
class Block:
    """A translated part of a text: what to print, how many source characters it stands for, what to tell the user."""

    text: str
    characters: int
    source_lang: str
    notices: tuple[str, ...]


def blocks(text: str) -> list[tuple[int, str]]:
    """(offset, part) for parts of about `_BLOCK_CHARACTERS` that end at empty lines; joined they are `text`.

    A paragraph is never cut, however long it is.
    """
    parts: list[tuple[int, str]] = []
    start = 0
    for match in re.finditer(r"\n\s*\n|\Z", text):
        if match.end() > start and (match.end() - start >= _BLOCK_CHARACTERS or match.end() == len(text)):
            parts.append((start, text[start : match.end()]))
            start = match.end()
    return parts


def translate_blocks(local: bootstrap.LocalService, text: str, source: str, target: str) -> Iterator[Block]:
    """The translation of `text`, block by block, in order, several at a time."""
    yield from in_order(lambda part: _block(local, part, source, target), blocks(text) or [(0, "")])


def _block(local: bootstrap.LocalService, part: tuple[int, str], source: str, target: str) -> Block:
    offset, text = part
    translation = local.translate(text, source, target, with_segments=True)["translation"]
    notices = [f"{warning} (from character {offset})" for warning in translation["warnings"] if warning != _PER_SEGMENT]
    notices += [
        f"check the passage at character {offset + segment['source_start']}: {', '.join(segment['flags'])}"
        for segment in translation["segments"]
        if segment["flags"]
    ]
    return Block(translation["text"], len(text), translation["source_lang"], tuple(notices))
