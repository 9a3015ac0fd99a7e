"""One output of a model: findings, value in the cache, whether it deserves a second try, and which of two stands."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from service.core.enums import Flag, Severity
from service.core.findings import serious, weight
from service.core.types import DecodingOptions, Finding, Span


@dataclass(frozen=True, slots=True)
class Output:
    """The text, what the checks found, what else is to be said of how it was made, and whether it came from the cache.

    Places are in the model's input and in `text`. `score` is how sure the model was (`certainty.sureness`), None where
    the engine doesn't say; `certainty` is the share of a sample of news of which it was less sure.
    """

    text: str
    findings: tuple[Finding, ...] = ()
    notes: tuple[Flag, ...] = ()
    score: float | None = None
    certainty: float | None = None
    cached: bool = False

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The flags of its findings and its notes, each once."""
        if not self.findings:
            return self.notes
        return tuple(dict.fromkeys((*(finding.flag for finding in self.findings), *self.notes)))

    @property
    def suspicious(self) -> bool:
        """Whether a finding calls for a second try, and keeps the output out of the cache if it stays."""
        return serious(self.findings)


def deserves_second_try(output: Output, had_alternatives: bool) -> bool:
    """Whether an output is worth another search.

    Where only a number seems changed, and all that the beam held changes it, too, another search seldom does better
    (with a weak model one time in eight) and costs a third of the first; mostly it is a number that the check can't
    follow.
    """
    found = {finding.flag for finding in output.findings if finding.severity is not Severity.MINOR}
    return bool(found - {Flag.NUMBERS_CHANGED}) or (bool(found) and not had_alternatives)


def second_try(options: DecodingOptions, first: Output) -> DecodingOptions:
    """Other decoding options for an output that failed its checks: no beam, and no loops if it looped.

    A wider beam mostly finds the same output again, and what it does change is for the worse here: wider searches give
    shorter outputs (Murray and Chiang, 2018, arXiv:1808.10006) and more copies of the source (Ott et al., 2018,
    arXiv:1803.00047). Taking the likeliest token at each step is another search, at about a third of the cost.
    """
    other = replace(options, beam_size=1 if options.beam_size > 1 else 4)
    flags = first.flags
    if Flag.REPETITION in flags or Flag.TRUNCATED in flags:
        return replace(other, no_repeat_ngram_size=4, repetition_penalty=1.2)
    return other


def better(first: Output, second: Output) -> Output:
    """The second try where less was found in it than in the first, marked as retried; else the first."""
    if weight(second.findings) < weight(first.findings):
        return replace(second, notes=tuple(dict.fromkeys((*second.notes, Flag.RETRIED))))
    return first


def encode_value(output: Output) -> bytes:
    """A cache value: JSON with the text, and what there is of findings, notes and a score."""
    document: dict[str, Any] = {"t": output.text}
    if output.findings:
        document["f"] = [
            [finding.flag, finding.severity, _plain(finding.source), _plain(finding.target)]
            for finding in output.findings
        ]
    if output.notes:
        document["n"] = output.notes
    if output.score is not None:
        document["s"] = round(output.score, 5)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def decode_value(value: bytes) -> Output | None:
    """The output in a cache value, or None when it isn't one, or has a flag that this release doesn't know."""
    try:
        document = json.loads(value.decode("utf-8", "surrogatepass"))
        text, score = document["t"], document.get("s")
        findings = tuple(
            Finding(Flag(flag), Severity(severity), _spans(source), _spans(target))
            for flag, severity, source, target in document.get("f", ())
        )
        notes = tuple(map(Flag, document.get("n", ())))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not isinstance(text, str) or not (score is None or isinstance(score, float)):
        return None
    return Output(text, findings, notes, score, cached=True)


def _plain(spans: tuple[Span, ...]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _spans(plain: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(int(start), int(end)) for start, end in plain)
