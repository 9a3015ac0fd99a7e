"""What both ways of summarizing share: the article they read, and how a summary is put together from sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.core.types import Coverage, Evidence, Span, Summary, SummarySentence

EXTRACTIVE = "extractive"
ABSTRACTIVE = "abstractive"
NONE = "none"

TOO_SHORT = "too_short"
INPUT_SELECTED = "input_selected"
SENTENCE_DROPPED = "sentence_dropped"
UNSUPPORTED_NUMBER = "unsupported_number"
UNSUPPORTED_QUOTE = "unsupported_quote"

_ENDS_A_SENTENCE = re.compile(r"[.!?…][\"'”“’»«)\]]*$")


@dataclass(frozen=True, slots=True)
class Article:
    """A text to summarize, its language, its sentences, and the warnings that came up so far."""

    text: str
    language: str
    spans: tuple[Span, ...]
    warnings: tuple[str, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """The text of each sentence."""
        return [self.text[span.start : span.end] for span in self.spans]

    def evidence(self, indices: Sequence[int]) -> tuple[Evidence, ...]:
        """The sentences at `indices`, as evidence."""
        spans = (self.spans[index] for index in indices)
        return tuple(Evidence(span.start, span.end, self.text[span.start : span.end]) for span in spans)

    def coverage(self, used: Sequence[int] | None = None) -> Coverage:
        """Coverage when the sentences at `used` were read; None means all. White space counts as read."""
        total = len(self.text)
        if used is None or len(set(used)) == len(self.spans):
            return Coverage(total, total, complete=True)
        read = sum(self.spans[index].end - self.spans[index].start for index in set(used))
        return Coverage(total, read, complete=False)


def ends_a_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does."""
    return _ENDS_A_SENTENCE.search(text.rstrip()) is not None


def assemble(
    article: Article,
    target: str,
    method: str,
    sentences: Sequence[tuple[str, tuple[Evidence, ...]]],
    coverage: Coverage,
    warnings: Sequence[str],
) -> Summary:
    """A summary whose text is `sentences` (text, evidence) joined by single spaces, with their offsets."""
    parts: list[SummarySentence] = []
    position = 0
    for text, evidence in sentences:
        parts.append(SummarySentence(text, position, position + len(text), evidence))
        position += len(text) + 1
    return Summary(
        " ".join(part.text for part in parts),
        article.language,
        target,
        method,
        tuple(dict.fromkeys((*article.warnings, *warnings))),
        tuple(parts),
        coverage,
    )


def verbatim(article: Article, target: str) -> Summary:
    """The article itself, unchanged, because it is too short to summarize."""
    sentences = tuple(
        SummarySentence(text, span.start, span.end, article.evidence([index]))
        for index, (text, span) in enumerate(zip(article.sentences, article.spans, strict=True))
    )
    summary = assemble(article, target, NONE, (), article.coverage(), (TOO_SHORT,))
    return replace(summary, text=article.text, sentences=sentences)
