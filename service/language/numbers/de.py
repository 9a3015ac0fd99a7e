"""How German writes numbers. Data only."""

from __future__ import annotations

from service.language.numbers.words import NumberWords
from service.language.wordlist import words

_UNITS = words(
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
)
_TENS = words("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
_OTHER = {
    "ein": 1, "zwo": 2, "dreissig": 30, "hundert": 100, "tausend": 1000,
    "erst": 1, "erste": 1, "zweite": 2, "dritt": 3, "dritte": 3, "siebt": 7, "siebte": 7, "achte": 8,
}  # fmt: skip
_COMPOUNDS = "jährig|tägig|stündig|minütig|monatig|wöchig|köpfig|fach|mal|stellig|teilig"

WORDS = NumberWords(
    decimal_mark=",",
    foreign_groups=True,
    numerals={
        **{word: value for value, word in enumerate(_UNITS)},
        **{word: 10 * tens for tens, word in enumerate(_TENS, start=2)},
        **_OTHER,
    },
    joiner="und",
    compounds=True,
    # fünf, fünfte(n), zwanzigste(n), dritte(n); fünfjährige, zehnmal. Not "Dreieck", "Vierung".
    endings=rf"(?:s?te)?[nrsm]?|(?:{_COMPOUNDS})\w*",
    vague=frozenset(("erst", "erste", "zweite", "dritt")),
    one_half="einhalb",
    halves={"halb": "0.5", "anderthalb": "1.5"},
    quarters=("viertel", "dreiviertel"),
    articles=frozenset(words("ein eine einen einem einer eines")),
    scales={
        "hundert": 100, "dutzend": 12, "tausend": 10**3, "tsd": 10**3,
        "million": 10**6, "millionen": 10**6, "mio": 10**6,
        "milliarde": 10**9, "milliarden": 10**9, "mrd": 10**9,
        "billion": 10**12, "billionen": 10**12, "bio": 10**12, "billiarde": 10**15, "billiarden": 10**15,
    },
    scale_stems={"billiard": 10**15, "billion": 10**12, "milliard": 10**9, "million": 10**6},
    months=(
        ("jan", "januar"), ("feb", "februar"), ("mär", "märz"), ("apr", "april"), ("mai", "mai"), ("jun", "juni"),
        ("jul", "juli"), ("aug", "august"), ("sep", "september"), ("okt", "oktober"), ("nov", "november"),
        ("dez", "dezember"),
    ),
    hints={
        "jede": (1,), "jänner": (1,), "feber": (2,),
        "beid": (2,), "doppel": (2,), "paar": (2,), "mittag": (12,), "mitternacht": (0, 12, 24),
        "notruf": (911, 112, 999), "telefon": (49,),
        "viertel": ("0.25", 4, 25, 75),
        "sechzehntelfinal": (32,), "achtelfinal": (16,), "viertelfinal": (8,), "halbfinal": (4,),
        # English titles in German text: "Top Ten", "Big Four".
        "one": (1,), "two": (2,), "three": (3,), "four": (4,), "five": (5,), "six": (6,), "seven": (7,), "ten": (10,),
    },
    phrases={"rund um die uhr": (24, 7)},
    multiples={"dutzend": 12, "jahrzehnt": 10, "jahrhundert": 100},
    before_hour=frozenset(("halb", "vor")),
    hours=("stund", "uhr"),
    decades="ern?",
    centuries="jahrhundert",
    percent=r"%|prozent",
    clock=r"uhr\b",
    clock_signs=r"uhr|:[0-9]{2}|[0-9]\.[0-9]{2}",
    between=r"-|–|bis|und|oder",
)  # fmt: skip
