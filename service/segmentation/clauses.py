"""Cuts text that is too long for a model into parts that fit, at the best boundaries there are.

Best is a semicolon, colon or dash, then a comma before a conjunction, a comma, a conjunction, a space, and only in a
word that is too long by itself a place between two characters. Parts come out few and of similar length. Whether a
part fits is asked about once or twice a part, since every answer costs a tokenizer run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from service.core.types import Span
from service.language.lexicons import Lexicon
from service.segmentation.lines import paragraphs

# What a cut costs, in units of one part's length away from where an even cut would lie.
_STRONG, _COMMA_CONJUNCTION, _COMMA, _CONJUNCTION, _SPACE, _TIGHT_SPACE = 0.0, 0.15, 0.3, 0.5, 0.8, 1.2
_EXTRA_PART = 0.6
_SHRINK, _GROWTH = 0.9, 0.01

_PLACE = re.compile(
    r"(?P<strong>[;:]\s+|\s[-–—]{1,3}\s+|[。！？；：]\s*|[.!?…][\"'”“»«)]*\s*[\n\r]\s*)"
    r"|(?P<comma>,[\"'”“»«’]?\s+|[，、]\s*)"
    r"|\s+"
)
_WORD = re.compile(r"[^\W\d_]+")
_ZERO_WIDTH_JOINER = "\u200d"


def cut(text: str, lexicon: Lexicon, fits: Callable[[str], bool]) -> list[Span]:
    """Spans of `text` that fit, ascending, without white space at their ends; none crosses a paragraph break."""
    spans: list[Span] = []
    for paragraph in paragraphs(text):
        if fits(text[paragraph.start : paragraph.end]):
            spans.append(paragraph)
        else:
            spans.extend(_cut_paragraph(text, paragraph, lexicon, fits))
    return spans


def _cut_paragraph(text: str, paragraph: Span, lexicon: Lexicon, fits: Callable[[str], bool]) -> list[Span]:
    spans: list[Span] = []
    start, limit = paragraph.start, paragraph.end
    room, growth = float(_longest_prefix(text, paragraph, fits)), _GROWTH
    while start < limit:
        if limit - start == 1 or (spans and limit - start <= room and fits(text[start:limit])):
            spans.append(Span(start, limit))
            break
        # What is left doesn't fit, or is longer than what did.
        room = max(1.0, min(room, limit - start - 1))
        end, following = _best_cut(text, start, limit, int(room), lexicon)
        while end - start > 1 and not fits(text[start:end]):
            room, growth = max(1.0, min(room, end - start) * _SHRINK), _GROWTH
            end, following = _best_cut(text, start, limit, int(room), lexicon)
        spans.append(Span(start, end))
        start = following
        # Tokens per character vary along a text: try for more again, faster the longer nothing was refused.
        room *= 1 + growth
        growth = min(2 * growth, 0.5)
    return spans


def _longest_prefix(text: str, paragraph: Span, fits: Callable[[str], bool]) -> int:
    """About how many characters fit, for a paragraph that doesn't: exact to a sixteenth, never 0."""
    start = paragraph.start
    too_long = paragraph.end - start
    fitting = too_long // 2
    while fitting > 1 and not fits(text[start : start + fitting]):
        too_long, fitting = fitting, fitting // 2
    while too_long - fitting > max(1, fitting // 16):
        middle = (fitting + too_long) // 2
        if fits(text[start : start + middle]):
            fitting = middle
        else:
            too_long = middle
    return max(1, fitting)


def _best_cut(text: str, start: int, limit: int, room: int, lexicon: Lexicon) -> tuple[int, int]:
    """(end of the part, start of the next) with a part of at most `room` characters and at least one."""
    rest = limit - start
    parts = max(2, -(-rest // room))
    length = rest / parts
    best: tuple[float, int, int] | None = None
    window = min(limit, start + room)
    # White space may lie behind the room, and a place is only one if something follows it.
    for match in _PLACE.finditer(text, start + 1, min(limit, window + 1)):
        end, following = _ends(text, match, limit)
        if not start < end <= window or following >= limit:
            continue
        cost = _kind_cost(text, match, end, following, lexicon) + abs(end - start - length) / length
        if limit - following > (parts - 1) * room:
            cost += _EXTRA_PART
        if best is None or cost < best[0]:
            best = (cost, end, following)
    if best is not None:
        return best[1], best[2]
    return _cut_inside_word(text, start, limit, min(window, start + max(1, round(length))))


def _ends(text: str, match: re.Match[str], limit: int) -> tuple[int, int]:
    end, following = match.end(), match.end()
    while end > match.start() and text[end - 1].isspace():
        end -= 1
    while following < limit and text[following].isspace():
        following += 1
    return end, following


def _kind_cost(text: str, match: re.Match[str], end: int, following: int, lexicon: Lexicon) -> float:
    if match["strong"] is not None:
        return _STRONG
    word = _WORD.match(text, following)
    joins = word is not None and word[0] in lexicon.conjunctions
    if match["comma"] is not None:
        return _COMMA_CONJUNCTION if joins else _COMMA
    if text[end - 1] == "." or (text[end - 1].isdigit() and text[following].isdigit()):
        return _TIGHT_SPACE  # "Dr. Weiß", "4. Mai", "11 000"
    return _CONJUNCTION if joins else _SPACE


def _cut_inside_word(text: str, start: int, limit: int, at: int) -> tuple[int, int]:
    """A cut at or before `at`: not inside a number if that can be helped, and never inside a character with marks."""
    fallback = at
    for position in range(at, start, -1):
        if _is_inside_character(text, position):
            continue
        if fallback == at and position != at and _is_inside_character(text, at):
            fallback = position
        if not _is_inside_number(text, start, position):
            return _around(text, start, limit, position)
    return _around(text, start, limit, fallback)


def _around(text: str, start: int, limit: int, position: int) -> tuple[int, int]:
    end, following = position, position
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    while following < limit and text[following].isspace():
        following += 1
    return end, following


def _is_inside_character(text: str, position: int) -> bool:
    before, after = text[position - 1], text[position]
    if unicodedata.category(after).startswith("M") or _ZERO_WIDTH_JOINER in (before, after):
        return True
    # Skin tones, and the letter pairs that make flags.
    return "\U0001f3fb" <= after <= "\U0001f3ff" or (
        "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff"
    )


def _is_inside_number(text: str, start: int, position: int) -> bool:
    before, after = text[position - 1], text[position]
    if before.isdigit():
        return after.isdigit() or (after in ".,'’" and text[position + 1 : position + 2].isdigit())
    return before in ".,'’" and after.isdigit() and text[position - 2 : position - 1].isdigit()
