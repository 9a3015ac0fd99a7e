"""`depesche translate` and `depesche summarize`: the service's pipeline without HTTP, from files or standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import orjson
from tqdm import tqdm

from service import bootstrap
from service.cli.blocks import translate_blocks
from service.cli.parallel import in_order

_FILES = click.argument(
    "files", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
_JSONL = click.option(
    "--jsonl", is_flag=True, help='JSON Lines in and out: {"text": "..."}; other members of a line come through.'
)
_SOURCE = click.option("--from", "source", default="auto", show_default=True, help="Language of the text.")

Document = dict[str, Any]


@click.command()
@_FILES
@_SOURCE
@click.option("--to", "target", default="en", show_default=True, help="Language to translate into.")
@click.option("--segments", is_flag=True, help="With --jsonl: also the segments, with offsets and flags.")
@_JSONL
def translate(files: tuple[Path, ...], source: str, target: str, segments: bool, jsonl: bool) -> None:
    """Translate FILES (or standard input) to standard output."""
    with local_service() as local:
        if jsonl:
            _lines(files, lambda text: local.translate(text, source, target, with_segments=segments))
            return
        for text in _texts(files):
            with _bar(len(text)) as bar:
                for block in translate_blocks(local, text, source, target):
                    sys.stdout.write(block.text)
                    sys.stdout.flush()
                    bar.update(block.characters)
                    for notice in block.notices:
                        bar.write(f"depesche: {notice}", file=sys.stderr)


@click.command()
@_FILES
@_SOURCE
@click.option("--to", "target", default=None, help="Language of the summary; by default the text's own.")
@click.option("--method", type=click.Choice(["auto", "extractive", "abstractive"]), default="auto", show_default=True)
@click.option("--sentences", type=click.IntRange(1, 20), default=3, show_default=True, help="At most so many.")
@_JSONL
def summarize(
    files: tuple[Path, ...], source: str, target: str | None, method: str, sentences: int, jsonl: bool
) -> None:
    """Summarize FILES (or standard input), one summary each, to standard output."""
    with local_service() as local:

        def one(text: str) -> Document:
            return local.summarize(text, source, target, method, sentences)

        if jsonl:
            _lines(files, one)
            return
        for text in _texts(files):
            summary = one(text)["summary"]
            click.echo(summary["text"])
            for warning in summary["warnings"]:
                click.echo(f"depesche: {warning}", err=True)


@contextmanager
def local_service() -> Iterator[bootstrap.LocalService]:
    """The service of this process, with what there is to say about its models told. Raises USER_ERRORS."""
    if sys.stdin is None or sys.stdout is None:  # closed by the caller (`<&-`)
        raise click.ClickException("standard input and output must be open")
    with bootstrap.open_local_service(bootstrap.load_settings()) as local:
        for notice in local.application.notices:
            click.echo(f"depesche: {notice}", err=True)
        yield local


def _texts(files: tuple[Path, ...]) -> Iterator[str]:
    """The text of each file; "-" or no file is standard input."""
    for path in files or (Path("-"),):
        try:
            data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
            yield data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise click.ClickException(f"{path} is not UTF-8 (byte {error.start})") from error


def _bar(total: int) -> tqdm[Any]:
    """A progress bar on a terminal, for texts that take a while."""
    quiet = total < 10_000 or not sys.stderr.isatty()
    return tqdm(total=total, unit="char", unit_scale=True, disable=quiet, file=sys.stderr, leave=False)


def _lines(files: tuple[Path, ...], work: Callable[[str], Document]) -> None:
    """Run `work` on the text of every JSON line, several at a time, and print the results in order.

    A line that can't be worked on gets an "error" in its place; then the exit code is 1.
    """
    lines = [line for text in _texts(files) for line in text.split("\n") if line.strip()]
    failed = 0
    with tqdm(total=len(lines), unit="doc", disable=len(lines) < 2 or not sys.stderr.isatty(), file=sys.stderr) as bar:
        for result in in_order(lambda line: _line(line, work), lines):
            failed += "error" in result
            sys.stdout.buffer.write(orjson.dumps(result) + b"\n")
            bar.update()
    sys.stdout.flush()
    if failed:
        raise click.ClickException(f"{failed} of {len(lines)} lines could not be worked on; their results say why")


def _line(line: str, work: Callable[[str], Document]) -> Document:
    try:
        document = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return {"error": f"not JSON: {error}"}
    if not isinstance(document, dict) or not isinstance(document.get("text"), str):
        return {"error": 'expected an object with a string "text"'}
    rest = {key: value for key, value in document.items() if key != "text"}
    try:
        return rest | work(document["text"])
    except bootstrap.USER_ERRORS as error:
        return rest | {"error": str(error)}
