"""Reads the word lists of the data modules, which are written as plain text."""

from __future__ import annotations

from collections.abc import Iterable


def words(text: str) -> tuple[str, ...]:
    """The words of `text`, separated by white space."""
    return tuple(text.split())


def word_set(text: str) -> frozenset[str]:
    """The words of `text` as a set."""
    return frozenset(text.split())


def phrases(text: str) -> frozenset[str]:
    """The lines of `text` as a set, each a phrase of one or several words."""
    return frozenset(" ".join(line.split()) for line in text.splitlines() if line.strip())


def capitalized(entries: Iterable[str]) -> frozenset[str]:
    """Each word as it begins a sentence: "le" as "Le"."""
    return frozenset(entry[:1].upper() + entry[1:] for entry in entries)
