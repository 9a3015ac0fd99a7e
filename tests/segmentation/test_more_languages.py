"""Sentences that are hard to tell apart in the languages with a smaller lexicon. "|" stands where one ends."""

import pytest

from service.segmentation.segmenter import SentenceSegmenter

CASES = {
    "fr": [
        "M. Dupont a rencontré Mme Petit.|Elle était pressée.",
        "M. Le Pen et MM. Roux et Noir sont venus.|Les autres étaient absents.",
        "L'art. 5 et l'al. 3 s'appliquent.|C'est clair.",
        "Il a vu des chats, des chiens, etc.|L'homme était content.",
        "En 52 av. J.-C. Vercingétorix a perdu.|Rome a gagné.",
        "« Je pars. »|Le ministre s'est levé.",
        "« Tant pis ! » dit-elle.|Il pleut.",
        "Cela se passe au XXIe siècle.|Le prof. Martin le sait.",
        "Le train part à 8 h. 20 personnes attendent.",
        "J. K. Rowling et A. A. Milne sont lus.|À Paris aussi.",
    ],
    "es": [
        "El Sr. García y la Sra. López llegaron.|Nadie los esperaba.",
        "Según el art. 5 de la ley, es legal.|No todos lo creen.",
        "Hay animales, por ej. Perros y gatos.|También peces.",
        "La pág. 3 del vol. II falta.|¿Quién la tiene?",
        "Los EE. UU. y la UE firmaron.|Todo el mundo miraba.",
        "Vive en EE. UU.|La familia lo visita.",
        "El Dr. Pérez nació en 1950.|Murió en 2001.",
        "¡Qué bien!|¿Vienes mañana?|Sí.",
        "En el s. III a. C. Roma era pequeña.|Después creció.",
        "Dijo que no.|5 personas le creyeron.",
    ],
    "it": [
        "Il dott. Bianchi e l'on. Rossi hanno parlato.|La sala era piena.",
        "Lo dice l'art. 3 della Costituzione.|È chiaro.",
        "La firma dell'avv. Conti manca.|Il giudice aspetta.",
        "La Fiat S.p.A. ha chiuso.|Gli operai protestano.",
        "C'erano cani, gatti ecc.|I bambini ridevano.",
        "Il sig. Neri abita a S. Giovanni.|Non risponde.",
        "Si veda pag. 12.|Il resto manca.",
        "Nel 50 a.C. Cesare vinse.|L'impero nacque dopo.",
    ],
    "nl": [
        "Volgens dhr. De Vries klopt dat.|Mevr. Jansen zwijgt.",
        "Hij hield van dieren, bijv. Friese paarden.|Zij niet.",
        "Het Centraal Bureau B.V. sluit.|De winkel ook.",
        "Er waren honden, katten enz.|De zaal was vol.|20 mensen stonden buiten.",
        "Hij kwam om acht uur.|'s Avonds ging hij weg.",
        "Zie art. 5 en blz. 12 van het rapport.|Het is duidelijk.",
        "Prof. dr. Bakker won de prijs.|'t Was verdiend.",
    ],
    "pl": [
        "Według prof. Nowak to prawda.|Nikt nie zaprzeczył.",
        "Szpital im. Jana Pawła II.|Pomógł im.|To ich cieszy.",
        "W 2020 r. Polska wygrała.|Urodził się w 1990 r.|W Warszawie świętowano.",
        "To kosztowało 5 tys. zł.|Było drogo.",
        "Zajął 2. miejsce w 1. Lidze.|Kibice się cieszyli.",
        "Kupił chleb, mleko itd.|Potem wrócił.",
        "Zgodnie z art. 5 ust. 2 to legalne.|Sąd się zgodził.",
        "Św. Jan i ks. Kowalski.|To wszystko.",
        "Spotkał się z gen. Andersem, tj. Władysławem.|On milczał.",
    ],
    "uk": [
        "Це коштує 100 тис. грн.|Він не має таких грошей.",
        "Він живе в м. Київ на вул. Хрещатик.|Там гарно.",
        "У 2020 р. Україна перемогла.|Це було важливо.",
        "За словами проф. Коваленка, це правда.|Ніхто не заперечує.",
        "Були яблука, груші та ін.|Вони смачні.",
        "Згідно зі ст. 5 закону, це дозволено.|Суд погодився.",
        "Т. Г. Шевченко і І. О. Франко писали вірші.|Їх читають.",
    ],
    "ru": [
        "Он живёт в г. Москва.|Там холодно.",
        "А. С. Пушкин родился в 1799 г. в Москве.|Он писал стихи.",
        "Это стоит 5 тыс. руб.|Они согласны.",
        "По словам проф. Иванова, это правда.|Никто не спорит.",
        "Были яблоки, груши и т. д.|Все ели.",
        "Завод им. Ленина закрыт.|Рабочие помогли им.|Это хорошо.",
        "Согласно ст. 5 закона, это разрешено.|Суд согласился.",
        "Его рост 180 см.|Он играет в баскетбол.",
    ],
    "pt": [
        "O Sr. Silva e a Dra. Costa chegaram.|Ninguém os esperava.",
        "Segundo o art. 5 da lei, é legal.|Nem todos acreditam.",
        "Há animais, p. ex. Cães e gatos.|Também há peixes.",
        "A Souza Ltda. Portugal fechou.|Os clientes reclamam.",
        "Veja a pág. 12.|O resto falta.",
        "Comprou pão, leite etc.|Depois voltou.",
        "D. Pedro chegou no séc. XIX.|Ele ficou.",
    ],
}


def split(text: str, language: str) -> list[str]:
    return [text[span.start : span.end] for span in SentenceSegmenter().sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "case"), [(language, case) for language, cases in CASES.items() for case in cases]
)
def test_hard_sentences(language: str, case: str) -> None:
    assert split(case.replace("|", " "), language) == case.split("|")
