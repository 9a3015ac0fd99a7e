"""The text of a benchmark: German news sentences that every system splits alike, put together to articles.

An article is five paragraphs of four sentences. Only sentences are taken that begin with a capital letter, end with a
full stop, question or exclamation mark and have none before, but for those in numbers, so that no system gains or loses
by where it thinks that sentences end.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.foretold import Foretold
from service.core.text import normalize
from service.segmentation.segmenter import SentenceSegmenter
from tools.demo_models.corpus import read_pairs

SENTENCES_PER_PARAGRAPH = 4
PARAGRAPHS_PER_ARTICLE = 5
MOST_CHARACTERS = 400
_PLAIN = re.compile(r"[A-ZÄÖÜ](?:[^.!?:;…„“”\"]|(?<=\d)[.:](?=\d))*[^\W\d][.!?]")
_CITIES = ("Berlin", "Hamburg", "Kiel", "Mainz", "Bonn", "Ulm", "Trier", "Jena", "Gera", "Fulda", "Essen", "Köln")


def read_sentences(place: Path | None) -> list[str]:
    """Distinct usable sentences: of one file, of all *.de files of a folder, or of the demo corpus (None)."""
    if place is None:
        lines = [pair.source for pair in read_pairs()]
    else:
        files = sorted(place.glob("*.de")) if place.is_dir() else [place]
        lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    segmenter = SentenceSegmenter()
    return [
        line
        for line in dict.fromkeys(map(str.strip, lines))
        if _PLAIN.fullmatch(line)
        and len(line) <= MOST_CHARACTERS
        and line == normalize(line)  # soft hyphens, which Depesche leaves out and others translate
        and len(segmenter.sentences(line, "de")) == 1
    ]


class Supply:
    """Gives out sentences, none of them twice; where the corpus runs out, they return as reported speech."""

    def __init__(self, sentences: Sequence[str], foretold: Foretold, *, seed: int) -> None:
        if not sentences:
            raise ValueError("the corpus has no usable sentence")
        self._dice = random.Random(seed)
        self._sentences = list(sentences)
        self._dice.shuffle(self._sentences)
        self.foretold = foretold
        self._stream = self._endless()

    def _endless(self) -> Iterator[str]:
        yield from self._sentences
        for hour, city in itertools.product(range(1, 10_000), _CITIES):
            for sentence in self._sentences:
                yield f"Aus {city} hieß es um {hour} Uhr, dass es so sei, {sentence}"

    def take(self, count: int) -> list[str]:
        """The next `count` sentences."""
        return list(itertools.islice(self._stream, count))

    def short(self, count: int) -> list[str]:
        """The next `count` sentences of eight to twelve words; others that come between are used up."""
        found: list[str] = []
        while len(found) < count:
            [sentence] = self.take(1)
            if 8 <= len(sentence.split()) <= 12:
                found.append(sentence)
        return found

    def articles(self, count: int) -> list[Article]:
        """The next `count` articles."""
        size = PARAGRAPHS_PER_ARTICLE * SENTENCES_PER_PARAGRAPH
        return [Article(self.take(size)) for _ in range(count)]


class Article:
    """Sentences in paragraphs; the last paragraph may be shorter."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)

    def paragraphs(self) -> list[tuple[str, ...]]:
        """The sentences of each paragraph."""
        size = SENTENCES_PER_PARAGRAPH
        return [self.sentences[i : i + size] for i in range(0, len(self.sentences), size)]

    @property
    def text(self) -> str:
        """What is sent."""
        return "\n\n".join(map(" ".join, self.paragraphs()))

    def with_change(self, place: int, sentence: str) -> Article:
        """The same article with another sentence at `place`."""
        return Article([*self.sentences[:place], sentence, *self.sentences[place + 1 :]])
