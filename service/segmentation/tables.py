"""Finds the cells of tables: of lines with tabs, and of columns aligned by spaces. Everything else is prose.

A tab between two words separates cells. Two or more spaces do where several lines agree on a column, on its left edge,
or on its right edge where figures stand; three or more do in a line by itself, unless it is set in justified lines.
Two spaces after a full stop, or by mistake, are none of this.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from service.core.types import Span
from service.segmentation.marks import ITEM

_BLANK = " \t\u00a0\u2000-\u200a\u202f\u3000"
_GAP = re.compile(rf"(?<=\S)(?:[{_BLANK}]{{2,}}|\t)(?=\S)")
_FIGURE = re.compile(r"[\d+\-–−±€$£¥(~<>=.,%*]")
_SURE = 3


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the white space around it, where it begins as columns count, and its gaps."""

    start: int
    end: int
    margin: int
    gaps: list[Span]


def may_have_cells(text: str) -> bool:
    """Whether it is worth looking: nearly no text has a tab or two spaces in a row."""
    return "\t" in text or "  " in text or "\u00a0\u00a0" in text


def blocks(text: str, paragraph: Span) -> Iterator[Span]:
    """The cells of the paragraph and the prose between rows, ascending, without white space at their ends."""
    lines = list(_lines(text, paragraph))
    if not any(line.gaps for line in lines):
        yield paragraph
        return
    columns = _Columns(text, lines)
    prose: Span | None = None
    for line in lines:
        gaps = columns.of(line)
        if not gaps:
            prose = Span(prose.start if prose else line.start, line.end)
            continue
        if prose is not None:
            yield prose
            prose = None
        start = line.start
        for gap in gaps:
            yield Span(start, gap.start)
            start = gap.end
        yield Span(start, line.end)
    if prose is not None:
        yield prose


def _lines(text: str, paragraph: Span) -> Iterator[_Line]:
    offset = paragraph.start
    for line in text[paragraph.start : paragraph.end].splitlines(keepends=True):
        start, end = offset + len(line) - len(line.lstrip()), offset + len(line.rstrip())
        margin, offset = offset, offset + len(line)
        if start >= end:
            continue
        item = ITEM.match(text, start, min(end, start + 20))
        first = item.start("first") if item is not None else start
        # A mark and what it marks belong together: "1.\tHaushalt".
        gaps = [Span(*match.span()) for match in _GAP.finditer(text, start, end) if match.end() > first]
        yield _Line(start, end, margin, gaps)


class _Columns:
    """What the lines of one paragraph agree on."""

    def __init__(self, text: str, lines: list[_Line]) -> None:
        self._text = text
        self._lefts: Counter[int] = Counter()
        self._rights: Counter[int] = Counter()
        for line in lines:
            self._lefts.update({gap.end - line.margin for gap in line.gaps})
            self._rights.update({right - line.margin for right in _rights(line)})
        gaps = [self._is_aligned(line, gap, right) for line in lines for gap, right in _pairs(line)]
        self._is_table = sum(gaps) >= 2 and 2 * sum(gaps) >= len(gaps)

    def of(self, line: _Line) -> list[Span]:
        """The gaps of `line` that separate cells."""
        spaces = [gap for gap in line.gaps if "\t" not in self._text[gap.start : gap.end]]
        if self._is_table and any(self._is_aligned(line, gap, right) for gap, right in _pairs(line)):
            return line.gaps
        # "Der   neue Minister   sagte": a line that was filled up with spaces.
        is_justified = len(spaces) > 1 and any(self._text[gap.end].islower() for gap in spaces)
        return [
            gap
            for gap in line.gaps
            if "\t" in self._text[gap.start : gap.end]
            or (gap.end - gap.start >= _SURE and not is_justified and not self._text[gap.end].islower())
        ]

    def _is_aligned(self, line: _Line, gap: Span, right: int) -> bool:
        if "\t" in self._text[gap.start : gap.end] or self._lefts[gap.end - line.margin] > 1:
            return True
        return self._rights[right - line.margin] > 1 and _FIGURE.match(self._text[gap.end]) is not None


def _rights(line: _Line) -> list[int]:
    """Where the cells behind the gaps end."""
    return [*(gap.start for gap in line.gaps[1:]), line.end] if line.gaps else []


def _pairs(line: _Line) -> Iterator[tuple[Span, int]]:
    return zip(line.gaps, _rights(line), strict=True)
