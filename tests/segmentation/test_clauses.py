"""How text that is too long for a model is cut: what fits, where, into how many parts, at what cost."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.segmentation.segmenter import SentenceSegmenter
from tests.segmentation.test_sentences import any_text, check

SENTENCE = (
    "Die Regierung will den Mindestlohn auf 15,50 Euro anheben, weil die Preise gestiegen sind, und sie rechnet damit, "
    "dass rund 11.000 Betriebe betroffen sein werden; die Opposition hält das für falsch – sie fordert, wie Dr. Weber "
    "am 4. November sagte, eine Senkung der Steuern und Abgaben für kleine und mittlere Betriebe."
)


class Limit:
    """A model that takes so many characters, and counts how often it was asked."""

    def __init__(self, characters: int) -> None:
        self.characters = characters
        self.calls = 0

    def __call__(self, part: str) -> bool:
        self.calls += 1
        return len(part) <= self.characters


def cut(text: str, limit: int, language: str = "de") -> list[str]:
    return [text[span.start : span.end] for span in SentenceSegmenter().clauses(text, language, Limit(limit))]


@settings(deadline=None, max_examples=400)
@given(text=any_text, limit=st.integers(0, 30), language=st.sampled_from(["de", "en", "und"]))
def test_parts_fit_and_lose_nothing(text: str, limit: int, language: str) -> None:
    spans = SentenceSegmenter().clauses(text, language, Limit(limit))
    check(text, spans)
    assert all(span.end - span.start <= max(1, limit) for span in spans)


def test_a_text_that_fits_is_one_part_and_one_question() -> None:
    limit = Limit(1000)
    spans = SentenceSegmenter().clauses(SENTENCE, "de", limit)
    assert len(spans) == 1
    assert limit.calls == 1


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_white_space_has_no_parts(text: str) -> None:
    assert cut(text, 5) == []


def test_a_semicolon_is_the_best_place() -> None:
    assert [part[-7:] for part in cut(SENTENCE, 250)] == ["werden;", "triebe."]


@pytest.mark.parametrize(
    ("text", "language", "limit", "parts"),
    [
        (
            "Der Zug, der Bus und die Fähre fahren nicht, weil der Sturm die Küste, den Hafen und die Stadt trifft.",
            "de",
            70,
            [
                "Der Zug, der Bus und die Fähre fahren nicht,",
                "weil der Sturm die Küste, den Hafen und die Stadt trifft.",
            ],
        ),
        (
            "The train, the bus and the ferry are late, because the storm hit the coast, the port and the town.",
            "en",
            70,
            ["The train, the bus and the ferry are late,", "because the storm hit the coast, the port and the town."],
        ),
        (
            "Die Fähre fährt heute nicht, morgen vielleicht wieder früher.",
            "de",
            40,
            ["Die Fähre fährt heute nicht,", "morgen vielleicht wieder früher."],
        ),
        ("Sturm trifft Küste und Stadt im Norden", "de", 30, ["Sturm trifft Küste", "und Stadt im Norden"]),
    ],
)
def test_conjunctions_come_before_commas_before_spaces(text: str, language: str, limit: int, parts: list[str]) -> None:
    assert cut(text, limit, language) == parts


@pytest.mark.parametrize("limit", range(12, 120, 7))
def test_numbers_stay_whole(limit: int) -> None:
    pieces = cut(SENTENCE, limit)
    assert sum("15,50" in piece for piece in pieces) == 1
    assert sum("11.000" in piece for piece in pieces) == 1


def test_numbers_inside_a_long_token_stay_whole() -> None:
    parts = cut("abcdefgh" + "-11.000-abcdefgh" * 20, 30)
    assert sum(part.count("11.000") for part in parts) == 20


def test_a_number_that_does_not_fit_alone_is_cut() -> None:
    assert "".join(cut("1" * 100, 30)) == "1" * 100


@pytest.mark.parametrize("unit", ["e\u0301", "👩‍👩‍👧", "🇩🇪", "👍🏽", "☀️"])
def test_characters_of_several_code_points_stay_whole(unit: str) -> None:
    parts = cut(("x" + unit) * 40, 11)
    assert len(parts) > 5
    assert all(re.fullmatch(f"(?:{unit})?(?:x{unit})*x?", part) for part in parts)


@pytest.mark.parametrize("limit", [100, 120, 150, 200])
def test_parts_are_few_and_balanced(limit: int) -> None:
    parts = cut(SENTENCE, limit)
    assert len(parts) <= math.ceil(len(SENTENCE) / limit) + 1
    assert min(map(len, parts)) > limit / 4


@pytest.mark.parametrize("text", ["a" * 200_000, "wort, " * 30_000, SENTENCE * 500])
def test_questions_stay_near_the_number_of_parts(text: str) -> None:
    """Every question costs a run of the tokenizer."""
    limit = Limit(300)
    parts = SentenceSegmenter().clauses(text, "de", limit)
    assert limit.calls <= 2 * len(parts) + 2 * math.log2(len(text))
    assert len(parts) <= 1.3 * len(text) / 300


@pytest.mark.parametrize("unit", ["a", "1", "e\u0301", "\u0301", ",", "wort "])
def test_a_megabyte_is_cut(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    check(text, SentenceSegmenter().clauses(text, "de", Limit(300)))


def test_parts_do_not_cross_an_empty_line() -> None:
    assert cut("Eins zwei\n\ndrei vier", 12) == ["Eins zwei", "drei vier"]


def test_the_limit_may_vary_along_the_text() -> None:
    """Digits cost a model more tokens than words: later parts may be longer again."""
    text = "123 " * 200 + "word " * 400
    spans = SentenceSegmenter().clauses(text, "en", lambda part: sum(4 if c.isdigit() else 1 for c in part) <= 200)
    lengths = [span.end - span.start for span in spans]
    assert max(lengths[:10]) < 80
    assert max(lengths[-10:]) > 140
