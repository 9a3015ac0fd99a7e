"""The words of each language, one file a language: abbreviations for segmentation, stop words and cues for ranking.

To add a language, add a file named by its code ("cs.py") with a `Lexicon` called LEXICON; it is found by its name.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil

from service.language.codes import primary
from service.language.lexicons import shared
from service.language.lexicons.lexicon import Lexicon
from service.language.wordlist import word_set

__all__ = ["NEUTRAL", "Lexicon", "languages", "lexicon"]

# For all other languages: what German and English agree on, so that titles and initials still work.
NEUTRAL = Lexicon(
    code="und",
    never_final=shared.NEVER_FINAL,
    before_number=word_set("no nr art abs p pp vol s n°"),
    may_end=shared.MAY_END,
)


@functools.cache
def languages() -> frozenset[str]:
    """Codes of the languages that have a lexicon, as primary subtags: the files here with names of 2 or 3 letters."""
    return frozenset(module.name for module in pkgutil.iter_modules(__path__) if len(module.name) in (2, 3))


def lexicon(language: str) -> Lexicon:
    """The lexicon for a BCP 47 code in any spelling ("de", "de-AT", "DE_ch"); `NEUTRAL` where there is none."""
    code = primary(language)
    return _load(code) if code in languages() else NEUTRAL


@functools.cache
def _load(code: str) -> Lexicon:
    found = importlib.import_module(f"{__name__}.{code}").LEXICON
    if not isinstance(found, Lexicon) or found.code != code:
        raise TypeError(f"The lexicon of {code!r} must be a Lexicon of that code, called LEXICON.")
    return found
