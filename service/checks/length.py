"""Finds output that is far shorter or longer than a translation can be: cut off, or run away."""

from __future__ import annotations

import re

from service.checks.finder import Finder
from service.core.enums import Flag, Severity
from service.core.types import Finding

Bounds = tuple[tuple[int, float, float], ...]
"""(source code points from, least and most target/source), longest first."""

# Measured on human translations, WMT newstest2014-2017 (`python -m bench.checks` prints the ratios). German -> English:
# 99.9 % lie within 0.47-1.73, 0.51-1.71, 0.52-1.54, 0.53-1.54 from 40, 60, 100, 150 on; English -> German:
# 0.55-1.88, 0.57-1.79, 0.57-1.62, 0.50-1.59. The upper bounds leave room beyond that, since a model that runs away goes
# further; the lower ones lie closely, since half of a translation is as bad, and flag 0.08 % and 0.07 %.
BOUNDS: dict[tuple[str, str], Bounds] = {
    ("de", "en"): ((150, 0.58, 1.7), (100, 0.48, 1.8), (60, 0.45, 2.0), (40, 0.42, 2.1)),
    ("en", "de"): ((150, 0.62, 1.8), (100, 0.58, 1.85), (60, 0.54, 2.1), (40, 0.5, 2.2)),
}
# What no pair of written languages does to prose, once characters are weighted by what they hold.
ANY_PAIR: Bounds = ((150, 0.35, 3.0), (60, 0.3, 3.5), (40, 0.25, 4.0))
# A character of these scripts holds about as much as 3 letters (Han, kana) or 2 (Hangul syllables).
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_DENSER = re.compile(r"[\u3040-\ud7af]")
_SYLLABLE = re.compile(r"[\uac00-\ud7af]")


def length(source_lang: str, target_lang: str) -> Finder:
    """The check of a pair; wide bounds hold for one that wasn't measured. It has no place to show."""
    bounds = bounds_for(source_lang, target_lang)
    odd = [Finding(Flag.LENGTH_RATIO, Severity.CRITICAL)]

    def find(source: str, target: str) -> list[Finding]:
        return odd if length_is_odd(source, target, bounds) else []

    return find


def length_is_odd(source: str, target: str, bounds: Bounds) -> bool:
    """Whether the target is far shorter or longer than a translation can be; `bounds` as `bounds_for` gives them."""
    if not target.strip():
        return True
    have, made = _weight(source), _weight(target)
    for size, least, most in bounds:
        if have >= size:
            return not least <= made / have <= most
    # A short source may grow by a fixed amount ("Nein." / "No, he said.") and shrink to a word ("Vielen Dank!").
    return made > 1.5 * have + 40 or (have >= 20 and made < 0.25 * have)


def bounds_for(source_lang: str, target_lang: str) -> Bounds:
    """The bounds of a pair of primary subtags; wide ones where none were measured."""
    return BOUNDS.get((source_lang, target_lang), ANY_PAIR)


def _weight(text: str) -> int:
    """Code points, those of dense scripts counted as the letters that they stand for."""
    if _DENSER.search(text) is None:
        return len(text)
    return len(text) + 2 * len(_DENSE.findall(text)) + len(_SYLLABLE.findall(text))
