"""Splits text into sentences and, where those are too long, into clauses. Loses no character; linear in the text.

`boundaries` decides where a sentence ends, `lines` what a line break means, `clauses` how to cut a long sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from service.core.types import Span
from service.language.lexicons import Lexicon, lexicon
from service.segmentation import clauses as _clauses
from service.segmentation.boundaries import CLOSERS, STOPS, WIDE_STOPS, Casing, Stop, Verdict, judge
from service.segmentation.invisible import Seen
from service.segmentation.lines import LINE_BREAK, Layout, breaks_segment, paragraphs
from service.segmentation.marks import CREDIT, content
from service.segmentation.tables import blocks, may_have_cells

_LINE_BREAK = re.compile(LINE_BREAK)
_CLOSERS = re.escape(CLOSERS)
# Every alternative matches wherever its first character is found, so that a scan never goes back.
_CANDIDATES = (
    rf"(?P<wide>[{WIDE_STOPS}][{WIDE_STOPS}{re.escape(STOPS)}]*[{_CLOSERS}]*)\s*"
    # French sets its quotation marks off by a space: "« Non. » Il part."
    rf"|(?P<marks>[{re.escape(STOPS)}]+)(?P<closers>[{_CLOSERS}]*(?:[ \u00a0\u202f]»(?!\S))?)(?P<gap>\s*)"
    rf"|(?P<line>{LINE_BREAK})\s*"
)
_CANDIDATE = re.compile(_CANDIDATES)
_CREDIT = re.compile(CREDIT)
_CANDIDATE_OR_CREDIT = re.compile(rf"{_CANDIDATES}|(?P<credit>{CREDIT})[ \u00a0\u202f]{{1,3}}(?=\S)")
_DATELINE = 40


class SentenceSegmenter:
    """Rule-based segmenter for news. A language without a lexicon gets the rules that hold for any. Thread-safe."""

    def sentences(self, text: str, language: str) -> list[Span]:
        """Spans of the sentences of `text`; see the `Segmenter` port for what holds for them."""
        seen = Seen.of(text)
        spans = _segments(seen.text, lexicon(language))
        return spans if seen.text is text else seen.restored(spans)

    def content(self, segment: str, language: str) -> Span:
        """What is to be translated of a segment; see the `Segmenter` port."""
        return content(segment, lexicon(language))

    def clauses(self, text: str, language: str, fits: Callable[[str], bool]) -> list[Span]:
        """Spans that each fit, cut at the best boundaries; see the `Segmenter` port."""
        return _clauses.cut(text, lexicon(language), fits)


def _segments(text: str, rules: Lexicon) -> list[Span]:
    spans: list[Span] = []
    candidates = _CANDIDATE_OR_CREDIT if _CREDIT.search(text) else _CANDIDATE
    for block in _blocks(text):
        start = block.start
        for end, following in _boundaries(text, block, rules, candidates):
            spans.append(Span(start, end))
            start = following
        if start < block.end:
            spans.append(Span(start, block.end))
    return spans


def _blocks(text: str) -> Iterator[Span]:
    """The paragraphs of `text` and the cells of its tables."""
    if not may_have_cells(text):
        return paragraphs(text)
    return (block for paragraph in paragraphs(text) for block in blocks(text, paragraph))


def _boundaries(text: str, block: Span, rules: Lexicon, candidates: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """(end of a sentence, start of the next) inside a block, ascending."""
    start, limit = block.start, block.end
    casing = Casing(text, block)
    layout: Layout | None = None
    for match in candidates.finditer(text, start, limit):
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
        elif kind == "credit":
            end, verdict = match.end("credit"), _judge_credit(text, start, match, rules)
        elif (end := match.start("gap")) < following:
            stop = Stop(start, match.start(), match.end("marks"), end, following, limit)
            verdict = judge(text, stop, rules, casing)
        else:
            continue
        if verdict is Verdict.OPEN and (kind == "line" or _has_line_break(text, end, following)):
            layout = layout or Layout.of(text, block)
            if breaks_segment(text, start, end, following, layout, rules):
                verdict = Verdict.SPLIT
        if verdict is Verdict.SPLIT:
            yield end, following
            start = following


def _judge_credit(text: str, start: int, match: re.Match[str], rules: Lexicon) -> Verdict:
    """Whether a sentence begins behind a credit: "(dpa) Die Schweiz …", "Zürich (sda) Die Schweiz …"."""
    after = text[match.end()]
    if not after.isalnum() or after.islower():
        return Verdict.OPEN  # "BERLIN (dpa) - Die Regierung tagt."
    if match.start() == start:
        return Verdict.SPLIT
    if match.start() - start > _DATELINE or any(word[0].islower() for word in text[start : match.start()].split()):
        return Verdict.OPEN
    word = text[match.end() : match.end() + _DATELINE].split(None, 1)[0]
    return Verdict.SPLIT if word in rules.openers else Verdict.OPEN


def _rstrip(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _has_line_break(text: str, start: int, end: int) -> bool:
    return _LINE_BREAK.search(text, start, end) is not None
