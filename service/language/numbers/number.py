"""What the reader of numbers gives back: numbers with their readings, and what else a text says about amounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

Alternative = tuple[Decimal, ...]
"""Values that belong together: one for an amount, two for a time ("18.30"), three for a date; none for ":00"."""


class Number(NamedTuple):
    """One number of a text at `text[start:end]`, with its scale word and percent sign.

    `readings` holds every way to read it, the likeliest first; more than one only where the notation is ambiguous
    ("5m", "4 pm", "11.09", "80er"). `scale` is the factor of a scale word such as "million" (0: none stands there) and
    `bare` the value before it. `spelled` marks number words; `article` those like "one" and "eine", which are mostly no
    numbers.
    """

    surface: str
    start: int
    end: int
    readings: tuple[Alternative, ...]
    percent: bool = False
    scale: int = 0
    bare: Decimal | None = None
    spelled: bool = False
    article: bool = False

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Every value of every reading, each once."""
        return tuple(dict.fromkeys(value for reading in self.readings for value in reading))


@dataclass(slots=True)
class Reading:
    """The numbers of one text in order, and what else in it may stand for a number on the other side of a comparison.

    `hints` are values of words that aren't numerals or only look like one (months, "noon", "both", "Dreieck"): they can
    support a number, never ask for one. `scales` are the factors of scale words anywhere, also within compounds
    ("Umsatzmilliarde"). `clock`: the text tells a time of day. `complete`: the language's number words are known.
    """

    numbers: list[Number] = field(default_factory=list)
    hints: set[Decimal] = field(default_factory=set)
    scales: set[int] = field(default_factory=set)
    clock: bool = False
    complete: bool = False


def canonical(value: Decimal) -> str:
    """One spelling per value: "1200000", "3.5"."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
