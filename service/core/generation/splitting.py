"""Cuts an input that is longer than a model takes into pieces that fit, at the best boundaries there are."""

from __future__ import annotations

from dataclasses import dataclass

from service.core.ports import Segmenter, Tokenizer


@dataclass(frozen=True, slots=True)
class Splitter:
    """Pieces of at most `max_tokens` source tokens. Asked once for each input that isn't in the cache."""

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
        return len(self.tokenizer.encode(text)) <= self.max_tokens
