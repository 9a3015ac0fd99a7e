"""Decides what line breaks mean: where paragraphs end, and whether a single line break ends a segment or was wrapped.

Copy comes in two shapes. On a wire or from a CMS a line is a unit: headline, dateline, list item, paragraph. In e-mail
and old wire formats lines are hard-wrapped at a fixed width and a sentence runs on. A single line break that no
sentence end explains therefore ends a segment, unless one of these says that the line runs on:

- the next line begins with a lower-case letter and isn't a list item;
- it is indented under a list item;
- the line ends with a comma, hyphen, dash, slash or opening bracket;
- the paragraph is hard-wrapped (its longest line has 50 to 130 characters, and it has a line that begins in lower case
  or ends with a full stop at its end) and the line is full: the first word of the next line would not have fit.

A list item ("- ", "• ", "1. ", "a) ") always begins a segment, except a number in hard-wrapped prose ("am | 4. Juni").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from service.core.types import Span

# The line breaks of `str.splitlines`; atomic, so that "\r\n" is never taken for two.
LINE_BREAK = r"(?>\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])"
_PARAGRAPH_BREAK = re.compile(rf"{LINE_BREAK}(?:(?!{LINE_BREAK})\s)*{LINE_BREAK}\s*")
_NOT_SPACE = re.compile(r"\S")

_ITEM = re.compile(r"(?P<mark>[-–—*•·▪‣◦●■►▶→>]|\+{1,3}|#{1,6}|\d{1,3}[.)]|\(?[a-zA-Z0-9]\))\s+(?P<first>\S)")
_RUNS_ON = ",;-–—/&([{„‚«‹"
_SENTENCE_END = re.compile(r"[.!?…][\"'”“’‘»«)\]]{0,3}$")
_OPENING = "\"'„“”‚‘’«»‹›([{"
_WRAP_WIDTHS = range(50, 131)
_TAIL = 8
_HEAD = 60


def paragraphs(text: str) -> Iterator[Span]:
    """The paragraphs of `text` without the white space around them, ascending. Empty lines separate them."""
    start = 0
    for match in _PARAGRAPH_BREAK.finditer(text):
        yield from _trimmed(text, start, match.start())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    first = _NOT_SPACE.search(text, start, end)
    if first is None:
        return
    while text[end - 1].isspace():
        end -= 1
    yield Span(first.start(), end)


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of one paragraph: where they begin, where the last ends, the greatest length, whether hard-wrapped."""

    starts: list[int]
    end: int
    width: int
    wrapped: bool

    @classmethod
    def of(cls, text: str, paragraph: Span) -> Layout:
        """Measure the lines of `paragraph`."""
        starts: list[int] = []
        width = 0
        runs_on = ended = False
        offset = paragraph.start
        for number, line in enumerate(text[paragraph.start : paragraph.end].splitlines(keepends=True)):
            starts.append(offset)
            offset += len(line)
            stripped = line.strip()
            width = max(width, len(stripped))
            runs_on = runs_on or (number > 0 and not ended and stripped[:1].islower())
            ended = _SENTENCE_END.search(stripped[-_TAIL:]) is not None
        return cls(starts, paragraph.end, width, width in _WRAP_WIDTHS and (runs_on or ended))

    def line_start(self, offset: int) -> int:
        """Where the line begins that `offset` lies in."""
        return self.starts[bisect_right(self.starts, offset) - 1]


def breaks_segment(text: str, sentence: int, end: int, following: int, layout: Layout) -> bool:
    """Whether a line break between `end` and `following` ends the segment that began at `sentence`.

    For line breaks that no sentence end explains; the rule is at the top of this file.
    """
    head = text[following : min(layout.end, following + _HEAD)]
    is_in_item = _ITEM.match(text, sentence, min(end, sentence + _HEAD)) is not None
    first_word = head.split(None, 1)[0]
    is_full = layout.wrapped and end - layout.line_start(end - 1) + 1 + len(first_word) > layout.width
    item = _ITEM.match(head)
    if item is not None:
        if item["mark"][0].isdigit():
            return not is_full
        return not item["first"].islower() or is_in_item or text[end - 1] == ":"
    if is_in_item and text[following - 1] in " \t":
        return False
    if head.lstrip(_OPENING)[:1].islower() or text[end - 1] in _RUNS_ON:
        return False
    return not is_full
