"""Judges single sentences by what news editors know: which can stand alone, which can't, and what a brief should hold.

Surface cues only, in the tradition of Edmundson (1969), "New Methods in Automatic Extracting"; no parsing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.language.lexicons import Lexicon
from service.language.numbers import Number
from service.ranking.boilerplate import is_list_item
from service.ranking.features import MAX_CHARACTERS, Features

# Factors on a sentence's score, 1 = no objection. Chosen by judgement on hand-written articles, not fitted.
QUESTION = 0.4
FRAGMENT = 0.35  # no closing mark: a headline, a caption, a table cell
INTRODUCTION = 0.6  # ends in a colon: what it announces is missing
LIST_ITEM = 0.6
PRONOUN_OPENING = 0.5
CONNECTIVE_OPENING = 0.65
UNATTRIBUTED_QUOTE = 0.4
OPEN_QUOTE = 0.7  # a quotation that begins or ends in another sentence
FIRST_PERSON = 0.6  # "wir", "I" outside of quotation marks: a quotation that lost its marks, or the author's voice
FULL_LENGTH = 8  # words from which a sentence isn't short any more; below, the factor falls in proportion
LONG = 55  # words above which a sentence is a burden in a brief; above, the factor falls in proportion
MIN_LENGTH_FACTOR = 0.2
LONGEST_QUOTE = 6  # sentences after which an unclosed quotation mark is taken for an error


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well a sentence stands alone: `quality` in 0..1, and `leaning` in 0..1 while the one before is missing.

    `figures`: states an amount. `response`: somebody denies, rejects or doesn't comment (the other side of a claim).
    """

    quality: float
    leaning: float
    figures: bool
    response: bool


_OPENING_REACH, _RESPONSE_REACH = 400, 1_000  # characters that are looked at
_FIRST_WORDS = re.compile(r"[^\W\d_]+")
_OPENING_MARKS = " \t\n\"'„“”»«‚‘’(–—-"
_END = re.compile(r"[.!?…‽؟۔।。！？｡][\"'“”’»«)\]」』\s]*$")
_QUESTION_END = re.compile(r"[?؟？][\"'“”’»«)\]」』\s]*$")
_QUOTE_MARKS = re.compile('[„“”"]')
_QUOTED = re.compile(r"„[^„“”]*[“”]|“[^“”]*”|»[^»«]*«|«[^«»]*»|\"[^\"]*\"")
_NEVER = re.compile(r"(?!)")
_LONGEST_OPENING = 6  # words
_NEAR_OPENING = 7  # words in which an anaphor leans on the sentence before


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What of a lexicon is searched for in running text, compiled; a pattern that never matches where it has nothing.

    `openings` and `anaphors` are the words that those begin with: few sentences need a closer look.
    """

    first_person: re.Pattern[str]
    aged_opening: re.Pattern[str]
    date_or_age: re.Pattern[str]
    response: re.Pattern[str]
    openings: frozenset[str]
    anaphors: frozenset[str]

    @classmethod
    @functools.cache
    def of(cls, lexicon: Lexicon) -> _Patterns:
        """The patterns of `lexicon`."""
        return cls(
            first_person=_any_of(lexicon.first_person),
            aged_opening=_expression(lexicon.aged_opening),
            # "4. November", "18.30 Uhr", "34-jährig"
            date_or_age=re.compile(
                rf"\s*{_any_of(lexicon.months | lexicon.time_words).pattern}|{_expression(lexicon.age).pattern}",
                re.IGNORECASE | re.VERBOSE,
            ),
            response=_expression(rf"\b(?:{lexicon.response})" if lexicon.response else ""),
            openings=_first_words(lexicon.pronoun_openings | lexicon.connective_openings),
            anaphors=_first_words(lexicon.anaphors | lexicon.demonstratives),
        )


def _any_of(words: frozenset[str]) -> re.Pattern[str]:
    """Any of `words` as a whole word, longest first, as spelled."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})\b") if words else _NEVER


def _first_words(phrases: frozenset[str]) -> frozenset[str]:
    return frozenset(phrase.partition(" ")[0] for phrase in phrases)


def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE) if pattern else _NEVER


UNJUDGED = Judgement(quality=MIN_LENGTH_FACTOR, leaning=1.0, figures=False, response=False)
"""For the sentences of a text that has too many to look at each."""


def judge(
    sentences: Sequence[str], features: Sequence[Features], lexicon: Lexicon, wanted: Sequence[bool]
) -> list[Judgement]:
    """One judgement per sentence, `UNJUDGED` where it isn't `wanted`, as far as `lexicon` knows the words that tell."""
    judgements = []
    patterns = _Patterns.of(lexicon)
    inside = _sentences_inside_quotes(sentences)
    for index, (sentence, feature) in enumerate(zip(sentences, features, strict=True)):
        if not wanted[index]:
            judgements.append(UNJUDGED)
            continue
        text = sentence.strip()
        quote_factor = _quote_factor(text[:MAX_CHARACTERS], inside[index], patterns)
        quality = _length_factor(feature.words) * _form_factor(text) * quote_factor
        judgements.append(
            Judgement(
                quality=quality,
                leaning=1.0 if index == 0 else leaning(text, lexicon),
                figures=any(_is_figure(number, text, patterns) for number in feature.numbers),
                response=patterns.response.search(text[:_RESPONSE_REACH]) is not None,
            )
        )
    return judgements


