"""`python -m training.evaluate`: BLEU and chrF2 of a snapshot, through the engines and the tokenizer of the service.

Also how far int8 is from float32, and on how many sentences the two engines agree.
"""

from __future__ import annotations

import itertools
import json
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from service.checks.numbers import numbers_changed
from service.core.ports import Engine
from service.core.types import DecodingOptions
from service.engines.ctranslate2_engine import CTranslate2Engine
from service.engines.marian_tokenizer import MarianSubwordTokenizer
from service.engines.transformers_engine import TransformersEngine
from service.models.convert import convert
from training.tokenizer import MAX_POSITIONS

MAX_SOURCE_TOKENS = MAX_POSITIONS - 1  # the end token takes one position
ENGINES = ("ctranslate2-int8", "ctranslate2-float32", "transformers-float32")


@dataclass(frozen=True, slots=True)
class TestSet:
    """Named sentences and their human translations, in the same order."""

    name: str
    sources: tuple[str, ...]
    references: tuple[str, ...]

    @classmethod
    def read(cls, name: str, source: Path, reference: Path, limit: int | None = None) -> TestSet:
        """One sentence a line; the first `limit` of them. Raises ValueError when the files don't fit together."""
        sides = [path.read_text(encoding="utf-8").removesuffix("\n").split("\n") for path in (source, reference)]
        if len(sides[0]) != len(sides[1]):
            raise ValueError(f"{name}: {len(sides[0])} sentences, {len(sides[1])} references")
        return cls(name, tuple(sides[0][:limit]), tuple(sides[1][:limit]))


@dataclass(frozen=True, slots=True)
class Result:
    """What one engine made of one test set. Scores are 0..100; signatures are sacrebleu's.

    `numbers_changed` is the share of outputs whose numbers are not the source's, by the service's own check.
    """

    test_set: str
    engine: str
    sentences: int
    bleu: float
    bleu_signature: str
    chrf2: float
    chrf2_signature: str
    numbers_changed: float
    sentences_per_second: float


def translate(
    engine: Engine, tokenizer: MarianSubwordTokenizer, texts: Sequence[str], options: DecodingOptions, batch: int = 16
) -> list[str]:
    """Translations in the order of `texts`; batches hold sentences of like length."""
    tokens = [tokenizer.encode(text)[:MAX_SOURCE_TOKENS] for text in texts]
    order = sorted(range(len(texts)), key=lambda i: len(tokens[i]))
    outputs = [""] * len(texts)
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        for index, hypothesis in zip(chosen, engine.generate([tokens[i] for i in chosen], options), strict=True):
            outputs[index] = tokenizer.decode(hypothesis.tokens)
    return outputs


def score(test_set: TestSet, engine: str, outputs: Sequence[str], seconds: float) -> Result:
    """Score outputs with sacrebleu, which is imported here: only the extra `training` brings it."""
    from sacrebleu.metrics.bleu import BLEU  # noqa: PLC0415
    from sacrebleu.metrics.chrf import CHRF  # noqa: PLC0415

    bleu, chrf = BLEU(), CHRF()
    references = [list(test_set.references)]
    bleu_score, chrf_score = (metric.corpus_score(list(outputs), references).score for metric in (bleu, chrf))
    pairs = zip(test_set.sources, outputs, strict=True)
    changed = sum(numbers_changed(source, output, "de", "en") for source, output in pairs)
    return Result(
        test_set=test_set.name,
        engine=engine,
        sentences=len(outputs),
        bleu=round(bleu_score, 2),
        bleu_signature=str(bleu.get_signature()),
        chrf2=round(chrf_score, 2),
        chrf2_signature=str(chrf.get_signature()),
        numbers_changed=round(changed / len(outputs), 4),
        sentences_per_second=round(len(outputs) / max(seconds, 1e-9), 1),
    )


