"""One output of a model: flags, value in the cache, whether it deserves a second try, and which of two stands."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace

from service.core.enums import SUSPICIOUS, Flag
from service.core.types import DecodingOptions


@dataclass(frozen=True, slots=True)
class Output:
    """The text, its flags, and whether it came from the cache."""

    text: str
    flags: tuple[Flag, ...]
    cached: bool = False

    @property
    def suspicious(self) -> bool:
        """Whether a flag calls for a second try."""
        return not SUSPICIOUS.isdisjoint(self.flags)

    @property
    def severity(self) -> int:
        """How bad it is. A number to check leaves a sentence readable; the other flags cast doubt on all of it."""
        return sum(1 if flag is Flag.NUMBERS_CHANGED else 2 for flag in SUSPICIOUS.intersection(self.flags))


def deserves_second_try(output: Output, had_alternatives: bool) -> bool:
    """Whether an output is worth another search.

    Where only a number seems changed, and all that the beam held changes it, too, another search seldom does better
    (with a weak model one time in eight) and costs a third of the first; mostly it is a number that the check can't
    follow.
    """
    found = SUSPICIOUS.intersection(output.flags)
    return bool(found - {Flag.NUMBERS_CHANGED}) or (bool(found) and not had_alternatives)


def second_try(options: DecodingOptions, flags: Collection[Flag]) -> DecodingOptions:
    """Other decoding options for an output that failed its checks: no beam, and no loops if it looped.

    A wider beam mostly finds the same output again, and what it does change is for the worse here: wider searches give
    shorter outputs (Murray and Chiang, 2018, arXiv:1808.10006) and more copies of the source (Ott et al., 2018,
    arXiv:1803.00047). Taking the likeliest token at each step is another search, at about a third of the cost.
    """
    other = replace(options, beam_size=1 if options.beam_size > 1 else 4)
    if Flag.REPETITION in flags or Flag.TRUNCATED in flags:
        return replace(other, no_repeat_ngram_size=4, repetition_penalty=1.2)
    return other


def better(first: Output, second: Output) -> Output:
    """The second try where it is less suspicious than the first, marked as retried; else the first."""
    if second.severity < first.severity:
        return replace(second, flags=tuple(dict.fromkeys((*second.flags, Flag.RETRIED))))
    return first


def encode_value(output: Output) -> bytes:
    """A cache value: JSON with the text and its flags."""
    document = json.dumps({"t": output.text, "f": output.flags}, ensure_ascii=False, separators=(",", ":"))
    return document.encode("utf-8", "surrogatepass")


def decode_value(value: bytes) -> Output | None:
    """The output in a cache value, or None when it isn't one, or has a flag that this release doesn't know."""
    try:
        document = json.loads(value.decode("utf-8", "surrogatepass"))
        text, flags = document["t"], tuple(map(Flag, document["f"]))
    except (ValueError, KeyError, TypeError):
        return None
    return Output(text, flags, cached=True) if isinstance(text, str) else None
