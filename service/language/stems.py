"""Chooses stop words and stemmer by language. Other languages than German and English get neither stems nor cues."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable

from snowballstemmer.english_stemmer import EnglishStemmer  # type: ignore[import-untyped]
from snowballstemmer.german_stemmer import GermanStemmer  # type: ignore[import-untyped]

from service.language import english, german

_STOP_WORDS = {"de": german.STOP_WORDS, "en": english.STOP_WORDS}
_ALL_STOP_WORDS = german.STOP_WORDS | english.STOP_WORDS
_STEMMERS: dict[str, Callable[[], EnglishStemmer | GermanStemmer]] = {"de": GermanStemmer, "en": EnglishStemmer}
_local = threading.local()


def primary(language: str) -> str:
    """The primary subtag of a BCP 47 code, lower-case: "de" for "de-AT"."""
    return language.replace("_", "-").split("-", 1)[0].lower()


def stop_words(language: str) -> frozenset[str]:
    """Function words of a primary subtag, case-folded except for ß; those of both languages if it is another one."""
    return _STOP_WORDS.get(language, _ALL_STOP_WORDS)


@functools.lru_cache(maxsize=32768)
def stem(word: str, language: str) -> str:
    """Snowball stem (Porter 2001; for German with umlauts folded: "kämpfe" and "kampf" meet) of a lower-case word."""
    factory = _STEMMERS.get(language)
    if factory is None:
        return word
    stemmers: dict[str, EnglishStemmer | GermanStemmer] = _local.__dict__
    if language not in stemmers:  # a stemmer keeps its word in attributes, so each thread has its own
        stemmers[language] = factory()
    return str(stemmers[language].stemWord(word))
