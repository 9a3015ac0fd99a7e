"""Reads the word lists of the data modules, which are written as plain text, and looks for words in texts."""

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


def has_any(text: str, parts: Iterable[str]) -> bool:
    """Whether any of `parts` stands in `text`, as spelled."""
    for part in parts:  # noqa: SIM110  # every sentence comes by here, and a generator costs more than the search
        if part in text:
            return True
    return False
