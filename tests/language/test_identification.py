"""Which language it is: the short texts that detectors get wrong, what isn't served, neighbours, single sentences."""

from __future__ import annotations

import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.identification import TEN, TWO, headlines, share, taken_for
from service.language.identification import FastTextIdentifier

IDENTIFIER = FastTextIdentifier()

ENGLISH = "The council will vote on the new budget next Thursday."
GERMAN = "Die Zahl der Arbeitslosen sank um 18.000 auf 2,79 Millionen."


def language_of(text: str, served: tuple[str, ...] = TWO, default: str = "de") -> str:
    return IDENTIFIER.identify([text], served, default)[0].language


@pytest.mark.parametrize(
    "text",
    [
        "Scholz trifft Macron",
        "Trump droht Europa",
        "In Kürze",
        "Alles Gute",
        "Panorama",
        "Mord in Köln",
        "Opel in Not",
        "Unwetter in Sachsen",
        "AfD vor Gericht",
        "Jeder Hersteller plant anders.",
        "EILMELDUNG",
        "TRAUER UM FRÜHEREN MINISTER",
        "Nein.",
        "Brexit-Deal steht",
        "Die Nachricht kam am Abend.",
    ],
)
@pytest.mark.parametrize("served", [TWO, TEN], ids=["two", "ten"])
def test_a_headline_is_german_unless_it_clearly_is_not(text: str, served: tuple[str, ...]) -> None:
    """Each of these was refused or left alone by a detector that knows nothing of what to expect."""
    assert language_of(text, served) == "de"


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        "Prime minister resigns after losing the vote",
        "THE GOVERNMENT HAS FALLEN AND THE PRESIDENT WILL RESIGN",
        "What we know about the attack in the city",
    ],
)
def test_english_is_known_as_english(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le conseil municipal votera le nouveau budget jeudi prochain, selon le cabinet du maire.", "fr"),
        ("Rada miasta zagłosuje w czwartek nad nowym budżetem, powiedział rzecznik burmistrza.", "pl"),
        ("De gemeenteraad stemt donderdag over de nieuwe begroting, zegt de burgemeester.", "nl"),
        ("Городской совет в четверг проголосует по новому бюджету, сообщили в мэрии.", "ru"),
        ("Міська рада в четвер проголосує за новий бюджет, повідомили в мерії.", "uk"),
        ("市议会将于下周四就新预算进行投票。", "zh"),
    ],
)
def test_a_text_in_a_language_that_is_not_served_is_said_to_be_in_that(text: str, language: str) -> None:
    assert language_of(text) == language
    assert language_of(text, (*TWO, language)) == language


@pytest.mark.parametrize("text", ["", " ", "12.000", "– – –", "🙂🙂", "27.12.2024 / 18:30", "https://example.org/"])
def test_a_text_without_letters_is_undetermined(text: str) -> None:
    assert language_of(text) == "und"


def test_links_and_addresses_are_no_text() -> None:
    text = (
        "Mehr dazu hier: https://www.example.org/the-council-will-vote-on-the-new-budget-and-more redaktion@example.org"
    )
    assert language_of(text) == "de"


def test_texts_of_one_request_inform_one_another() -> None:
    english = ["Council to vote on the new budget", "The mayor said he would not resign", "What happens to the bridge"]
    found = IDENTIFIER.identify([*english, "Panorama"], TWO, "de")
    assert [each.language for each in found] == ["en"] * 4
    assert not found[3].certain
    assert language_of("Panorama") == "de"


def test_neighbours_do_not_outweigh_what_a_text_says_itself() -> None:
    found = IDENTIFIER.identify([ENGLISH, ENGLISH, GERMAN], TWO, "de")
    assert [each.language for each in found] == ["en", "en", "de"]


def test_the_order_of_texts_changes_no_answer() -> None:
    texts = ["Panorama", ENGLISH, GERMAN, "Opel in Not", "Council votes on budget"]
    forward = [each.language for each in IDENTIFIER.identify(texts, TWO, "de")]
    backward = [each.language for each in IDENTIFIER.identify(texts[::-1], TWO, "de")]
    assert forward == backward[::-1]


def test_where_english_is_expected_a_short_text_is_english() -> None:
    assert language_of("Panorama", default="en") == "en"
    assert language_of("Minister resigns", default="en") == "en"
    assert language_of(GERMAN, default="en") == "de"


