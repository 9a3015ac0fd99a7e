"""Links, addresses and the like: what must come through as it was, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.checks.literals import literals
from service.core.enums import Flag, Severity
from service.core.types import Span

check = literals("de", "en")
assert check is not None


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Siehe https://example.org/politik.", "She https:/examp.org/…"),
        ("Mail an redaktion@example.org!", "Mail to editorial@example.org!"),
        ("Mehr bei @tagesschau heute.", "More at @dayshow today."),
        ("Danke, #Landtagswahl.", "Thanks, #Stateelection."),
        ("Hallo {{name}}, guten Tag.", "Hello name, good day."),
        ("Noch %s Tage und %(n)d Stunden.", "Another s days and %(n)d hours."),
        ("Ein <b>großer</b> Tag.", "A <b>great day."),
        ("A &amp; B.", "A and B."),
        ("Mehr auf example.de/sport.", "More at example.com/sport."),
        ("Kein Link.", "No link: www.example.org."),
        ("Preis: ${betrag} heute.", "Price: ${amount} today."),
    ],
)
def test_a_changed_literal_is_found(source: str, target: str) -> None:
    [finding] = check(source, target)
    assert (finding.flag, finding.severity) == (Flag.LITERAL_CHANGED, Severity.CRITICAL)
    assert finding.source or finding.target


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Siehe https://example.org/politik.", "See https://example.org/politik!"),
        ("„www.example.org“, sagte er.", '"www.example.org," he said.'),
        ("Das sind 10 %.", "That is 10 %."),
        ("Rund 20 % der Leute, 5%ige Lösung.", "Some 20% of people, a 5% solution."),
        ("Er kam z.B. um 9.30 Uhr.", "He came e.g. at 9.30."),
        ("Die Nr. 1 ist C# und F#.", "No. 1 is C# and F#."),
        ("A < B und C > D.", "A < B and C > D."),
        ("Mehr bei SPIEGEL.de und T-Online.", "More at Spiegel.de and T-Online."),
        ("Ende.Anfang war besser.", "End. Start was better."),
    ],
)
def test_what_is_kept_or_only_looks_like_a_literal_passes(source: str, target: str) -> None:
    assert check(source, target) == []


def test_places_are_those_of_what_the_other_side_lacks() -> None:
    source, target = "a@b.de und c@d.de.", "c@d.de and a@b.com."
    [finding] = check(source, target)
    assert [source[span.start : span.end] for span in finding.source] == ["a@b.de"]
    assert [target[span.start : span.end] for span in finding.target] == ["a@b.com"]
    assert finding.source == (Span(0, 6),)


@given(st.text(alphabet="ab .@#/{}<>&%$:;w_-1de", max_size=60))
def test_a_text_agrees_with_itself(text: str) -> None:
    assert check(text, text) == []
