"""Texts that make careless patterns and loops slow: long rows of what they try to read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.growth import BOUND, growth

PIECES = (
    "1", "٣", "1. ", "1 ", "123 ", "1.", "1,", "1'000", "1-", "1/", "1:", "12.12.", "2 1/2 ", "½", "1½", "a", "a ",
    "ab ", "Aa", "的", " ", "- ", ".", "'", "²", "I ", "hundert", "hundert ", "einund", "und", "zwanzigtausend",
    "hundred ", "hundred-and-", "million ", "half a ", "one and a half ", "eine halbe ", "zwei Dutzend ", "viertel ",
    "twenty-", "quarter to ", "5 million ", "5 bis ", "3% to ", "6.30 pm ", "Uhr 18.30 ",
)  # fmt: skip


def text(piece: str, size: int) -> str:
    """`size` characters of `piece` over and over, with words around them."""
    return "Die Zahl " + piece * (size // len(piece) + 1) + " ist hoch. The number is high."


def explosive(work: Callable[[str], object], pieces: tuple[str, ...] = PIECES) -> dict[str, float]:
    """The pieces in whose long rows `work` isn't linear, and by how much it grows.

    Each piece is measured alone and on rows of its own length: in a sum, or on short rows, one that explodes is lost
    among those that don't.
    """
    ratios = {piece: growth(work, partial(text, piece), 2000) for piece in pieces}
    return {piece: ratio for piece, ratio in ratios.items() if ratio > BOUND}
