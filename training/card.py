"""Writes the model card of an exported snapshot from figures: data, recipe, hardware, scores. Invents none of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from training.mixture import Mixture
from training.prepare import weight_of
from training.synthetic import ORIGIN

_HEAD = """---
language:
- de
- en
tags:
- translation
- marian
license: other
---
# {name}: a compact German-English translation model

**For evaluation, not for publication.** Depesche's own starter model: for a first look, for trials without a network,
for tests with meaning. Newsrooms should use a production model.

German in, English out, one sentence at a time. It was trained from nothing, by `training/` in Depesche's repository,
whose README says how to make it again.

## Limits
- It is small and has read little{most}. Expect wrong words, phrases left out, lost or invented
  names and numbers, and sentences that read well and say something else. Check all of them, and negations.
- Nothing was done against biases in its data. It knows nothing of events after its data was collected.
- It was trained on sentences of up to {longest} tokens and is lost beyond them; {max_positions} tokens is all it takes.
- Licence: its data comes under the licences below, some of them share-alike or for research only. Whether weights
  inherit them is not settled; treat this model as fit for evaluation only.
"""


@dataclass(frozen=True, slots=True)
class CardFigures:
    """Where the figures of a card come from: `prepare`'s statistics, `train`'s log, `evaluate`'s scores."""

    mixture: Mixture
    statistics: Mapping[str, Any] = field(default_factory=dict)
    log: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, Any] = field(default_factory=dict)


def card(name: str, figures: CardFigures, *, max_positions: int, longest: int) -> str:
    """The card as Markdown with the hub's front matter. `longest` counts the source tokens of the longest pair."""
    parts = [
        _HEAD.format(name=name, max_positions=max_positions, longest=longest, most=_most(figures)),
        "## Scores\n" + _scores(figures.scores),
        "## Training\n" + _training(figures.log),
        "## Data\n" + _data(figures.mixture, figures.statistics),
    ]
    return "\n".join(parts)


def _most(figures: CardFigures) -> str:
    """Which file of pairs it has seen most of, by German words."""
    seen: Counter[str] = Counter()
    for name, counts in figures.statistics.items():
        seen[name.partition(":")[0]] += counts["source_words"] * weight_of(name, figures.mixture)
    if not seen.total():
        return ""
    [(name, words)] = seen.most_common(1)
    return f", {words / seen.total():.0%} of it from `{name}`"


def _scores(scores: Mapping[str, Any]) -> str:
    if not scores.get("results"):
        return "Not evaluated yet.\n"
    lines = [
        f"Beam size {scores['beam_size']}, length penalty {scores['length_penalty']}, through Depesche's engines on "
        "CPU, of which ctranslate2-int8\nserves. `numbers` is the share of outputs whose numbers an automatic check "
        "found changed.\n",
        "| test set | engine | sentences | BLEU | chrF2 | numbers |",
        "|---|---|---|---|---|---|",
    ]
    for r in scores["results"]:
        lines.append(
            f"| {r['test_set']} | {r['engine']} | {r['sentences']} | {r['bleu']:.1f} | {r['chrf2']:.1f} "
            f"| {r['numbers_changed']:.1%} |"
        )
    lines.append("")
    for entry in scores.get("agreement", []):
        lines.append(
            f"- {entry['test_set']}: {' and '.join(entry['engines'])} agree on {entry['share']:.1%} of outputs"
        )
    signatures = {(r["bleu_signature"], r["chrf2_signature"]) for r in scores["results"]}
    lines += [f"- signatures: `{bleu}`, `{chrf}`" for bleu, chrf in sorted(signatures)]
    return "\n".join(lines) + "\n"


def _training(log: Mapping[str, Any]) -> str:
    if not log:
        return "Not recorded.\n"
    lines = [
        f"- {log['parameters']:,} parameters, MarianMT: "
        + ", ".join(f"{key} {value}" for key, value in log["recipe"]["model"].items()),
        f"- {log['step']:,} updates, {log['target_tokens']:,} target tokens, {log['seconds'] / 60:.1f} minutes on "
        f"{log['hardware']}, torch {log['torch']}",
        "- " + ", ".join(f"{key} {value}" for key, value in log["recipe"]["training"].items()),
        "- the weights are an exponential moving average, in float16",
    ]
    return "\n".join(lines) + "\n"


def _data(mixture: Mixture, statistics: Mapping[str, Any]) -> str:
    if not statistics:
        return "Not recorded.\n"
    lines = [
        "`seen` is how often a pair was seen in one pass over the mixture.\n",
        "| source | pairs | German words | seen | origin | licence |",
        "|---|---|---|---|---|---|",
    ]
    for name, figures in sorted(statistics.items()):
        if name == ORIGIN:
            origin, licence = "generated by `training/synthetic.py`", "Apache-2.0"
        else:
            source = mixture.source(name)
            origin, licence = source.origin, source.licence
        lines.append(
            f"| {name} | {figures['kept']:,} | {figures['source_words']:,} | {weight_of(name, mixture):g} "
            f"| {origin} | {licence} |"
        )
    return "\n".join(lines) + "\n"
