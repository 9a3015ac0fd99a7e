"""What all ways of summarizing share: the article they read, and how a summary is put together from sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from service.core.enums import Method, WarningCode
from service.core.findings import moved
from service.core.types import Coverage, Evidence, ModelInfo, RequestContext, Span, Summary, SummarySentence

_ENDS_A_SENTENCE = re.compile(r"[.!?…][\"'”“’»«)\]]*$")


@dataclass(frozen=True, slots=True)
class Article:
    """A text to summarize, its language and the summary's, its sentences, and the warnings that came up so far."""

    text: str
    language: str
    target: str
    spans: tuple[Span, ...]
    sentences: tuple[str, ...]
    warnings: tuple[WarningCode, ...] = ()

    @classmethod
    def of(
        cls, text: str, language: str, target: str, spans: Sequence[Span], warnings: tuple[WarningCode, ...] = ()
    ) -> Article:
        """The article with the text of each sentence taken out once."""
        sentences = tuple(text[span.start : span.end] for span in spans)
        return cls(text, language, target, tuple(spans), sentences, warnings)

    @property
    def gaps(self) -> list[str]:
        """What stands before the first sentence, between all, and after the last one."""
        starts = [span.start for span in self.spans] + [len(self.text)]
        ends = [0] + [span.end for span in self.spans]
        return [self.text[end:start] for end, start in zip(ends, starts, strict=True)]

    def evidence(self, indices: Sequence[int]) -> tuple[Evidence, ...]:
        """The sentences at `indices`, as evidence."""
        return tuple(
            Evidence(self.spans[index].start, self.spans[index].end, self.sentences[index]) for index in indices
        )

    def coverage(self, used: Sequence[int] | None = None) -> Coverage:
        """Coverage when the sentences at `used` were read; None means all. White space counts as read."""
        total = len(self.text)
        if used is None or len(set(used)) == len(self.spans):
            return Coverage(total, total, complete=True)
        read = sum(self.spans[index].end - self.spans[index].start for index in set(used))
        return Coverage(total, read, complete=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished summary, the segments it cost, how many of them were cached, and the models that took part."""

    summary: Summary
    segments: int
    cached: int
    models: tuple[ModelInfo, ...]


class SummaryMethod(Protocol):
    """A way to summarize."""

    @property
    def info(self) -> ModelInfo:
        """What answers name as the model."""
        ...

    def summarize(self, articles: Sequence[Article], count: int, context: RequestContext) -> list[Draft]:
        """A summary of at most `count` sentences for each article, in order. What they need of models is batched."""
        ...


def ends_a_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does."""
    return _ENDS_A_SENTENCE.search(text.rstrip()) is not None


def assemble(
    article: Article,
    method: Method,
    model: str,
    sentences: Sequence[SummarySentence],
    coverage: Coverage,
    warnings: Sequence[WarningCode],
    gaps: Sequence[str] | None = None,
) -> Summary:
    """A summary whose text is `sentences`, moved to their places, with the places in them.

    `gaps` is what stands before the first, between all, and after the last one: single spaces between, if not given.
    """
    gaps = gaps or ["", *[" "] * (len(sentences) - 1), ""]
    parts: list[SummarySentence] = []
    pieces = [gaps[0]]
    position = len(gaps[0])
    for sentence, gap in zip(sentences, gaps[1:], strict=False):
        end = position + len(sentence.text)
        parts.append(replace(sentence, start=position, end=end, findings=moved(sentence.findings, 0, position)))
        pieces += (sentence.text, gap)
        position = end + len(gap)
    return Summary(
        "".join(pieces),
        article.language,
        article.target,
        method,
        model,
        tuple(dict.fromkeys((*article.warnings, *warnings))),
        tuple(parts),
        coverage,
    )


def verbatim(article: Article, model: str) -> Summary:
    """The article itself, unchanged, because it is too short to summarize."""
    sentences = tuple(
        SummarySentence(text, span.start, span.end, article.evidence([index]))
        for index, (text, span) in enumerate(zip(article.sentences, article.spans, strict=True))
    )
    summary = assemble(article, Method.NONE, model, (), article.coverage(), (WarningCode.TOO_SHORT,))
    return replace(summary, text=article.text, sentences=sentences)
