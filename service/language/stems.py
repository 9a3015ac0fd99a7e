"""Brings the forms of a word together, for the languages that Snowball has a stemmer for; others keep their words."""

from __future__ import annotations

import functools
import importlib
import threading
from typing import Protocol

from service.language.codes import primary
from service.language.lexicons import NEUTRAL, lexicon

# Of languages without a lexicon of their own, by primary subtag; a lexicon names its stemmer itself.
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "el": "greek", "eo": "esperanto", "et": "estonian",
    "eu": "basque", "fa": "persian", "fi": "finnish", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nn": "norwegian",
    "no": "norwegian", "ro": "romanian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip
_local = threading.local()


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the library's name


@functools.lru_cache(maxsize=32768)
def stem(word: str, language: str) -> str:
    """Snowball stem (Porter 2001; for German with umlauts folded: "kämpfe" and "kampf" meet) of a lower-case word.

    `language` is a BCP 47 code; where it has no stemmer, the word itself comes back.
    """
    own = lexicon(language)
    name = own.stemmer if own is not NEUTRAL else _STEMMERS.get(primary(language))
    return _stemmer(name).stemWord(word) if name else word


def _stemmer(name: str) -> _Stemmer:
    stemmers: dict[str, _Stemmer] = _local.__dict__
    if name not in stemmers:  # a stemmer keeps its word in attributes, so each thread has its own
        module = importlib.import_module(f"snowballstemmer.{name}_stemmer")
        stemmers[name] = getattr(module, f"{name.title()}Stemmer")()
    return stemmers[name]
