"""Sees a text as a reader does: without control characters and marks of direction. Finds the way back to the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from service.core.text import INVISIBLE
from service.core.types import Span

_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Seen:
    """`text` without what is invisible in `source`; `shifts[i]` characters are missing before `places[i]` of it."""

    source: str
    text: str
    places: list[int]
    shifts: list[int]

    @classmethod
    def of(cls, source: str) -> Seen:
        """What there is to see of `source`: itself, nearly always."""
        if INVISIBLE.search(source) is None:
            return cls(source, source, [], [])
        places: list[int] = []
        shifts: list[int] = []
        missing = 0
        for match in INVISIBLE.finditer(source):
            missing += match.end() - match.start()
            places.append(match.end() - missing)
            shifts.append(missing)
        return cls(source, INVISIBLE.sub("", source), places, shifts)

    def restored(self, spans: list[Span]) -> list[Span]:
        """Spans of `source` for ascending ones of `text`: all of it that isn't white space lies in one of them.

        What is invisible joins the segment that it touches, the one before it first; else it is one by itself.
        """
        found = [Span(start, end) for start, end in self._moved(spans)]
        bounds = [Span(0, 0), *found, Span(len(self.source), len(self.source))]
        whole: list[Span] = []
        for before, after in pairwise(bounds):
            start = whole.pop().start if whole else before.start
            tokens = [Span(*match.span()) for match in _TOKEN.finditer(self.source, before.end, after.start)]
            ends = before.end
            if before.end > before.start and tokens and tokens[0].start == before.end:
                ends = tokens.pop(0).end
            begins = after.start
            if after.end > after.start and tokens and tokens[-1].end == after.start:
                begins = tokens.pop().start
            if before.end > before.start:
                whole.append(Span(start, ends))
            whole += tokens
            whole.append(Span(begins, after.end))
        whole.pop()
        return whole

    def _moved(self, spans: list[Span]) -> list[tuple[int, int]]:
        """Starts behind what is invisible before them, ends before what is invisible behind them."""
        moved: list[tuple[int, int]] = []
        index = 0
        count = len(self.places)
        for span in spans:
            while index < count and self.places[index] <= span.start:
                index += 1
            start = span.start + (self.shifts[index - 1] if index else 0)
            while index < count and self.places[index] < span.end:
                index += 1
            moved.append((start, span.end + (self.shifts[index - 1] if index else 0)))
        return moved
