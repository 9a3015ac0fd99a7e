"""Decides whether a sentence ends at one stop (full stop, question mark, ellipsis). Looks at most a few words around.

The rules are those of European orthography; what differs between languages is in their lexicons. Line breaks and
paragraphs are not its business.
"""

from __future__ import annotations

import enum
import re
from typing import NamedTuple

from service.core.types import Span
from service.language.lexicons import Lexicon
from service.language.lexicons.shared import AGENCIES

STOPS = ".!?…‽؟۔।"
# These need no white space after them.
WIDE_STOPS = "。！？｡"
CLOSERS = "\"'”“’‘»«›‹)]}*_」』"
_OPENERS = "\"'„“”‚‘’«»‹›([{¿¡*_「『"
_QUOTES = frozenset("\"'„“”‚‘’«»‹›「『")
_DASHES = "-–—"

# How far rules look: no word that matters is longer, and a bound keeps segmentation linear.
_REACH = 40

_NEXT = re.compile(rf"(?P<openers>[{re.escape(_OPENERS)}\s]{{0,6}})(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)?")
_ROMAN = re.compile(r"(?:X{0,3})(?:IX|IV|V?I{0,3})")
_NUMBER = re.compile(r"\d{1,4}")
_NUMBERING = re.compile(r"\d{1,4}|\d{1,2}(?:\.\d{1,2}){1,3}")
_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?!\d)")
# The part of a token that stands behind a hyphen, slash, plus or bracket: "WTA-Nr", "16./17", "90.+3".
_TAIL = re.compile(r"[^-–/(+]+$")
_ELIDED_TAIL = re.compile(r"[^-–/(+'’]+$")  # "l'art", "dell’avv"
_UNIT_LETTERS = frozenset("mglhstVWACFK")
_CONSONANTS = re.compile(r"[b-df-hj-np-tv-xzß]{2,}", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_WORD_START = re.compile(r"\b(?:[a-zß-öø-ÿа-яёіїєґ]|([^\W\d_])[a-zß-öø-ÿа-яёіїєґ])")
_NAME_AND_VERB = re.compile(r"(?:[^\W\d_a-zß-öø-ÿ][\w.'’-]{0,30}\s){1,4}([^\W\d_]+)")


class Verdict(enum.Enum):
    """`SPLIT`: a sentence ends here. `OPEN`: none ends here in running text. `BOUND`: never cut here."""

    SPLIT = enum.auto()
    OPEN = enum.auto()
    BOUND = enum.auto()


class Casing:
    """Whether the letters of one paragraph say anything by their case. Looks when first asked, and once."""

    __slots__ = ("_absent", "_paragraph", "_text")

    def __init__(self, text: str, paragraph: Span) -> None:
        self._text = text
        self._paragraph = paragraph
        self._absent: bool | None = None

    def is_absent(self, lexicon: Lexicon) -> bool:
        """Whether it is written in small letters throughout, but for a few names: "die ministerin kommt. sie bleibt."

        It has to begin so, too. Of German words three in ten are capitalized, of English ones one in ten.
        """
        if self._absent is None:
            self._absent = self._begins_small() and self._capitals() <= (0.1 if lexicon.nouns_capitalized else 0.04)
        return self._absent

    def _begins_small(self) -> bool:
        first = _LETTER.search(self._text, self._paragraph.start, self._paragraph.end)
        return first is not None and first[0].islower()

    def _capitals(self) -> float:
        """The share of words that are capitalized. Acronyms are so anywhere, and don't count."""
        words = capitals = 0
        for match in _WORD_START.finditer(self._text, self._paragraph.start, self._paragraph.end):
            words += 1
            capitals += match.lastindex is not None
        return capitals / max(1, words)


class Stop(NamedTuple):
    """A run of stops `text[start:marks_end]`, its closers up to `end`, and white space up to `next`.

    `sentence` is where the current sentence began, `limit` where the paragraph ends.
    """

    sentence: int
    start: int
    marks_end: int
    end: int
    next: int
    limit: int


class Follows(NamedTuple):
    """What comes after a stop: the first word or "", its first character, and how that counts as evidence.

    `opens`: nothing but a new sentence is likely to begin so. `bracketed`: an opening round bracket comes first.
    `is_year`: a number that can be a year comes first; looked for behind numbers only.
    """

    word: str
    first: str
    opens: bool
    bracketed: bool
    is_year: bool


def judge(text: str, stop: Stop, lexicon: Lexicon, casing: Casing) -> Verdict:
    """Whether a sentence ends at `stop`. Constant time, but for the first look at a paragraph's letters."""
    if stop.start == stop.sentence:
        return Verdict.OPEN  # "... and so on": a mark alone is no sentence
    match = _NEXT.match(text, stop.next, min(stop.limit, stop.next + _REACH))
    assert match is not None, "the pattern matches the empty string"
    openers, word, at = match["openers"], match["word"] or "", match.end("openers")
    first = text[at] if at < stop.limit else ""
    if word and word[0].islower():
        if word in AGENCIES and openers[-1:] == "(":
            return Verdict.SPLIT  # "Das teilte die Stadt mit. (dpa) Der Zoo öffnet wieder."
        if not is_small_name(word) and not _is_clipped(word, openers, lexicon):
            return _judge_lower_case(text, stop, lexicon, word) if casing.is_absent(lexicon) else Verdict.OPEN
    elif not word and not _may_begin(first, openers, text, at, stop.limit):
        return Verdict.OPEN
    if _is_bracketed(text, stop):
        return Verdict.OPEN
    if first and first in _DASHES:
        word = _word_after_dash(text, at, stop.limit)
    if text[stop.start] in "!?":
        return _judge_mark(text, stop, lexicon, word)
    if text[stop.start] != ".":
        return _judge_ellipsis(text, stop, lexicon, word) if text[stop.start] == "…" else Verdict.SPLIT
    if stop.marks_end - stop.start > 1:
        return _judge_ellipsis(text, stop, lexicon, word)
    # "J. A. Smith", "А. С. Пушкин": an opener of one letter before a full stop is an initial.
    is_initial = len(word) == 1 and text[match.end() : match.end() + 1] == "."
    opens = (_is_opener(word, lexicon) and not is_initial) or not _QUOTES.isdisjoint(openers)
    is_year = first.isdigit() and text[stop.start - 1].isdigit() and _YEAR.match(text, at, stop.limit) is not None
    return _judge_full_stop(text, stop, lexicon, Follows(word, first, opens, "(" in openers, is_year))


def _judge_lower_case(text: str, stop: Stop, lexicon: Lexicon, word: str) -> Verdict:
    """What follows is in lower case like everything else, and so is no evidence: "sie kommt. er geht"."""
    if _is_bracketed(text, stop) or text[stop.start] == "…":
        return Verdict.OPEN
    if stop.end > stop.marks_end and word.capitalize() not in lexicon.openers:
        return Verdict.OPEN  # "„warum nur?“ fragte sie"
    if text[stop.start] != ".":
        return Verdict.SPLIT
    if stop.marks_end - stop.start > 1:
        return Verdict.OPEN
    follows = Follows(word.capitalize(), word[0], opens=False, bracketed=False, is_year=False)
    return _judge_full_stop(text, stop, lexicon, follows)


def is_small_name(word: str) -> bool:
    """Whether a word that begins small is a name that may begin a sentence or headline: "iPhone", "eBay"."""
    return len(word) > 2 and word[1].isupper()


def _is_clipped(word: str, openers: str, lexicon: Lexicon) -> bool:
    """A word that has lost its beginning opens the sentence: "'s Avonds", "'t Is laat"."""
    return openers[-1:] in ("'", "’") and f"'{word}" in lexicon.openers


def _is_opener(word: str, lexicon: Lexicon) -> bool:
    """With its vowel or without: "La ville", "L'homme"."""
    return word in lexicon.openers or (lexicon.elides and re.split("['’]", word, maxsplit=1)[0] in lexicon.openers)


def _may_begin(after: str, openers: str, text: str, at: int, limit: int) -> bool:
    """Whether a sentence can begin with `after`, which is no letter."""
    if not after:
        return bool(openers.strip())
    if after in STOPS:
        return "[" in openers or "(" in openers
    if after in _DASHES:
        word = _word_after_dash(text, at, limit)
        return bool(word) and not word[0].islower()
    return after not in ",;:)]}%&/=<>|+"


def _word_after_dash(text: str, at: int, limit: int) -> str:
    if at + 1 < limit and not text[at + 1].isspace():
        return ""
    match = _NEXT.match(text, at + 1, min(limit, at + _REACH))
    return (match["word"] or "") if match else ""


def _is_bracketed(text: str, stop: Stop) -> bool:
    """A remark, not the end of anything: "(!)", "[…]"."""
    return text[stop.start - 1] in "([" and text[stop.marks_end] in ")]"


def _judge_mark(text: str, stop: Stop, lexicon: Lexicon, word: str) -> Verdict:
    """Exclamation and question marks: they end a sentence, except inside names and in quoted speech."""
    if stop.end > stop.marks_end and (word == "I" or word not in lexicon.openers):
        match = _NAME_AND_VERB.match(text, stop.next, min(stop.limit, stop.next + 4 * _REACH))
        if match and match[1] in lexicon.speech_verbs:
            return Verdict.OPEN
    if text[stop.start] == "!" and word in lexicon.company_forms:
        token, _ = _tokens_before(text, stop)
        if token.lower() in lexicon.names_with_mark:
            return Verdict.OPEN
    return Verdict.SPLIT


def _judge_ellipsis(text: str, stop: Stop, lexicon: Lexicon, word: str) -> Verdict:
    """With a space before it, an ellipsis stands for words left out; in German a noun may follow."""
    stands_alone = text[stop.start - 1 : stop.start].isspace() and stop.end == stop.marks_end
    if lexicon.nouns_capitalized and stands_alone and word and word not in lexicon.openers:
        return Verdict.OPEN
    return Verdict.SPLIT


def _tokens_before(text: str, stop: Stop) -> tuple[str, str]:
    """The token before the stop and the one before that; empty at the beginning of the sentence."""
    window = text[max(stop.sentence, stop.start - _REACH) : stop.start]
    if not window or window[-1].isspace():
        return "", ""
    tokens = window.rsplit(None, 2)
    return tokens[-1].lstrip(_OPENERS), tokens[-2] if len(tokens) > 1 else ""


def _judge_full_stop(text: str, stop: Stop, lexicon: Lexicon, follows: Follows) -> Verdict:
    token, before = _tokens_before(text, stop)
    if not token:
        return Verdict.SPLIT
    tail = (_ELIDED_TAIL if lexicon.elides else _TAIL).search(token)
    key, short = token.lower(), tail[0].lower() if tail else ""
    if stop.end > stop.marks_end:
        if not before and text[stop.marks_end] == ")" and _NUMBER.fullmatch(token):
            return Verdict.BOUND  # "1.) Renten sichern"
        # A quote or bracket closes after the full stop: abbreviations are rare there, sentence ends the rule.
        is_abbreviation = key in lexicon.may_end and not follows.opens
        return Verdict.OPEN if is_abbreviation else Verdict.SPLIT
    if token[-1].isdigit():
        is_first = len(token) == len(short) and (not before or _is_mark(before, stop, token))
        return _judge_number(short, before, lexicon, follows, is_first=is_first)
    if token[-1].isupper() and (verdict := _judge_spelled(tail[0] if tail else token, lexicon, follows)):
        return verdict
    if key in lexicon.units or (len(short) == 1 and _is_unit(token, before, follows)):
        return Verdict.SPLIT
    if len(short) == 1 and short.isalpha():
        return _judge_letter(token, before, lexicon, follows)
    if lexicon.ordinals_have_full_stop and _ROMAN.fullmatch(token) and before.lower() in lexicon.before_ordinal:
        return Verdict.SPLIT if follows.opens else Verdict.OPEN  # "im II. Weltkrieg"
    if lexicon.rulers_have_full_stop and _ROMAN.fullmatch(token) and before[:1].isupper():
        is_ruler = not follows.opens and before.lower() not in lexicon.numbered_things
        return Verdict.OPEN if is_ruler else Verdict.SPLIT
    if _is_plain_acronym(tail[0] if tail else "", follows.word) or short in lexicon.units:
        return Verdict.SPLIT
    return _judge_word(token, key, short, before, lexicon, follows)


def _is_mark(before: str, stop: Stop, token: str) -> bool:
    """Whether the sentence begins with `before`, which is no word, and `token`: "- 1"."""
    return not before[-1].isalnum() and stop.start - stop.sentence <= len(before) + 1 + len(token) <= _REACH


def _judge_word(token: str, key: str, short: str, before: str, lexicon: Lexicon, follows: Follows) -> Verdict:
    """A word and a full stop: an abbreviation, or not. `key` is the token in lower case, `short` its last part."""
    capitalized = token[-len(short) :][:1].isupper()
    if capitalized and short in lexicon.lower_case_only:
        # "er heißt Max. Anna kommt", but "Max. 5 Personen"
        return Verdict.BOUND if not before and follows.first.isdigit() else Verdict.SPLIT
    if key in lexicon.never_final or short in lexicon.never_final or (capitalized and short in lexicon.titles):
        return Verdict.BOUND
    if short in lexicon.after_number:
        return Verdict.OPEN if before[-1:].isdigit() and not follows.opens else Verdict.SPLIT
    takes_number = key in lexicon.before_number or short in lexicon.before_number
    if (takes_number or short.endswith(lexicon.street_endings)) and _is_numeral(follows):
        return Verdict.BOUND
    if takes_number and key not in lexicon.may_end:
        return Verdict.SPLIT
    if _is_abbreviation(key, short, token, lexicon):
        if short in lexicon.times:
            return Verdict.OPEN if follows.word in lexicon.after_time or follows.first.isdigit() else Verdict.SPLIT
        return Verdict.SPLIT if follows.opens and not follows.bracketed else Verdict.OPEN
    return Verdict.SPLIT


def _judge_spelled(token: str, lexicon: Lexicon, follows: Follows) -> Verdict | None:
    """Abbreviations that the lexicon has with their capitals: "M. Dupont", "EE. UU."."""
    if token in lexicon.never_final:
        return Verdict.BOUND
    if token in lexicon.may_end:
        return Verdict.SPLIT if follows.opens else Verdict.OPEN
    return None


def _is_numeral(follows: Follows) -> bool:
    is_roman = bool(follows.word) and not follows.opens and _ROMAN.fullmatch(follows.word) is not None
    return follows.first.isdigit() or is_roman


def _is_unit(token: str, before: str, follows: Follows) -> bool:
    """One letter that is a unit: "50 km/h", "8 m", but not "Frankfurt/M" or "300 v. Chr."."""
    if len(token) > 1:
        return token[-2] == "/" and token[-1].islower()
    return token in _UNIT_LETTERS and before[-1:].isdigit() and not follows.first.isdigit()  # "8 h. 20" is a time


def _is_plain_acronym(token: str, word: str) -> bool:
    """Written without full stops, unless everything around is in capitals: "BMW.", "GmbH.", but not "DR. WEISS"."""
    return len(token) > 1 and token.isalpha() and token[-1].isupper() and not (len(word) > 1 and word.isupper())


def _is_abbreviation(key: str, short: str, token: str, lexicon: Lexicon) -> bool:
    if key in lexicon.may_end or short in lexicon.may_end:
        return True
    if short in lexicon.may_end_names:
        return token[-len(short)].isupper()
    if "." in token:
        return all(len(part) <= 2 and part.isalpha() for part in key.split("."))
    return _CONSONANTS.fullmatch(token) is not None


def _judge_number(number: str, before: str, lexicon: Lexicon, follows: Follows, *, is_first: bool) -> Verdict:
    """A number and a full stop: an ordinal or date where a language writes these so, else the end of a sentence."""
    if is_first:
        # "1. FC Köln", "3. Juni", and the items of a numbered list: "1.2. Kosten", "- 1. Kosten".
        return Verdict.BOUND if _NUMBERING.fullmatch(number) else Verdict.SPLIT
    is_date = bool(_DATE.fullmatch(number))
    if not lexicon.ordinals_have_full_stop or not (is_date or _NUMBER.fullmatch(number)):
        return Verdict.SPLIT
    if follows.word in lexicon.months:
        return Verdict.BOUND
    if follows.first.isdigit():
        is_part_of_date = is_date or (len(number) <= 2 and (before.endswith(".") or not follows.is_year))
        return Verdict.BOUND if is_part_of_date else Verdict.SPLIT
    if follows.opens:
        return Verdict.SPLIT
    if follows.word in lexicon.ordinal_nouns and len(number) < 4:
        return Verdict.BOUND
    if len(number) == 4 and follows.word and before.lower() in lexicon.before_year:
        return Verdict.SPLIT  # "seit 2010. Augenzeugen sagten"
    if is_date or before.strip(_OPENERS).lower() in lexicon.before_ordinal:
        return Verdict.OPEN
    return Verdict.SPLIT


def _judge_letter(token: str, before: str, lexicon: Lexicon, follows: Follows) -> Verdict:
    """One letter and a full stop: an initial, a part of an abbreviation ("z. B."), or a label ("Plan B.")."""
    if len(before) <= 4 and before.endswith("."):
        chain = (before + token).lower().lstrip(_OPENERS)
        if chain in lexicon.never_final:
            return Verdict.BOUND
        return Verdict.SPLIT if follows.opens and (chain in lexicon.may_end or token.isupper()) else Verdict.OPEN
    if follows.opens and before:
        return Verdict.SPLIT
    return Verdict.BOUND if token.isupper() else Verdict.OPEN
