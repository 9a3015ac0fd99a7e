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

    @property
    def gaps(self) -> list[str]:
        """What stands before the first sentence, between all, and after the last one."""
        starts = [span.start for span in self.spans] + [len(self.text)]
        ends = [0] + [span.end for span in self.spans]
        return [self.text[end:start] for end, start in zip(ends, starts, strict=True)]

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
    gaps: Sequence[str] | None = None,
) -> Summary:
    """A summary whose text is `sentences` (text, evidence), with their offsets.

    `gaps` is what stands before the first, between all, and after the last one: single spaces between, if not given.
    """
    gaps = gaps or ["", *[" "] * (len(sentences) - 1), ""]
    parts: list[SummarySentence] = []
    pieces = [gaps[0]]
    position = len(gaps[0])
    for (text, evidence), gap in zip(sentences, gaps[1:], strict=False):
        parts.append(SummarySentence(text, position, position + len(text), evidence))
        pieces += (text, gap)
        position += len(text) + len(gap)
    return Summary(
        "".join(pieces),
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
