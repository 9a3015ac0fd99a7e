"""What a language file tells the reader of numbers. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class NumberWords:
    """How one language writes numbers, in lower case. The defaults are what holds where nothing is known.

    Regular expressions are given as text, match without regard to case and must be linear.
    """

    decimal_mark: str = ""
    """ "." or ","; empty: either, so that every reading of "1.234" counts."""
    foreign_groups: bool = False
    """Whether the decimal mark may also be a foreign group mark: "1,500" in German text."""
    numerals: Mapping[str, int] = field(default_factory=dict)
    """Numerals below 100 and the powers 100 and 1000; also ordinals whose stem isn't the cardinal's."""
    joiner: str = ""
    """What stands between the parts of a numeral: "und", "and"."""
    compounds: bool = False
    """Whether a numeral is written as one word, and words are made with numerals ("Dreieck")."""
    endings: str = "(?!)"
    """What may follow a numeral within its word so that it still counts something: ordinals, "-jährig"."""
    loose_endings: str = "(?!)"
    """What may follow it so that it gives a hint at least: "sevens", "twenties"."""
    vague: frozenset[str] = frozenset()
    """Numerals that seldom count ("at first", "a second later"): hints only."""
    one_half: str = ""
    """Part of a compound that adds a half: "einhalb" in "zweieinhalb"."""
    and_a_half: str = "(?!)"
    """The same as words of their own: "two and a half"."""
    halves: Mapping[str, str] = field(default_factory=dict)
    """Values of words with these beginnings ("half", "anderthalb"); before a scale word they multiply it."""
    half_joint: str = ""
    """What may stand between such a word and the scale word: "half a million"."""
    quarters: tuple[str, ...] = ()
    articles: frozenset[str] = frozenset()
    """Words that are read as 1, and mostly aren't numbers."""
    indefinite: frozenset[str] = frozenset()
    """Articles that are 1 before a scale word only."""
    scales: Mapping[str, int] = field(default_factory=dict)
    """Factors of scale words and their abbreviations."""
    ambiguous_scales: frozenset[str] = frozenset()
    """Abbreviations that may be units: m, b, k. Both readings count."""
    scale_stems: Mapping[str, int] = field(default_factory=dict)
    """Factors of the scale words that count anywhere in a text, by a stem that no other word has."""
    months: tuple[tuple[str, str], ...] = ()
    """(abbreviation, beginning of the name) of each month."""
    hints: Mapping[str, tuple[int | str, ...]] = field(default_factory=dict)
    """Values that a word with this beginning may stand for."""
    phrases: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """The same for phrases, anywhere."""
    multiples: Mapping[str, int] = field(default_factory=dict)
    """Beginnings of words that multiply a small number: "zwei Dutzend", "four decades"."""
    before_hour: frozenset[str] = frozenset()
    """Words that make the next number an hour not yet full: "halb sieben", "quarter to seven"."""
    hours: tuple[str, ...] = ()
    """Beginnings of words for the hour, whose halves and quarters are minutes elsewhere."""
    decades: str = "(?!)"
    """What follows the digits of a decade: "80er", "1980s"."""
    centuries: str = "(?!)"
    """What follows the number of a century."""
    percent: str = "%"
    clock: str = r"(?!)"
    """What follows the digits of a time of day, so that "18.30" is one."""
    afternoon: str = r"(?!)"
    """What follows the digits of an hour after noon on a 12-hour clock."""
    clock_signs: str = r":[0-9]{2}"
    """What shows that a text tells a time of day."""
    between: str = r"[-–]"
    """What stands between the two numbers of a range, which share scale word and percent sign."""
    not_roman: frozenset[str] = frozenset()
    """Words that only look like Roman numerals."""
