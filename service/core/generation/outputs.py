"""One output of a model: findings, value in the cache, whether it deserves a second try, and which of two stands."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import Any

from service.core.enums import Flag, Quality, Severity
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


def deserves_second_try(first: Output, best: Output) -> bool:
    """Whether another search is worth while for a first output, given the best of all that its search held.

    Where that is beyond suspicion it will do, but for an output that repeats itself: what was next to it in the search
    is mostly the same sentence with one of the repetitions missing, and the sentence is better said anew (figures at
    `second_try`).
    """
    return best.suspicious or any(finding.flag is Flag.REPETITION for finding in first.findings)


def searched(options: DecodingOptions, quality: Quality) -> DecodingOptions:
    """A model's own options, or those of a fast search: greedy, the rest alike."""
    return replace(options, beam_size=1) if quality is Quality.FAST else options


def second_try(options: DecodingOptions, first: Output) -> DecodingOptions:
    """Other decoding options for an output that failed its checks, by what they found in it.

    Measured on the starter's outputs for newstest2014 to 2017 with findings, by chrF of what then stands for the output
    (`python -m bench.second_tries`). For repetitions, 250: a beam of 4 that may not repeat three tokens made 144 better
    and 51 worse; with repetition_penalty 1.2, four tokens, 130 and 70; a greedy search, 83 and 53. For numbers that
    changed, 149: three tokens and a light penalty, which leads the search elsewhere, 58 and 12; greedy, 33 and 14.
    """
    # The whole vocabulary: what was missing may be what the shortlist lacks.
    wider = replace(options, beam_size=max(4, options.beam_size), no_repeat_ngram_size=3, shortlist="")
    if any(finding.flag is Flag.REPETITION for finding in first.findings):
        return wider
    return replace(wider, repetition_penalty=1.1)


def better(first: Output, second: Output) -> Output:
    """Which of two outputs for one input stands; one that isn't the first that was made is marked as retried.

    The one in which less was found, weighted with severity. Of two that both took the first one's place for that, the
    one of which the model was surer.
    """
    lighter = weight(second.findings) - weight(first.findings)
    surer = Flag.RETRIED in first.notes and _score(second) > _score(first)
    if lighter < 0 or (lighter == 0 and surer):
        return replace(second, notes=tuple(dict.fromkeys((*second.notes, Flag.RETRIED))))
    return first


def _score(output: Output) -> float:
    return -math.inf if output.score is None else output.score


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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
    return _json(document).encode("utf-8", "surrogatepass")


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
