"""Recognises lines of a page that aren't reporting: credits, copyright, links, calls to subscribe, bylines."""

from __future__ import annotations

import functools
import re

from service.language.lexicons import Lexicon
from service.language.lexicons.shared import AGENCIES, NAME_LINKS

_AGENCY = "(?:" + "|".join(sorted(AGENCIES, key=len, reverse=True)) + ")"
_FLAGS = re.IGNORECASE | re.VERBOSE
# What a line begins with on a page in any language.
_OPENING = rf"""
  (?:photos?|fotos?|video|audio|podcast|illustration)\s*(?::|/\s)
  | copyright\b | © | \(c\)\s
  | {_AGENCY}[-\w]*/\w
  | https?://\S*\s*$ | www\.\S*\s*$
"""
_ANYWHERE = rf"©\s*(?:\d{{4}}|{_AGENCY})"
_BARE_CREDIT = re.compile(rf"[\s(]*{_AGENCY}(?:\s*[,/]\s*\w+)*[\s).]*", re.IGNORECASE)
# "Von Karla Brenneke und Jan de Wit", "By Ann Lee": `{}` is the word before the name.
_BYLINE = rf"\s*(?:{{}})(?:\s+(?:[A-ZÀ-ÖØ-Þ][\w.'’-]*|{'|'.join(sorted(NAME_LINKS))}),?){{{{1,8}}}}\s*"
_LIST_ITEM = re.compile(r"\s*(?:[-–—•*▪►●■]\s+|\(?\d{1,2}[.)]\s+(?=\S)|\(?[a-z]\)\s+)")
_WINDOW = 300


def is_boilerplate(sentence: str, lexicon: Lexicon) -> bool:
    """Whether `sentence` is a credit, a link, a byline or the like by its first 300 characters."""
    text = sentence[:_WINDOW]
    opening, anywhere, byline = _patterns(lexicon.furniture, lexicon.furniture_anywhere, lexicon.byline)
    return bool(
        opening.match(text)
        or anywhere.search(text)
        or _BARE_CREDIT.fullmatch(text)
        or (byline is not None and byline.fullmatch(text))
    )


@functools.cache
def _patterns(
    furniture: str, furniture_anywhere: str, byline: frozenset[str]
) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str] | None]:
    """Compiled once per lexicon."""
    opening = "|".join(part for part in (_OPENING, furniture) if part)
    anywhere = "|".join(part for part in (_ANYWHERE, furniture_anywhere) if part)
    return (
        re.compile(rf"[\s(\[–—*•>-]*(?:{opening})", _FLAGS),
        re.compile(anywhere, _FLAGS),
        re.compile(_BYLINE.format("|".join(map(re.escape, sorted(byline))))) if byline else None,
    )


def is_list_item(sentence: str) -> bool:
    """Whether `sentence` opens with a bullet or an enumeration mark."""
    return _LIST_ITEM.match(sentence) is not None
