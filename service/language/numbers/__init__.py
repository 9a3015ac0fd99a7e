"""The one reader of numbers: finds those of a text and says what each may stand for. Compares nothing itself.

A language is one file of data beside this one and one line in `vocabulary.LANGUAGES`; texts of other languages are read
by what holds for any: digits of any script with either convention of marks, spaced groups, percent signs.
"""

from __future__ import annotations

from service.language.numbers.number import Number, Reading, canonical
from service.language.numbers.reader import find_numbers, may_hold_amounts, number_words, read_numbers

__all__ = ["Number", "Reading", "canonical", "find_numbers", "may_hold_amounts", "number_words", "read_numbers"]
