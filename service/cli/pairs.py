"""Reads pairs of source and translation for `depesche check`: two files side by side, tab-separated columns, or TMX.

A TMX file comes from anywhere, so nothing in it is followed: a document type may be named, as most do, but none is
read, and entities of its own are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

_CHUNK = 1 << 16
_CODES = frozenset(("bpt", "ept", "it", "ph", "ut", "sub"))
"""Inline elements of TMX that hold another format's markup, no text."""


class Pair(NamedTuple):
    """A source and its translation, and where they stand in their file, from 1."""

    number: int
    source: str
    target: str


class UnreadablePairs(ValueError):
    """The files hold no pairs, or not only pairs."""


def side_by_side(source: str, target: str) -> Iterator[Pair]:
    """Line by line. Raises UnreadablePairs where one text has more lines than the other."""
    sources, targets = source.split("\n"), target.split("\n")
    for lines in (sources, targets):
        if lines[-1] == "":
            lines.pop()
    if len(sources) != len(targets):
        raise UnreadablePairs(f"the files have {len(sources)} and {len(targets)} lines; they must have as many")
    for number, (one, other) in enumerate(zip(sources, targets, strict=True), 1):
        yield Pair(number, one.rstrip("\r"), other.rstrip("\r"))


def columns(text: str) -> Iterator[Pair]:
    """Source, tab, target; what follows another tab isn't looked at. Raises UnreadablePairs where there is none."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        source, tab, rest = line.rstrip("\r").partition("\t")
        if not tab:
            raise UnreadablePairs(f"line {number} has no tab between source and target")
        yield Pair(number, source, rest.partition("\t")[0])


def translation_memory(stream: BinaryIO, source_lang: str, target_lang: str) -> Iterator[Pair]:
    """The units of a TMX file that have both languages, by their primary subtags; `number` counts all units.

    Read piece by piece, however large the file. Raises UnreadablePairs where it isn't XML or declares entities.
    """
    reader = _Reader(_primary(source_lang), _primary(target_lang))
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = _refuse
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
            yield from reader.take()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise UnreadablePairs(f"not XML: {error}") from error
    yield from reader.take()


class _Reader:
    """Collects the segments of one unit after the other."""

    def __init__(self, source_lang: str, target_lang: str) -> None:
        self._languages = (source_lang, target_lang)
        self._units = 0
        self._language = ""
        self._segments: dict[str, str] = {}
        self._parts: list[str] | None = None  # of the segment that is open
        self._codes = 0  # elements with foreign markup that are open
        self._done: list[Pair] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "tu":
            self._units += 1
            self._segments = {}
        elif name == "tuv":
            self._language = _primary(attributes.get("xml:lang", attributes.get("lang", "")))
        elif name == "seg":
            self._parts, self._codes = [], 0
        elif name in _CODES:
            self._codes += 1

    def end(self, name: str) -> None:
        if name == "seg" and self._parts is not None:
            self._segments.setdefault(self._language, "".join(self._parts))
            self._parts = None
        elif name in _CODES:
            self._codes -= 1
        elif name == "tu" and all(language in self._segments for language in self._languages):
            source, target = (self._segments[language] for language in self._languages)
            self._done.append(Pair(self._units, source, target))

    def text(self, data: str) -> None:
        if self._parts is not None and self._codes == 0:
            self._parts.append(data)

    def take(self) -> Iterable[Pair]:
        done, self._done = self._done, []
        return done


def _refuse(*_: object) -> None:
    raise UnreadablePairs("the file declares entities of its own, which are not read")


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
