"""What the comparison of numbers knows about German and English words: months, halves, scales. Data only."""

from __future__ import annotations

import re

SPACES = "\u00a0\u202f\u2009"
"""No-break and thin spaces, as in 11\u202f000 and 5\u00a0Mio."""

MONTHS = {
    "de": ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"),
    "en": ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
}
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11}
WORD_VALUES = {
    "de": {
        "halb": ("0.5",),
        "viertel": ("0.25", "4", "25", "75"),
        "dutzend": ("12",),
        "mittag": ("12",),
        "mitternacht": ("0", "12", "24"),
        "jahrzehnt": ("10",),
        "rund um die uhr": ("24", "7"),
        "notruf": ("911", "112", "999"),
        "doppel": ("2",),
        "anderthalb": ("1.5",),
        "jede": ("1",),
        "telefon": ("49",),
    },
    "en": {
        "half": ("0.5",),
        "halv": ("0.5",),
        "quarter": ("0.25", "4", "25", "75"),
        "noon": ("12",),
        "midday": ("12",),
        "midnight": ("0", "24"),
        "dozen": ("12",),
    },
}
SCALES = {
    "de": (("billiarde", 15), ("billion", 12), ("bio", 12), ("milliard", 9), ("mrd", 9), ("million", 6), ("mio", 6)),
    "en": (("quadrillion", 15), ("trillion", 12), ("billion", 9), ("million", 6)),
}
SCALE_AFTER = {
    "de": re.compile(
        rf"[\s{SPACES}-]*(?:(?P<e6>million|mio\b)|(?P<e9>milliard|mrd\b)|(?P<e12>billion(?!en?nobel)|bio\b\.)"
        rf"|(?P<e15>billiard)|(?P<e3>tausend\b|tsd\b)|(?P<e2>hundert\b))"
    ),
    "en": re.compile(
        rf"[\s{SPACES}-]*(?:(?P<e6>million|mn\b|mln\b|m\b)|(?P<e9>billion|bn\b|b\b)|(?P<e12>trillion|tn\b|trn\b)"
        rf"|(?P<e15>quadrillion)|(?P<e3>thousand\b|k\b)|(?P<e2>hundred\b))"
    ),
}
HALVES = {
    "de": re.compile(r"\b(?:(?P<whole>ander(?=thalb)|ein(?=einhalb)|zwei(?=einhalb))\w+|halbe[nr]?)(?= mi)"),
    "en": re.compile(r"\b(?:(?P<whole>[a-z]+)[ -]and[ -]a[ -]half|half an?)(?= (?:m|b|tr)illion)"),
}
HALVED = {"ander": 1, "ein": 1, "one": 1, "zwei": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
