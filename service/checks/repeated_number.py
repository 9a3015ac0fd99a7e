"""Finds numbers that are said more often than the source says them: "24 people were injured by 24 people"."""

from __future__ import annotations

import re

from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding, Span

# Two digits and more: a single one stands in many things that translators spell out on one side only.
_NUMBER = re.compile(r"(?<![\w.,:])[0-9][0-9.,]*[0-9](?!\w)")
_ANY = re.compile(r"[0-9](?:[0-9.,]*[0-9])?")


def repeated_number(source_lang: str, target_lang: str) -> Finder:
    """The check of any pair; its places are those of the number in both texts."""
    del source_lang, target_lang

    def find(source: str, target: str) -> list[Finding]:
        numbers = _NUMBER.findall(target)
        if len(numbers) == len(set(numbers)):  # as in nearly all sentences
            return []
        before, after = _places(_ANY, source), _places(_NUMBER, target)
        return [
            Finding(Flag.NUMBER_REPEATED, Severity.CRITICAL, tuple(before.get(digits, ())), tuple(places))
            for digits, places in after.items()
            if len(places) > max(1, len(before.get(digits, ())))  # where it has none, it is a word there
        ]

    return find


def _places(pattern: re.Pattern[str], text: str) -> dict[str, list[Span]]:
    """Where each number stands, by its digits: points and commas change places between languages."""
    found: dict[str, list[Span]] = {}
    for match in pattern.finditer(text):
        digits = match.group().replace(".", "").replace(",", "")
        found.setdefault(digits, []).append(Span(match.start(), match.end()))
    return found
