"""Judges single sentences by what news editors know: which can stand alone, which can't, and what a brief should hold.

Surface cues only, in the tradition of Edmundson (1969), "New Methods in Automatic Extracting"; no parsing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.language import english, german
from service.language.numbers import Number
from service.ranking.boilerplate import is_boilerplate, is_list_item
from service.ranking.features import Features

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
    boilerplate: bool
    figures: bool
    response: bool


_FIRST_WORDS = re.compile(r"[^\W\d_]+")
_OPENING_MARKS = " \t\n\"'„“”»«‚‘’(–—-"
_END = re.compile(r"[.!?…][\"'“”’»«)\]\s]*$")
_QUESTION_END = re.compile(r"\?[\"'“”’»«)\]\s]*$")
_QUOTED = re.compile(r"„[^„“”]*[“”]|“[^“”]*”|»[^»«]*«|«[^«»]*»|\"[^\"]*\"")
_FIRST_PERSON = re.compile(r"\b(?:ich|wir|uns|unser(?:e[mnrs]?)?|mein(?:e[mnrs]?)?|I|we|our|us|my)\b")
_ANAPHOR = re.compile(
    r"\b(?:(?:von|unter) ihnen|of them|(?:diese[mnrs]?|this|these|those)"
    r"(?! (?:woche|monats?|jahre?s?|tage[ns]?|sommers?|winters?|herbst|frühjahr|week|month|year|summer|winter|autumn"
    r"|spring|morning|afternoon|evening|who)\b))\b"
)
_AGED = re.compile(r"(?:Der|Die|Dem|Den)\s+\d+-[Jj]ährige|The\s+\d+-year-old\b")
_YEAR_OR_DAY = re.compile(
    r"\s*(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|January|February"
    r"|March|May|June|July|October|December|Uhr|[ap]\.?m\b)"
)
_AGE = re.compile(r"-?jährig|[\s-]years?[\s-]old|-?jährige|\s+Jahre\s+alt", re.IGNORECASE)
_RESPONSE = re.compile(
    r"""\b(?:dementier\w+|bestr(?:eit|itt)\w*|widersprach\w*|widersprich\w*|widersprech\w*|zurückgewiesen|zurückweis\w*
      |zurückwies\w*|(?:wies|weist|wiesen|weisen)\b[^.]{0,120}\bzurück
      |nicht\b[^.]{0,60}\b(?:reagiert|geäußert|äußern|stellung)\w*|äußert\w*\s+sich\b[^.]{0,60}\bnicht
      |kein\w*\s+(?:stellungnahme|kommentar|reaktion)
      |(?:jedoch|allerdings|dagegen|hingegen)\b[^.]{0,80}\b(?:nicht|kein\w*)
      |den(?:y|ied|ies|ying)|denials?|reject(?:s|ed|ing)?|disput(?:es|ed|ing)|refut(?:es|ed|ing)|contradict(?:s|ed)
      |declined\s+to|refused\s+to\s+comment|no\s+comment|not\b[^.]{0,40}\b(?:respond|responded|comment|commented|reacted)
      |(?:however|but)\b[^.]{0,80}\b(?:not|no|never)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def judge(sentences: Sequence[str], features: Sequence[Features], language: str) -> list[Judgement]:
    """One judgement per sentence; the cues on pronouns and connectives need a `language` of "de" or "en"."""
    judgements = []
    inside = _sentences_inside_quotes(sentences)
    for index, (sentence, feature) in enumerate(zip(sentences, features, strict=True)):
        text = sentence.strip()
        boilerplate = is_boilerplate(text)
        quality = _length_factor(feature.words) * _form_factor(text) * _quote_factor(text, inside[index])
        judgements.append(
            Judgement(
                quality=quality,
                leaning=1.0 if index == 0 else leaning(text, language),
                boilerplate=boilerplate or feature.words == 0,
                figures=any(_is_figure(number, text) for number in feature.numbers),
                response=_RESPONSE.search(text[:1000]) is not None,
            )
        )
    return judgements


def leaning(sentence: str, language: str) -> float:
    """How far `sentence` can stand without the one before it, by its opening: 1 = it can."""
    text = sentence.lstrip(_OPENING_MARKS)
    words = [match[0].lower() for match in _FIRST_WORDS.finditer(text[:200])]
    if not words or language not in {"de", "en"}:
        return 1.0
    if _AGED.match(text):
        return CONNECTIVE_OPENING
    factor = _german_leaning(words) if language == "de" else _english_leaning(words)
    return min(factor, CONNECTIVE_OPENING) if _ANAPHOR.search(" ".join(words[:7])) else factor


def _german_leaning(words: list[str]) -> float:
    first, second = words[0], words[1] if len(words) > 1 else ""
    if first == "es":
        return 1.0 if second in german.DUMMY_SUBJECT_VERBS else PRONOUN_OPENING
    if first == "das":
        return PRONOUN_OPENING if second in german.DEMONSTRATIVE_VERBS else 1.0
    if first in german.PRONOUNS:
        return PRONOUN_OPENING
    return CONNECTIVE_OPENING if first in german.CONNECTIVES else 1.0


def _english_leaning(words: list[str]) -> float:
    opening = " ".join(words[:6])
    if opening.startswith(english.DUMMY_SUBJECT_OPENINGS):
        return 1.0
    if words[0] in english.PRONOUNS:
        return PRONOUN_OPENING
    if words[0] in english.CONNECTIVES or opening.startswith(english.CONNECTIVE_PHRASES):
        return CONNECTIVE_OPENING
    return 1.0


def _length_factor(words: int) -> float:
    factor = min(1.0, words / FULL_LENGTH, LONG / max(words, 1))
    return max(factor, MIN_LENGTH_FACTOR)


def _form_factor(text: str) -> float:
    if is_list_item(text):
        return LIST_ITEM
    if _QUESTION_END.search(text[-12:]):
        return QUESTION
    if text.endswith(":"):
        return INTRODUCTION
    return 1.0 if _END.search(text[-12:]) else FRAGMENT


def _quote_factor(text: str, inside: bool) -> float:
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
    return factor * FIRST_PERSON if _FIRST_PERSON.search(outside) else factor


def _balance(text: str) -> int:
    """Opened minus closed quotation marks; straight marks and the German closing mark count by what came before."""
    depth = 0
    german_style = "„" in text
    for character in text:
        if character == "„" or (character == "“" and depth <= 0 and not german_style):
            depth += 1
        elif character in "“”":
            depth -= 1
        elif character == '"':
            depth += -1 if depth > 0 else 1
    return depth


def _sentences_inside_quotes(sentences: Sequence[str]) -> list[bool]:
    """Whether each sentence begins inside a quotation that an earlier one opened."""
    inside, opened_at = [], -1
    for index, sentence in enumerate(sentences):
        if opened_at >= 0 and index - opened_at > LONGEST_QUOTE:
            opened_at = -1
        inside.append(opened_at >= 0)
        balance = _balance(sentence)
        if opened_at >= 0 and (balance < 0 or (balance == 1 and sentence.count('"') % 2 == 1)):
            opened_at = -1
        elif opened_at < 0 and balance > 0:
            opened_at = index
    return inside


def _is_figure(number: Number, text: str) -> bool:
    """Whether `number` is an amount, rather than a date, a time, a year, an age or a small ordinal."""
    if number.percent or number.scale:
        return True
    value = number.values[0]
    after = text[number.end : number.end + 14].lstrip(".")
    if _YEAR_OR_DAY.match(after) or _AGE.match(after) or (1900 <= value <= 2100 and len(number.surface) == 4):
        return False
    return value >= 5
