"""What is done with findings once a check has made them: moved to larger texts, joined, and weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.core.enums import Severity
from service.core.types import Finding, Span

Findings = tuple[Finding, ...]

_WEIGHTS = {Severity.CRITICAL: 10, Severity.MAJOR: 5, Severity.MINOR: 1}
"""Of MQM's scoring model (themqm.org, error severity multipliers: minor 1, major 5; critical from 10 on)."""


def weight(findings: Findings) -> int:
    """How bad it is altogether."""
    return sum(_WEIGHTS[finding.severity] for finding in findings)


def serious(findings: Findings) -> bool:
    """Whether any finding is more than a blemish."""
    return any(finding.severity is not Severity.MINOR for finding in findings)


def moved(findings: Findings, source: int, target: int) -> Findings:
    """With places that begin so many code points later in the source and in the target."""
    if not findings or not (source or target):
        return findings
    return tuple(
        Finding(each.flag, each.severity, _moved(each.source, source), _moved(each.target, target)) for each in findings
    )


def traced(findings: Findings, places: Sequence[int]) -> Findings:
    """With places in the text that a source was made from, where its code point i stood at `places[i]`."""
    return tuple(
        Finding(each.flag, each.severity, tuple(_traced(span, places) for span in each.source), each.target)
        for each in findings
    )


def trimmed(findings: Findings, before: int, length: int) -> Findings:
    """With places in a target that lost so many code points at its start and has `length` left."""

    def cut(place: int) -> int:
        return min(max(0, place - before), length)

    return tuple(
        replace(each, target=tuple(Span(cut(span.start), cut(span.end)) for span in each.target)) for each in findings
    )


def joined(first: Findings, second: Findings) -> Findings:
    """Of two translations that follow one another: the places in the text between them are nobody's."""
    if not first and not second:
        return ()
    before = [Finding(each.flag, each.severity, each.source) for each in first]
    return (*before, *(Finding(each.flag, each.severity, (), each.target) for each in second))


def _moved(spans: tuple[Span, ...], by: int) -> tuple[Span, ...]:
    return tuple(Span(span.start + by, span.end + by) for span in spans) if by else spans


def _traced(span: Span, places: Sequence[int]) -> Span:
    if span.start >= span.end:  # a place between two characters
        here = places[span.start] if span.start < len(places) else (places[-1] + 1 if places else 0)
        return Span(here, here)
    return Span(places[span.start], places[span.end - 1] + 1)
