"""Sentences that are hard to tell apart. In every case "|" stands where one ends; in the text it is a space."""

import pytest

from service.segmentation.segmenter import SentenceSegmenter

GERMAN = [
    # Dates and ordinals
    "Der Gipfel beginnt am 4. November in Kiel.|Er dauert zwei Tage.",
    "Das Tor fiel in der 16. Minute durch einen Elfmeter.|Danach blieb es ruhig.",
    "Vom 18. bis 20. Juli ist die Brücke gesperrt.|Busse fahren um.",
    "Die Messe endet am 27.12.|Danach wird abgebaut.",
    "Am 27.12. Konzert in der Stadthalle, am 28.12. Lesung im Rathaus.",
    "Die Frist läuft am 3. 10. 2025 ab.|Wer zu spät kommt, zahlt.",
    "1. FC Köln verliert erneut.|Der Trainer bleibt.",
    "Der Aufstieg in die 2. Bundesliga gelang 1998.|Es folgten schwere Jahre.",
    "Sie wurde Zweite im Jahr 2010.|Augenzeugen jubelten.",
    "Er wartete an Gleis 3.|Reisende liefen vorbei.",
    "Sie feiert am Sonntag ihren 90. Geburtstag mit der Familie.",
    "Im 19. Jahrhundert war Ludwig XIV. längst tot.|Sein Schloss stand noch.",
    "Unter Friedrich II. Barbarossa wäre das anders gewesen.",
    "Das Stadtfest findet am 16./17. August statt.",
    # Abbreviations
    "Er sagte z. B. Dinge, die niemand glaubte.|Sie schwieg.",
    "Viele Tiere, z.B. Hunde und Katzen, waren krank.",
    "Laut Dr. Weber ist das Mittel sicher.|Prof. Dr. med. Anna Klein widerspricht.",
    "Die Firma macht ca. 3 Mio. Euro Umsatz bzw. Gewinn.|Die Konkurrenz liegt bei 2 Mrd.|Das ist mehr.",
    "Der FC St. Pauli spielt gegen St. Gallen.|Das Spiel ist ausverkauft.",
    "Gesucht wird Haus Nr. 3 in der Berliner Str. 12.|Hinweise nimmt die Polizei entgegen.",
    "Die Schule in der Lindenstr. 12 bleibt zu.|Er zog in die Goethestr.|Danach verschwand er.",
    "Es kamen Ärzte, Pfleger usw.|Die Halle war voll.",
    "Das gilt gem. Abs. 3 und Art. 5 des Gesetzes.|Niemand klagte.",
    "So etwas dieser Art.|Niemand hatte es erwartet.",
    "Um 44 v. Chr. Geborene kannten das nicht.",
    "Sie arbeitet bei BMW.|Ihr Bruder ist beim NDR.|Das hilft.",
    "Er lebt in einer Studenten-WG.|Im Sommer zieht er aus.",
    "Frank-Walter Schulz u. a. Politiker kamen.",
    "J. K. Rowling liest in Bonn.|George W. Bush kommt nicht.",
    "Sie griffen zu Plan B.|Der war besser.",
    "Die Sonne scheint in der Schweiz.|Touristen freuen sich.",
    "Das war Franz.|Peter kam später.",
    "Siehe Art. II und Art. 3 der Satzung.|Mehr steht dort nicht.",
    "DIE POLIZEI SUCHT DR. WEISS AUS KIEL",
    "Er kommt aus Frankfurt a. M. und lebt in Halle a. d. Saale.",
    "Die Bank (inkl. Tochter) wächst um 3 Prozent p. a.|Das reicht nicht.",
    # Quotes, brackets, ellipses
    "Sie rief: „Wir bleiben hier!“|Dann ging das Licht aus.",
    "„Wir gehen nicht.|Niemals.“|Das sagte er oft.",
    "Er lebt von Hartz IV.|Freunde helfen ihm.",
    "Die Muster GmbH.|Kunden klagen.",
    "„Warum nur?“, fragte die Richterin.|Niemand antwortete.",
    "„Warum nur?“ fragte die Richterin.|Niemand antwortete.",
    'Er kam spät.|"Das tut mir leid", sagte er.',
    'Er sagte: "Das tut mir leid."|Danach schwieg er.',
    "Sie wolle „mit allen… [auf]stehen, immer“, rief sie.|Der Saal tobte.",
    "Das war… nun ja… ungewöhnlich.|Alle lachten.",
    "Er weiß es nicht…|Der Abend war lang.",
    "Sie sprach von der ... Regierung und ging.|Er blieb.",
    "Er zahlte angeblich (!) Millionen.|Das Geld ist weg.",
    "Der Rest fehlt.|[…] Der Schluss ist erhalten.",
    "Das steht in der Zeitung (Seite 33).|Gewinner gab es nicht.",
    "(Der Autor ist Arzt.)|Er lebt in Ulm.",
    "»Das stimmt nicht.«|Mehr sagte er nicht.",
    # Numbers, addresses, names
    "Der Kurs stieg um 1,5 Prozent auf 11.000 Punkte.|Um 18.30 Uhr war Schluss.",
    "Das Paket wog 94 kg.|Niemand konnte es heben.",
    "Mehr unter www.beispiel.de/a.b?c=d.|Schreiben Sie an post@beispiel.de.",
    "Yahoo! Inc aus Kalifornien schließt.|Die Aktie fällt.",
    "Kommt er?|Ja!|Gut.",
    "... Regierung und Opposition streiten.|Wieder einmal.",
    "BERLIN (dpa) - Die Regierung tagt.|Ein Beschluss steht aus.",
    "Er sagte nichts.|– Das war klug.",
    "Das neue Gerät ist da.|iPhones werden billiger.",
]

