"""How often a language is taken for another, by length of text: newstest lines cut to their first words, headlines.

`python -m bench.identification [--data FOLDER]` (or NEWSTEST_DATA): FOLDER holds newstest20??.de and .en. German counts
as lost where it is taken for anything else: it would be refused or left alone. The weights were chosen on 2014 and
2015; 2016 and 2017 are held out. The headlines of bench/headlines.tsv are of our own invention.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from service.language.identification import FastTextIdentifier

DATA_VARIABLE = "NEWSTEST_DATA"
HEADLINES = Path(__file__).with_name("headlines.tsv")
TWO = ("de", "en")
TEN = ("de", "fr", "es", "it", "nl", "pl", "uk", "ru", "pt", "en")
LENGTHS = (1, 2, 3, 4, 6, 8, 0)
"""Words; 0 is the whole line."""

GERMAN_LOST = {2: 0.003, 3: 0.001, 4: 0.001, 6: 0.001, 8: 0.001, 0: 0.001}
"""Bars: the share of German that may be lost, by length."""
ENGLISH_KNOWN = {6: 0.97, 0: 0.995}
"""Bars: the share of English that must be known as English."""


def cut(line: str, words: int) -> str:
    """The first `words` words of `line`; all of it for 0."""
    return " ".join(line.split()[:words]) if words else line.strip()


def taken_for(
    identifier: FastTextIdentifier, texts: Iterable[str], served: Sequence[str], default: str = "de"
) -> list[str]:
    """The language that each text is taken for, alone in its request; those of no letters are left out."""
    answers = [identifier.identify([text], served, default)[0].language for text in texts]
    return [answer for answer in answers if answer != "und"]


def share(answers: Sequence[str], language: str) -> float:
    """How many of `answers` are `language`, 0 to 1."""
    return answers.count(language) / max(1, len(answers))


def headlines() -> dict[str, list[str]]:
    """Our own headlines, by language."""
    found: dict[str, list[str]] = {}
    for line in HEADLINES.read_text(encoding="utf-8").splitlines():
        code, _, text = line.partition("\t")
        if text:
            found.setdefault(code, []).append(text)
    return found


def _lines(folder: Path, years: Sequence[int], language: str) -> list[str]:
    paths = [folder / f"newstest{year}.{language}" for year in years]
    return [line for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _table(identifier: FastTextIdentifier, folder: Path, served: Sequence[str]) -> None:
    print(f"\nserved: {', '.join(served)}; default: de")
    print(f"{'':24}" + "".join(f"{f'{n} words' if n else 'line':>10}" for n in LENGTHS))
    for years in ((2014, 2015), (2016, 2017)):
        german, english = (_lines(folder, years, language) for language in TWO)
        lost = [1 - share(taken_for(identifier, (cut(line, n) for line in german), served), "de") for n in LENGTHS]
        known = [share(taken_for(identifier, (cut(line, n) for line in english), served), "en") for n in LENGTHS]
        print(f"{years[0]}-{years[1]}  German lost    " + "".join(f"{value:10.2%}" for value in lost))
        print(f"{years[0]}-{years[1]}  English known  " + "".join(f"{value:10.2%}" for value in known))
    bars = [f"{GERMAN_LOST[n]:.1%}" if n in GERMAN_LOST else "" for n in LENGTHS]
    print("bar        German lost  ≤ " + "".join(f"{bar:>10}" for bar in bars)[1:])
    bars = [f"{ENGLISH_KNOWN[n]:.1%}" if n in ENGLISH_KNOWN else "" for n in LENGTHS]
    print("bar        English known ≥" + "".join(f"{bar:>10}" for bar in bars)[1:])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, default=os.environ.get(DATA_VARIABLE), help="folder of newstest files")
    parser.add_argument("--show", type=int, metavar="N", help="print the held-out German lines lost at N words")
    options = parser.parse_args()
    identifier = FastTextIdentifier()
    if options.data is not None:
        folder = Path(options.data)
        for served in (TWO, TEN):
            _table(identifier, folder, served)
        if options.show is not None:
            for line in _lines(folder, (2016, 2017), "de"):
                text = cut(line, options.show)
                [answer] = identifier.identify([text], TWO, "de")
                if answer.language not in ("de", "und"):
                    print(answer.language, text, sep="\t")
        lines = _lines(folder, (2016,), "de")[:2000]
        began = time.perf_counter()
        for line in lines:
            identifier.identify([line], TWO, "de")
        middle = time.perf_counter()
        identifier.identify_segments(lines, "de", TWO)
        ended = time.perf_counter()
        each = (1e6 * (middle - began) / len(lines), 1e6 * (ended - middle) / len(lines))
        print(f"\n{each[0]:.0f} µs a text, {each[1]:.0f} µs a segment (German lines)")
    print("\nheadlines known as what they are")
    for served in (TWO, TEN):
        found = [
            f"{code} {share(taken_for(identifier, texts, served), code):.1%} of {len(texts)}"
            for code, texts in headlines().items()
            if code in served
        ]
        print(f"  served {', '.join(served)}: " + ", ".join(found))


if __name__ == "__main__":
    main()
