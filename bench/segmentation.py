"""How well sentences are found: precision, recall and F1 on WMT news test sets, and characters per second.

Lines of a set are joined by single spaces in windows of 12; the true boundaries are the line ends inside a window. Only
line ends after `.`, `!`, `?` or a closing quote count, since nothing in running text marks the end of a headline. A
predicted boundary is a false positive wherever it lies, unless it is a line end that isn't counted. The end of a
window is given, so it is never counted. With `--wrapped` also how many sentences survive when lines are broken; see
`bench.wrapping`.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench import wrapping
from service.core.ports import Segmenter
from service.segmentation.segmenter import SentenceSegmenter

WINDOW_LINES = 12
DATA_VARIABLE = "NEWSTEST_DATA"
_SET_NAME = re.compile(r"newstest20\d\d\.(?:de|en)")
_COUNTED_ENDS = ".!?\"'”“’‘»«"
_CONTEXT = 40


@dataclass
class Score:
    """Counts of boundaries over one or more sets; `characters` were segmented in `seconds`."""

    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    characters: int = 0
    seconds: float = 0.0
    examples: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of predicted boundaries that are true."""
        return self.hits / max(1, self.hits + self.false_alarms)

    @property
    def recall(self) -> float:
        """Share of true boundaries that were predicted."""
        return self.hits / max(1, self.hits + self.misses)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.hits / max(1, 2 * self.hits + self.misses + self.false_alarms)

    def add(self, other: Score) -> None:
        """Take the counts of `other` in as well."""
        self.hits += other.hits
        self.misses += other.misses
        self.false_alarms += other.false_alarms
        self.characters += other.characters
        self.seconds += other.seconds


def windows(lines: list[str]) -> Iterator[tuple[str, set[int], set[int]]]:
    """Per window: the text, the offsets of the line ends that count, and of those that don't."""
    for first in range(0, len(lines), WINDOW_LINES):
        window = lines[first : first + WINDOW_LINES]
        counted: set[int] = set()
        uncounted: set[int] = set()
        offset = 0
        for line in window[:-1]:
            offset += len(line)
            (counted if line[-1] in _COUNTED_ENDS else uncounted).add(offset)
            offset += 1
        yield " ".join(window), counted, uncounted


def evaluate(segmenter: Segmenter, lines: list[str], language: str) -> Score:
    """Segment all windows of `lines` and compare."""
    score = Score()
    for text, counted, uncounted in windows(lines):
        began = time.perf_counter()
        spans = segmenter.sentences(text, language)
        score.seconds += time.perf_counter() - began
        score.characters += len(text)
        predicted = {span.end for span in spans[:-1]}
        missed, false = counted - predicted, predicted - counted - uncounted
        score.hits += len(counted & predicted)
        score.misses += len(missed)
        score.false_alarms += len(false)
        for kind, offsets in (("missed", missed), ("false ", false)):
            for offset in sorted(offsets):
                before, after = text[max(0, offset - _CONTEXT) : offset], text[offset : offset + _CONTEXT]
                score.examples.append(f"{kind} {before} ¦{after}")
    return score


def read_sets(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Names of the newstests in `folder`, sorted, each with its lines, which are sentences."""
    for path in sorted(folder.glob("newstest20*")):
        if _SET_NAME.fullmatch(path.name):
            lines = [line.strip() for line in path.read_text(encoding="utf-8").split("\n")]
            yield path.name, [line for line in lines if line]


def main(arguments: list[str] | None = None) -> int:
    """Print one line per set and one per language; 2 when there is no data."""
    parser = argparse.ArgumentParser(prog="python -m bench.segmentation", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, help=f"folder of newstest20NN.de and .en (default: ${DATA_VARIABLE})")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show up to N errors per set")
    parser.add_argument("--wrapped", action="store_true", help="break the lines, too; takes a minute")
    parser.add_argument("--sets", default="", help="only sets whose name contains one of these, comma-separated")
    options = parser.parse_args(arguments)
    folder = options.data or (Path(os.environ[DATA_VARIABLE]) if os.environ.get(DATA_VARIABLE) else None)
    if folder is None:
        print(f"Say where newstest20NN.de and .en lie: --data DIR, or ${DATA_VARIABLE}.", file=sys.stderr)
        return 2
    wanted = [part for part in options.sets.split(",") if part]
    sets = [(name, lines) for name, lines in read_sets(folder) if not wanted or any(part in name for part in wanted)]
    if not sets:
        print(f"No newstest20NN.de or .en in {folder}.", file=sys.stderr)
        return 2
    segmenter = SentenceSegmenter()
    totals: dict[str, Score] = {}
    print(f"{'set':<16}{'precision':>10}{'recall':>9}{'F1':>9}{'boundaries':>12}{'chars/s':>12}")
    for name, lines in sets:
        language = name.rpartition(".")[2]
        score = evaluate(segmenter, lines, language)
        totals.setdefault(language, Score()).add(score)
        print(_row(name, score))
        for example in _spread(score.examples, options.errors):
            print(f"    {example}")
    for language, score in totals.items():
        print(_row(f"all {language}", score))
    for language in totals if options.wrapped else ():
        every = [line for name, lines in sets if name.endswith(f".{language}") for line in lines]
        print(*wrapping.report(segmenter, every, language), sep="\n")
    return 0


def _row(name: str, score: Score) -> str:
    speed = score.characters / max(score.seconds, 1e-9)
    counted = score.hits + score.misses
    return f"{name:<16}{score.precision:>10.4f}{score.recall:>9.4f}{score.f1:>9.4f}{counted:>12}{speed:>12,.0f}"


def _spread(examples: list[str], count: int) -> list[str]:
    """At most `count` of the examples, evenly from the whole set."""
    if count <= 0:
        return []
    return examples[:: max(1, -(-len(examples) // count))]


if __name__ == "__main__":
    sys.exit(main())
