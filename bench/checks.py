"""How good the output checks are: false alarms on human translations, and the share of known damage that they catch.

The pairs are WMT news test sets (`newstest20??.de` and `.en`), read in both directions. A human translation is taken to
be right, though some change a number on purpose (metres to feet) or by mistake, so the rate of false alarms is an upper
bound. Each kind of damage is done to every translation that it applies to and that wasn't flagged before, with a fixed
seed.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench import faults_facts, faults_words
from bench.damage import Damage, Pair, edit
from service.checks.translation import check_translation
from service.core.enums import Flag, Severity
from service.core.ports import Check

DATA_VARIABLE = "NEWSTEST_DATA"
DIRECTIONS = (("de", "en"), ("en", "de"))
_NUMBER = re.compile(r"[0-9]+(?:[.,:][0-9]+)*")
_SCALES = {"de": ("million", "milliarde", "billion"), "en": ("million", "billion", "trillion")}
_PLURALS = {"de": ("en", "n", "en"), "en": ("s", "s", "s")}
_MARKS = {"de": (",", "."), "en": (".", ",")}  # of the fraction and of groups of three digits
_SIZES = (40, 60, 100, 150)
ANY = "any"


def read_sets(folder: Path, source_lang: str, target_lang: str) -> dict[str, list[Pair]]:
    """The pairs of every test set in `folder`, by its name. Raises ValueError when two files differ in length."""
    found: dict[str, list[Pair]] = {}
    for path in sorted(folder.glob(f"newstest20??.{source_lang}")):
        sources = path.read_text(encoding="utf-8").splitlines()
        targets = path.with_suffix(f".{target_lang}").read_text(encoding="utf-8").splitlines()
        found[path.stem] = [pair for pair in zip(sources, targets, strict=True) if all(map(str.strip, pair))]
    return found


def _edit(pattern: re.Pattern[str], change: Callable[[str], str | None]) -> Damage:
    """Changes one match of `pattern` in the target, chosen by the dice."""
    return edit(pattern, lambda text, dice: change(text))


def _another_digit(number: str) -> str:
    """The last digit that isn't zero, plus one (9 becomes 8): 2019 -> 2018, 1,200 -> 1,300."""
    position = max((i for i, c in enumerate(number) if c in "123456789"), default=len(number) - 1)
    digit = "8" if number[position] == "9" else str(int(number[position]) + 1)
    return number[:position] + digit + number[position + 1 :]


def _added_zero(number: str) -> str | None:
    """Whole numbers only: a zero after a decimal fraction or a score's nil changes nothing."""
    return number + "0" if number.isdecimal() and number.strip("0") else None


def _swapped_digits(number: str) -> str | None:
    """Two neighbouring digits in the other order: 2019 -> 2091. None starts with a zero afterwards."""
    for i in range(len(number) - 2, -1, -1):
        if number[i : i + 2].isdecimal() and number[i] != number[i + 1] and (i or number[1] != "0"):
            return number[:i] + number[i + 1] + number[i] + number[i + 2 :]
    return None


def _shifted_point(language: str) -> Callable[[str], str | None]:
    """3.5 -> 35 and 3,500 -> 3.5: the magnitude is another, the digits may be the same."""
    mark, group = _MARKS[language]

    def change(number: str) -> str | None:
        if re.fullmatch(rf"[0-9]{{1,3}}{re.escape(group)}[0-9]{{3}}", number):
            return number.replace(group, mark).rstrip("0").rstrip(mark)
        return number.replace(mark, "") if re.fullmatch(rf"[0-9]+{re.escape(mark)}[0-9]{{1,2}}", number) else None

    return change


def _another_scale(language: str) -> Damage:
    """Million for billion in the words of `language`, plural for plural."""
    words, plurals = _SCALES[language], _PLURALS[language]
    forms = {word + end: index for index, word in enumerate(words) for end in ("", plurals[index])}

    def change(form: str) -> str:
        index = forms[form.lower()]
        following = (index + 1) % len(words)
        plural = form.lower() != words[index]
        word = words[following] + (plurals[following] if plural else "")
        return word.capitalize() if form[0].isupper() else word

    return _edit(re.compile(rf"\b(?:{'|'.join(sorted(forms, key=len, reverse=True))})\b", re.IGNORECASE), change)


def _cut(share: float) -> Damage:
    def damage(source: str, target: str, dice: random.Random) -> str | None:
        del source, dice
        words = target.split()
        return " ".join(words[: int(len(words) * share)]) if len(words) >= 12 else None

    return damage


def _loop(words_repeated: int) -> Damage:
    def damage(source: str, target: str, dice: random.Random) -> str | None:
        del source
        words = target.split()
        if len(words) < words_repeated + 2:
            return None
        end = dice.randrange(words_repeated, len(words))
        return " ".join(words[:end] + 4 * words[end - words_repeated : end])

    return damage