ENGLISH = [
    "Mr. Smith met Dr. Jones on Jan. 5 in Washington, D.C.|They talked.",
    "The U.S. Senate voted.|He lives in the U.S.|His wife does not.",
    "The store opens at 9 a.m. Monday and closes at 5 p.m.|Tickets are free.",
    "J. K. Rowling and Philip K. Dick wrote books.|George W. Bush reads them.",
    "She is No. 5 in the world.|No.|That is not true.",
    "Yahoo! Inc said profits fell.|Shares rose.",
    "He works for Acme Inc.|The firm is small.",
    "Apple Inc. shares fell 3.5 percent.|Analysts shrugged.",
    "She paid $1.5 million.|$2 million was asked.",
    '"We won."|"They lost."|That was all.',
    '"Why?" Mr. Smith asked.|Nobody knew.',
    '"Why?" she asked.|Nobody knew.',
    'It is over.|"I am glad," she said.',
    "“We won.”|“They lost.”|That was all.",
    "He said 'never again.'|Then he left.",
    "It was, e.g. Monday, i.e. early in the week.|Nobody cared.",
    "They fought in World War II.|The town was rebuilt.",
    "Gov. Maria Lopez and Sen. Paul Hill, R-Mo., agreed.|Rep. Ann Ray did not.",
    "The sun rose over the sea.|Jupiter was still visible.",
    "Nearly 3%.|Delicate work, he said.",
    "He fell ill.|Doctors were called.",
    "Wait...|What was that?",
    "It was ... well, odd.|Everyone laughed.",
    "He read it (twice!) and slept.|It helped.",
    "Visit example.com/a.html or write to a.b@example.com.|It is free.",
    "See pp. 3 and Fig. 2 for details.|The rest is missing.",
    "The vote was 5-4.|Two judges abstained.",
    "It happened in 1999.|2000 was calmer.",
    "St. Louis beat Detroit on Sat. night.|Fans cheered.",
    "Really?!|Yes.",
    "No.|I do not think so.",
    "Their son is called Flynn.|Actors often choose such names.",
    "He trained in a gym.|Officials paid.",
]

OTHER = [
    ("fr", "Il pleut.|Les rues sont vides.|« Tant pis ! » dit-elle."),
    ("ja", "雨が降る。|道は空だ。"),
    ("ar", "هطل المطر.|الشوارع خالية؟|نعم."),
    ("ru", "Идёт дождь.|Улицы пусты."),
    ("und", "Dr. Lee left.|Nobody followed."),
]


def split(text: str, language: str) -> list[str]:
    return [text[span.start : span.end] for span in SentenceSegmenter().sentences(text, language)]


@pytest.mark.parametrize("case", GERMAN)
def test_german(case: str) -> None:
    assert split(case.replace("|", " "), "de") == case.split("|")


@pytest.mark.parametrize("case", ENGLISH)
def test_english(case: str) -> None:
    assert split(case.replace("|", " "), "en") == case.split("|")


@pytest.mark.parametrize(("language", "case"), OTHER)
def test_other_languages_get_the_shared_rules(language: str, case: str) -> None:
    joint = "" if language == "ja" else " "
    assert split(case.replace("|", joint), language) == case.split("|")


@pytest.mark.parametrize("language", ["de", "de-AT", "DE", "de_CH"])
def test_regional_codes_use_the_rules_of_their_language(language: str) -> None:
    assert split("Er kommt am 4. November zurück.", language) == ["Er kommt am 4. November zurück."]


def test_a_news_report_with_everything_at_once() -> None:
    """The phenomena of a typical agency report, each of which some segmenter gets wrong."""
    sentences = [
        "Die Fährlinie nach Rügen bleibt gesperrt, wie der Betreiber am 4. Dezember mitteilte.",
        "In einem Gespräch mit dem Sender NRX sagte Sprecherin Ina Lund, dass eine „kleine Gruppe“ festsitzt.",
        "Die Reederei zählte 11.000 Buchungen und rund 1,5 Mio. Euro Schaden.",
        "Der Hafenmeister sprach von einer „schweren… aber beherrschbaren Lage“.",
        "„Wir haben Decken, warme Suppe und genug Zeit“, sagte Lund.",
        "Am Abend rief sie die Inseln „gemeinsam… [dazu] auf, alles zu tun, damit der Winter… kein Fehlschlag wird.",
        "Für uns wie für euch.“",
        "Berichte darüber hatten auch das Festland erreicht.",
        "Das Amt verwies auf den „dritten Sturm“ binnen einer Woche.",
    ]
    assert split(" ".join(sentences), "de") == sentences
