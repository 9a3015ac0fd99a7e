"""Recognises lines of a page that aren't reporting: credits, copyright, links, calls to subscribe, bylines."""

from __future__ import annotations

import re

_OPENING = re.compile(
    r"""[\s(\[–—*•>-]*(?:
      (?:fotos?|bild(?:er|quelle|nachweis)?|archivbild|archivfoto|symbolbild|symbolfoto|grafik|illustration|montage
        |quellen?|photos?|pictures?|images?|graphics?|credits?|sources?|video|audio|podcast
        |stand|aktualisiert|veröffentlicht|updated|published|redaktion|autor(?:in)?|author)\s*(?::|/\s)
      |(?:photo|image|picture)\s+(?:by|credit|courtesy)\b
      |copyright\b|©|\(c\)\s
      |(?:dpa|afp|apa|kna|epd|sid|reuters|ap|pa|getty|imago|rtr)(?:[-\w]*)/\w
      |(?:lesen|sehen|hören|schauen)\s+sie\s+(?:auch|hier|dazu|mehr)
      |(?:mehr|alles)\s+(?:zum\s+thema|dazu|lesen)\b
      |das\s+könnte\s+sie\s+auch
      |(?:lesetipp|weiterlesen|zum\s+artikel|zur\s+startseite|zum\s+newsletter)\b
      |(?:read|see|watch|listen)\s+(?:more|also|next|now)\b
      |(?:related|recommended|more\s+on\s+this(?:\s+story)?|most\s+read)\s*(?::|$)
      |(?:klicken|melden|folgen|abonnieren|registrieren)\s+sie\b.*\b(?:hier|newsletter|uns|kanal|jetzt)\b
      |(?:jetzt|hier)\s+(?:abonnieren|anmelden|registrieren|klicken|weiterlesen)\b
      |(?:click|tap)\s+here\b
      |(?:sign\s+up|subscribe|register)\b.*\b(?:newsletter|newsletters|now|here|today|channel)\b
      |follow\s+us\b
      |(?:anzeige|werbung|advertisement|sponsored)\s*(?::|$)
      |mit\s+(?:material|informationen)\s+(?:von|der)\b
      |https?://\S*\s*$|www\.\S*\s*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ANYWHERE = re.compile(
    r"alle\s+rechte\s+vorbehalten|all\s+rights\s+reserved|©\s*(?:\d{4}|dpa|afp|reuters)", re.IGNORECASE
)
_BYLINE = re.compile(r"\s*(?:Von|By)(?:\s+(?:[A-ZÄÖÜ][\w.'’-]*|und|and|von|van|de),?){1,8}\s*")
_BARE_CREDIT = re.compile(r"[\s(]*(?:dpa|afp|apa|kna|epd|sid|reuters|ap)(?:\s*[,/]\s*\w+)*[\s).]*", re.IGNORECASE)
_LIST_ITEM = re.compile(r"\s*(?:[-–—•*▪►●■]\s+|\(?\d{1,2}[.)]\s+(?=\S)|\(?[a-z]\)\s+)")
_WINDOW = 300


def is_boilerplate(sentence: str) -> bool:
    """Whether `sentence` is a credit, a link, a byline or the like by its first 300 characters."""
    text = sentence[:_WINDOW]
    return bool(
        _OPENING.match(text) or _ANYWHERE.search(text) or _BYLINE.fullmatch(text) or _BARE_CREDIT.fullmatch(text)
    )


def is_list_item(sentence: str) -> bool:
    """Whether `sentence` opens with a bullet or an enumeration mark."""
    return _LIST_ITEM.match(sentence) is not None
