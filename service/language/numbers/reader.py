"""Finds the numbers of a text in one pass over its words and digits, and reads each by the words of the language.

Reads digits with their marks, number words, scale words, percentages, dates and times of day. It doesn't read signs (a
minus is ignored) nor convert units. The work is linear in the text: each token is looked at once, with a bounded look
ahead.
"""

from __future__ import annotations

import re
from decimal import Decimal

from service.language.numbers.digits import FRACTIONS, MARKS, SPACES, digit_readings, plain
from service.language.numbers.number import Alternative, Number, Reading
from service.language.numbers.vocabulary import STEM, Vocabulary, vocabulary
from service.language.wordlist import has_any

# Digits of any script are meant. A token is bounded, so that a megabyte of digits is a row of ordinary numbers.
_TOKEN = re.compile(
    rf"(?P<spaced>(?<![\d.,])\d{{1,3}}(?:[ {SPACES}]\d{{3}}){{1,6}}(?!\d|[.,]\d{{3}})(?:[.,]\d{{1,2}}(?!\d))?)"
    rf"|(?P<digits>\d{{1,20}}(?:[{MARKS}]\d{{1,20}}){{0,6}})"
    r"|[^\W\d_]+"
)
_DIGIT = re.compile(r"\d|[½¼¾⅓⅔]")
_ROMAN = {
    tens + ones: 10 * ten + one
    for ten, tens in enumerate(("", "X", "XX", "XXX"))
    for one, ones in enumerate(("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"))
    if tens + ones
}
_WITH_SMALL_DIGIT = frozenset(("m", "km", "cm", "mm", "dm", "co"))  # m2 and CO2 are m² and CO₂ elsewhere, or words
_RAISED = {"²": Decimal(2), "³": Decimal(3)}
_HALF = Decimal("0.5")
_LONGEST_WORD = 60
_LONGEST_GAP = 12


def may_hold_amounts(text: str, language: str) -> bool:
    """Whether `text` has a digit or a scale word at all, which most sentences haven't. Cheap; never wrongly False."""
    if _DIGIT.search(text) is not None:
        return True
    return has_any(text.lower(), vocabulary(language).words.scale_stems)


def number_words(language: str) -> list[str]:
    """The beginnings, in lower case, of all words that may be numbers from 2 on; none where they aren't known."""
    return [word for word, value in vocabulary(language).words.numerals.items() if value > 1]


def find_numbers(text: str, language: str) -> list[Number]:
    """All numbers of `text` in order; in a range ("5 bis 7 Prozent", "5 to 7 million") the unit is shared.

    `language` is a BCP 47 code. Where no number words are kept for it, digits only are found.
    """
    return read_numbers(text, language).numbers


def read_numbers(text: str, language: str) -> Reading:
    """The numbers of `text`, and what else in it may stand for a number in a translation."""
    return _Scan(text, vocabulary(language)).read()


class _Sum:
    """Adds up the parts of one numeral: 2, 100, 50 is 250. Refuses a part that no numeral goes on with."""

    def __init__(self) -> None:
        self._thousands = 0
        self._below = 0
        self._begun = False

    @property
    def value(self) -> int:
        return self._thousands + self._below

    def add(self, part: int, *, joined: bool, one_word: bool) -> bool:
        """Whether `part` continues the numeral, and was added. `joined`: after "und" or "and"."""
        if not self._fits(part, joined, one_word):
            return False
        self._begun = True
        if part == 1000:
            self._thousands, self._below = 1000 * (self._below or 1), 0
        elif part == 100:
            self._below = 100 * (self._below or 1)
        else:
            self._below += part
        return True

    def _fits(self, part: int, joined: bool, one_word: bool) -> bool:
        below = self._below
        if not self._begun:
            return True
        if self.value == 0:  # null
            return False
        if part == 1000:
            return self._thousands == 0
        if part == 100:
            return below < 100
        if below % 100 == 0:
            return part > 0
        if joined:  # einundzwanzig, but not "between five and twenty"
            return one_word and below % 100 < 10 and part >= 20
        return below % 100 >= 20 and below % 10 == 0 and 0 < part < 10  # twenty-one


