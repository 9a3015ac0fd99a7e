"""The checks get the output of models and the texts of strangers: their work must not explode with the length."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.checks.copied import copies
from service.checks.faithfulness import unsupported_numbers, unsupported_quotes
from service.checks.length import ANY_PAIR, length_is_odd
from service.checks.numbers import numbers_changed
from service.checks.registry import FACTORIES
from service.checks.repetition import repeats
from tests import hostile
from tests.growth import BOUND, growth

CHECKS: dict[str, Callable[[str, str], object]] = {
    "numbers": lambda source, target: numbers_changed(source, target, "de", "en"),
    "numbers back": lambda source, target: numbers_changed(source, target, "en", "de"),
    "numbers of unknown languages": lambda source, target: numbers_changed(source, target, "ar", "fr"),
    "repetition": repeats,
    "length": lambda source, target: length_is_odd(source, target, ANY_PAIR),
    "copied": copies,
    **{
        f"{factory.__name__} {source}-{target}": finder
        for factory in FACTORIES
        for source, target in (("de", "en"), ("en", "de"))
        if (finder := factory(source, target)) is not None
    },
    "unsupported numbers": lambda source, target: unsupported_numbers(target, source, "en"),
}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_work_is_linear_in_hostile_texts(check: Callable[[str, str], object]) -> None:
    """In both texts and in each alone."""

    def work(text: str) -> None:
        check(text, text)
        check(text, "Nothing.")
        check("Nichts.", text)

    assert hostile.explosive(work) == {}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_work_is_linear_in_different_numbers(check: Callable[[str, str], object]) -> None:
    """Every number is another, and none but the last stands where it is looked for first."""

    def work(size: int) -> None:
        numbers = [f"{number:07d}" for number in range(size // 8)]
        check(" ".join(numbers), ", ".join(reversed(numbers)))
        check("/".join(numbers), " and ".join(numbers))

    assert growth(work, size=4000) < BOUND


def test_quotes_are_linear_in_the_source() -> None:
    """The claim is a model's output and short; the source may be of any length."""
    claim = "„eins“ \"zwei\" ‚drei‘ 'four' „" * 3

    pieces = (*hostile.PIECES, "„", '"', "‘a’", "[", "…")
    assert hostile.explosive(lambda source: unsupported_quotes(claim, source), pieces) == {}