def _copy(source: str, target: str, dice: random.Random) -> str | None:
    del dice
    return None if source == target else source


_QUOTES = re.compile('["„“”«»]')


def damages(target_lang: str) -> tuple[tuple[str, Flag, Damage], ...]:
    """(name, the flag that it should raise, damage) for targets in a language."""
    return (
        ("a digit changed", Flag.NUMBERS_CHANGED, _edit(_NUMBER, _another_digit)),
        ("two digits swapped", Flag.NUMBERS_CHANGED, _edit(_NUMBER, _swapped_digits)),
        ("a zero added", Flag.NUMBERS_CHANGED, _edit(_NUMBER, _added_zero)),
        ("the point moved", Flag.NUMBERS_CHANGED, _edit(_NUMBER, _shifted_point(target_lang))),
        ("million for billion", Flag.NUMBERS_CHANGED, _another_scale(target_lang)),
        ("a number dropped", Flag.NUMBERS_CHANGED, _edit(_NUMBER, lambda number: "")),
        ("cut to a quarter", Flag.LENGTH_RATIO, _cut(0.25)),
        ("cut to a half", Flag.LENGTH_RATIO, _cut(0.5)),
        ("a word five times", Flag.REPETITION, _loop(1)),
        ("three words five times", Flag.REPETITION, _loop(3)),
        ("the source copied", Flag.COPIED_SOURCE, _copy),
        ("a number repeated", Flag.NUMBER_REPEATED, _number_again),
        ("a phrase said twice", Flag.REPETITION, _phrase_again),
        ("a word that stutters", Flag.REPETITION, _stutter),
        ("a quotation dropped", Flag.QUOTES_CHANGED, _without_quotes),
        ("a quotation mark lost", Flag.QUOTES_CHANGED, _one_quote_less),
        ("a bracket lost", Flag.QUOTES_CHANGED, _edit(re.compile(r"[()]"), lambda mark: "")),
        *faults_facts.faults(target_lang),
        *faults_words.faults(target_lang),
    )


def put_in(source: str, target: str, dice: random.Random) -> tuple[str, str, str, Flag]:
    """What a CMS sends besides words, put into both: (source, target, what became of it in the target, flag)."""
    literal, damaged, flag = dice.choice(
        (
            ("https://example.org/politik/2026", "https:/examp.org/politics/2026", Flag.LITERAL_CHANGED),
            ("redaktion@example.org", "editorial@example.org", Flag.LITERAL_CHANGED),
            ("@tagesschau", "@dayshow", Flag.LITERAL_CHANGED),
            ("#Landtagswahl", "#Stateelection", Flag.LITERAL_CHANGED),
            ("{{name}}", "{name}", Flag.LITERAL_CHANGED),
            ("%s", "s", Flag.LITERAL_CHANGED),
            ("<b>", "b", Flag.LITERAL_CHANGED),
            ("www.example.de", "www.exampl.de", Flag.LITERAL_CHANGED),
            ("👍", "\ufffd dips", Flag.CHARACTERS_CHANGED),
            ("→", "", Flag.CHARACTERS_CHANGED),
            ("☐", "□", Flag.CHARACTERS_CHANGED),
        )
    )
    at, there = (dice.choice([0, *(match.end() for match in re.finditer(" ", text))]) for text in (source, target))
    return (
        f"{source[:at]}{literal} {source[at:]}",
        f"{target[:there]}{literal} {target[there:]}",
        f"{target[:there]}{damaged} {target[there:]}",
        flag,
    )


def _number_again(source: str, target: str, dice: random.Random) -> str | None:
    """A number of two digits or more with the word after it, said again at the end."""
    found = list(re.finditer(r"(?<![\w.,])\d[\d.,]*\d \w+", target))
    if not found:
        return None
    return f"{target.rstrip(' .!?')} by {dice.choice(found).group()}."


def _phrase_again(source: str, target: str, dice: random.Random) -> str | None:
    """Two to eight words, said again at once or, four and more, later."""
    words = target.split(" ")
    size = dice.randint(2, 8)
    if len(words) < size + 3:
        return None
    at = dice.randrange(len(words) - size)
    phrase = words[at : at + size]
    there = at + size if size < 4 or dice.random() < 0.5 else dice.randint(at + size, len(words))
    return " ".join([*words[:there], *phrase, *words[there:]])


def _stutter(source: str, target: str, dice: random.Random) -> str | None:
    """Two or three letters inside a word, three times."""
    found = list(re.finditer(r"[^\W\d_]{6,}", target))
    if not found:
        return None
    word = dice.choice(found)
    at = word.start() + dice.randint(1, 3)
    part = target[at : at + dice.randint(2, 3)]
    return target[:at] + 2 * part + target[at:]


