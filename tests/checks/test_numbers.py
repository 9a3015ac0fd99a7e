"""Numbers of a translation against those of its source: what must be flagged, and what must not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.checks.numbers import numbers_changed


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Es waren 11.000 Soldaten.", "There were 11,000 soldiers."),
        ("Es waren 11 000 Soldaten.", "There were 11,000 soldiers."),
        ("Es waren noch 46 706.", "It was still 46,706."),
        ("Die Inflation stieg auf 3,5 Prozent.", "Inflation rose to 3.5 percent."),
        ("Am 4. November 2024", "On 4 November 2024"),
        ("Am 04.11.2024", "On November 4, 2024"),
        ("Um 18.30 Uhr", "At 6:30 p.m."),
        ("Um 12 Uhr", "At noon"),
        ("Nach 3 Tagen", "After three days"),
        ("Nach drei Tagen", "After 3 days"),
        ("Im 21. Jahrhundert", "In the 21st century"),
        ("In den 80er-Jahren", "In the 1980s"),
        ("Der 1. Platz", "First place"),
        ("1,2 Milliarden Euro", "1.2 billion euros"),
        ("Er ist 1,80 Meter groß", "He is 1.8 metres tall"),
        ("Fünfzig Menschen", "50 people"),
        ("Um 19.30 Uhr", "At 7:30 p.m."),
        ("Um 0.30 Uhr", "At 12:30 a.m."),
        ("Gegen halb sieben", "At around 6:30"),
        ("10.30 Uhr bis 12.45 Uhr", "10:30 a.m. to 12:45 p.m."),
        ("Ein 0:4 (0:1)", "A 4-0 (1-0) defeat"),
        ("Am 27.12. in Köln", "On December 27 in Cologne"),
        ("Der 11. September", "The 9/11 attacks"),
        ("5,5 Mio. Euro", "5.5 million euros"),
        ("1,2 Milliarden Euro", "€1.2bn"),
        ("1.200 Millionen Euro", "1.2 billion euros"),
        ("2 bis 3 Millionen Euro", "€2m to €3m"),
        ("500.000 Menschen", "Half a million people"),
        ("Eine halbe Million Menschen", "500,000 people"),
        ("Anderthalb Millionen", "1.5 million"),
        ("Der 100-m-Lauf", "The 100m race"),
        ("Die siebziger Jahre", "The 1970s"),
        ("In den 70ern", "In the seventies"),
        ("Im 19. Jahrhundert", "In the 1800s"),
        ("Die Saison 2014/15", "The 2014-15 season"),
        ("Telefon 06181/100-123", "Phone 0049 6181 100 123"),
        ("Auf der A 7", "On the A7"),
        ("2 1/2 Stunden", "2.5 hours"),
        ("2½ Stunden", "Two and a half hours"),
        ("Nr. 1", "Number one"),
        ("3-4 Tage", "Three to four days"),
        ("20 bis 30 Prozent", "20-30%"),
        ("Eine 18-Jährige", "An 18-year-old"),
        ("1.000 €", "€1,000"),
        ("1.234,56 Euro", "1,234.56 euros"),
        ("Zweihundertfünfzig Euro", "€250"),
        ("50.000 Euro", "Fifty thousand euros"),
        ("Zwei Dutzend", "24"),
        ("200.000 Dollar", "$200k"),
        ("Im II. Quartal", "In Q2"),
        ("Der Mann kam.", "The man came."),
    ],
)
def test_numbers_in_another_format_have_not_changed(source: str, target: str) -> None:
    assert not numbers_changed(source, target, "de", "en")


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Es waren 11.000 Soldaten.", "There were 1,100 soldiers."),
        ("Es waren 11.000 Soldaten.", "There were soldiers."),
        ("Die Inflation stieg auf 3,5 Prozent.", "Inflation rose to 35.1 percent."),
        ("Am 4. November 2024", "On 4 November 2023"),
        ("Der Mann kam.", "The man came in 1987."),
        ("3.000 Soldaten und 5.000 Zivilisten", "3,000 soldiers and 3,000 civilians"),
        ("Um 18.30 Uhr", "At 8:30 p.m."),
        ("11.000 Soldaten", "11.00 soldiers"),
        ("3.500 Soldaten", "3.500 soldiers"),
        ("3,5 Prozent", "3,500 percent"),
        ("1,2 Prozent", "12 percent"),
        ("1.200 Euro", "12,00 euros"),
        ("Im Jahr 2019", "In 2109"),
        ("15 Menschen", "3 people"),
        ("Drei Tote", "4 dead"),
        ("Fünfzig Menschen", "15 people"),
        ("20 Prozent", "Two percent"),
        ("Ein 2:0", "A 2-1 win"),
        ("5,5 Millionen Euro", "5.5 billion euros"),
        ("5,5 Millionen Euro", "5.5 euros"),
        ("Eine Milliarde Euro", "A trillion euros"),
        ("5 Mrd. Euro", "€5m"),
        ("30 Tote in zehn Tagen", "Dead in ten days"),
        ("Um 18.45 Uhr", "At 6:30 p.m."),
    ],
)
def test_changed_lost_and_invented_numbers_are_found(source: str, target: str) -> None:
    assert numbers_changed(source, target, "de", "en")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.decimals(0, 10**9, places=2) | st.integers(0, 10**12), min_size=1, max_size=5))
def test_a_number_never_differs_from_itself_in_the_other_notation(numbers: list[Decimal | int]) -> None:
    english = " and ".join(f"{number:,}" for number in numbers)
    german = english.replace("and", "und").translate(str.maketrans(",.", ".,"))
    assert not numbers_changed(german, english, "de", "en")


@settings(max_examples=200, deadline=None)
@given(st.integers(100, 10**12), st.integers(100, 10**12))
def test_two_numbers_differ_in_any_notation(one: int, other: int) -> None:
    grouped = f"{one:,}".replace(",", ".")
    assert numbers_changed(f"Es sind {grouped} Euro.", f"It is {other:,} euros.", "de", "en") is (one != other)


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("It cost 3.5 billion dollars.", "Es kostete 3,5 Milliarden Dollar."),
        ("$5.3tn a day", "5,3 Billionen Dollar am Tag"),
        ("€1.2bn and $200k", "1,2 Milliarden Euro und 200.000 Dollar"),
        ("1.2 billion euros", "1200 Millionen Euro"),
        ("Half a million people", "Eine halbe Million Menschen"),
        ("Half a million people", "500.000 Menschen"),
        ("One and a half million", "Anderthalb Millionen"),
        ("Two and a half hours", "Zweieinhalb Stunden"),
        ("An hour and a half", "90 Minuten"),
        ("The inflation rate rose to 3.5 percent.", "Die Inflation stieg auf 3,5 Prozent."),
        ("1,234.56 euros", "1.234,56 Euro"),
        ("11,000 soldiers", "11.000 Soldaten"),
        ("11,000 soldiers", "11 000 Soldaten"),
        ("46,706 and 1,000,000", "46.706 und 1.000.000"),
        ("A hundred and ten thousand", "110.000"),
        ("At 6.30 pm", "Um 18.30 Uhr"),
        ("At 6:30 p.m.", "Um 18:30 Uhr"),
        ("At 6 pm", "Um 18 Uhr"),
        ("At 12:30 a.m.", "Um 0.30 Uhr"),
        ("At half past six", "Um 6.30 Uhr"),
        ("At 6:30", "Um halb sieben"),
        ("On November 4, 2024", "Am 4.11.2024"),
        ("On 4 November 2024", "Am 04.11.2024"),
        ("On December 27", "Am 27. Dezember"),
        ("Two dozen people", "24 Menschen"),
        ("A dozen eggs", "12 Eier"),
        ("The 4th quarter", "Das vierte Quartal"),
        ("The 21st century", "Das 21. Jahrhundert"),
        ("In the 1800s", "Im 19. Jahrhundert"),
        ("In the 1980s", "In den 80er-Jahren"),
        ("The 2014-15 season", "Die Saison 2014/15"),
        ("First place", "Der 1. Platz"),
        ("Twenty-five people", "25 Menschen"),
        ("Two hundred and fifty euros", "250 Euro"),
        ("The top 10", "Die Top Ten"),
        ("The round of 16", "Das Achtelfinale"),
        ("The last 8", "Das Viertelfinale"),
        ("60 m²", "60 m2"),
        ("60 square metres", "60 m2"),
        ("40 years", "vier Jahrzehnte"),
        ("Rugby sevens", "7er-Rugby"),
        ("From 15 to 30", "15-30"),
        ("2 to 3 million euros", "2 bis 3 Mio. Euro"),
        ("Call 0049 6181 100 123", "Telefon 06181/100-123"),
    ],
)
def test_the_same_numbers_pass_in_both_directions(english: str, german: str) -> None:
    assert not numbers_changed(english, german, "en", "de")
    assert not numbers_changed(german, english, "de", "en")


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("It cost 3.5 billion dollars.", "Es kostete 3,5 Billionen Dollar."),
        ("It cost 3.5 billion dollars.", "Es kostete 3,5 Millionen Dollar."),
        ("It cost 3.5 billion dollars.", "Es kostete 35 Milliarden Dollar."),
        ("A trillion euros", "Eine Milliarde Euro"),
        ("3.5 percent", "3.500 Prozent"),
        ("11,000 soldiers", "11 Soldaten"),
        ("11,000 soldiers", "Soldaten"),
        ("At 6.30 pm", "Um 17.30 Uhr"),
        ("On November 4, 2024", "Am 4.12.2024"),
        ("Half a million people", "50.000 Menschen"),
        ("Two dozen people", "25 Menschen"),
        ("The top 10", "Die Top Elf"),
        ("Soldiers", "12 Soldaten"),
        ("An hour and a half", "80 Minuten"),
    ],
)
def test_changed_numbers_are_found_in_both_directions(english: str, german: str) -> None:
    assert numbers_changed(english, german, "en", "de")
    assert numbers_changed(german, english, "de", "en")


@pytest.mark.parametrize(
    ("source", "source_lang", "target", "target_lang"),
    [
        ("Three people died in 2019.", "en", "Trois personnes sont mortes en 2019.", "fr"),
        ("3 people died.", "en", "Trois personnes sont mortes.", "fr"),
        ("50 people died.", "en", "Cinquante personnes sont mortes.", "fr"),
        ("$3.5 million", "en", "3,5 millions de dollars", "fr"),
        ("3,5 millions de dollars", "fr", "3,5 Millionen Dollar", "de"),
        ("11,000 soldiers", "en", "11 000 soldats", "fr"),
        ("11.000 Soldaten", "de", "11.000 soldados", "es"),
        ("350 million people", "en", "3.5億人", "ja"),
        ("In 2024, 34.5%", "en", "٣٤٫٥٪ في ٢٠٢٤", "ar"),
        ("At 6:30 pm", "en", "À 18 h 30", "fr"),
        ("À 18:30", "fr", "At 6:30 pm", "en"),
        ("On 4 November 2024", "en", "4.11.2024", "cs"),
        ("1.234,5 EUR", "es", "1 234,5 EUR", "fr"),
    ],
)
def test_words_of_a_language_without_number_words_raise_no_alarm(
    source: str, source_lang: str, target: str, target_lang: str
) -> None:
    assert not numbers_changed(source, target, source_lang, target_lang)


@pytest.mark.parametrize(
    ("source", "source_lang", "target", "target_lang"),
    [
        ("In 2019", "en", "En 2018", "fr"),
        ("34.5%", "en", "34,6 %", "fr"),
        ("11,000 soldiers", "en", "12 000 soldats", "fr"),
        ("Des soldats", "fr", "137 soldiers", "en"),
        ("$3.5 million", "en", "3,6 millions de dollars", "fr"),
        ("En 2019", "fr", "In 2018", "es"),
    ],
)
def test_changed_digits_are_found_in_any_pair(source: str, source_lang: str, target: str, target_lang: str) -> None:
    assert numbers_changed(source, target, source_lang, target_lang)


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("0123456789.,' %½mk€thun dertausMio"), max_size=60),
    st.sampled_from(["de", "en", "fr", "zh"]),
)
def test_a_text_of_numbers_agrees_with_itself(text: str, language: str) -> None:
    assert not numbers_changed(text, text, language, language)
