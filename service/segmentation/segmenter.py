"""Splits text into sentences and, where those are too long, into clauses. Loses no character; linear in the text.

`boundaries` decides where a sentence ends, `lines` what a line break means, `clauses` how to cut a long sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from service.core.types import Span
from service.language.lexicons import Lexicon, lexicon
from service.segmentation import clauses as _clauses
from service.segmentation.boundaries import CLOSERS, STOPS, WIDE_STOPS, Stop, Verdict, judge
from service.segmentation.lines import LINE_BREAK, Layout, breaks_segment, paragraphs

_LINE_BREAK = re.compile(LINE_BREAK)
_CLOSERS = re.escape(CLOSERS)
# Every alternative matches wherever its first character is found, so that a scan never goes back.
_CANDIDATE = re.compile(
    rf"(?P<wide>[{WIDE_STOPS}][{WIDE_STOPS}{re.escape(STOPS)}]*[{_CLOSERS}]*)\s*"
    # French sets its quotation marks off by a space: "« Non. » Il part."
    rf"|(?P<marks>[{re.escape(STOPS)}]+)(?P<closers>[{_CLOSERS}]*(?:[ \u00a0\u202f]»(?!\S))?)(?P<gap>\s*)"
    rf"|(?P<line>{LINE_BREAK})\s*"
)


class SentenceSegmenter:
    """Rule-based segmenter for news. A language without a lexicon gets the rules that hold for any. Thread-safe."""

    def sentences(self, text: str, language: str) -> list[Span]:
        """Spans of the sentences of `text`; see the `Segmenter` port for what holds for them."""
        rules = lexicon(language)
        spans: list[Span] = []
        for paragraph in paragraphs(text):
            start = paragraph.start
            for end, following in _boundaries(text, paragraph, rules):
                spans.append(Span(start, end))
                start = following
            if start < paragraph.end:
                spans.append(Span(start, paragraph.end))
        return spans

    def clauses(self, text: str, language: str, fits: Callable[[str], bool]) -> list[Span]:
        """Spans that each fit, cut at the best boundaries; see the `Segmenter` port."""
        return _clauses.cut(text, lexicon(language), fits)


def _boundaries(text: str, paragraph: Span, rules: Lexicon) -> Iterator[tuple[int, int]]:
    """(end of a sentence, start of the next) inside a paragraph, ascending."""
    start, limit = paragraph.start, paragraph.end
    layout: Layout | None = None
    for match in _CANDIDATE.finditer(text, start, limit):
        following = match.end()
        if following >= limit:
            return
        kind = match.lastgroup
        if kind == "line":
            end, verdict = _rstrip(text, start, match.start()), Verdict.OPEN
            if end == start:
                continue
        elif kind == "wide":
            end, verdict = match.end("wide"), Verdict.SPLIT
        elif (end := match.start("gap")) < following:
            verdict = judge(text, Stop(start, match.start(), match.end("marks"), end, following, limit), rules)
        else:
            continue
        if verdict is Verdict.OPEN and (kind == "line" or _has_line_break(text, end, following)):
            layout = layout or Layout.of(text, paragraph)
            if breaks_segment(text, start, end, following, layout):
                verdict = Verdict.SPLIT
        if verdict is Verdict.SPLIT:
            yield end, following
            start = following


def _rstrip(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _has_line_break(text: str, start: int, end: int) -> bool:
    return _LINE_BREAK.search(text, start, end) is not None
