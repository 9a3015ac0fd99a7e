"""Cuts an input that is longer than a model takes into pieces that fit, at the best boundaries there are."""

from __future__ import annotations

from dataclasses import dataclass

from service.core.ports import Segmenter, Tokenizer

MOST_CHARACTERS_PER_TOKEN = 16
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

    def split(self, text: str, language: str) -> list[tuple[str, list[str]]]:
        """The pieces of `text` and their tokens: itself, nearly always. A text without pieces (never sent here) stays
        whole.
        """
        if not self._is_too_long(text):
            tokens = self.tokenizer.encode(text)
            if len(tokens) <= self.max_tokens:
                return [(text, tokens)]
        spans = self.segmenter.clauses(text, language, self._fits)
        pieces = [text[span.start : span.end] for span in spans] or [text]
        return [(piece, self.tokenizer.encode(piece)) for piece in pieces]

    def _is_too_long(self, text: str) -> bool:
        return len(text) > MOST_CHARACTERS_PER_TOKEN * self.max_tokens

    def _fits(self, text: str) -> bool:
        return not self._is_too_long(text) and len(self.tokenizer.encode(text)) <= self.max_tokens