def test_a_guess_says_that_it_is_one() -> None:
    assert not IDENTIFIER.identify(["Hm"], TWO, "de")[0].certain
    assert IDENTIFIER.identify([GERMAN], TWO, "de")[0].certain


def test_every_segment_has_its_own_language() -> None:
    segments = [GERMAN, ENGLISH, "New York", "Live-Blog", "Das ist der Schluss.", "“We will not give up,” he said."]
    assert IDENTIFIER.identify_segments(segments, "de", TWO) == ["de", "en", "de", "de", "de", "en"]


@pytest.mark.parametrize("segment", ["Game of Thrones", "Black Lives Matter", "RB Leipzig", "12", "", "iPhone", "SPD"])
def test_names_and_titles_stay_with_their_text(segment: str) -> None:
    assert IDENTIFIER.identify_segments([segment], "de", TWO) == ["de"]


def test_a_sentence_that_nobody_reads_is_told_from_its_text() -> None:
    french = "Nous sommes très heureux de cette décision et nous remercions tous ceux qui nous ont aidés."
    russian = "Мы очень рады этому решению."
    assert IDENTIFIER.identify_segments([GERMAN, french, russian], "de", TWO) == ["de", "fr", "ru"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(), max_size=4), st.sampled_from([TWO, TEN]))
def test_any_text_gets_an_answer(texts: list[str], served: tuple[str, ...]) -> None:
    found = IDENTIFIER.identify(texts, served, "de")
    assert len(found) == len(texts)
    assert all(2 <= len(each.language) <= 3 for each in found)
    assert len(IDENTIFIER.identify_segments(texts, "de", served)) == len(texts)


@pytest.mark.parametrize("text", ["a" * 1_000_000, "a " * 500_000, "\x00", "\ud800 und", "der\x00die", "ß" * 100_000])
def test_hostile_texts_get_an_answer(text: str) -> None:
    assert language_of(text)
    assert IDENTIFIER.identify_segments([text], "de", TWO)


def test_the_headlines_of_the_bench_are_known() -> None:
    """A floor: `python -m bench.identification` prints how many there are."""
    found = headlines()
    assert share(taken_for(IDENTIFIER, found["de"], TWO), "de") >= 0.985
    assert share(taken_for(IDENTIFIER, found["de"], TEN), "de") >= 0.985
    assert share(taken_for(IDENTIFIER, found["en"], TWO), "en") >= 0.75


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Brücke bleibt bis Montag gesperrt.", "de"),
        ("The bridge stays closed until Monday.", "en"),
        ("Regierung verschiebt Entscheidung", "de"),
        ("Government delays its decision", "en"),
        ("EILMELDUNG: MINISTERIN TRITT ZURÜCK", "de"),
        ("BREAKING: MINISTER STEPS DOWN OVER BRIDGE", "en"),
        ("MINISTERIN TRITT ZURÜCK\nSie nennt am Abend nur persönliche Gründe.", "de"),
        ("Le pont reste fermé jusqu'à lundi.", "fr"),
        ("El puente sigue cerrado hasta el lunes.", "es"),
        ("Мост закрыт до понедельника.", "ru"),
        ("橋は月曜日まで閉鎖される。", "ja"),
        ("Mehr dazu: https://www.example.com/the/news/about/this/bridge", "de"),
        ("„Wir bleiben“, sagte sie.\r\n\r\nDann ging sie.\x85Ende\u2028gut.", "de"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_single_names_are_not_told_with_certainty() -> None:
    assert not IDENTIFIER.identify(["Angela Merkel"], TWO, "de")[0].certain


def test_a_long_text_is_judged_by_more_than_its_beginning() -> None:
    english, german = "The bridge stays closed. ", "Die Brücke bleibt gesperrt. "
    assert language_of(english * 4 + german * 50_000) == "de"
    assert language_of("1 " * 3_000 + english * 2_000) == "en"


def test_threads_get_the_same_answers() -> None:
    texts = ["Die Brücke bleibt gesperrt.", "The bridge stays closed.", "Le pont reste fermé."] * 200
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(language_of, texts)) == [language_of(text) for text in texts]


def test_no_network_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert FastTextIdentifier().identify(["Die Brücke bleibt gesperrt."], TWO, "de")[0].language == "de"


def test_importing_it_loads_no_model_library() -> None:
    """The default engine must serve without torch and transformers in memory."""
    code = "import sys, service.language.identification; sys.exit(bool({'torch', 'transformers'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
