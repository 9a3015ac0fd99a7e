"""Output that is the source again."""

from __future__ import annotations

import pytest

from service.checks.copied import copies

LONG = "Der Minister erklärte am Montag in Berlin, dass die Verhandlungen über den Haushalt weitergehen."


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (LONG, LONG, True),
        ("Guten Morgen zusammen", "Guten Morgen zusammen", True),
        ("Borussia Dortmund – FC Bayern München 2:1", "Borussia Dortmund – FC Bayern München 2:1", False),
        ("Berlin", "Berlin", False),
        (LONG, "The minister declared on Monday in Berlin that talks continue.", False),
    ],
)
def test_copied_source_leaves_names_alone(source: str, target: str, expected: bool) -> None:
    assert copies(source, target) is expected
