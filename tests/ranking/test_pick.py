"""What an editor may expect of the sentences that are picked."""

from __future__ import annotations

import pytest

from service.core.ports import SentenceRanker
from service.ranking.textrank import TextRankRanker
from tests.ranking.articles import ALL, COUNCIL_DE, FERRY_EN, HARBOUR_FIRE_DE, TELESCOPE_EN


def ranker() -> SentenceRanker:
    return TextRankRanker()


@pytest.mark.parametrize(("article", "language"), ALL)
@pytest.mark.parametrize("count", [1, 3, 5])
def test_the_lead_is_always_picked(article: list[str], language: str, count: int) -> None:
    lead = 2 if article is COUNCIL_DE else 0
    assert lead in ranker().pick(article, language, count)


@pytest.mark.parametrize(("article", "language"), ALL)
def test_three_sentences_hold_neither_questions_nor_leaning_openings(article: list[str], language: str) -> None:
    openings = ("Er ", "Doch ", "Auch ", "It ", "But ", "They ", "She ", "This ", "Their ")
    for index in ranker().pick(article, language, 3):
        assert not article[index].endswith("?")
        assert not article[index].startswith(openings)


def test_furniture_of_the_page_is_not_picked_even_when_there_is_room() -> None:
    furniture = {COUNCIL_DE.index(line) for line in COUNCIL_DE if line.startswith(("Von ", "Foto:", "Lesen", "dpa/"))}
    assert len(furniture) == 4
    assert furniture.isdisjoint(ranker().pick(COUNCIL_DE, "de", 50))
    assert ranker().pick(TELESCOPE_EN, "en", 50)[-1] == len(TELESCOPE_EN) - 3
    assert ranker().pick(FERRY_EN, "en", 50)[-1] == len(FERRY_EN) - 3


def test_a_summary_holds_the_denial_where_the_lead_holds_the_figures() -> None:
    assert FERRY_EN.index("Nordline denied that the dividend had affected the decision.") in ranker().pick(
        FERRY_EN, "en", 3
    )


def test_key_figures_are_picked_where_the_lead_has_none() -> None:
    picked = ranker().pick(COUNCIL_DE, "de", 3)
    assert any("Millionen Euro" in COUNCIL_DE[index] for index in picked)


def test_moving_a_sentence_to_the_top_raises_its_score() -> None:
    moved = [HARBOUR_FIRE_DE[8], *HARBOUR_FIRE_DE[:8], *HARBOUR_FIRE_DE[9:]]
    assert ranker().rank(moved, "de")[0] > ranker().rank(HARBOUR_FIRE_DE, "de")[8]


def test_a_headline_does_not_take_the_place_of_the_lead() -> None:
    scores = ranker().rank(COUNCIL_DE, "de")
    assert scores[2] == max(scores)
    assert scores[2] > 2 * scores[0]


@pytest.mark.parametrize(
    ("language", "base", "leaning"),
    [
        ("de", "Vollmer nannte den Beschluss des Rats einen Fehler.", "Er nannte den Beschluss des Rats einen Fehler."),
        ("de", "Der Stadtrat lehnte den Ausbau der Straße ab.", "Doch der Stadtrat lehnte den Ausbau der Straße ab."),
        ("de", "Das Projekt ist für den Stadtrat ein Fehler.", "Das ist für den Stadtrat und das Projekt ein Fehler."),
        ("de", "Die Verwaltung bestritt die Zahl der Straßen.", "Die Verwaltung bestritt diese Zahl der Straßen."),
        ("en", "Nordline called the union's strike a mistake.", "They called the union's strike a mistake."),
        ("en", "The ferry union called the strike at Nordline.", "But the ferry union called the strike at Nordline."),
    ],
)  # fmt: skip
def test_pronouns_and_connectives_at_the_start_cost_score(language: str, base: str, leaning: str) -> None:
    before = ["Der Stadtrat und die Straße beschäftigen Lindenau." if language == "de" else "Nordline faces a strike."]
    assert ranker().rank([*before, leaning], language)[1] < ranker().rank([*before, base], language)[1]


def test_a_dummy_subject_is_no_pronoun() -> None:
    lead = "Die Brücke über die Wern ist nach dem Hochwasser gesperrt."
    dummy = ranker().rank([lead, "Es gibt nach dem Hochwasser keine andere Brücke über die Wern."], "de")[1]
    pronoun = ranker().rank([lead, "Es bedroht nach dem Hochwasser eine andere Brücke über die Wern."], "de")[1]
    assert dummy > pronoun


