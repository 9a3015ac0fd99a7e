"""Output that is too short or too long."""

from __future__ import annotations

import pytest

from service.checks.length import bounds_for, length_is_odd

LONG = "Der Minister erklärte am Montag in Berlin, dass die Verhandlungen über den Haushalt weitergehen."


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (LONG, "The minister.", True),
        (LONG, LONG * 3, True),
        (LONG, "The minister declared on Monday in Berlin.", True),
        (LONG * 2, "The minister declared on Monday in Berlin that talks on the budget would continue.", True),
        ("Ich habe es nicht gewusst, sagte er.", "No.", True),
        ("Vielen herzlichen Dank!", "Thanks!", False),
        (LONG, "", True),
        ("Nein.", "   ", True),
        ("Nein.", "No, he said.", False),
        ("Nein.", "No " * 30, True),
        (LONG, "The minister declared on Monday in Berlin that talks on the budget would continue.", False),
    ],
)
def test_length_ratio(source: str, target: str, expected: bool) -> None:
    assert length_is_odd(source, target, bounds_for("de", "en")) is expected
