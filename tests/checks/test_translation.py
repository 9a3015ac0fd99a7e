"""The checks of a pair together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.checks.translation import check_summary, check_translation
from service.core.enums import Flag
from service.core.types import Finding, Span


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text(), st.booleans())
def test_checks_survive_any_text(source: str, target: str, finished: bool) -> None:
    for finding in (*check_translation("de", "en")(source, target, finished), *check_summary(source, target, finished)):
        for text, spans in ((source, finding.source), (target, finding.target)):
            assert all(0 <= span.start <= span.end <= len(text) for span in spans)
            assert sorted(spans, key=lambda span: span.start) == list(spans)


def flags(findings: tuple[Finding, ...]) -> tuple[Flag, ...]:
    return tuple(finding.flag for finding in findings)


TEXTS = {
    "de": "Der Minister erklärte am Montag, der Haushalt wachse um 3,5 Milliarden Euro, das sei genug.",
    "en": "The minister declared on Monday that the budget would grow by 3.5 billion euros, which was enough.",
}


@pytest.mark.parametrize(("source_lang", "target_lang"), [("de", "en"), ("en", "de")])
def test_each_fault_raises_its_flag_and_a_right_translation_none(source_lang: str, target_lang: str) -> None:
    check = check_translation(source_lang, target_lang)
    source, target = TEXTS[source_lang], TEXTS[target_lang]
    assert flags(check(source, target, True)) == ()
    assert flags(check(source, target, False)) == (Flag.TRUNCATED,)
    assert flags(check(source, f"{target} {'und ' * 12}", True)) == (Flag.REPETITION,)
    assert flags(check(source, target[:20], True)) == (Flag.LENGTH_RATIO, Flag.NUMBERS_CHANGED)
    assert flags(check(source, target.replace("5", "6"), True)) == (Flag.NUMBERS_CHANGED,)
    assert Flag.COPIED_SOURCE in flags(check(source, source, True))


BUDGET = "The minister declared on Monday that talks on the 2024 budget would go on."


@pytest.mark.parametrize(
    ("source", "source_lang", "target", "target_lang"),
    [
        (BUDGET, "en", "Le ministre a déclaré lundi que les discussions sur le budget 2024 continueraient.", "fr"),
        (BUDGET, "en", "部长周一宣布，关于2024年预算的谈判将继续进行。", "zh"),
        ("部长周一宣布，关于2024年预算的谈判将继续进行。", "zh", BUDGET, "en"),
        (BUDGET, "en", "أعلن الوزير يوم الاثنين أن المحادثات حول ميزانية ٢٠٢٤ ستستمر.", "ar"),
    ],
)
def test_any_other_pair_gets_what_holds_for_all(source: str, source_lang: str, target: str, target_lang: str) -> None:
    check = check_translation(source_lang, target_lang)
    assert flags(check(source, target, True)) == ()
    assert Flag.COPIED_SOURCE in flags(check(source, source, True))
    assert Flag.REPETITION in flags(check(source, target + target[-4:] * 8, True))
    assert Flag.LENGTH_RATIO in flags(check(source, "", True))
    assert Flag.LENGTH_RATIO in flags(check(source, target * 6, True))
    assert Flag.NUMBERS_CHANGED in flags(check(source, target.replace("2024", "2025").replace("٢٠٢٤", "٢٠٢٥"), True))


def test_codes_of_regions_and_in_other_spelling_get_the_checks_of_their_language() -> None:
    """A length that German -> English doesn't allow, and an unknown pair does."""
    source, target = "word " * 40, "other " * 17
    assert flags(check_translation("de", "en")(source, target, True)) == (Flag.LENGTH_RATIO,)
    assert flags(check_translation("de-AT", "EN_us")(source, target, True)) == (Flag.LENGTH_RATIO,)
    assert flags(check_translation("cs", "sv")(source, target, True)) == ()


def test_a_summary_is_checked_for_loops_and_emptiness() -> None:
    assert flags(check_summary(TEXTS["en"], "", True)) == (Flag.LENGTH_RATIO,)
    assert flags(check_summary(TEXTS["en"], "The " + "budget " * 6, True)) == (Flag.REPETITION,)
    assert flags(check_summary(TEXTS["en"], "The budget will grow.", False)) == ()


def test_a_changed_number_is_shown_in_both_texts() -> None:
    source, target = "Von 12 Städten blieben 2019 noch 7 übrig.", "Of 12 cities 8 were left in 2019."
    [finding] = check_translation("de", "en")(source, target, True)
    assert [source[span.start : span.end] for span in finding.source] == ["7"]
    assert [target[span.start : span.end] for span in finding.target] == ["8"]
    assert finding.severity == "critical"
    assert finding.flag.category == "accuracy/mistranslation"


def test_a_copy_is_shown_as_a_whole() -> None:
    source = TEXTS["de"]
    found = {finding.flag: finding for finding in check_translation("de", "en")(source, source, True)}
    finding = found[Flag.COPIED_SOURCE]
    assert finding.source == finding.target == (Span(0, len(source)),)
