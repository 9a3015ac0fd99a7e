"""The list of all checks of translations. A new one is a file in this room and a line here."""

from __future__ import annotations

from collections.abc import Callable

from service.checks.characters import characters
from service.checks.copied import copied
from service.checks.dates import dates
from service.checks.finder import Finder
from service.checks.length import length
from service.checks.literals import literals
from service.checks.number_words import number_words
from service.checks.numbers import numbers
from service.checks.quotes import quotes
from service.checks.repeated_number import repeated_number
from service.checks.repetition import repetition
from service.checks.swapped_numbers import swapped_numbers
from service.checks.times import times
from service.checks.units import units
from service.checks.untranslated import untranslated

Factory = Callable[[str, str], Finder | None]
"""(source, target) as primary subtags -> the check made for them, or None where it has nothing to go by."""

FACTORIES: tuple[Factory, ...] = (
    repetition,
    length,
    copied,
    numbers,
    number_words,
    repeated_number,
    swapped_numbers,
    units,
    times,
    dates,
    literals,
    characters,
    quotes,
    untranslated,
)
"""In the order in which findings are listed."""


def finders(source_lang: str, target_lang: str) -> tuple[Finder, ...]:
    """Every check that there is for a pair of primary subtags."""
    made = (factory(source_lang, target_lang) for factory in FACTORIES)
    return tuple(finder for finder in made if finder is not None)