def agreement(first: Sequence[str], second: Sequence[str]) -> float:
    """The share of sentences that came out the same."""
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def make_engine(name: str, snapshot: Path, scratch: Path, threads: int) -> Engine:
    """One of `ENGINES`, on a snapshot; `scratch` takes converted weights. Raises ModelError when conversion fails."""
    if name == "transformers-float32":
        return TransformersEngine(snapshot, max_source_tokens=MAX_SOURCE_TOKENS, device="cpu")
    compute_type = name.removeprefix("ctranslate2-")
    folder = scratch / name
    if compute_type == "int8":
        convert(snapshot, folder)  # as the model store does it
    else:
        from ctranslate2.converters import TransformersConverter  # noqa: PLC0415  (loads torch)

        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")  # it changes nothing
            TransformersConverter(str(snapshot)).convert(str(folder), quantization=compute_type)
    return CTranslate2Engine(
        folder,
        replicas=1,
        intra_threads=threads,
        max_source_tokens=MAX_SOURCE_TOKENS,
        compute_type=compute_type,
        max_positions=MAX_POSITIONS,
    )


def evaluate(
    snapshot: Path,
    test_sets: Sequence[TestSet],
    engines: Iterable[str],
    options: DecodingOptions,
    *,
    threads: int = 1,
    report: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Scores of all engines on all sets: `results`, and `agreement` per set and pair of engines."""
    tokenizer = MarianSubwordTokenizer(snapshot / "source.spm", snapshot / "target.spm", snapshot / "vocab.json")
    outputs: dict[tuple[str, str], list[str]] = {}
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as scratch:
        for name in engines:
            engine = make_engine(name, snapshot, Path(scratch), threads)
            for test_set in test_sets:
                began = time.monotonic()
                made = outputs[test_set.name, name] = translate(engine, tokenizer, test_set.sources, options)
                results.append(score(test_set, name, made, time.monotonic() - began))
                report(_line(results[-1]))
            engine.close()
    agreements: list[dict[str, Any]] = []
    for test_set in test_sets:
        made_by = [engine for name, engine in outputs if name == test_set.name]
        for first, second in itertools.combinations(made_by, 2):
            share = agreement(outputs[test_set.name, first], outputs[test_set.name, second])
            agreements.append({"test_set": test_set.name, "engines": [first, second], "share": round(share, 4)})
    for entry in agreements:
        report(f"{entry['test_set']}: {' and '.join(entry['engines'])} agree on {entry['share']:.1%}")
    decoding = {"beam_size": options.beam_size, "length_penalty": options.length_penalty}
    return {**decoding, "results": [asdict(r) for r in results], "agreement": agreements}


def _line(result: Result) -> str:
    return (
        f"{result.test_set} {result.engine}: BLEU {result.bleu:.2f} chrF2 {result.chrf2:.2f}, numbers changed in "
        f"{result.numbers_changed:.1%} of {result.sentences}, {result.sentences_per_second:.1f} sentences/s "
        f"[{result.bleu_signature}] [{result.chrf2_signature}]"
    )


@click.command()
@click.argument("snapshot", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--test",
    "tests",
    nargs=3,
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="NAME SOURCE REFERENCE",
    help="A test set: its name, and two files with one sentence a line.",
)
@click.option("--engine", "engines", multiple=True, type=click.Choice(ENGINES), help="By default all.")
@click.option("--beam", default=4, show_default=True)
@click.option("--length-penalty", default=1.0, show_default=True)
@click.option("--limit", type=int, help="Only the first sentences of each set.")
@click.option("--threads", default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Write all figures here, as JSON.")
def main(
    snapshot: Path,
    tests: tuple[tuple[Path, Path, Path], ...],
    engines: tuple[str, ...],
    beam: int,
    length_penalty: float,
    limit: int | None,
    threads: int,
    out: Path | None,
) -> None:
    """Score SNAPSHOT, the folder that `training.export` wrote."""
    try:
        test_sets = [TestSet.read(str(name), source, reference, limit) for name, source, reference in tests]
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    options = DecodingOptions(
        beam_size=beam, length_penalty=length_penalty, max_length=MAX_POSITIONS - 2, max_length_factor=2.0
    )
    figures = evaluate(snapshot, test_sets, engines or ENGINES, options, threads=threads, report=click.echo)
    if out is not None:
        out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
