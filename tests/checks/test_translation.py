"""The checks of a pair together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from service.checks.translation import check_summary, check_translation


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text(), st.booleans())
def test_checks_survive_any_text(source: str, target: str, finished: bool) -> None:
    flags = check_translation("de", "en")(source, target, finished)
    assert len(set(flags)) == len(flags)
    check_summary(source, target, finished)