def _without_quotes(source: str, target: str, dice: random.Random) -> str | None:
    del dice
    marks = _QUOTES.findall(target)
    return _QUOTES.sub("", target) if len(marks) >= 2 and len(_QUOTES.findall(source)) >= 2 else None


def _one_quote_less(source: str, target: str, dice: random.Random) -> str | None:
    marks = list(_QUOTES.finditer(target))
    if len(marks) < 2 or len(marks) % 2 or len(_QUOTES.findall(source)) % 2:
        return None
    lost = dice.choice(marks)
    return target[: lost.start()] + target[lost.end() :]


def false_alarms(corpus: list[Pair], check: Check) -> Counter[str]:
    """How many pairs each flag was raised on, and findings of each severity; "any" counts pairs."""
    counts: Counter[str] = Counter()
    for source, target in corpus:
        found = check(source, target, True)
        counts.update({finding.flag for finding in found})
        counts.update({finding.severity for finding in found})
        counts[ANY] += bool(found)
    return counts


def catches(corpus: list[Pair], check: Check, damage: Damage, seed: int) -> tuple[int, int, list[str]]:
    """(caught with any flag, damaged, some that were missed)."""
    dice = random.Random(seed)
    caught = total = 0
    missed: list[str] = []
    for source, target in corpus:
        damaged = damage(source, target, dice)
        if damaged is None or damaged == target:
            continue
        total += 1
        if check(source, damaged, True):
            caught += 1
        else:
            missed.append(f"{source}\n    {damaged}\n    ({target})")
    return caught, total, dice.sample(missed, min(8, len(missed)))


def ratios(corpus: list[Pair], share: float = 0.999) -> Iterator[tuple[int, float, float]]:
    """(source code points from, least, most target/source) within which `share` of the pairs lie."""
    for size in _SIZES:
        found = sorted(len(target) / len(source) for source, target in corpus if len(source) >= size)
        aside = int(len(found) * (1 - share) / 2)
        yield size, found[aside], found[-1 - aside]


def _report(sets: Mapping[str, list[Pair]], source_lang: str, target_lang: str, seed: int, examples: bool) -> None:
    check = check_translation(source_lang, target_lang)
    corpus = [pair for pairs in sets.values() for pair in pairs]
    started = time.process_time()
    counts = {name: false_alarms(pairs, check) for name, pairs in sets.items()}
    microseconds = (time.process_time() - started) / len(corpus) * 1e6
    together = sum(counts.values(), Counter[str]())
    print(f"{source_lang} -> {target_lang}: {len(corpus):,} human translations, {microseconds:.0f} us each")
    print("\nfalse alarms" + " " * 14 + "".join(f"{name:>14}" for name in (*sets, "all")))
    raised = sorted(together.keys() & set(Flag))
    for flag in (*raised, *(severity for severity in Severity if together[severity]), ANY):
        cells = [(found[flag], len(sets[name])) for name, found in counts.items()] + [(together[flag], len(corpus))]
        print(f"  {flag:<24}" + "".join(f"{count:>6} {count / total:7.2%}" for count, total in cells))
    clean = [pair for pair in corpus if not check(*pair, True)]
    print("\ndamage caught")
    for name, flag, damage in damages(target_lang):
        caught, total, missed = catches(clean, check, damage, seed)
        print(f"  {name:<24}{caught:>7} of {total:<7}{caught / max(1, total):7.2%}  ({flag})")
        for example in missed if examples else ():
            print(f"      {example}")
    dice = random.Random(seed)
    kept, caught_by_flag, total_by_flag = 0, Counter[Flag](), Counter[Flag]()
    for source, target in clean:
        with_literal, right, wrong, flag = put_in(source, target, dice)
        kept += not check(with_literal, right, True)
        total_by_flag[flag] += 1
        caught_by_flag[flag] += any(finding.flag is flag for finding in check(with_literal, wrong, True))
    print(f"\nlinks, addresses, tags and symbols put in: {kept / len(clean):7.2%} pass where they are kept")
    for flag, total in total_by_flag.items():
        print(f"  {flag:<24}{caught_by_flag[flag]:>7} of {total:<7}{caught_by_flag[flag] / total:7.2%}  when changed")
    print("\nlengths, target/source: 99.9 % of the translations lie within")
    for size, least, most in ratios(corpus):
        print(f"  from {size:>3} code points     {least:.2f}-{most:.2f}")


def main() -> None:
    """Print the tables of both directions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get(DATA_VARIABLE), help=f"or {DATA_VARIABLE}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", action="store_true", help="show some damage that was missed")
    arguments = parser.parse_args()
    for source_lang, target_lang in DIRECTIONS:
        sets = {} if arguments.data is None else read_sets(Path(arguments.data), source_lang, target_lang)
        if not sets:
            parser.error("give a folder with newstest20??.de and .en")
        _report(sets, source_lang, target_lang, arguments.seed, arguments.examples)
        print()


if __name__ == "__main__":
    main()
