"""Generates news-like pairs in which numbers, dates, times, names and quotes are right by construction.

For what real pairs teach too rarely: German number formats, names that are copied letter by letter, quotation marks.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from training import templates
from training.corpus import Pair

ORIGIN = "synthetic"
_SLOT = re.compile(r"\{(\w+)\}")
Filler = tuple[str, str]


def generate(count: int, seed: int) -> Iterator[Pair]:
    """`count` pairs; the same ones for the same seed. A pair may come twice."""
    rng = random.Random(seed)
    for _ in range(count):
        source, target = _speech(rng) if rng.random() < 0.3 else _fill(rng.choice(templates.FRAMES), rng)
        yield Pair(source, _capitalized(target), ORIGIN)


def _speech(rng: random.Random) -> Filler:
    german, english = _fill(rng.choice(templates.STATEMENTS), rng)
    opening, closing = rng.choice(templates.QUOTES)
    fixed = {"statement": (german, english), "open": (opening, ""), "close": (closing, "")}
    return _fill(rng.choice(templates.SPEECH), rng, fixed)


def _fill(frame: Filler, rng: random.Random, fixed: dict[str, Filler] | None = None) -> Filler:
    """Fill both sides of a frame alike. A slot `kind_2` gets another filler than `kind`."""
    slots = dict(fixed or {})
    for slot in dict.fromkeys(_SLOT.findall(frame[0])):
        while slot not in slots:
            filler = _FILLERS[slot.partition("_")[0]](rng)
            if filler not in slots.values():
                slots[slot] = filler
    return (
        _SLOT.sub(lambda match: slots[match[1]][0], frame[0]),
        _SLOT.sub(lambda match: slots[match[1]][1], frame[1]),
    )


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def grouped(number: int, separator: str) -> str:
    """`number` with a separator between thousands, also in numbers of four digits: 3.000, 3,000."""
    return f"{number:,}".replace(",", separator)


def _count(rng: random.Random) -> Filler:
    number = rng.randint(13, 10 ** rng.randint(2, 6))
    if number > 1000 and rng.random() < 0.5:
        number = round(number, -2)
    separator = "." if rng.random() < 0.9 else " "  # some German papers group by (thin) spaces
    return grouped(number, separator), grouped(number, ",")


def _fraction(rng: random.Random, low: int, high: int, digits: int = 1) -> Filler:
    number = f"{rng.uniform(low, high):.{digits}f}"
    return number.replace(".", ","), number


def _decimal(rng: random.Random) -> Filler:
    return _fraction(rng, 1, 100, rng.choice((1, 1, 2)))


def _percent(rng: random.Random) -> Filler:
    german, english = _fraction(rng, 0, 100) if rng.random() < 0.6 else (str(number := rng.randint(2, 99)), str(number))
    return german + rng.choice((" Prozent", " Prozent", " %")), english + " percent"


def _money(rng: random.Random) -> Filler:
    german_currency, english_currency = rng.choice(templates.CURRENCIES)
    if rng.random() < 0.3:
        german, english = _count(rng)
    else:
        german, english = _fraction(rng, 1, 900) if rng.random() < 0.7 else (str(n := rng.randint(2, 900)), str(n))
        german_scale, english_scale = rng.choice(templates.SCALES)
        german, english = f"{german} {german_scale}", f"{english} {english_scale}"
    return f"{german} {german_currency}", f"{english} {english_currency}"


def _euros(rng: random.Random) -> Filler:
    return _fraction(rng, 1, 2000, 2) if rng.random() < 0.5 else _count(rng)


def _points(rng: random.Random) -> Filler:
    number = f"{rng.uniform(5000, 25000):,.2f}"
    return number.translate(str.maketrans(",.", ".,")), number


def _rate(rng: random.Random) -> Filler:
    return _fraction(rng, 1, 2, 4)


def _degrees(rng: random.Random) -> Filler:
    german, english = _fraction(rng, 0, 40) if rng.random() < 0.5 else (str(n := rng.randint(2, 40)), str(n))
    sign = "minus " if rng.random() < 0.3 else ""
    return sign + german, sign + english


def _date(rng: random.Random) -> Filler:
    month, day = rng.randrange(12), rng.randint(1, 28)
    german, english = templates.MONTHS[month]
    year = rng.randint(1900, 2035)
    form = rng.random()
    if form < 0.4:
        return f"{day}. {german}", f"{english} {day}"
    if form < 0.8:
        return f"{day}. {german} {year}", f"{english} {day}, {year}"
    return f"{day:02}.{month + 1:02}.{year}", f"{english} {day}, {year}"


def _time(rng: random.Random) -> Filler:
    hour, minute = rng.randint(1, 23), rng.choice((0, 0, 5, 10, 15, 20, 30, 40, 45, 50, rng.randint(1, 59)))
    suffix = "a.m." if hour < 12 else "p.m."
    twelve = hour if hour <= 12 else hour - 12
    if minute == 0 and rng.random() < 0.7:
        return f"{hour} Uhr", f"{twelve} {suffix}"
    return f"{hour}{rng.choice('.:')}{minute:02} Uhr", f"{twelve}:{minute:02} {suffix}"


def _month(rng: random.Random) -> Filler:
    return rng.choice(templates.MONTHS)


def _weekday(rng: random.Random) -> Filler:
    return rng.choice(templates.WEEKDAYS)


def _same(text: str) -> Filler:
    return text, text


def _year(rng: random.Random) -> Filler:
    return _same(str(rng.randint(1850, 2040)))


def _age(rng: random.Random) -> Filler:
    return _same(str(rng.randint(13, 99)))


def _small(rng: random.Random) -> Filler:
    return _same(str(rng.randint(13, 300)))


def _score(rng: random.Random) -> Filler:
    home, away = rng.randint(0, 6), rng.randint(0, 6)
    return f"{home}:{away}", f"{home}-{away}"


def _ordinal(rng: random.Random) -> Filler:
    number = rng.randint(1, 120)
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}.", f"{number}{ending}"


def _phone(rng: random.Random) -> Filler:
    return _same(f"0{rng.randint(30, 9999)}/{rng.randint(10000, 9999999)}")


def _invented(rng: random.Random) -> str:
    return "".join(rng.choices(templates.SYLLABLES, k=rng.randint(2, 4))).capitalize()


def _person(rng: random.Random) -> Filler:
    surname = rng.choice(templates.SURNAMES) if rng.random() < 0.5 else _invented(rng)
    return _same(f"{rng.choice(templates.FIRST_NAMES)} {surname}" if rng.random() < 0.85 else surname)


def _place(rng: random.Random) -> Filler:
    return rng.choice(templates.PLACES) if rng.random() < 0.7 else _same(_invented(rng))


def _org(rng: random.Random) -> Filler:
    return _same(f"{_invented(rng)} {rng.choice(templates.COMPANY_FORMS)}" if rng.random() < 0.8 else _invented(rng))


_FILLERS = {
    "age": _age,
    "count": _count,
    "date": _date,
    "decimal": _decimal,
    "degrees": _degrees,
    "euros": _euros,
    "money": _money,
    "month": _month,
    "ordinal": _ordinal,
    "org": _org,
    "percent": _percent,
    "person": _person,
    "phone": _phone,
    "place": _place,
    "points": _points,
    "rate": _rate,
    "score": _score,
    "small": _small,
    "time": _time,
    "weekday": _weekday,
    "year": _year,
}
