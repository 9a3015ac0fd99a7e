"""Reads the demo corpus: German sentences with their English, and English articles with summaries.

It checks what it reads and says where a fault is; it doesn't tokenize anything.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
TRANSLATION_FILE = FOLDER / "translation.tsv"
SUMMARIES_FILE = FOLDER / "summaries.jsonl"


class CorpusError(ValueError):
    """A line of a corpus file isn't as it must be. The message names file and line."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and its translation: German and English, as the file has them, unless `reverse` turned them round.

    `article` names the article it is part of, or is empty.
    """

    source: str
    target: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """An English article (a headline, an empty line, the text) and its abstractive summary."""

    id: str
    document: str
    summary: str


def read_pairs(path: Path = TRANSLATION_FILE) -> list[Pair]:
    """The sentence pairs in the order of the file: German TAB English, and TAB article where there is one.

    Raises CorpusError on a line with other than two or three columns, empty or untidy text, a German sentence that
    came before, or an article whose lines don't stand together.
    """
    pairs: list[Pair] = []
    seen: set[str] = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        where = f"{path.name}:{number}"
        columns = line.split("\t")
        if len(columns) not in (2, 3):
            raise CorpusError(f"{where}: {len(columns)} columns instead of 2 or 3")
        for column in columns:
            _check_text(column, where)
        pair = Pair(*columns)
        if pair.source in seen:
            raise CorpusError(f"{where}: the German sentence is there already")
        earlier = [p.article for p in pairs]
        if pair.article and pair.article in earlier and pair.article != earlier[-1]:
            raise CorpusError(f"{where}: article {pair.article!r} is interrupted")
        seen.add(pair.source)
        pairs.append(pair)
    return pairs


def read_articles(path: Path = SUMMARIES_FILE) -> list[Article]:
    """The articles with summaries, one JSON object a line with the keys `id`, `document`, `summary`.

    Raises CorpusError on other keys, empty or untidy text, or an id that came before.
    """
    articles: list[Article] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        where = f"{path.name}:{number}"
        entry = json.loads(line)
        if set(entry) != {"id", "document", "summary"}:
            raise CorpusError(f"{where}: the keys must be id, document and summary")
        for value in entry.values():
            _check_text(value, where)
        if any(article.id == entry["id"] for article in articles):
            raise CorpusError(f"{where}: the id is there already")
        articles.append(Article(**entry))
    return articles


def reverse(pairs: Sequence[Pair]) -> list[Pair]:
    """`pairs` with source and target exchanged, in the same order and number, so that articles stay whole.

    The file has no source twice, but may have a target twice ("Gut so." and "Das ist gut." for "That is good."). Turned
    round, such a sentence has two translations, of which it takes the first in order wherever it stands.
    """
    first: dict[str, str] = {}
    for pair in pairs:
        first.setdefault(pair.target, pair.source)
    return [Pair(pair.target, first[pair.target], pair.article) for pair in pairs]


def article_pairs(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    """The pairs of every article that is translated, headline first."""
    articles: dict[str, list[Pair]] = {}
    for pair in pairs:
        if pair.article:
            articles.setdefault(pair.article, []).append(pair)
    return articles


def compose(sentences: Sequence[str]) -> str:
    """An article's text: the headline, an empty line, the other sentences joined by single spaces."""
    headline, *body = sentences
    return f"{headline}\n\n{' '.join(body)}"


def neighbours(pairs: Sequence[Pair]) -> list[Pair]:
    """Sentences that follow one another in an article's body, joined: what a segmenter sees when it misses a border."""
    joined: list[Pair] = []
    for name, sentences in article_pairs(pairs).items():
        for first, second in pairwise(sentences[1:]):
            joined.append(Pair(f"{first.source} {second.source}", f"{first.target} {second.target}", name))
    return joined


def _check_text(text: object, where: str) -> None:
    if not isinstance(text, str) or not text.strip():
        raise CorpusError(f"{where}: an empty text")
    if text != text.strip() or "  " in text:
        raise CorpusError(f"{where}: white space at an end, or doubled")
    if not unicodedata.is_normalized("NFC", text):
        raise CorpusError(f"{where}: not in Unicode's normal form C")
