"""The words of each language: how a lexicon is found, what holds for all of them, and stems."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.language import lexicons
from service.language.lexicons import NEUTRAL, Lexicon, languages, lexicon
from service.language.stems import stem
from service.ranking.textrank import TextRankRanker
from service.segmentation.segmenter import SentenceSegmenter

SETS = [
    *["stop_words", "conjunctions", "before_number", "may_end_names", "numbered_things", "before_ordinal"],
    *["speech_verbs", "times", "pronoun_openings", "dummy_openings", "connective_openings", "anaphors"],
    *["demonstratives", "after_demonstrative"],
]
PATTERNS = ["age", "aged_opening", "response", "furniture", "furniture_anywhere"]


@pytest.mark.parametrize("code", ["de", "de-AT", "DE", "de_CH", "De-Latn-DE"])
def test_any_spelling_of_a_code_finds_the_lexicon_of_its_language(code: str) -> None:
    assert lexicon(code) is lexicon("de")
    assert lexicon(code).code == "de"


@pytest.mark.parametrize("code", ["", "und", "ja", "x", "lexicon", "shared", "..", "de.py", "d" * 1000, "-", "\x00"])
def test_other_codes_get_what_holds_for_any_language(code: str) -> None:
    assert lexicon(code) is NEUTRAL


def test_the_languages_that_are_there() -> None:
    assert languages() == {"de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "uk"}


@pytest.mark.parametrize("code", sorted(languages()))
def test_entries_are_written_as_the_docstring_says(code: str) -> None:
    """An entry in another shape would never be found, in silence."""
    own = lexicon(code)
    assert own.code == code
    for name in SETS:
        entries = getattr(own, name)
        assert not {entry for entry in entries if entry != entry.lower()}, name
    for name in ("never_final", "may_end", "before_number", "may_end_names"):
        assert not {entry for entry in getattr(own, name) if entry.endswith(".") or " " in entry or not entry}, name
    for name in ("pronoun_openings", "dummy_openings", "connective_openings", "anaphors"):
        assert not {entry for entry in getattr(own, name) if not re.fullmatch(r"[^\W\d_]+( [^\W\d_]+){0,5}", entry)}
    assert all(opener[0].isupper() or opener[0] == "'" for opener in own.openers)
    assert own.dummy_openings <= {
        entry for entry in own.dummy_openings if any(f"{entry} ".startswith(f"{p} ") for p in own.pronoun_openings)
    }, "an exception from nothing"
    for name in PATTERNS:
        re.compile(getattr(own, name), re.VERBOSE | re.IGNORECASE)


@pytest.mark.parametrize("code", sorted(languages()))
def test_every_lexicon_is_enough_for_segmentation_and_ranking(code: str) -> None:
    own = lexicon(code)
    assert len(own.stop_words) >= 60
    assert own.ranks
    assert len(own.months) >= 12
    assert len(own.never_final) >= 20
    assert len(own.may_end) >= 20
    assert own.openers
    assert own.conjunctions


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One file more in the folder: the language "xx"."""
    (tmp_path / "xx.py").write_text(
        "from service.language.lexicons.lexicon import Lexicon\n"
        "LEXICON = Lexicon(code='xx', never_final=frozenset({'blorp'}), stop_words=frozenset({'zu', 'ka'}),\n"
        "    openers=frozenset({'Zu'}), may_end=frozenset({'fip'}), pronoun_openings=frozenset({'oni'}),\n"
        "    furniture='kliki', byline=frozenset({'Autoro'}))\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(lexicons, "__path__", [*lexicons.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    languages.cache_clear()
    yield
    monkeypatch.undo()
    languages.cache_clear()
    lexicons._load.cache_clear()
    sys.modules.pop(f"{lexicons.__name__}.xx", None)


@pytest.mark.usefixtures("made_up")
def test_a_language_is_added_by_adding_a_file() -> None:
    assert "xx" in languages()
    text = "Zu manu blorp. Kenta fip. Zu venu. Kato fip. Mira."
    spans = SentenceSegmenter().sentences(text, "xx-YY")
    assert [text[span.start : span.end] for span in spans] == [
        "Zu manu blorp. Kenta fip.",
        "Zu venu.",
        "Kato fip. Mira.",
    ]
    ranker = TextRankRanker()
    assert ranker.knows("xx")
    article = [
        "La grandega ponto en Manuko estas rompita de la ventego nokte.",
        "Oni riparos la grandegan ponton en Manuko post la ventego baldaŭ.",
        "Kliki por legi pli pri la grandega ponto en Manuko hodiaŭ.",
        "Autoro Kenta Mira",
    ]
    assert ranker.pick(article, "xx", 4) == [0, 1]
    assert ranker.pick(article, "und", 4) == [0, 1, 2, 3]
    assert ranker.rank(article, "xx")[1] < ranker.rank(article, "und")[1]


@pytest.mark.usefixtures("made_up")
def test_a_file_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "yy.py").write_text("LEXICON = {'never_final': []}\n", encoding="utf-8")
    importlib.invalidate_caches()
    languages.cache_clear()
    with pytest.raises(TypeError, match="yy"):
        lexicon("yy")
    sys.modules.pop(f"{lexicons.__name__}.yy", None)


def test_a_lexicon_needs_nothing_but_its_code() -> None:
    assert not Lexicon(code="xx").ranks


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("de", ("kämpfe", "kampf")),
        ("de-CH", ("regierung", "regierungen")),
        ("en", ("ferries", "ferry")),
        ("fr", ("négociations", "négociation")),
        ("es", ("elecciones", "elección")),
        ("it", ("ministri", "ministro")),
        ("nl", ("verkiezingen", "verkiezing")),
        ("pl", ("rządem", "rządu")),
        ("ru", ("правительства", "правительство")),
        ("pt", ("cidades", "cidade")),
        ("sv", ("flickorna", "flickor")),
        ("tr", ("evler", "ev")),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, forms: tuple[str, str]) -> None:
    assert stem(forms[0], language) == stem(forms[1], language)


@pytest.mark.parametrize("language", ["uk", "ja", "und", "", "german"])
def test_without_a_stemmer_a_word_is_its_stem(language: str) -> None:
    assert stem("правительства", language) == "правительства"


@pytest.mark.parametrize("code", sorted(languages()))
def test_the_stemmers_that_lexicons_name_are_there(code: str) -> None:
    assert stem("a", code) == "a"


def test_threads_do_not_share_a_stemmer() -> None:
    words = [f"verhandlung{ending}" for ending in ("", "en", "s", "sweise")] * 200
    expected = [stem.__wrapped__(word, "de") for word in words]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda word: stem.__wrapped__(word, "de"), words)) == expected
