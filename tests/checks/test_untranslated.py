"""Parts of the source that stand in the output as they were, and titles that rightly do."""

from __future__ import annotations

import pytest

from service.checks.copied import copies
from service.checks.translation import check_translation
from service.checks.untranslated import untranslated
from service.core.enums import Flag, Severity

from .made import made

GERMAN = "Der Minister sagte, die Verhandlungen seien für alle Seiten schwierig gewesen."
ENGLISH = "The minister said that the talks had been difficult for all of the parties."


@pytest.mark.parametrize(
    ("source_lang", "target_lang", "source", "target", "part"),
    [
        (
            "de",
            "en",
            GERMAN,
            "The minister said, seien für alle Seiten schwierig gewesen.",
            "seien für alle Seiten schwierig gewesen",
        ),
        (
            "en",
            "de",
            ENGLISH,
            "Der Minister sagte, had been difficult for all of the Parteien.",
            "had been difficult for all of the",
        ),
    ],
)
def test_a_part_is_found_in_both_texts(source_lang: str, target_lang: str, source: str, target: str, part: str) -> None:
    [finding] = made(untranslated, source_lang, target_lang)(source, target)
    assert (finding.flag, finding.severity) == (Flag.UNTRANSLATED, Severity.MAJOR)
    assert [source[span.start : span.end] for span in finding.source] == [part]
    assert [target[span.start : span.end] for span in finding.target] == [part]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("He worked for News of the World for years.", "Er arbeitete jahrelang für News of the World."),
        ("He saw 'it is all about the money' there.", "Er sah dort 'it is all about the money'."),
        (ENGLISH, "Der Minister sagte, die Gespräche seien für alle schwierig gewesen."),
    ],
)
def test_titles_and_translations_pass(source: str, target: str) -> None:
    assert made(untranslated, "en", "de")(source, target) == []


def test_there_is_none_for_languages_without_function_words() -> None:
    assert untranslated("de", "zh") is None


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Merkel plant weiter", "Merkel plant weiter.", True),
        ("guten Morgen", "guten Morgen.", True),
        ("REGIERUNG SENKT STEUERN DEUTLICH", "REGIERUNG SENKT STEUERN DEUTLICH", True),
        ("REGIERUNG SENKT STEUERN DEUTLICH", "Regierung senkt Steuern deutlich.", True),
        ("REGIERUNG SENKT STEUERN DEUTLICH", "GOVERNMENT CUTS TAXES DEEPLY", False),
        ("FC BAYERN MÜNCHEN", "FC BAYERN MÜNCHEN", False),
        ("Angela Merkel", "Angela Merkel.", False),
    ],
)
def test_short_texts_and_headlines(source: str, target: str, expected: bool) -> None:
    assert copies(source, target) is expected


def test_the_whole_source_again_is_found_once() -> None:
    source = "Der Rat der Stadt hat am Abend über den neuen Haushalt und die Schulen beraten."
    flags = [finding.flag for finding in check_translation("de", "en")(source, source, True)]
    assert flags == [Flag.COPIED_SOURCE]
