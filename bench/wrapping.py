"""How many sentences survive when a layout breaks the lines: text wrapped at a width, and headlines a line each.

Sentences of WMT news test sets are joined into paragraphs and wrapped. A sentence survives if what was a segment of the
paragraph in one line is one of the wrapped paragraph, too, white space apart. Headlines mustn't be joined for that: the
sentences' own lines serve, those of the right length and without their full stop, in lists and above a paragraph.
"""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.segmentation import DATA_VARIABLE, read_sets
from service.core.ports import Segmenter
from service.segmentation.segmenter import SentenceSegmenter

COLUMNS = (30, 36, 40, 45, 50, 52, 60, 72, 80, 100)
SENTENCES = (1, 2, 4, 8)
_HEADLINE = range(20, 61)
_LIST = 4


def paragraphs(lines: Sequence[str], sentences: int) -> Iterator[str]:
    """The lines in order, so many to a paragraph."""
    for first in range(0, len(lines), sentences):
        yield " ".join(lines[first : first + sentences])


def surviving(segmenter: Segmenter, text: str, language: str, columns: int) -> tuple[int, int]:
    """(segments of `text` that come through being wrapped, all its segments)."""
    whole = _segments(segmenter, text, language)
    wrapped = _segments(segmenter, "\n".join(textwrap.wrap(text, columns)), language)
    return len(set(whole) & set(wrapped)), len(set(whole))


def apart(segmenter: Segmenter, lines: Sequence[str], language: str) -> tuple[int, int]:
    """(lines that come out as segments when each stands on a line by itself, all)."""
    found = _segments(segmenter, "\n".join(lines), language)
    wanted = {_bare(line) for line in lines}
    return len(wanted & set(found)), len(wanted)


def headlines(lines: Sequence[str]) -> list[str]:
    """Lines that are as long as headlines, without the full stop at their ends."""
    return [line[:-1] for line in lines if len(line) in _HEADLINE and line[-1] == "." and line[0].isupper()]


def _segments(segmenter: Segmenter, text: str, language: str) -> list[str]:
    return [_bare(text[span.start : span.end]) for span in segmenter.sentences(text, language)]


def _bare(text: str) -> str:
    """Without white space: a wrapper may break at a hyphen, where there was none."""
    return "".join(text.split())


def main(arguments: list[str] | None = None) -> int:
    """Print a table per language; 2 when there is no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.wrapping", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, help=f"folder of newstest20NN.de and .en (default: ${DATA_VARIABLE})")
    parser.add_argument("--sets", default="", help="only sets whose name contains one of these, comma-separated")
    options = parser.parse_args(arguments)
    folder = options.data or (Path(os.environ[DATA_VARIABLE]) if os.environ.get(DATA_VARIABLE) else None)
    sets = list(read_sets(folder)) if folder is not None else []
    wanted = [part for part in options.sets.split(",") if part]
    sets = [(name, lines) for name, lines in sets if not wanted or any(part in name for part in wanted)]
    if not sets:
        print(f"Say where newstest20NN.de and .en lie: --data DIR, or ${DATA_VARIABLE}.", file=sys.stderr)
        return 2
    segmenter = SentenceSegmenter()
    for language in sorted({name.rpartition(".")[2] for name, _ in sets}):
        lines = [line for name, its in sets if name.endswith(f".{language}") for line in its]
        print(f"{language}, sentences that survive, by columns and sentences in a paragraph")
        print(f"{'columns':>8}" + "".join(f"{count:>9}" for count in SENTENCES))
        for columns in COLUMNS:
            shares = [
                _share([surviving(segmenter, text, language, columns) for text in paragraphs(lines, count)])
                for count in SENTENCES
            ]
            print(f"{columns:>8}" + "".join(f"{share:>8.2%} " for share in shares))
        titles = headlines(lines)
        bodies = list(paragraphs(lines, 2))
        lists = [apart(segmenter, titles[first : first + _LIST], language) for first in range(0, len(titles), _LIST)]
        above = [apart(segmenter, [title, body], language) for title, body in zip(titles, bodies, strict=False)]
        print(f"headlines kept apart: {_share(lists):.2%} in lists of {_LIST}")
        kept = sum(
            _bare(t) in _segments(segmenter, f"{t}\n{b}", language) for t, b in zip(titles, bodies, strict=False)
        )
        print(f"{kept / len(above):.2%} above a paragraph; ", end="")
        wrapped = [f"{t}\n" + "\n".join(textwrap.wrap(b, 40)) for t, b in zip(titles, bodies, strict=False)]
        kept = sum(_bare(t) in _segments(segmenter, w, language) for t, w in zip(titles, wrapped, strict=False))
        print(f"{kept / len(above):.2%} above a paragraph of 40 columns")
    return 0


def _share(counts: Sequence[tuple[int, int]]) -> float:
    return sum(some for some, _ in counts) / max(1, sum(every for _, every in counts))


if __name__ == "__main__":
    sys.exit(main())
