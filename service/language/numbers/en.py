"""How English writes numbers. Data only."""

from __future__ import annotations

from service.language.numbers.words import NumberWords
from service.language.wordlist import words

_FORMS = (
    "zero",
    "one first",
    "two second",
    "three third",
    "four fourth",
    "five fifth",
    "six sixth",
    "seven seventh",
    "eight eighth",
    "nine ninth",
    "ten tenth",
    "eleven eleventh",
    "twelve twelfth",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = words("twent thirt fort fift sixt sevent eight ninet")

WORDS = NumberWords(
    decimal_mark=".",
    numerals={
        **{word: value for value, forms in enumerate(_FORMS) for word in words(forms)},
        **{stem + end: 10 * tens for tens, stem in enumerate(_TENS, start=2) for end in ("y", "ies", "ieth")},
        "hundred": 100,
        "thousand": 1000,
    },
    joiner="and",
    endings=r"(?:th|fold)?",
    loose_endings=r"s|ths",
    vague=frozenset(("first", "second", *(stem + "ies" for stem in _TENS))),
    and_a_half=r"[ -]and[ -]an?[ -]half\b",
    halves={"half": "0.5", "halv": "0.5"},
    half_joint=r"(?:an?[\s-]{1,3})?",
    quarters=("quarter",),
    articles=frozenset(("one",)),
    indefinite=frozenset(("a", "an")),
    scales={
        "hundred": 100, "dozen": 12, "thousand": 10**3, "k": 10**3,
        "million": 10**6, "millions": 10**6, "mn": 10**6, "mln": 10**6, "m": 10**6,
        "billion": 10**9, "billions": 10**9, "bn": 10**9, "b": 10**9,
        "trillion": 10**12, "trillions": 10**12, "tn": 10**12, "trn": 10**12, "quadrillion": 10**15,
    },
    ambiguous_scales=frozenset(("m", "b", "k")),
    scale_stems={"quadrillion": 10**15, "trillion": 10**12, "billion": 10**9, "million": 10**6},
    months=(
        ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may", "may"), ("jun", "june"),
        ("jul", "july"), ("aug", "august"), ("sep", "september"), ("oct", "october"), ("nov", "november"),
        ("dec", "december"),
    ),
    hints={
        "nil": (0,), "once": (1,), "single": (1,), "both": (2,), "twice": (2,), "couple": (2,), "pair": (2,),
        "double": (2,), "triple": (3,), "thrice": (3,), "trio": (3,), "decade": (10,), "fortnight": (14,),
        "noon": (12,), "midday": (12,), "midnight": (0, 24), "centur": (100,),
        "quarter": ("0.25", 4, 25, 75), "quarterfinal": (8,), "semi": (4,),
    },
    phrases={
        "round the clock": (24, 7), "quarter-final": (8,), "quarter final": (8,),
        "half past": (30,), "quarter past": (15,), "quarter to": (45,),
    },
    multiples={"dozen": 12, "decade": 10, "centur": 100},
    before_hour=frozenset(("to",)),
    hours=("hour", "clock"),
    decades="s",
    centuries="centur(?:y|ies)",
    percent=r"%|per\s?cent",
    clock=r"[ap]\.?m\b",
    afternoon=r"p\.?m\b",
    clock_signs=r":[0-9]{2}|[0-9]\.[0-9]{2}|[0-9] ?[ap]\.?m\b|o'clock",
    between=r"-|–|to|and|or",
    not_roman=frozenset(("I",)),
)  # fmt: skip
