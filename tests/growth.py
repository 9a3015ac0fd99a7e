"""How the time of a piece of work grows with its input, as a ratio: the machine and its load cancel out."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Input = TypeVar("Input")

# Four times the input takes four times as long where time is linear, and sixteen times where it is quadratic. What lies
# between leaves room for caches and for a noisy machine.
FACTOR = 4
BOUND = 9.0
_TRIES = 4


def _seconds(work: Callable[[Input], object], argument: Input) -> float:
    began = time.process_time()
    work(argument)
    return time.process_time() - began


def growth(work: Callable[[Input], object], make: Callable[[int], Input], size: int) -> float:
    """How many times longer `work` takes on an input of `FACTOR * size` than on one of `size`; the best of a few tries.

    `make` gives an input of a size.
    """
    small, large = make(size), make(FACTOR * size)
    work(small)
    ratio = float("inf")
    for _ in range(_TRIES):
        ratio = min(ratio, _seconds(work, large) / max(_seconds(work, small), 1e-4))
        if ratio <= BOUND:
            break
    return ratio
