"""Quotations that lost their marks or got some, and marks and brackets that stand open."""

from __future__ import annotations

import pytest

from service.checks.quotes import quotes
from service.core.enums import Flag, Severity

check = quotes("de", "en")
assert check is not None


@pytest.mark.parametrize(
    ("source", "target", "severity"),
    [
        ("„Wir sparen nicht an der Bildung“, sagte sie.", "We don't cut education, she said.", Severity.MAJOR),
        ("Sie will nicht an der Bildung sparen.", 'She said "we do not cut education".', Severity.MAJOR),
        ("Pokalsieger „Gala“ gewann.", "Cup winners Gala won.", Severity.MINOR),
        ("„Ja“, sagte er.", '"Yes, he said.', Severity.MINOR),
        ("Der Rat (sieben Sitze) tagt.", "The council (seven seats meets.", Severity.MINOR),
    ],
)
def test_a_change_is_found(source: str, target: str, severity: Severity) -> None:
    [finding] = check(source, target)
    assert (finding.flag, finding.severity) == (Flag.QUOTES_CHANGED, severity)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("„Wir sparen nicht“, sagte sie.", "“We don't cut,” she said."),
        ("„Wir sparen nicht“, sagte sie.", "‘We don't cut,’ she said."),
        ("»Ja.« «Non.»", '"Yes." "No."'),
        ("„Er sagte: Das geht nicht so weiter.", "\"He said: It can't go on like this."),  # the next sentence ends it
        ("b) Der Rat tagt.", "b) The council meets."),
        ("Der Rat (sieben Sitze) tagt.", "The council, with seven seats, meets."),
        ("Es geht so.", "It's O'Brien's."),
    ],
)
def test_what_says_the_same_passes(source: str, target: str) -> None:
    assert check(source, target) == []
