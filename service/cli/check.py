"""`depesche check`: what the checks find in translations that are there already, from files or standard input."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import click
import orjson

from service.cli.pairs import Pair, UnreadablePairs, columns, side_by_side, translation_memory
from service.cli.parallel import in_order
from service.cli.text import local_service

_TOGETHER = 500
"""Pairs in one request: enough to fill batches, few enough to see the first results soon."""


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option("--from", "source", required=True, help="Language of the sources.")
@click.option("--to", "target", required=True, help="Language of the translations.")
@click.option(
    "--below",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="Show also what the model is less certain of.",
)
@click.option("--jsonl", is_flag=True, help="JSON Lines with all there is to say about every pair, with places.")
def check(files: tuple[Path, ...], source: str, target: str, below: float, jsonl: bool) -> None:
    """Check translations: two FILES line by line, or one with tab-separated columns or in TMX (*.tmx).

    Shows what is doubtful: line (or unit), certainty, flags, source and translation, separated by tabs.
    """
    if len(files) > 2:
        raise click.UsageError("give one file with pairs, or a file of sources and one of translations")
    doubtful = total = 0
    with local_service() as local, _pairs(files, source, target) as pairs:

        def one(together: list[Pair]) -> list[tuple[Pair, dict[str, Any]]]:
            found = local.check([(pair.source, pair.target) for pair in together], source, target)
            return list(zip(together, found["items"], strict=True))

        try:
            for results in in_order(one, _chunks(pairs), in_flight=2):
                for pair, said in results:
                    total += 1
                    unsure = said.get("certainty", 1.0) < below
                    doubtful += bool(said["flags"]) or unsure
                    if jsonl:
                        sys.stdout.buffer.write(orjson.dumps(pair._asdict() | said) + b"\n")
                    elif said["flags"] or unsure:
                        _show(pair, said)
        except UnreadablePairs as error:
            raise click.ClickException(f"{files[0]}: {error}") from error
    sys.stdout.flush()
    click.echo(f"depesche: {doubtful} of {total} translations are doubtful", err=True)


def _show(pair: Pair, said: dict[str, Any]) -> None:
    certainty = said.get("certainty")
    texts = (" ".join(text.split()) for text in (pair.source, pair.target))
    shown = "-" if certainty is None else f"{certainty:.2f}"
    click.echo("\t".join((str(pair.number), shown, ",".join(said["flags"]) or "-", *texts)))


@contextmanager
def _pairs(files: tuple[Path, ...], source: str, target: str) -> Iterator[Iterable[Pair]]:
    if len(files) == 2:
        yield side_by_side(_text(files[0]), _text(files[1]))
    elif files[0].suffix.lower() == ".tmx":
        with files[0].open("rb") as stream:
            yield translation_memory(stream, source, target)
    else:
        yield columns(_text(files[0]))


def _text(path: Path) -> str:
    stream: BinaryIO = sys.stdin.buffer if str(path) == "-" else io.BytesIO(path.read_bytes())
    try:
        return stream.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path} is not UTF-8 (byte {error.start})") from error


def _chunks(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    rest = iter(pairs)
    while together := list(islice(rest, _TOGETHER)):
        yield together