class _Scan:
    """One pass over a text. Methods that read take the index of a token and return that of the next one to read."""

    def __init__(self, text: str, known: Vocabulary) -> None:
        self.text = text
        self.known = known
        self.words = known.words
        self.tokens = list(_TOKEN.finditer(text))
        self.reading = Reading(complete=known.complete)
        self.has_fraction = False
        self.has_hour = False
        self.multiples: set[int] = set()

    def read(self) -> Reading:
        tokens, stems, not_roman = self.tokens, self.known.stems, self.words.not_roman
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.lastgroup is not None:
                index = self._digits(index)
                continue
            word = token[0]
            lower = word.lower()
            if lower[:STEM] in stems:
                index = self._word(index, lower)
                continue
            if word in _ROMAN and word not in not_roman:
                self.reading.hints.add(Decimal(_ROMAN[word]))
            elif not word.isalpha():
                self._symbols(token.start(), word)
            index += 1
        self._share_units()
        self._look_at_the_whole()
        return self.reading

    def _symbols(self, start: int, word: str) -> None:
        """Read "½ Liter" (after a number it was read with that) and "m²"."""
        if word[0] in FRACTIONS:
            self._append(Number("", start, start + 1, ((FRACTIONS[word[0]],),)))
        elif word[-1] in _RAISED:
            self.reading.hints.add(_RAISED[word[-1]])

    # Digits

    def _digits(self, index: int) -> int:
        token = self.tokens[index]
        start, end = token.span()
        digits = plain(token[0])
        before = self.text[start - 1 : start]
        if digits in ("2", "3") and before.isalpha() and self.tokens[index - 1][0].lower() in _WITH_SMALL_DIGIT:
            self.reading.hints.add(Decimal(digits))
            return index + 1
        fraction, end = self._fraction_after(digits, index)
        following = self._token_after(index, end)
        if fraction:
            readings: list[Alternative] = [(Decimal(digits) + fraction,)]
        else:
            readings = digit_readings(digits, self.words.decimal_mark, self.words.foreign_groups)
            readings = self._as_time(readings, digits, end)
        if digits in ("00", "000") and before in (".", ":"):  # 18:00 / 6 pm
            readings.append(())
        number, after_scale = self._scaled(Number("", start, end, tuple(readings)), following)
        if not number.scale and len(readings[0]) == 1:
            others = self._in_context(readings[0][0], index)
            number = number._replace(readings=(*readings, *((other,) for other in others)))
        self._append(number)
        return after_scale

    def _fraction_after(self, digits: str, index: int) -> tuple[Decimal, int]:
        """The fraction that belongs to whole `digits`, 0 if none, and where it ends: 2½, 2 1/2, 2 and a half."""
        text, end = self.text, self.tokens[index].end()
        if digits.isdecimal():
            after = end + (text[end : end + 1] in (" ", "\u00a0"))
            if (symbol := text[after : after + 1]) in FRACTIONS:
                return FRACTIONS[symbol], after + 1
            if after > end and text.startswith("1/2", after) and not text[after + 3 : after + 4].isdecimal():
                return _HALF, after + 3
            if (half := self.known.and_a_half.match(text, end)) is not None:
                return _HALF, half.end()
        return Decimal(0), end

    def _as_time(self, readings: list[Alternative], digits: str, end: int) -> list[Alternative]:
        """`readings` of a time of day where the text says that it is one: 18.30 Uhr, 6.30 pm, 6 pm, 6:30 pm."""
        parts = digits.split(".")
        if len(parts) == 2 and len(parts[0]) <= 2 and len(parts[1]) == 2 and self.known.clock.match(self.text, end):
            hour, minute = Decimal(parts[0]), Decimal(parts[1])
            readings = [(hour, minute)] if minute else [(hour, minute), (hour,)]
        if self.known.afternoon.match(self.text, end) is not None:
            return readings + [(reading[0] + 12, *reading[1:]) for reading in readings if reading[0] < 12]
        return readings

    def _in_context(self, value: Decimal, index: int) -> list[Decimal]:
        """Other values of a whole number by what stands around it: "80er", "2014/15", "19th century", "halb 7"."""
        if value != value.to_integral_value():
            return []
        text, (start, end) = self.text, self.tokens[index].span()
        previous = self.tokens[index - 1] if index else None
        found: list[Decimal] = []
        decade = self.known.decades.match(text, end) is not None
        if decade and 1000 <= value < 10_000:
            found.append(value % 100)
        before = text[start - 1 : start]
        if value < 100 and (decade or before in ("'", "’")):
            found += [value + 1900, value + 2000, value + 1800]
        elif value < 100 and before in ("/", "-", "–") and previous is not None and previous.end() == start - 1:
            opening = plain(previous[0])
            if len(opening) == 4 and opening.isdecimal():
                found.append(value + int(opening) // 100 * 100)
            elif before == "/":  # Q1/15
                found += [value + 1900, value + 2000]
        if value <= 21 and self.known.centuries.match(text, end) is not None:
            found.append((value - 1) * 100)
        if self._hour_is_not_full(index):
            found.append(value - 1)
        return found

    def _hour_is_not_full(self, index: int) -> bool:
        """Whether a number at this token is the hour in "halb sieben", "quarter to seven"."""
        if not self.has_fraction or index == 0 or self.tokens[index - 1][0].lower() not in self.words.before_hour:
            return False
        self.reading.clock = True
        return True

    # Words

    def _word(self, index: int, lower: str) -> int:
        stem, known, words = lower[:STEM], self.known, self.words
        if stem in known.halves and (after := self._half_of_a_scale(index, lower)):
            return after
        if lower in words.indefinite:
            return self._article(index)
        if stem in known.numeral_stems and (found := self._numeral(index, lower)) is not None:
            number, following, certain = found
            if lower in words.articles and following == index + 1:
                return self._article(index)
            return self._numeral_at(index, number, following, certain=certain)
        if lower in words.articles:
            return self._article(index)
        self._hint(stem, lower)
        if lower in words.scales and len(lower) >= STEM:
            self.reading.scales.add(words.scales[lower])
        return index + 1

    def _numeral(self, index: int, lower: str) -> tuple[Number, int, bool] | None:
        """The numeral that begins at a token, where the next token begins, and whether it surely counts something."""
        return self._compound(index, lower[:_LONGEST_WORD]) if self.words.compounds else self._separate_words(index)

    def _compound(self, index: int, word: str) -> tuple[Number, int, bool] | None:
        """Read "zweihundertfünfzig", "fünfjährig"; "Dreieck" gives a value that isn't certain."""
        total, known, words = _Sum(), self.known, self.words
        half, last, position = Decimal(0), "", 0
        while True:
            joined = position > 0 and word.startswith(words.joiner, position)
            match = known.numeral.match(word, position + len(words.joiner) * joined)
            if match is None:
                break
            if match[0] == words.one_half:
                half, position = _HALF, match.end()
                break
            if not total.add(words.numerals[match[0]], joined=joined, one_word=True):
                break
            last, position = match[0], match.end()
        if position == 0:
            return None
        self._hint(word[:STEM], word)
        certain = last not in words.vague and known.endings.fullmatch(word, position) is not None
        number = Number("", *self.tokens[index].span(), readings=((total.value + half,),), spelled=True)
        return number, index + 1, certain

    def _separate_words(self, index: int) -> tuple[Number, int, bool] | None:
        """Read "two hundred and fifty", "twenty-one"; "sevens" gives a value that isn't certain."""
        total, known, words, tokens = _Sum(), self.known, self.words, self.tokens
        at, following, joined, certain = index, index, False, False
        while at < len(tokens):
            word = tokens[at][0].lower()
            match = known.numeral.match(word)
            if match is None:
                break
            exact = known.endings.fullmatch(word, match.end()) is not None
            if not exact and known.loose_endings.fullmatch(word, match.end()) is None:
                break
            part = words.numerals[match[0]]
            if not total.add(part, joined=joined, one_word=False):
                break
            self.reading.hints.add(Decimal(part))
            certain = exact and (match[0] not in words.vague or following > index)
            at = following = at + 1
            if match.end() < len(word) or not self._close(at):
                break
            joined = total.value >= 100 and tokens[at][0].lower() == words.joiner and self._close(at + 1)
            at += joined
        if following == index:
            return None
        start, end = tokens[index].start(), tokens[following - 1].end()
        return Number("", start, end, ((Decimal(total.value),),), spelled=True), following, certain

    def _close(self, index: int) -> bool:
        """Whether there is a token and one blank or hyphen before it."""
        if index >= len(self.tokens):
            return False
        start, end = self.tokens[index - 1].end(), self.tokens[index].start()
        return end - start == 1 and self.text[start] in " -"

    def _numeral_at(self, index: int, number: Number, following: int, *, certain: bool) -> int:
        [[value]] = number.readings
        if (half := self.known.and_a_half.match(self.text, number.end)) is not None:
            number = number._replace(end=half.end(), readings=((value + _HALF,),))
            following = self._token_after(following, half.end())
        number, after_scale = self._scaled(number, following)
        if certain or number.scale:
            self._append(number)
        else:
            self.reading.hints.update(number.values)
        if self._hour_is_not_full(index):
            self.reading.hints.add(value - 1)
        return after_scale

    def _article(self, index: int) -> int:
        """Read "a million", "one and a half million"; elsewhere an article is hardly a number."""
        token = self.tokens[index]
        counts = token[0].lower() in self.words.articles
        one = Number("", *token.span(), readings=((Decimal(1),),), spelled=True)
        self.reading.hints.add(Decimal(1))
        if counts and self.known.and_a_half.match(self.text, one.end) is not None:
            return self._numeral_at(index, one, index + 1, certain=True)
        if self._close(index + 1) and self.tokens[index + 1][0].lower() in self.words.numerals:  # a hundred and ten
            return index + 1
        scaled, following = self._scaled(one, index + 1)
        if scaled.scale:
            self._append(scaled)
        elif counts:
            self._append(one._replace(article=True))
        return following

    def _half_of_a_scale(self, index: int, lower: str) -> int:
        """Read "half a million", "eine halbe Million", "anderthalb Millionen"; 0 where no scale word follows."""
        token = self.tokens[index]
        value = next((each for beginning, each in self.known.halves[lower[:STEM]] if lower.startswith(beginning)), None)
        joint = self.known.half_joint.match(self.text, token.end())
        if value is None or joint is None:
            return 0
        half = Number("", token.start(), joint.end(), ((value,),), spelled=True)
        scaled, following = self._scaled(half, self._token_after(index, joint.end()))
        if not scaled.scale:
            return 0
        self._append(scaled)
        return following

    def _hint(self, stem: str, lower: str) -> None:
        """Note what a word that isn't a numeral may stand for."""
        known, hints = self.known, self.reading.hints
        for beginning, values in known.hints.get(stem, ()):
            if lower.startswith(beginning):
                hints |= values
        for beginning, factor in known.multiples.get(stem, ()):
            if lower.startswith(beginning):
                hints.add(Decimal(factor))
                self.multiples.add(factor)
        if stem in known.months:
            short, name, value = known.months[stem]
            if lower in (short, name, f"{short}t", f"{name}s"):  # "Sept", "Dezembers"
                hints.add(value)
        if stem in known.fractions and any(lower.startswith(beginning) for beginning, _ in known.fractions[stem]):
            self.has_fraction = True
            hints |= {value for beginning, value in known.halves.get(stem, ()) if lower.startswith(beginning)}
        self.has_hour = self.has_hour or lower.startswith(self.words.hours)

    # Both

    def _token_after(self, index: int, position: int) -> int:
        """The first token from `index` on that doesn't begin before `position`."""
        while index < len(self.tokens) and self.tokens[index].start() < position:
            index += 1
        return index

    def _scaled(self, number: Number, following: int) -> tuple[Number, int]:
        """`number` with the scale word after it (2,5 Millionen, $5bn, 200k), if any, and the token after that."""
        factor, end, ambiguous = 1, number.end, False
        for index in (following, following + 1):  # "5 hundred million"
            if index >= len(self.tokens):
                break
            token = self.tokens[index]
            gap = self.text[end : token.start()] if token.start() - end <= 3 else "?"
            word = token[0].lower() if len(token[0]) <= _LONGEST_WORD else ""
            if gap.strip(f"-{SPACES} ") or word not in self.words.scales or (number.spelled and len(word) < STEM):
                break
            factor *= self.words.scales[word]
            ambiguous = word in self.words.ambiguous_scales
            following, end = index + 1, token.end()
        if factor == 1:
            return number, following
        amounts = [reading for reading in number.readings if len(reading) == 1]
        if not amounts:
            return number, following
        readings: tuple[Alternative, ...] = tuple((value * factor,) for [value] in amounts)
        if ambiguous:
            readings += tuple(amounts)
        [bare] = amounts[0]
        return number._replace(end=end, readings=readings, scale=factor, bare=bare), following

    def _append(self, number: Number) -> None:
        """Keep `number`, with a percent sign that follows."""
        after = self.known.percent.match(self.text, number.end)
        end = number.end if after is None else after.end()
        surface = self.text[number.start : end]
        self.reading.numbers.append(number._replace(surface=surface, end=end, percent=after is not None))

    def _share_units(self) -> None:
        """Let the first number of a range have the scale and the percent sign of the second: "5 bis 7 Prozent"."""
        numbers = self.reading.numbers
        for index in range(len(numbers) - 2, -1, -1):
            low, high = numbers[index], numbers[index + 1]
            if not (high.scale or high.percent) or high.start - low.end > _LONGEST_GAP:
                continue
            if self.known.between.fullmatch(self.text, low.end, high.start) is None:
                continue
            readings = low.readings
            if high.scale and not low.scale:
                readings += tuple((value * high.scale,) for value in low.values)
            numbers[index] = low._replace(percent=low.percent or high.percent, readings=readings)

    def _look_at_the_whole(self) -> None:
        """Add what follows from several words together: "zwei Dutzend", "an hour and a half", a time of day."""
        reading, hints = self.reading, self.reading.hints
        lowered = self.text.lower()
        if reading.numbers and self.known.clock_signs.search(lowered) is not None:
            reading.clock = True
        reading.scales |= {number.scale for number in reading.numbers if number.scale}
        reading.scales |= {factor for stem, factor in self.words.scale_stems.items() if stem in lowered}
        for phrase, meant in self.known.phrases.items():
            if phrase in lowered:
                hints |= meant
        if not (self.has_fraction or self.multiples or self.has_hour):
            return
        values = hints.union(*(number.values for number in reading.numbers))
        if self.has_fraction:
            hints |= {value + _HALF for value in values if value < 100}
            if reading.clock or self.has_hour:
                hints |= {Decimal(minutes) for minutes in (15, 30, 45)}
        if self.has_hour:  # anderthalb Stunden / 90 minutes
            hints |= {60 * value for value in hints | values if value < 24 and value % 1}
        for factor in self.multiples:
            hints |= {value * factor for value in values if value <= 20}
