"""How many sentences survive when a layout breaks the lines, and how many headlines stay by themselves.

Lines of WMT news test sets are joined into paragraphs and wrapped. A sentence survives if what was a segment of the
paragraph in one line is one of the wrapped paragraph, too, white space apart. Headlines mustn't be joined for that:
the sets' own short lines serve, without their full stop, a line each in lists and above a paragraph. Used by
`bench.segmentation`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from service.core.ports import Segmenter

COLUMNS = (40, 45, 50, 60, 72)
SENTENCES = (1, 2, 4, 8)
_HEADLINE = range(20, 61)
_NARROW = 40
_LIST = 4
_ENDS = ".!?\"'”“’‘»«"


def surviving(segmenter: Segmenter, lines: Sequence[str], language: str, columns: int, sentences: int) -> float:
    """The share of segments that come through being wrapped, with so many lines to a paragraph."""
    return _share(_wrapped(segmenter, text, language, columns) for text in _paragraphs(lines, sentences))


def headlines_in_lists(segmenter: Segmenter, lines: Sequence[str], language: str) -> float:
    """The share of headlines that come out as segments when each stands on a line by itself, in lists of four."""
    titles = headlines(lines)
    lists = ["\n".join(titles[first : first + _LIST]) for first in range(0, len(titles), _LIST)]
    return _share(_kept(segmenter, text, text.split("\n"), language) for text in lists)


def headlines_above(segmenter: Segmenter, lines: Sequence[str], language: str, *, wrapped: bool) -> float:
    """The share that come out as segments when each stands above a paragraph, in one line or wrapped at 40 columns."""
    pairs = zip(headlines(lines), _paragraphs(lines, 2), strict=False)
    return _share(
        _kept(segmenter, "\n".join([title, *(textwrap.wrap(body, _NARROW) if wrapped else [body])]), [title], language)
        for title, body in pairs
    )


def headlines(lines: Sequence[str]) -> list[str]:
    """Lines that are as long as headlines, without the full stop at their ends."""
    return [line[:-1] for line in lines if len(line) in _HEADLINE and line[-1] == "." and line[0].isupper()]


def report(segmenter: Segmenter, lines: Sequence[str], language: str) -> Iterator[str]:
    """The table of one language, line by line."""
    counts = "".join(f"{count:>10}" for count in SENTENCES)
    yield f"wrapped {language}, sentences that survive: columns down, lines to a paragraph across"
    yield f"{'':>10}{counts}{'ended':>10}"
    ended = [line for line in lines if line[-1] in _ENDS]
    for columns in COLUMNS:
        shares = [surviving(segmenter, lines, language, columns, count) for count in SENTENCES]
        shares.append(surviving(segmenter, ended, language, columns, 1))
        yield f"{columns:>10}" + "".join(f"{share:>10.2%}" for share in shares)
    yield f"headlines {language}, kept apart: {headlines_in_lists(segmenter, lines, language):.2%} in lists,"
    yield (
        f"    {headlines_above(segmenter, lines, language, wrapped=False):.2%} above a paragraph,"
        f" {headlines_above(segmenter, lines, language, wrapped=True):.2%} above one of {_NARROW} columns"
    )


def _paragraphs(lines: Sequence[str], sentences: int) -> Iterator[str]:
    for first in range(0, len(lines), sentences):
        yield " ".join(lines[first : first + sentences])


def _wrapped(segmenter: Segmenter, text: str, language: str, columns: int) -> tuple[int, int]:
    whole = _segments(segmenter, text, language)
    return len(whole & _segments(segmenter, "\n".join(textwrap.wrap(text, columns)), language)), len(whole)


def _kept(segmenter: Segmenter, text: str, wanted: Iterable[str], language: str) -> tuple[int, int]:
    bare = {_bare(line) for line in wanted}
    return len(bare & _segments(segmenter, text, language)), len(bare)


def _segments(segmenter: Segmenter, text: str, language: str) -> set[str]:
    return {_bare(text[span.start : span.end]) for span in segmenter.sentences(text, language)}


def _bare(text: str) -> str:
    """Without white space: a wrapper may break at a hyphen, where there was none."""
    return "".join(text.split())


def _share(counts: Iterable[tuple[int, int]]) -> float:
    some = every = 0
    for kept, wanted in counts:
        some, every = some + kept, every + wanted
    return some / max(1, every)
