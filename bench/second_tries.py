"""Whether what a second try puts in the place of a first output is better: chrF against references, by flag.

`python -m bench.second_tries --data DIR [--model ID]` translates WMT news test sets as the service does, and compares
every output that replaced another (flag `retried`) with what the first search gave. The bar is two better in three.
"""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from pathlib import Path

from sacrebleu.metrics.chrf import CHRF

from bench.checks import DATA_VARIABLE, read_sets
from bench.outputs import Opened, opened
from service.checks.suite import PairChecks
from service.core.enums import Flag

BAR = 2 / 3
_SAME = 0.5
"""chrF points within which neither is better."""


class Count:
    """Better, worse and equal outputs, and chrF before and after."""

    def __init__(self) -> None:
        self.better = self.worse = self.same = 0
        self.before = self.after = 0.0

    def add(self, before: float, after: float) -> None:
        """One more output that was replaced."""
        self.before += before
        self.after += after
        if abs(after - before) < _SAME:
            self.same += 1
        elif after > before:
            self.better += 1
        else:
            self.worse += 1

    def __str__(self) -> str:
        total = max(1, self.better + self.worse + self.same)
        decided = max(1, self.better + self.worse)
        return (
            f"{total:>6}{self.better:>8}{self.worse:>7}{self.same:>6}{self.better / decided:>13.0%}"
            f"{self.before / total:>10.1f}{self.after / total:>8.1f}"
        )


def _measure(model: Opened, pairs: list[tuple[str, str]], examples: int) -> tuple[dict[str, Count], int]:
    """Counts by flag of the first output, and how many first outputs were flagged."""
    metric = CHRF()
    check = PairChecks().for_translation(model.source_lang, model.target_lang)
    outputs = model.outputs([source for source, _ in pairs])
    replaced = [
        index
        for index, output in enumerate(outputs)
        if Flag.RETRIED in output.notes and Flag.SPLIT not in output.notes  # of those nobody knows the first output
    ]
    flagged = len(replaced) + sum(output.suspicious for output in outputs if Flag.RETRIED not in output.notes)
    firsts = model.first([pairs[index][0] for index in replaced])
    counts: dict[str, Count] = defaultdict(Count)
    for index, first in zip(replaced, firsts, strict=True):
        source, reference = pairs[index]
        final = outputs[index].text
        before, after = (metric.sentence_score(text, [reference]).score for text in (first, final))
        flags = {finding.flag for finding in check(source, first, True)} or {Flag.TRUNCATED}
        for name in (*flags, "all"):
            counts[name].add(before, after)
        if examples > 0:
            examples -= 1
            print(f"\n{'+' if after > before else '-'} {', '.join(flags)}\n  {source}\n  {first}\n  {final}")
    return counts, flagged


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get(DATA_VARIABLE), help=f"or {DATA_VARIABLE}")
    parser.add_argument("--model", default="starter-de-en")
    parser.add_argument("--sets", default="newstest2015", help="names of sets, separated by commas")
    parser.add_argument("--examples", type=int, default=0, help="how many to show")
    arguments = parser.parse_args()
    with opened(arguments.model) as model:
        sets = read_sets(Path(arguments.data), model.source_lang, model.target_lang) if arguments.data else {}
        chosen = {name: pairs for name, pairs in sets.items() if name in arguments.sets.split(",")}
        if not chosen:
            parser.error(f"give a folder with {arguments.sets} in {model.source_lang} and {model.target_lang}")
        for name, pairs in chosen.items():
            counts, flagged = _measure(model, pairs, arguments.examples)
            print(f"\n{name}: {len(pairs):,} sentences, {flagged} with findings at first or in the end")
            print(
                f"  {'replaced':<24}{'':>6}{'better':>8}{'worse':>7}{'same':>6}{'better of':>13}{'chrF':>10}{'now':>8}"
            )
            for flag in sorted(counts, key=lambda each: (each == "all", each)):
                print(f"  {flag:<24}{counts[flag]}")


if __name__ == "__main__":
    main()
