"""Numbers and quotations of a summary that its source doesn't have."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.checks.faithfulness import unsupported_numbers, unsupported_quotes
from tests.ranking.articles import ALL

SAME_NUMBER = [
    ("11.000 Soldaten", "de", "11,000 soldiers", "en"),
    ("1.2 million people", "en", "1,200,000 people", "en"),
    ("1,2 Millionen Menschen", "de", "1.200.000 Menschen", "de"),
    ("1,2 Mio. Euro", "de", "1.2m euros", "en"),
    ("2,5 Milliarden", "de", "2.5 billion", "en"),
    ("2,5 Mrd. Euro", "de", "$2.5bn", "en"),
    ("3 Billionen Euro", "de", "3 trillion euros", "en"),
    ("1.234,56 Euro", "de", "1,234.56 euros", "en"),
    ("1’200’000 Franken", "de", "1.2 million francs", "en"),
    ("3,5 Prozent", "de", "3.5%", "en"),
    ("5 per cent", "en", "5 Prozent", "de"),
    ("seven dogs", "en", "7 Hunde", "de"),
    ("zwölf Hunde", "de", "12 dogs", "en"),
    ("a dozen eggs", "en", "zwölf Eier", "de"),
    ("two million", "en", "2.000.000", "de"),
    ("eine Million", "de", "1,000,000", "en"),
    ("half a million", "en", "500.000", "de"),
    ("a fünfjähriger Junge", "de", "ein 5-jähriger Junge", "de"),
    ("twenty-five people", "en", "25 Menschen", "de"),
    ("fünfundzwanzig Menschen", "de", "25 people", "en"),
    ("the 4th quarter", "en", "im vierten Quartal", "de"),
    ("at 4.30 pm", "en", "um 16.30 Uhr", "de"),
    ("at 4:30 pm", "en", "um 16:30 Uhr", "de"),
    ("5 percent to 7 percent", "en", "5 bis 7 Prozent", "de"),
    ("27 million to 30 million", "en", "27 bis 30 Millionen", "de"),
    ("on 27 December 2024", "en", "am 27. Dezember 2024", "de"),
    ("0,125 Gramm", "de", "0.125 grams", "en"),
    ("1 Hund", "de", "ein Hund", "de"),
]


@pytest.mark.parametrize(
    ("claim", "language", "source", "source_language"),
    [*SAME_NUMBER, *[(c, d, a, b) for a, b, c, d in SAME_NUMBER]],
)
def test_the_same_number_in_another_notation_is_supported(
    claim: str, language: str, source: str, source_language: str
) -> None:
    assert unsupported_numbers(claim, source, language, source_language) == []


@pytest.mark.parametrize(
    ("claim", "source", "missing"),
    [
        ("12,000 soldiers", "11.000 Soldaten", ["12,000"]),
        ("11 soldiers", "11.000 Soldaten", ["11"]),
        ("11.5 million", "11,5 Tausend", ["11.5 million"]),
        ("2 billion", "2 Millionen", ["2 billion"]),
        ("5 percent", "5 Menschen", ["5 percent"]),
        ("nine people", "acht Menschen", ["nine"]),
        ("On 4 May and 5 May", "am 4. Mai", ["5"]),
        ("7 and 7 and 8", "keine", ["7", "8"]),
        ("the fourth quarter", "im dritten Quartal", ["fourth"]),
        ("3.5%", "35 %", ["3.5%"]),
        ("one of the men", "keiner", []),
        ("no figures at all", "", []),
        ("", "5", []),
    ],
)
def test_numbers_that_the_source_lacks_are_named(claim: str, source: str, missing: list[str]) -> None:
    assert unsupported_numbers(claim, source, "en", "de") == missing


SOURCE = (
    'Die Ministerin sagte, sie sei „nicht bereit, diesen Preis zu zahlen“, und sprach von einem "Weckruf für alle". '
    "Der Verband forderte „zusammen mit der Stadt… [auf], alles zu tun“. He said he didn't know."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Sie ist „nicht bereit, diesen Preis zu zahlen“.",
        "Sie ist \"nicht bereit, diesen Preis zu zahlen,\" sagte sie.",
        "Sie ist »Nicht bereit«.",
        "Es sei ein ‚Weckruf für alle‘.",
        "“Weckruf für alle”",
        "Sie sei „nicht bereit … zu zahlen“.",
        "Sie sei „nicht bereit, diesen [hohen] Preis zu zahlen“.",
        "Gefordert wurde, „zusammen mit der Stadt alles zu tun“.",
        "Gefordert wurde, „zusammen mit der Stadt auf, alles zu tun“.",
        "He 'didn’t know'.",
        "It's the unions' job, isn't it?",
        "„…“",
        "Nothing is quoted.",
    ],
)  # fmt: skip
def test_quotations_that_stand_in_the_source_pass(claim: str) -> None:
    assert unsupported_quotes(claim, SOURCE) == []


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("Sie ist „bereit, jeden Preis zu zahlen“.", ["bereit, jeden Preis zu zahlen"]),
        ("Ein \"Weckruf\" und ein \"Skandal\", ja, ein \"Skandal\".", ["Skandal"]),
        ("Es sei ein ‚Ruf für alle‘.", ["Ruf für alle"]),
        ("“Weckruf … bereit”", ["Weckruf … bereit"]),
        ("Ein «Weck».", ["Weck"]),
    ],
)  # fmt: skip
def test_quotations_that_the_source_lacks_are_named(claim: str, missing: list[str]) -> None:
    assert unsupported_quotes(claim, SOURCE) == missing


@pytest.mark.parametrize(("article", "language"), ALL)
def test_an_article_is_faithful_to_itself(article: list[str], language: str) -> None:
    text = " ".join(article)
    assert unsupported_numbers(text, text, language) == []
    assert unsupported_quotes(text, text) == []


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["de", "en", "fr"]))
def test_any_text_is_faithful_to_itself_and_none_raises(claim: str, source: str, language: str) -> None:
    assert unsupported_numbers(claim, claim, language) == []
    assert all(missing in claim for missing in unsupported_numbers(claim, source, language))
    assert all(missing in claim for missing in unsupported_quotes(claim, source))


@settings(deadline=None, max_examples=100)
@given(st.integers(1, 10**9 - 1))
def test_grouping_marks_never_change_a_whole_number(value: int) -> None:
    english, german = f"{value:,}", f"{value:,}".replace(",", ".")
    assert unsupported_numbers(english, german, "en", "de") == []
    assert unsupported_numbers(german, str(value), "de") == []
    assert unsupported_numbers(str(value + 1), german, "de") == [str(value + 1)]
