"""Turns sentences into countable features: word stems, normalised numbers and character n-grams. Does no weighting.

Where a language has no lexicon, its commonest short words are taken for stop words; scripts without spaces between
words (Chinese, Japanese, Thai) are read as pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Set
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

# Without a lexicon, words of at most this many letters that stand in this share of an article's sentences, and at least
# in so many, are taken for stop words. With the German lexicon switched off, 73 % of the picks of three sentences stay
# the same without any stop words, 76 % with these, and 80 % with the German ones (English: 73, 77, 79 %); longer or
# rarer words make it worse (newstest2014-17; `python -m bench.summarization --agreement` prints the 76 and 77).
COMMON_LENGTH = 4
COMMON_SHARE = 0.05
COMMON_SENTENCES = 2

# Thai and Lao, Burmese, Khmer, kana, Chinese characters.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+")
_LETTER = rf"[^\W\d_{_UNSPACED}]"
_WORD = re.compile(rf"{_UNSPACED_RUN.pattern}|{_LETTER}+")
# Vowel signs and the like, without which words of Hindi or Tamil would fall to pieces; few texts have any.
_MARKS = "".join(chr(point) for point in range(0x300, 0x2000) if unicodedata.category(chr(point)).startswith("M"))
_MARK = re.compile(f"[{_MARKS}]")
_MARKED_WORD = re.compile(rf"{_UNSPACED_RUN.pattern}|{_LETTER}(?:{_LETTER}|{_MARK.pattern})*")


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
    text = sentence[:MAX_CHARACTERS]
    return min(sum(_length(surface) for surface in _words_of(text).findall(text)), MAX_WORDS + 1)


def stop_words(sentences: Iterable[str], language: str) -> frozenset[str]:
    """The words of an article that say nothing of what it is about: those of the lexicon, or else a guess."""
    known = lexicon(language)
    return known.stop_words if known.ranks else _common_words(sentences)


def _common_words(sentences: Iterable[str]) -> frozenset[str]:
    found: Counter[str] = Counter()
    size = 0
    for sentence in sentences:
        size += 1
        text = sentence[:MAX_CHARACTERS].lower()
        found.update({word for word in _words_of(text).findall(text) if len(word) <= COMMON_LENGTH})
    least = max(COMMON_SENTENCES, COMMON_SHARE * size)
    return frozenset(word for word, count in found.items() if count >= least)


def _words_of(text: str) -> re.Pattern[str]:
    return _MARKED_WORD if not text.isascii() and _MARK.search(text) else _WORD


def _length(surface: str) -> int:
    """In words: where the script has no spaces, two characters are about one."""
    return max(1, len(surface) // 2) if _UNSPACED_RUN.match(surface) else 1


def extract(sentence: str, language: str, stops: Set[str] | None = None) -> Features:
    """The features of `sentence`, of which at most the first 8,000 characters count.

    `stops` are words to leave out, lower-case; by default those of the lexicon of `language`, if it has one.
    """
    text = unicodedata.normalize("NFC", sentence[:MAX_CHARACTERS])
    if stops is None:
        stops = lexicon(language).stop_words
    terms: Counter[str] = Counter()
    ngrams: Counter[str] = Counter()
    names: dict[str, None] = {}
    words = 0
    numbers = tuple(number for number in find_numbers(text, language) if not number.article)
    spelled = {start for number in numbers for start in range(number.start, number.end)}
    for match in _words_of(text).finditer(text):
        surface = match[0]
        words += _length(surface)
        if words > MAX_WORDS:
            break
        if _UNSPACED_RUN.match(surface):
            terms.update(f"w:{surface[i : i + 2]}" for i in range(max(1, len(surface) - 1)))
            continue
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
