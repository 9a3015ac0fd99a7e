"""What `certainty` is worth: how well it tells bad translations from the rest, with and without what the checks find.

`python -m bench.certainty --data DIR [--model ID]` translates WMT news test sets with an installed model and compares
with the references by sentence chrF. AUROC: how often, of one sentence of the worst fifth and one of the others, the
certainty of the worse is the lower (.5 is chance). The bar is .75. The share under chrF 30 among those that are
reviewed first says what looking at so many buys. Certainty itself should be .5 on average, if the sample that it is
measured by is as hard as the news.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sacrebleu.metrics.chrf import CHRF

from bench.checks import DATA_VARIABLE, read_sets
from bench.outputs import opened
from service.core.findings import weight
from service.core.generation.outputs import Output

BAR = 0.75
BAD = 30.0
"""chrF of a sentence that is of little use."""
_SHARES = (0.05, 0.1, 0.2, 0.5)


@dataclass(frozen=True, slots=True)
class Judged:
    """An output and its chrF."""

    output: Output
    chrf: float


RANKINGS: dict[str, Callable[[Output], float]] = {
    "certainty": lambda output: output.score or 0.0,
    "certainty, findings first": lambda output: (output.score or 0.0) - 100.0 * weight(output.findings),
    "certainty less 0.03 a point of findings": lambda output: (output.score or 0.0) - 0.03 * weight(output.findings),
    "findings alone": lambda output: -float(weight(output.findings)),
    "length alone": lambda output: float(len(output.text)),
}


def auroc(values: Sequence[float], bad: Sequence[bool]) -> float:
    """How often a bad one has the lower value than a good one; ties count half."""
    order = np.array(values, dtype=float)
    ranks = (order[:, None] > order[None, :]).mean(1) + 0.5 * (order[:, None] == order[None, :]).mean(1)
    wrong = np.array(bad)
    n, m = int((~wrong).sum()), int(wrong.sum())
    return float((ranks[~wrong].sum() * len(order) - n * n / 2) / (n * m))


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Rank correlation."""
    first, second = (np.argsort(np.argsort(np.array(each), kind="stable")) for each in (one, other))
    return float(np.corrcoef(first, second)[0, 1])


def _report(name: str, judged: Sequence[Judged]) -> None:
    chrf = [each.chrf for each in judged]
    worst = float(np.percentile(chrf, 20))
    bad = [value <= worst for value in chrf]
    certainties = [each.output.certainty for each in judged if each.output.certainty is not None]
    flagged = np.mean([bool(each.output.findings) for each in judged])
    base = np.mean([value < BAD for value in chrf])
    print(f"\n{name}: {len(judged):,} sentences, chrF {np.mean(chrf):.1f} on average, {base:.1%} under {BAD:.0f}")
    if certainties:
        deciles = np.histogram(certainties, bins=10, range=(0, 1))[0] / len(certainties)
        print(f"  certainty {np.mean(certainties):.2f} on average; by tenths " + " ".join(f"{x:.0%}" for x in deciles))
    print(f"  with findings: {flagged:.1%}")
    heads = "".join(f"{f'worst {share:.0%}':>11}" for share in _SHARES)
    print(f"  {'':<42}{'AUROC':>7}{'Spearman':>10}{heads}")
    for title, key in RANKINGS.items():
        values = [key(each.output) for each in judged]
        order = np.argsort(values, kind="stable")
        cells = []
        for share in _SHARES:
            first = order[: max(1, round(share * len(order)))]
            cells.append(f"{np.mean([chrf[index] < BAD for index in first]):>11.1%}")
        print(f"  {title:<42}{auroc(values, bad):>7.3f}{spearman(values, chrf):>10.3f}{''.join(cells)}")


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get(DATA_VARIABLE), help=f"or {DATA_VARIABLE}")
    parser.add_argument("--model", default="starter-de-en")
    parser.add_argument("--sets", default="", help="names of sets, separated by commas; all by default")
    parser.add_argument("--limit", type=int, default=None, help="sentences of each set")
    arguments = parser.parse_args()
    metric = CHRF()
    with opened(arguments.model) as model:
        sets = read_sets(Path(arguments.data), model.source_lang, model.target_lang) if arguments.data else {}
        if not sets:
            parser.error(f"give a folder with newstest20??.{model.source_lang} and .{model.target_lang}")
        for name, pairs in sets.items():
            if arguments.sets and name not in arguments.sets.split(","):
                continue
            chosen = pairs[: arguments.limit]
            outputs = model.outputs([source for source, _ in chosen])
            references = [target for _, target in chosen]
            scores = [
                metric.sentence_score(output.text, [reference]).score
                for output, reference in zip(outputs, references, strict=True)
            ]
            _report(name, [Judged(output, score) for output, score in zip(outputs, scores, strict=True)])


if __name__ == "__main__":
    main()