def test_a_leaning_sentence_is_welcome_after_its_antecedent() -> None:
    """The second sentence is central; only its pronoun speaks against it, and not when the first is picked too."""
    article = [
        "Ministerin Judit Harlan hat den Vertrag über den Bau der Talbrücke gekündigt.",
        "Sie kündigte den Vertrag über die Talbrücke, weil der Bau 90 Millionen Euro teurer werden soll.",
        "Im Nachbarort wurde am selben Tag ein Spielplatz eröffnet.",
        "Das Wetter bleibt in den kommenden Tagen freundlich und trocken.",
    ]
    assert ranker().pick(article, "de", 2) == [0, 1]


def test_exact_duplicates_are_picked_once() -> None:
    article = [HARBOUR_FIRE_DE[0], HARBOUR_FIRE_DE[0].upper(), *HARBOUR_FIRE_DE, HARBOUR_FIRE_DE[4]]
    picked = [article[index].lower() for index in ranker().pick(article, "de", 50)]
    assert len(picked) == len(set(picked))


def test_near_duplicates_are_picked_once() -> None:
    article = [
        *HARBOUR_FIRE_DE,
        "Der Sachschaden liegt nach ersten Schätzungen der Feuerwehr bei 3,5 Millionen Euro.",
        "Die Polizei nahm einen 34-jährigen Mann fest und geht von Brandstiftung aus.",
    ]
    picked = ranker().pick(article, "de", 50)
    assert not {7, 12} <= set(picked)
    assert not {4, 13} <= set(picked)


def test_sentences_that_differ_in_their_figures_are_no_duplicates() -> None:
    article = [
        "In Brackstedt stieg die Zahl der Diebstähle im vergangenen Jahr auf 512 Fälle.",
        "In Lindenau sank die Zahl der Einbrüche im selben Zeitraum auf 77.",
    ]
    assert ranker().pick(article, "de", 2) == [0, 1]


def test_a_quotation_without_speaker_scores_less_than_one_with() -> None:
    lead = "Der Verein will das Stadion im Süden der Stadt neu bauen."
    bare = ranker().rank([lead, "„Wir bauen das Stadion im Süden der Stadt für unsere Kinder neu.“"], "de")[1]
    attributed = ranker().rank(
        [lead, "„Wir bauen das Stadion im Süden der Stadt für unsere Kinder neu“, sagte Präsidentin Ute Krahl."], "de"
    )[1]
    assert bare < attributed


def test_the_middle_of_a_long_quotation_is_known_as_such() -> None:
    inside = "Die Straße durch das Tal wird im Sommer gesperrt."
    quoted = ["Der Minister sagte: „Die Straße braucht Hilfe.", inside, "Das Tal wird leben.“"]
    plain = ["Der Minister sagte: „Die Straße braucht Hilfe.“", inside, "Das Tal wird leben."]
    assert ranker().rank(quoted, "de")[1] < ranker().rank(plain, "de")[1]


@pytest.mark.parametrize("count", [-1, 0, 1])
def test_at_least_one_sentence(count: int) -> None:
    assert len(ranker().pick(HARBOUR_FIRE_DE, "de", count)) == 1


def test_boilerplate_is_better_than_nothing() -> None:
    assert ranker().pick(["Foto: dpa", "dpa/kbr"], "de", 3)


def test_nothing_comes_of_nothing() -> None:
    assert ranker().pick([], "de", 3) == []
    assert ranker().pick(["", "  ", "—"], "de", 3) == []
    assert ranker().rank([], "de") == []
    assert ranker().support("Der Brand brach in der Nacht aus.", [], "de") == []


@pytest.mark.parametrize("language", ["de-AT", "DE", "de_CH"])
def test_regional_codes_mean_their_language(language: str) -> None:
    assert ranker().rank(HARBOUR_FIRE_DE, language) == ranker().rank(HARBOUR_FIRE_DE, "de")


@pytest.mark.parametrize("language", ["fr", "und", ""])
def test_other_languages_are_ranked_too(language: str) -> None:
    article = [
        "Le conseil municipal de Brive a rejeté le projet de pont.",
        "Le projet de pont devait coûter 12 millions d'euros au conseil municipal.",
        "Il pleut.",
    ]
    assert ranker().pick(article, language, 2) == [0, 1]


def test_name_and_revision_are_stable() -> None:
    assert ranker().info_id == "extractive-textrank"
    assert ranker().revision
