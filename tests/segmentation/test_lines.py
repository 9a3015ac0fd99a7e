"""What a line break means: wire copy has a unit per line, e-mail wraps its lines."""

import pytest

from service.segmentation.segmenter import SentenceSegmenter


def split(text: str, language: str = "de") -> list[str]:
    return [text[span.start : span.end] for span in SentenceSegmenter().sentences(text, language)]


def test_headline_dateline_and_body_are_segments() -> None:
    text = (
        "Brücke in Kiel wird repariert\n"
        "KIEL (xyz), 4. November\n"
        "Die Stadt Kiel lässt die Hafenbrücke reparieren. Das teilte das Bauamt am Montag mit.\n"
        "Die Arbeiten dauern bis zum 3. März und kosten nach Angaben des Amtes rund 1,5 Mio. Euro."
    )
    assert split(text) == [
        "Brücke in Kiel wird repariert",
        "KIEL (xyz), 4. November",
        "Die Stadt Kiel lässt die Hafenbrücke reparieren.",
        "Das teilte das Bauamt am Montag mit.",
        "Die Arbeiten dauern bis zum 3. März und kosten nach Angaben des Amtes rund 1,5 Mio. Euro.",
    ]


@pytest.mark.parametrize("mark", ["- ", "• ", "– ", "* ", "> "])
def test_list_items_are_segments(mark: str) -> None:
    text = f"Das Wichtigste:\n{mark}Brücke gesperrt\n{mark}Umleitung über Gaarden\n{mark}mehr am Montag"
    assert split(text) == text.split("\n")


@pytest.mark.parametrize("numbers", [["1. ", "2. ", "3. "], ["1) ", "2) ", "3) "], ["a) ", "b) ", "c) "]])
def test_numbered_items_keep_their_number(numbers: list[str]) -> None:
    text = "\n".join(f"{number}Halbzeit ohne Tore" for number in numbers)
    assert split(text) == text.split("\n")


def test_an_item_that_wraps_in_lower_case_stays_whole() -> None:
    assert split("- Brücke gesperrt und\n  Umleitung eingerichtet\n- Bus fährt nicht") == [
        "- Brücke gesperrt und\n  Umleitung eingerichtet",
        "- Bus fährt nicht",
    ]


def test_hard_wrapped_prose_is_joined() -> None:
    text = (
        "Die Stadt Kiel lässt die Hafenbrücke reparieren, wie das Bauamt am\n"
        "Montag mitteilte. Die Arbeiten beginnen nach Angaben der Stadt am 4.\n"
        "November und sollen bis zum Frühjahr dauern. Autofahrer müssen mit\n"
        "Umwegen rechnen."
    )
    assert [sentence.replace("\n", " ") for sentence in split(text)] == [
        "Die Stadt Kiel lässt die Hafenbrücke reparieren, wie das Bauamt am Montag mitteilte.",
        "Die Arbeiten beginnen nach Angaben der Stadt am 4. November und sollen bis zum Frühjahr dauern.",
        "Autofahrer müssen mit Umwegen rechnen.",
    ]


def test_a_headline_over_hard_wrapped_prose_stands_alone() -> None:
    text = (
        "Kiel repairs bridge\n"
        "The city of Kiel is having its harbour bridge repaired, the building\n"
        "office said on Monday. Work will begin in November and is expected\n"
        "to last until spring."
    )
    assert [sentence.replace("\n", " ") for sentence in split(text, "en")] == [
        "Kiel repairs bridge",
        "The city of Kiel is having its harbour bridge repaired, the building office said on Monday.",
        "Work will begin in November and is expected to last until spring.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Die Brücke wird\nrepariert",
        "Der Bericht nennt Dr.\nMüller als Zeugen",
        "Autoren sind Anna Klein,\nPeter Weber und Ina Lund",
        "Das Land Nordrhein-\nWestfalen zahlt",
        "BERLIN (xyz) -\nDie Regierung tagt",
        "Sie kamen\n- anders als sonst - zu spät",
        "Er wurde am 4.\nNovember geboren",
    ],
)
def test_an_unfinished_line_runs_on(text: str) -> None:
    assert split(text) == [text]


def test_lines_that_end_in_an_abbreviation_are_segments() -> None:
    assert split("Umsatz: 5 Mio.\nGewinn: 2 Mio.") == ["Umsatz: 5 Mio.", "Gewinn: 2 Mio."]


@pytest.mark.parametrize("gap", ["\n\n", "\n \t\n", "\r\n\r\n", "\n\n\n\n", "\u2028\u2028", " \n\u00a0\n "])
def test_an_empty_line_always_separates(gap: str) -> None:
    assert split(f"die Brücke wird{gap}repariert") == ["die Brücke wird", "repariert"]


def test_windows_line_endings_are_single_breaks() -> None:
    assert split("Die Brücke wird\r\nrepariert.\r\nEnde") == ["Die Brücke wird\r\nrepariert.", "Ende"]
