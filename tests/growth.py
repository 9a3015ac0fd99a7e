"""How the time of a piece of work grows with its input, as a ratio: the machine and its load cancel out."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

# Four times the input takes four times as long where time is linear, and sixteen times where it is quadratic. What lies
# between leaves room for caches and for a noisy machine.
FACTOR = 4
BOUND = 9.0
_TRIES = 4
_LEAST_SECONDS = 0.005


def growth(work: Callable[[Any], object], make: Callable[[int], Any] = lambda size: size, size: int = 250) -> float:
    """How many times longer `work` takes on an input of `FACTOR * size` than on one of `size`; the best of a few tries.

    `make` gives an input of a size, which is doubled until the work takes long enough to be measured.
    """
    small = make(size)
    work(small)
    while _seconds(work, small) < _LEAST_SECONDS and size < 1 << 20:
        size *= 2
        small = make(size)
    large = make(FACTOR * size)
    ratio = float("inf")
    for _ in range(_TRIES):
        ratio = min(ratio, _seconds(work, large) / max(_seconds(work, small), 1e-4))
        if ratio <= BOUND:
            break
    return ratio


def _seconds(work: Callable[[Any], object], argument: object) -> float:
    began = time.process_time()
    work(argument)
    return time.process_time() - began
