"""A Runtime and an Observer that live in memory, for tests of the HTTP entrance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from service.core.enums import Flag, Method, Task, Tier, WarningCode
from service.core.errors import UnsupportedLanguage, UnsupportedMethod
from service.core.types import (
    CheckedPair,
    CheckResult,
    Coverage,
    Evidence,
    Finding,
    LanguagePair,
    ModelDescription,
    ModelInfo,
    Readiness,
    RequestContext,
    Summary,
    SummaryResult,
    SummarySentence,
    TranslatedSegment,
    Translation,
    TranslationResult,
    Usage,
)

MODEL = ModelInfo("toy-de-en", "0123abcd", "fake", "float32", Tier.DEMO)
RANKER = ModelInfo("first-sentences", "1", "fake", "float64", Tier.BUILTIN)
PAIRS = (("de", "en"),)


@dataclass
class FakeRuntime:
    """Translates a text into `<text>`, summarizes it by its first line; remembers its calls.

    `error` is raised instead of an answer. `during` runs while a request is inside.
    """

    error: Exception | None = None
    ready: Readiness = field(default_factory=lambda: Readiness(ready=True))
    flags: tuple[Flag, ...] = ()
    findings: tuple[Finding, ...] = ()
    certainty: float | None = None
    warnings: tuple[WarningCode, ...] = ()
    during: Any = None
    calls: list[dict[str, Any]] = field(default_factory=list)
    profile: str = "toys"

    def _begin(self, **call: Any) -> None:
        self.calls.append(call)
        if self.during is not None:
            self.during()
        if self.error is not None:
            raise self.error

    def translate(
        self, texts: Sequence[str], source_lang: str, target_lang: str, context: RequestContext
    ) -> TranslationResult:
        self._begin(texts=list(texts), source_lang=source_lang, target_lang=target_lang, context=context)
        source = "de" if source_lang == "auto" else source_lang
        context.timings.engine += 0.25
        if (source, target_lang) not in PAIRS:
            raise UnsupportedLanguage(source, target_lang, PAIRS)
        translations = tuple(self._translation(text, source, target_lang) for text in texts)
        return TranslationResult(translations, (MODEL,), Usage(sum(map(len, texts)), len(texts), 0))

    def _translation(self, text: str, source: str, target: str) -> Translation:
        output = f"<{text}>"
        segment = TranslatedSegment(
            text,
            output,
            0,
            len(text),
            0,
            len(output),
            source,
            flags=self.flags,
            findings=self.findings,
            model=MODEL.id,
            certainty=self.certainty,
        )
        return Translation(output, source, target, self.warnings, (segment,), MODEL.id, self.certainty)

    def check(
        self, pairs: Sequence[tuple[str, str]], source_lang: str, target_lang: str, context: RequestContext
    ) -> CheckResult:
        self._begin(pairs=list(pairs), source_lang=source_lang, target_lang=target_lang, context=context)
        items = tuple(CheckedPair(self.findings, self.certainty) for _ in pairs)
        return CheckResult(items, (MODEL,), Usage(sum(len(a) + len(b) for a, b in pairs), len(items), 0))

    def summarize(
        self,
        texts: Sequence[str],
        source_lang: str,
        target_lang: str | None,
        method: Method | None,
        max_sentences: int,
        context: RequestContext,
    ) -> SummaryResult:
        self._begin(
            texts=list(texts),
            source_lang=source_lang,
            target_lang=target_lang,
            method=method,
            max_sentences=max_sentences,
            context=context,
        )
        source = "de" if source_lang == "auto" else source_lang
        target = target_lang or source
        if method is Method.ABSTRACTIVE and target != "en":
            raise UnsupportedMethod(method, "abstracts are in English")
        summaries = tuple(self._summary(text, source, target) for text in texts)
        usage = Usage(sum(map(len, texts)), len(texts), 0)
        return SummaryResult(summaries, (RANKER, MODEL) if source != target else (RANKER,), usage)

    def _summary(self, text: str, source: str, target: str) -> Summary:
        line = text.split("\n", 1)[0]
        sentence = SummarySentence(line, 0, len(line), (Evidence(0, len(line), line),))
        coverage = Coverage(len(text), len(text), complete=True)
        translated_by = MODEL.id if source != target else None
        return Summary(
            line, source, target, Method.EXTRACTIVE, RANKER.id, self.warnings, (sentence,), coverage, translated_by
        )

    def models(self) -> list[ModelDescription]:
        return [
            ModelDescription(MODEL, Task.TRANSLATION, ("de",), ("en",), "Apache-2.0", "nobody", True, {"replicas": 2}),
            ModelDescription(RANKER, Task.SUMMARIZATION, ("de", "en"), ("de", "en"), "Apache-2.0", "nobody", True),
        ]

    def language_pairs(self) -> list[LanguagePair]:
        return [
            LanguagePair("de", "en", Task.TRANSLATION, (MODEL.id,)),
            LanguagePair("de", "fr", Task.TRANSLATION, (MODEL.id, "toy-en-fr"), pivot=True),
            LanguagePair("de", "de", Task.SUMMARIZATION, (RANKER.id,)),
        ]

    def readiness(self) -> Readiness:
        return self.ready

    def metrics(self) -> tuple[bytes, str]:
        return b"toys_total 1\n", "text/plain; version=0.0.4; charset=utf-8"


@dataclass
class FakeObserver:
    """Remembers the answers and refusals that it is told of; doesn't care for the rest."""

    requests: list[tuple[str, str, int]] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        assert seconds >= 0
        self.requests.append((route, method, status))

    def rejected(self, model: str, reason: str) -> None:
        self.refusals.append((model, reason))

    def batch(
        self, model: str, *, segments: int, tokens: int, padded_tokens: int, engine_seconds: float, failed: bool
    ) -> None: ...

    def queue_wait(self, model: str, seconds: float) -> None: ...

    def dropped(self, model: str, reason: str) -> None: ...

    def flagged(self, model: str, flag: str) -> None: ...

    def retried(self, model: str) -> None: ...
