"""Cuts an input that is longer than a model takes into pieces that fit, at the best boundaries there are."""

from __future__ import annotations

from dataclasses import dataclass

from service.core.ports import Segmenter, Tokenizer

_CHARACTERS_PER_TOKEN = 16
"""How long a piece may be in characters, by the tokens that it may have. A tokenizer may merge a megabyte of characters
that it doesn't know into one token, and every check reads all of it. German news has about five characters a token."""


@dataclass(frozen=True, slots=True)
class Splitter:
    """Pieces of at most `max_tokens` source tokens, and no more than 16 times as many characters.

    Asked once for each input that isn't in the cache.
    """

    segmenter: Segmenter
    tokenizer: Tokenizer
    max_tokens: int

    def split(self, text: str, language: str) -> list[str]:
        """The pieces of `text`: itself, nearly always. A text without pieces (never sent here) stays whole."""
        # A token covers at least one character, and a shorter text needs no count.
        if len(text) < self.max_tokens or self._fits(text):
            return [text]
        spans = self.segmenter.clauses(text, language, self._fits)
        return [text[span.start : span.end] for span in spans] or [text]

    def _fits(self, text: str) -> bool:
        if len(text) > _CHARACTERS_PER_TOKEN * self.max_tokens:
            return False
        return len(self.tokenizer.encode(text)) <= self.max_tokens
