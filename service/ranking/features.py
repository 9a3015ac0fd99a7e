"""Turns sentences into countable features: word stems, normalised numbers and character n-grams. Does no weighting."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from service.language.lexicons import lexicon
from service.language.numbers import Number, canonical, find_numbers
from service.language.stems import stem

# Character 4-grams serve European languages best (McNamee & Mayfield 2004, "Character n-gram tokenization for European
# language text retrieval"); here they let "Nordkoreas" and "nordkoreanische", or a compound and its parts, meet.
NGRAM_LENGTH = 4
NGRAM_MIN_WORD = 6
# Bounds for text that isn't prose: a "word" of a megabyte, a "sentence" of a whole data file.
MAX_WORD_LENGTH = 40
MAX_WORDS = 400
MAX_CHARACTERS = 8_000

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Features:
    """What one sentence contains. Counters keep the order of the text, which keeps all sums deterministic.

    `terms` counts stems ("w:kampf") and numbers ("n:11000"), `ngrams` the 4-grams of longer stems ("g:kore");
    `names` are the terms of capitalised words that don't open the sentence (in German that is every noun too).
    """

    words: int
    terms: Counter[str] = field(default_factory=Counter)
    ngrams: Counter[str] = field(default_factory=Counter)
    names: frozenset[str] = frozenset()
    numbers: tuple[Number, ...] = ()


def number_terms(number: Number) -> list[str]:
    """The terms of all readings of `number`."""
    return [f"n:{canonical(value)}" for value in number.values]


def count_words(sentence: str) -> int:
    """Words of letters in `sentence`, counted as `extract` counts them."""
    return min(len(_WORD.findall(sentence[:MAX_CHARACTERS])), MAX_WORDS + 1)


def extract(sentence: str, language: str) -> Features:
    """The features of `sentence`, of which at most the first 8,000 characters count."""
    text = unicodedata.normalize("NFC", sentence[:MAX_CHARACTERS])
    stops = lexicon(language).stop_words
    terms: Counter[str] = Counter()
    ngrams: Counter[str] = Counter()
    names: dict[str, None] = {}
    words = 0
    numbers = tuple(number for number in find_numbers(text, language) if not number.article)
    spelled = {start for number in numbers for start in range(number.start, number.end)}
    for match in _WORD.finditer(text):
        words += 1
        if words > MAX_WORDS:
            break
        surface = match[0]
        lower = surface.lower()
        if lower in stops or len(lower) == 1 or match.start() in spelled:  # "Millionen" is part of a number's term
            continue
        root = stem(lower[:MAX_WORD_LENGTH], language)
        terms[f"w:{root}"] += 1
        if words > 1 and surface[0].isupper():
            names[f"w:{root}"] = None
        if len(root) >= NGRAM_MIN_WORD:
            ngrams.update(f"g:{root[i : i + NGRAM_LENGTH]}" for i in range(len(root) - NGRAM_LENGTH + 1))
    for number in numbers:
        terms.update(number_terms(number))
    return Features(words, terms, ngrams, frozenset(names), numbers)
