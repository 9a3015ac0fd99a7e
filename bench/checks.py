"""How good the output checks are: false alarms on human translations, and the share of known damage that they catch.

The pairs are WMT news test sets (`newstest20??.de` and `.en`). A human translation is taken to be right, though some
change a number on purpose (metres to feet) or by mistake, so the rate of false alarms is an upper bound. Each kind of
damage is done to every translation that it applies to and that wasn't flagged before, with a fixed seed.
"""

from __future__ import annotations

import argparse
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from service.checks.translation import check_translation
from service.core.enums import SUSPICIOUS, Flag

DATA_VARIABLE = "NEWSTEST_DATA"
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_SCALE = re.compile(r"\b(million|billion|trillion)", re.IGNORECASE)
_SCALES = ("million", "billion", "trillion")

Damage = Callable[[str, str, random.Random], str | None]
"""(source, target, dice) -> the damaged target, or None where it doesn't apply."""


def pairs(folder: Path) -> Iterator[tuple[str, str]]:
    """Source and target lines of every test set in `folder`. Raises ValueError when two files differ in length."""
    for source in sorted(folder.glob("newstest20??.de")):
        german = source.read_text(encoding="utf-8").splitlines()
        english = source.with_suffix(".en").read_text(encoding="utf-8").splitlines()
        for pair in zip(german, english, strict=True):
            if all(map(str.strip, pair)):
                yield pair


def _edit(pattern: re.Pattern[str], change: Callable[[str], str | None]) -> Damage:
    """Changes one match of `pattern` in the target, chosen by the dice."""

    def damage(source: str, target: str, dice: random.Random) -> str | None:
        del source
        if not (matches := list(pattern.finditer(target))):
            return None
        match = dice.choice(matches)
        changed = change(match.group())
        return None if changed is None else target[: match.start()] + changed + target[match.end() :]

    return damage


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


def _shifted_point(number: str) -> str | None:
    """3.5 -> 35 and 3,500 -> 3.5: the magnitude is another, the digits may be the same."""
    if re.fullmatch(r"\d{1,3},\d{3}", number):
        return number.replace(",", ".").rstrip("0").rstrip(".")
    return number.replace(".", "") if re.fullmatch(r"\d+\.\d{1,2}", number) else None


def _another_scale(word: str) -> str:
    return _SCALES[(_SCALES.index(word.lower()) + 1) % len(_SCALES)]


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


DAMAGES: tuple[tuple[str, str, Damage], ...] = (
    ("a digit changed", Flag.NUMBERS_CHANGED, _edit(_NUMBER, _another_digit)),
    ("two digits swapped", Flag.NUMBERS_CHANGED, _edit(_NUMBER, _swapped_digits)),
    ("a zero added", Flag.NUMBERS_CHANGED, _edit(_NUMBER, _added_zero)),
    ("the point moved", Flag.NUMBERS_CHANGED, _edit(_NUMBER, _shifted_point)),
    ("million for billion", Flag.NUMBERS_CHANGED, _edit(_SCALE, _another_scale)),
    ("a number dropped", Flag.NUMBERS_CHANGED, _edit(_NUMBER, lambda number: "")),
    ("cut to a quarter", Flag.LENGTH_RATIO, _cut(0.25)),
    ("cut to a half", Flag.LENGTH_RATIO, _cut(0.5)),
    ("a word five times", Flag.REPETITION, _loop(1)),
    ("three words five times", Flag.REPETITION, _loop(3)),
    ("the source copied", Flag.COPIED_SOURCE, _copy),
)


def false_alarms(corpus: list[tuple[str, str]]) -> Counter[str]:
    """How many pairs each suspicious flag was raised on; "any" counts pairs."""
    counts: Counter[str] = Counter()
    for source, target in corpus:
        flags = SUSPICIOUS.intersection(check_translation(source, target, True))
        counts.update(flags)
        counts["any"] += bool(flags)
    return counts


def catches(corpus: list[tuple[str, str]], flag: str, damage: Damage, seed: int) -> tuple[int, int, list[str]]:
    """(caught with `flag` or another, damaged, some that were missed)."""
    dice = random.Random(seed)
    caught = total = 0
    missed: list[str] = []
    for source, target in corpus:
        damaged = damage(source, target, dice)
        if damaged is None or damaged == target:
            continue
        total += 1
        if SUSPICIOUS.intersection(check_translation(source, damaged, True)):
            caught += 1
        else:
            missed.append(f"{source}\n    {damaged}\n    ({target})")
    return caught, total, dice.sample(missed, min(8, len(missed)))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get(DATA_VARIABLE), help=f"or {DATA_VARIABLE}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", action="store_true", help="show some damage that was missed")
    arguments = parser.parse_args()
    if arguments.data is None or not (corpus := list(pairs(Path(arguments.data)))):
        parser.error("give a folder with newstest20??.de and .en")
    counts = false_alarms(corpus)
    print(f"false alarms on {len(corpus):,} human translations")
    for flag in (*sorted(SUSPICIOUS), "any"):
        print(f"  {flag:<24}{counts[flag]:>7}  {counts[flag] / len(corpus):7.2%}")
    clean = [pair for pair in corpus if not SUSPICIOUS.intersection(check_translation(*pair, True))]
    print("\ndamage caught")
    for name, flag, damage in DAMAGES:
        caught, total, missed = catches(clean, flag, damage, arguments.seed)
        print(f"  {name:<24}{caught:>7} of {total:<7}{caught / max(1, total):7.2%}  ({flag})")
        for example in missed if arguments.examples else ():
            print(f"      {example}")


if __name__ == "__main__":
    main()
