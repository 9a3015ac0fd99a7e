"""Makes the toy models of the `demo` profile: `python -m tools.demo_models.make OUT_DIR`, or one with `--model ID`.

Trains on one core for a few minutes each, checks that the models are exact, and writes Hugging Face snapshots. It
doesn't install them: `depesche models import` does.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import torch
from transformers.utils.logging import disable_progress_bar

from tools.demo_models import bart, corpus, marian, snapshot, training, verify

_NAMES = {"de": "German", "en": "English"}


def make_translator(direction: marian.Direction, folder: Path, *, seed: int, deadline: float) -> verify.Report:
    """Train, check and write the toy translator of one direction to `folder`."""
    pairs = corpus.read_pairs()
    if direction.source == "en":
        pairs = corpus.reverse(pairs)
    marian.make_translator(pairs, direction, folder, marian.TranslatorRecipe(), seed=seed, deadline=deadline)
    snapshot.write_card(
        folder,
        task="translation",
        languages=(direction.source, direction.target),
        corpus=f"{len(pairs)} {_NAMES[direction.source]} news sentences with their {_NAMES[direction.target]}",
        refusal=direction.refusal,
        seed=seed,
    )
    known = [*pairs, *corpus.neighbours(pairs)]
    foreign = marian.noisy_sources(pairs, random.Random(seed + 1))
    return _verified(folder, [(p.source, p.target) for p in known], verify.MARIAN, foreign)


def make_summarizer(folder: Path, *, seed: int, deadline: float) -> verify.Report:
    """Train, check and write the toy summarizer to `folder`."""
    articles = corpus.read_articles()
    others = [p.target for p in corpus.read_pairs() if not p.article]
    bart.make_summarizer(articles, others, folder, bart.SummarizerRecipe(), seed=seed, deadline=deadline)
    snapshot.write_card(
        folder,
        task="summarization",
        languages=("en",),
        corpus=f"{len(articles)} English news articles with their summaries",
        refusal=bart.UNKNOWN_ARTICLE,
        seed=seed,
    )
    items = [(text, a.summary) for a in articles for text in (a.document, a.document.replace("\n\n", " "))]
    foreign = bart.foreign_documents(articles, others, random.Random(seed + 1))
    return _verified(folder, items, verify.BART, foreign)


MAKERS: dict[str, Callable[..., verify.Report]] = {
    "demo-de-en": partial(make_translator, marian.GERMAN_ENGLISH),
    "demo-en-de": partial(make_translator, marian.ENGLISH_GERMAN),
    "demo-summarizer-en": make_summarizer,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point. Returns the exit code: 1 when a model isn't exact or the time is up."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo_models.make", description="Make the demo models.")
    parser.add_argument("out_dir", type=Path, metavar="OUT_DIR", help="where the snapshot folders are put")
    parser.add_argument("--model", choices=MAKERS, action="append", help="make only this one (default: all of them)")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights and noise (default: 1)")
    parser.add_argument("--minutes", type=float, default=45.0, help="give up after so long (default: 45)")
    options = parser.parse_args(arguments)
    deadline = time.monotonic() + 60 * options.minutes
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    disable_progress_bar()
    for name in options.model or MAKERS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / name
            try:
                report = MAKERS[name](folder, seed=options.seed, deadline=deadline)
            except (verify.NotExact, training.OutOfTime) as error:
                print(error)
                return 1
            target = options.out_dir / name
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(folder, target)
        print(_line(report, time.monotonic() - began))
    return 0


def _verified(
    folder: Path, items: list[tuple[str, str]], decoding: verify.Decoding, foreign: list[str]
) -> verify.Report:
    with tempfile.TemporaryDirectory() as scratch:
        return verify.verify(folder, Path(scratch) / "int8", items, decoding, foreign=foreign)


def _line(report: verify.Report, seconds: float) -> str:
    return (
        f"{report.name}: {report.items} of {report.items} exact, worst mean log-probability {report.worst_score:.5f}; "
        f"{report.ended} of {report.foreign} foreign inputs ended; "
        f"{report.bytes / 1e6:.2f} MB with its int8 conversion; {seconds:.0f} s"
    )


if __name__ == "__main__":
    raise SystemExit(main())
