"""What became of one input: its value in the cache, the options of a second try, and which of two outputs stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.core.enums import SUSPICIOUS, Flag
from service.core.types import DecodingOptions


@dataclass(frozen=True, slots=True)
class Outcome:
    """The output, its flags, and whether it came from the cache."""

    text: str
    flags: tuple[str, ...]
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """The output of one decoding and its flags."""

    text: str
    flags: tuple[str, ...]

    @property
    def suspicious(self) -> bool:
        """Whether a flag calls for a second try."""
        return not SUSPICIOUS.isdisjoint(self.flags)

    @property
    def gravity(self) -> int:
        """How bad the output is. A number to check leaves a sentence readable; the other flags doubt all of it."""
        return sum(1 if flag == Flag.NUMBERS_CHANGED else 2 for flag in SUSPICIOUS.intersection(self.flags))


def deserves_second_try(attempt: Attempt, had_alternatives: bool) -> bool:
    """Whether an output is worth another search.

    Where only a number seems changed, and all that the beam held changes it, too, another search seldom does better
    (with a weak model one time in eight) and costs a third of the first; mostly it is a number that the check can't
    follow.
    """
    found = SUSPICIOUS.intersection(attempt.flags)
    return bool(found - {Flag.NUMBERS_CHANGED}) or (bool(found) and not had_alternatives)


def second_try(options: DecodingOptions, flags: Sequence[str]) -> DecodingOptions:
    """Other decoding options for an output that failed its checks: no beam, and no loops if it looped.

    A wider beam mostly finds the same output again, and what it does change is for the worse here: wider searches give
    shorter outputs (Murray and Chiang, 2018, arXiv:1808.10006) and more copies of the source (Ott et al., 2018,
    arXiv:1803.00047). Taking the likeliest token at each step is another search, at about a third of the cost.
    """
    other = replace(options, beam_size=1 if options.beam_size > 1 else 4)
    if Flag.REPETITION in flags or Flag.TRUNCATED in flags:
        return replace(other, no_repeat_ngram_size=4, repetition_penalty=1.2)
    return other


def better(first: Attempt, second: Attempt) -> Attempt:
    """The second try where it is less suspicious than the first, marked as retried; else the first."""
    if second.gravity < first.gravity:
        return replace(second, flags=tuple(dict.fromkeys((*second.flags, Flag.RETRIED))))
    return first


def encode_value(outcome: Outcome) -> bytes:
    """A cache value: JSON with the text and its flags."""
    document = json.dumps({"t": outcome.text, "f": outcome.flags}, ensure_ascii=False, separators=(",", ":"))
    return document.encode("utf-8", "surrogatepass")


def decode_value(value: bytes) -> Outcome | None:
    """The outcome in a cache value, or None when it isn't one."""
    try:
        document = json.loads(value.decode("utf-8", "surrogatepass"))
        text, flags = document["t"], document["f"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(text, str) or not isinstance(flags, list):
        return None
    return Outcome(text, tuple(map(str, flags)), cached=True)
