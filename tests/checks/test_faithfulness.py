"""Numbers and quotations of a summary that its source doesn't have."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.checks.faithfulness import unsupported_numbers, unsupported_quotes
from tests.ranking.articles import ALL

SAME_NUMBER = [
    ("11.000 Soldaten", "11,000 soldiers"),
    ("1.2 million people", "1,200,000 people"),
    ("1,2 Millionen Menschen", "1.200.000 Menschen"),
    ("1,2 Mio. Euro", "1.2m euros"),
    ("2,5 Milliarden", "2.5 billion"),
    ("2,5 Mrd. Euro", "$2.5bn"),
    ("3 Billionen Euro", "3 trillion euros"),
    ("1.234,56 Euro", "1,234.56 euros"),
    ("1’200’000 Franken", "1.2 million francs"),
    ("3,5 Prozent", "3.5%"),
    ("5 per cent", "5 Prozent"),
    ("seven dogs", "7 Hunde"),
    ("zwölf Hunde", "12 dogs"),
    ("a dozen eggs", "zwölf Eier"),
    ("two million", "2.000.000"),
    ("eine Million", "1,000,000"),
    ("half a million", "500.000"),
    ("a fünfjähriger Junge", "ein 5-jähriger Junge"),
    ("twenty-five people", "25 Menschen"),
    ("fünfundzwanzig Menschen", "25 people"),
    ("the 4th quarter", "im vierten Quartal"),
    ("at 4.30 pm", "um 16.30 Uhr"),
    ("at 4:30 pm", "um 16:30 Uhr"),
    ("5 percent to 7 percent", "5 bis 7 Prozent"),
    ("27 million to 30 million", "27 bis 30 Millionen"),
    ("on 27 December 2024", "am 27. Dezember 2024"),
    ("0,125 Gramm", "0.125 grams"),
    ("1 Hund", "ein Hund"),
]


@pytest.mark.parametrize(("claim", "source"), [*SAME_NUMBER, *[(b, a) for a, b in SAME_NUMBER]])
def test_the_same_number_in_another_notation_is_supported(claim: str, source: str) -> None:
    assert unsupported_numbers(claim, source) == []


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
    assert unsupported_numbers(claim, source) == missing


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
    assert unsupported_numbers(text, text) == []
    assert unsupported_quotes(text, text) == []


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_faithful_to_itself_and_none_raises(claim: str, source: str) -> None:
    assert unsupported_numbers(claim, claim) == []
    assert all(missing in claim for missing in unsupported_numbers(claim, source))
    assert all(missing in claim for missing in unsupported_quotes(claim, source))


@settings(deadline=None, max_examples=100)
@given(st.integers(1, 10**9 - 1))
def test_grouping_marks_never_change_a_whole_number(value: int) -> None:
    english, german = f"{value:,}", f"{value:,}".replace(",", ".")
    assert unsupported_numbers(english, german) == []
    assert unsupported_numbers(german, str(value)) == []
    assert unsupported_numbers(str(value + 1), german) == [str(value + 1)]
