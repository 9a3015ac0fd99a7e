"""Segments of copy that other people's segmenters and translators failed on; each case stands for its kind.

In every case "|" stands where a segment ends; in the text it is a space.
"""

import pytest

from service.segmentation.segmenter import SentenceSegmenter

GERMAN = [
    # Ordinals
    "In 2. Instanz verlor er.|Das Urteil ist rechtskräftig.",
    "In 1. Lesung stimmte der Bundestag zu.|Es fehlt der Bundesrat.",
    "Das Unternehmen wird in 4. Generation geführt.|Der Enkel hilft mit.",
    "Er fiel im II. Weltkrieg.|Seine Frau überlebte ihn.",
    "Das beschloss das II. Vatikanische Konzil.|Die Messe änderte sich.",
    "Der VI. Zivilsenat des BGH entschied.|Das Urteil gilt.",
    "Das Tor fiel in der 90.+3. Minute durch Muster.|Die Fans feierten.",
    "Sie leben hier seit 2010.|Augenzeugen bestätigen das.",
    "Er kam in 2. Die Läufer folgten.".replace(". Die", ".|Die"),
    # Abbreviations before a name
    "Die Fa. Müller und die Gebr. Klein schließen.|Das ist bitter.",
    "Die Abg. Anna Klein und Fam. Huber kamen.|Sonst niemand.",
    "Im Bez. Mitte und im Reg. Bez. Köln ist es ruhig.|Noch.",
    "Sie lehrt an der Univ. Wien.|Das freut sie.",
    "Das sagte Mag. Anna Klein dem Dir. Weber.|Er schwieg.",
    # Words that are abbreviations elsewhere
    "Ich helfe dir.|Anna kommt später.",
    "Die Leute essen weniger Obst.|Der Preis steigt.",
    "Die Leute essen weniger Obst.|Gemüse ist beliebt.",
    "Sein Sohn heißt Max.|Er ist 19.",
    "Sein Sohn heißt Max.|Anna heißt die Tochter.",
    "Max. 5 Personen dürfen in den Aufzug, mit Hund max. Belegung vier.",
    "Alles im Laden ist bio.|Kunden zahlen gern mehr.",
    "Der Staat schuldet 3 Bio. Euro.|Das ist viel.",
    "Sie weiß, wen sie mag.|Anna gehört dazu.",
    "Das steht auf der letzten Seite.|12 Personen haben es gelesen.",
    "Er traf Phil.|Anna traf niemanden.",
    "Die Klasse ist im Gym.|Trainer helfen.",
    # Units
    "Er fuhr 50 km/h.|Polizisten stoppten ihn.",
    "Der Wind wehte mit 30 m/s.|Bäume fielen.",
    "Der Sprung ging über 8 m.|Zweiter wurde Klein.",
    "Er wohnt in Frankfurt/M. Nordend und arbeitet in Bonn.",
    # Credits
    "Das teilte Swisstransplant mit.|(dpa)|Die Schweiz sucht Spender.",
    "Das teilte Swisstransplant mit.|(dpa/lno)|Mehrere Länder folgen.",
    "Das teilte die Stadt mit (dpa).|Der Zoo öffnet.",
    "(sda)|Die Schweiz sucht Spender.",
    "Zürich (sda)|Die Schweiz sucht Spender.",
    "BERLIN (dpa) - Die Regierung tagt.|Ein Beschluss steht aus.",
    "Wie die Agentur (dpa) Reportern sagte, war es spät.",
]
ENGLISH = [
    "She did one more rep.|Bob watched.",
    "Rep. Ann Ray and Gen. Bob Hill met.|Nobody knows why.",
    "His name is Max.|Anna is his sister.",
    "The car did 60 mph.|Police stopped it.",
]
SMALL = [
    ("de", "die ministerin kommt morgen nach köln.|sie spricht dort mit bürgern.|danach fährt sie heim."),
    ("de", "das tor fiel in der 16. minute.|am 4. november ist z. b. wieder ein spiel.|gut!|oder?|ja."),
    ("de", "der vertrag gilt gem. abs. 3 der satzung.|er kostet 5 mio. euro usw. und endet bald."),
    ("de", "„warum nur?“ fragte sie.|keiner wusste es."),
    ("en", "the minister comes to cologne tomorrow.|she talks to dr. weber there.|then she goes home."),
]


def split(text: str, language: str) -> list[str]:
    return [text[span.start : span.end] for span in SentenceSegmenter().sentences(text, language)]


@pytest.mark.parametrize("case", GERMAN)
def test_german(case: str) -> None:
    assert split(case.replace("|", " "), "de") == case.split("|")


@pytest.mark.parametrize("case", ENGLISH)
def test_english(case: str) -> None:
    assert split(case.replace("|", " "), "en") == case.split("|")


@pytest.mark.parametrize(("language", "case"), SMALL)
def test_text_without_capitals(language: str, case: str) -> None:
    assert split(case.replace("|", " "), language) == case.split("|")


def test_small_letters_are_evidence_where_there_are_capitals() -> None:
    text = "z. B. kam Anna Klein mit ihrem Vater Max u. a. nach Köln, d. h. an den Rhein bzw. die Ahr. dort blieb sie."
    assert split(text, "de") == [text]
