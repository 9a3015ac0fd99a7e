"""Reads and writes pairs of sentences as tab-separated files, compressed with xz where the name says so."""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TextIO

SUFFIXES = (".tsv.xz", ".tsv")


class Pair(NamedTuple):
    """A German sentence and its English translation. `origin` names the source, as the mixture has it."""

    source: str
    target: str
    origin: str


def open_text(path: Path, mode: str = "rt") -> TextIO:
    """`path` as UTF-8 text; a name ending in .xz is (de)compressed."""
    opened: Any
    if path.suffix != ".xz":
        opened = path.open(mode, encoding="utf-8", newline="\n")
    elif "w" in mode:  # in between steps: speed counts more than size
        opened = lzma.open(path, mode, encoding="utf-8", newline="\n", preset=1)  # noqa: SIM115  (the caller closes it)
    else:
        opened = lzma.open(path, mode, encoding="utf-8", newline="\n")  # noqa: SIM115  (the caller closes it)
    stream: TextIO = opened
    return stream


def source_name(path: Path) -> str:
    """The name that stands for a file in the mixture: `news` for `news.tsv.xz`. Raises ValueError for other kinds."""
    for suffix in SUFFIXES:
        if path.name.endswith(suffix):
            return path.name.removesuffix(suffix)
    raise ValueError(f"{path.name} is none of {', '.join(SUFFIXES)}")


def read_pairs(path: Path) -> Iterator[Pair]:
    """Pairs of one file: German TAB English, or German TAB English TAB kind.

    With a kind, the origin is `name:kind`. Raises ValueError that names the line when it has another form.
    """
    name = source_name(path)
    with open_text(path) as stream:
        for number, line in enumerate(stream, start=1):
            fields = line.rstrip("\n").split("\t")
            if len(fields) not in {2, 3}:
                raise ValueError(f"{path.name}, line {number}: {len(fields)} columns instead of 2 or 3")
            yield Pair(fields[0], fields[1], name if len(fields) == 2 else f"{name}:{fields[2]}")


def write_pairs(path: Path, pairs: Iterable[Pair]) -> None:
    """Write German TAB English TAB origin. Neither text may hold a tab or a line break."""
    with open_text(path, "wt") as stream:
        for pair in pairs:
            stream.write("\t".join(pair) + "\n")


def read_prepared(path: Path) -> Iterator[Pair]:
    """What `write_pairs` wrote."""
    with open_text(path) as stream:
        for line in stream:
            source, target, origin = line.rstrip("\n").split("\t")
            yield Pair(source, target, origin)
