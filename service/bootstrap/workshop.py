"""The loaded service without HTTP, for the command line: whole files, as bulk work, without a deadline that matters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from service.bootstrap.application import open_application
from service.bootstrap.cautions import cautions
from service.bootstrap.parallel import in_order
from service.bootstrap.rendering import render_summaries, render_translations
from service.core.lifecycle import Service
from service.core.translation.translator import SEGMENTS_FLAGGED
from service.core.types import Priority, RequestContext
from service.settings import Settings

_DAY = 86400.0
_BLOCK_CHARACTERS = 4000
"""About thirty sentences: enough for full batches, small enough for a progress bar to move."""


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


@dataclass(frozen=True, slots=True)
class Workshop:
    """A loaded service. Use as a context manager: `with open_workshop(settings) as workshop`."""

    service: Service

    @property
    def cautions(self) -> list[str]:
        """What to tell people about the models, one line each."""
        return cautions(model.info.tier for model in self.service.models())

    def translate(self, text: str, source: str, target: str, *, with_segments: bool) -> dict[str, Any]:
        """One text as {"translation": ..., "model": ...}, formed like the HTTP answer's members."""
        result = self.service.translate([text], source, target, _bulk())
        body = render_translations(result, with_segments=with_segments)
        return {"translation": body["translations"][0], "model": body["model"]}

    def summarize(self, text: str, source: str, target: str | None, method: str, count: int) -> dict[str, Any]:
        """One text as {"summary": ..., "model": ...}."""
        body = render_summaries(self.service.summarize([text], source, target, method, count, _bulk()))
        return {"summary": body["summaries"][0], "model": body["model"]}

    def translate_blocks(self, text: str, source: str, target: str) -> Iterator[Block]:
        """The translation of a text of any length, block by block, in order, several at a time.

        The language of the first block is taken for all, so that a quotation doesn't change it half-way.
        """
        first, *rest = blocks(text) or [(0, "")]
        block = self._block(first, source, target)
        yield block
        language = source if block.source_lang == "und" else block.source_lang
        yield from in_order(lambda part: self._block(part, language, target), rest)

    def _block(self, part: tuple[int, str], source: str, target: str) -> Block:
        offset, text = part
        [translation] = self.service.translate([text], source, target, _bulk()).translations
        notices = [
            f"{warning} (from character {offset})" for warning in translation.warnings if warning != SEGMENTS_FLAGGED
        ]
        notices += [
            f"check the passage at character {offset + segment.source_start}: {', '.join(segment.flags)}"
            for segment in translation.segments
            if segment.flags
        ]
        return Block(translation.text, len(text), translation.source_lang, tuple(notices))


@contextmanager
def open_workshop(settings: Settings) -> Iterator[Workshop]:
    """Load the models in this process, and free them at the end. Raises ModelError's children."""
    application = open_application(settings)
    application.service.load()
    try:
        yield Workshop(application.service)
    finally:
        application.service.close(drain_seconds=0.0)


def _bulk() -> RequestContext:
    return RequestContext.within(_DAY, priority=Priority.BULK)