def leaning(sentence: str, lexicon: Lexicon) -> float:
    """How far `sentence` can stand without the one before it, by its opening: 1 = it can."""
    text = sentence[:_OPENING_REACH].lstrip(_OPENING_MARKS)
    words = [match[0].lower() for match in _FIRST_WORDS.finditer(text[:200])]
    if not words:
        return 1.0
    patterns = _Patterns.of(lexicon)
    if patterns.aged_opening.match(text):
        return CONNECTIVE_OPENING
    factor = _opening_factor(words, lexicon) if words[0] in patterns.openings else 1.0
    near = words[:_NEAR_OPENING]
    leans = not patterns.anaphors.isdisjoint(near) and _has_anaphor(near, lexicon)
    return min(factor, CONNECTIVE_OPENING) if leans else factor


def _opening_factor(words: Sequence[str], lexicon: Lexicon) -> float:
    openings = {" ".join(words[:length]) for length in range(1, _LONGEST_OPENING + 1)}
    if not openings.isdisjoint(lexicon.dummy_openings):
        return 1.0
    if not openings.isdisjoint(lexicon.pronoun_openings):
        return PRONOUN_OPENING
    return 1.0 if openings.isdisjoint(lexicon.connective_openings) else CONNECTIVE_OPENING


def _has_anaphor(words: Sequence[str], lexicon: Lexicon) -> bool:
    """ "Those who" and "diese Woche" point at nothing before, "diese Zahl" and "one of them" do."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word in lexicon.demonstratives and following not in lexicon.after_demonstrative:
            return True
        if word in lexicon.anaphors or f"{word} {following}" in lexicon.anaphors:
            return True
    return False


def _length_factor(words: int) -> float:
    factor = min(1.0, words / FULL_LENGTH, LONG / max(words, 1))
    return max(factor, MIN_LENGTH_FACTOR)


def _form_factor(text: str) -> float:
    if is_list_item(text):
        return LIST_ITEM
    if _QUESTION_END.search(text[-12:]):
        return QUESTION
    if text.endswith((":", "：")):
        return INTRODUCTION
    return 1.0 if _END.search(text[-12:]) else FRAGMENT


def _quote_factor(text: str, inside: bool, patterns: _Patterns) -> float:
    """Objects to quotations without a speaker: nothing but the quotation, or a part of a longer one."""
    outside = _QUOTED.sub(" ", text)
    speaker = len(_FIRST_WORDS.findall(outside))
    factor = 1.0
    if outside != text and speaker < 2:
        factor = UNATTRIBUTED_QUOTE
    elif inside:
        factor = OPEN_QUOTE if _balance(text) else UNATTRIBUTED_QUOTE
    elif _balance(text):
        factor = OPEN_QUOTE
    return factor * FIRST_PERSON if patterns.first_person.search(outside) else factor


def _balance(text: str) -> int:
    """Opened minus closed quotation marks; straight marks and the German closing mark count by what came before."""
    depth = 0
    marks = _QUOTE_MARKS.findall(text)
    german_style = "„" in marks
    for mark in marks:
        if mark == "„" or (mark == "“" and depth <= 0 and not german_style):
            depth += 1
        elif mark in "“”":
            depth -= 1
        else:
            depth += -1 if depth > 0 else 1
    return depth


def _sentences_inside_quotes(sentences: Sequence[str]) -> list[bool]:
    """Whether each sentence begins inside a quotation that an earlier one opened."""
    inside, opened_at = [], -1
    for index, sentence in enumerate(sentences):
        if opened_at >= 0 and index - opened_at > LONGEST_QUOTE:
            opened_at = -1
        inside.append(opened_at >= 0)
        balance = _balance(sentence[:MAX_CHARACTERS])
        if opened_at >= 0 and (balance < 0 or (balance == 1 and sentence.count('"') % 2 == 1)):
            opened_at = -1
        elif opened_at < 0 and balance > 0:
            opened_at = index
    return inside


def _is_figure(number: Number, text: str, patterns: _Patterns) -> bool:
    """Whether `number` is an amount, rather than a date, a time, a year, an age or a small ordinal."""
    if number.percent or number.scale:
        return True
    value = number.values[0]
    after = text[number.end : number.end + 14].lstrip(".")
    if patterns.date_or_age.match(after) or (1900 <= value <= 2100 and len(number.surface) == 4):
        return False
    return value >= 5
