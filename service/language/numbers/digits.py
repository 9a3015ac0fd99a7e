"""What a run of digits and marks can mean: an amount in either convention, a time of day, a date."""

from __future__ import annotations

import re
from decimal import Decimal

from service.language.numbers.number import Alternative

SPACES = "\u00a0\u202f\u2009"
"""No-break and thin spaces, as in 11\u202f000 and 5\u00a0Mio."""
MARKS = ".,'’\u066b\u066c"
"""Decimal and group marks; the last two are Arabic."""
FRACTIONS = {
    "½": Decimal("0.5"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
    "⅓": Decimal(1) / 3,
    "⅔": Decimal(2) / 3,
}

_MARK = re.compile(r"[.,'’]")
_GROUPED_FRACTION = re.compile(r"[0-9]{1,3}(?:(?P<mark>[.,'’])[0-9]{3})(?:(?P=mark)[0-9]{3})*(?!(?P=mark))[.,][0-9]+")
_GROUPS = re.compile(r"[0-9]{1,3}(?:(?P<mark>[.,'’])[0-9]{3})(?:(?P=mark)[0-9]{3})*")
_SPELLING = str.maketrans({"\u066b": ",", "\u066c": ".", **dict.fromkeys(" " + SPACES, "")})


def plain(token: str) -> str:
    """`token` with the digits 0-9 of its script, the marks of Latin script, and without spaces."""
    if token.isascii() and " " not in token:
        return token
    return "".join(str(int(c)) if c.isdecimal() else c for c in token.translate(_SPELLING))


def digit_readings(digits: str, decimal_mark: str, foreign_groups: bool) -> list[Alternative]:
    """Every reading of `digits` (as `plain` gives them), the likeliest first.

    `decimal_mark` "" takes either; `foreign_groups` also takes the decimal mark for a group mark ("1,500" in German).
    """
    parts = _MARK.split(digits)
    if len(parts) == 1:
        return [(Decimal(digits),)]
    marks = [character for character in digits if character in MARKS]
    whole = Decimal("".join(parts))
    last = (Decimal(f"{''.join(parts[:-1])}.{parts[-1]}"),)
    grouped = _GROUPS.fullmatch(digits) is not None and not digits.startswith("0")
    readings: list[Alternative] = []
    if grouped and (marks[0] in "'’" or (decimal_mark and marks[0] != decimal_mark)):
        return [(whole,)]
    if grouped and not decimal_mark:
        readings.append((whole,))
    if len(parts) == 2:
        readings.append(last)
        if grouped and foreign_groups:
            readings.append((whole,))
    elif _GROUPED_FRACTION.fullmatch(digits) is not None:  # 1.234,5
        readings.append(last)
    return readings + _calendar(parts, marks) or [tuple(map(Decimal, parts))]


def _calendar(parts: list[str], marks: list[str]) -> list[Alternative]:
    """18.30 and 11.9 and 4.11.2024 as the parts of a time or a date."""
    if set(marks) != {"."} or len(parts) > 3 or any(len(part) > 2 for part in parts[:2]):
        return []
    first, second = int(parts[0]), int(parts[1])
    is_time = first <= 24 and second < 60 and len(parts[1]) == 2
    if not is_time and not (1 <= first <= 31 and 1 <= second <= 12):
        return []
    together = tuple(map(Decimal, parts))
    return [together, (Decimal(first),)] if second == 0 else [together]  # 18.00 / 6 pm
