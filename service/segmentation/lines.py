"""Decides what line breaks mean: where paragraphs end, and whether a single line break ends a segment or was wrapped.

Copy comes in two shapes. On a wire or from a CMS a line is a unit: headline, dateline, list item, paragraph. In e-mail
and old wire formats lines are hard-wrapped at a fixed width and a sentence runs on. A single line break that no
sentence end explains therefore ends a segment, unless one of these says that the line runs on:

- the next line begins with a lower-case letter, and isn't a list item, a byline ("von Anna Muster"), or a name that is
  written so ("eBay", "dm");
- it is indented under a list item;
- the line ends with a comma, hyphen, dash, slash or opening bracket, and isn't one of keywords ("Kultur/Museen/");
- the line ends with a word that something has to follow ("Acht Regeln für das Leben in");
- the paragraph is hard-wrapped (see `Layout`) and the line is full: the first word of the next line would not have fit.

A list item ("- ", "• ", "1. ", "a) ") always begins a segment, except a number in hard-wrapped prose ("am | 4. Juni").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from service.core.types import Span
from service.language.lexicons import Lexicon
from service.language.lexicons.shared import AGENCIES, NAME_LINKS, SMALL_NAMES
from service.segmentation.boundaries import is_small_name
from service.segmentation.marks import ITEM

# The line breaks of `str.splitlines`; atomic, so that "\r\n" is never taken for two.
LINE_BREAK = r"(?>\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])"
_PARAGRAPH_BREAK = re.compile(rf"{LINE_BREAK}(?:(?!{LINE_BREAK})\s)*{LINE_BREAK}\s*")
_NOT_SPACE = re.compile(r"\S")

_RUNS_ON = ",;-–—/&([{„‚«‹"
_SENTENCE_END = re.compile(r"[.!?…][\"'”“’‘»«)\]]{0,3}$")
_STOP_INSIDE = re.compile(r"[^\W\d_]{4}[.!?][\"”“»«]? [^\W\d_]")
_OPENING = "\"'„“”‚‘’«»‹›([{"
_WRAP_WIDTHS = range(50, 131)
_NARROW_WIDTHS = range(24, 50)
_TAIL = 8
_HEAD = 60
_LINE = 200
_LONGEST = 20
# "Kultur/Sachsen/Museen/": keywords above a headline, each of a few words at most, the last with its slash.
_KEYWORDS = re.compile(r"(?:[^\s/]{1,40}(?: [^\s/]{1,40}){0,3}/){2,12}|[^\s/]{1,40}/")
_WORDS_OF_LINE = re.compile(r"[^\s,&+/]+")


def paragraphs(text: str) -> Iterator[Span]:
    """The paragraphs of `text` without the white space around them, ascending. Empty lines separate them."""
    start = 0
    for match in _PARAGRAPH_BREAK.finditer(text):
        yield from _trimmed(text, start, match.start())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    first = _NOT_SPACE.search(text, start, end)
    if first is None:
        return
    while text[end - 1].isspace():
        end -= 1
    yield Span(first.start(), end)


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of one paragraph: where they begin, where the last ends, the greatest length, whether hard-wrapped.

    Wrapped are lines of 50 to 130 characters of which one begins in lower case, has a full stop inside, or is the last
    and ends with one. Lines of less than 50 may as well be headlines; so all but the first have to be full, too, and
    `narrow` says so. A first line that is longer than the others are wide is a headline. `items` is how many lines
    begin with a dash or another sign that may also stand inside a sentence.
    """

    starts: list[int]
    end: int
    width: int
    wrapped: bool
    narrow: bool
    items: int

    @classmethod
    def of(cls, text: str, paragraph: Span) -> Layout:
        """Measure the lines of `paragraph`."""
        starts: list[int] = []
        lengths: list[int] = []
        first_words: list[int] = []
        runs_on = ended = False
        items = 0
        offset = paragraph.start
        for line in text[paragraph.start : paragraph.end].splitlines(keepends=True):
            starts.append(offset)
            offset += len(line)
            stripped = line.strip()
            first_word = stripped[:_HEAD].split(None, 1)[0] if stripped else ""
            runs_on = runs_on or (bool(lengths) and not ended and first_word[:1].islower() and not _is_name(first_word))
            lengths.append(len(stripped))
            first_words.append(len(first_word))
            items += len(first_word) == 1 and not first_word.isalnum()
            ended = _SENTENCE_END.search(stripped[-_TAIL:]) is not None
        width = max(lengths)
        if len(lengths) > 2 and lengths[0] == width:
            below = max(lengths[1:])
            if below in _NARROW_WIDTHS and _is_headline(lengths, first_words, below):
                width = below
        shows_it = runs_on or ended or _has_stop_inside(text, paragraph)
        narrow = width in _NARROW_WIDTHS and shows_it and _are_full(lengths, first_words, width)
        return cls(starts, paragraph.end, width, narrow or (width in _WRAP_WIDTHS and shows_it), narrow, items)

    def line_start(self, offset: int) -> int:
        """Where the line begins that `offset` lies in."""
        return self.starts[bisect_right(self.starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Where the line ends that `offset` lies in, with its line break."""
        index = bisect_right(self.starts, offset)
        return self.starts[index] if index < len(self.starts) else self.end


def _has_stop_inside(text: str, paragraph: Span) -> bool:
    """Whether a sentence ends inside a line, and so another may run over its end."""
    return _STOP_INSIDE.search(text, paragraph.start, paragraph.end) is not None


def _is_headline(lengths: list[int], first_words: list[int], below: int) -> bool:
    """Whether the first line is none of those of width `below`: lines were broken that had room in its length."""
    had_room = any(length + 1 + word <= lengths[0] for length, word in zip(lengths[1:], first_words[2:], strict=False))
    return lengths[0] > below and had_room and _are_full(lengths, first_words, below)


def _are_full(lengths: list[int], first_words: list[int], width: int) -> bool:
    """Whether hardly any line had room for the first word of the next; the first may be a headline."""
    full = [length + 1 + word > width for length, word in zip(lengths, first_words[1:], strict=False)]
    judged = full[1:] or full
    return 10 * judged.count(False) <= len(judged)


def _is_name(word: str) -> bool:
    """Whether a word that begins small may begin a headline: "iPhone", "dm"."""
    return is_small_name(word) or word in SMALL_NAMES


def breaks_segment(text: str, sentence: int, end: int, following: int, layout: Layout, lexicon: Lexicon) -> bool:
    """Whether a line break between `end` and `following` ends the segment that began at `sentence`.

    For line breaks that no sentence end explains; the rule is at the top of this file.
    """
    head = text[following : min(layout.end, following + _HEAD)]
    is_in_item = ITEM.match(text, sentence, min(end, sentence + _HEAD)) is not None
    first_word = head.split(None, 1)[0]
    line = layout.line_start(end - 1)
    length = end - line
    is_full = layout.wrapped and length <= layout.width < length + 1 + len(first_word)
    item = ITEM.match(head)
    if item is not None:
        if item["bullet"]:
            return True
        if item["number"]:
            return not is_full
        if is_full and layout.items == 1 and text[end - 1] != ":":
            return False  # "zu gefährlichen | – so die Polizei – Wegen"
        return not item["first"].islower() or is_in_item or text[end - 1] == ":"
    if is_in_item and text[following - 1] in " \t":
        return False
    if head.lstrip(_OPENING)[:1].islower():
        return (not is_full and _is_name(first_word)) or _is_byline(text, following, is_full, layout, lexicon)
    if text[end - 1] in _RUNS_ON:
        return text[end - 1] == "/" and end - line < _LINE and _KEYWORDS.fullmatch(text, line, end) is not None
    is_opener = first_word in lexicon.openers and first_word not in lexicon.polite
    if not is_opener and _last_word(text, line, end) in lexicon.leading:
        return False
    if layout.narrow and is_full:
        # "Polizei sucht Zeugen | Die Polizei hat": what else would be capitalized in "Die"?
        return is_opener and not (text[end - 1] == ":" and sentence < line)
    return not is_full


def _last_word(text: str, line: int, end: int) -> str:
    return text[max(line, end - _LONGEST) : end].rsplit(None, 1)[-1]


def _is_byline(text: str, start: int, is_full: bool, layout: Layout, lexicon: Lexicon) -> bool:
    """Whether the line at `start` is nothing but who wrote it: "von Anna Muster und Jan de Wit, dpa".

    In wrapped prose a line may look so by chance, but hardly the last.
    """
    end = layout.line_end(start)
    if end - start > _LINE or (is_full and end < layout.end):
        return False
    words = _WORDS_OF_LINE.findall(text, start, end)
    if not 2 <= len(words) <= 12 or words[0].capitalize() not in lexicon.byline or words[-1][-1] in ".!?":
        return False
    names = [word for word in words[1:] if word.lower() not in NAME_LINKS and word not in AGENCIES]
    return bool(names) and all(name[0].isupper() for name in names)
