"""How the work of a function grows with its input. Compares the process times of one run, so that no machine matters."""

from __future__ import annotations

import time
from collections.abc import Callable

LINEAR = 8.0
"""Bound of `growth` for a function that is linear (4) on a busy machine; a quadratic one gives 16."""


def growth(work: Callable[[int], object], size: int = 250) -> float:
    """The time of `work(4 * size)` over that of `work(size)`, at a size that takes over 5 ms; least of five each."""
    while (least := _least_seconds(work, size)) < 0.005 and size < 2**22:
        size *= 2
    return _least_seconds(work, 4 * size) / least


def _least_seconds(work: Callable[[int], object], size: int) -> float:
    seconds = []
    for _ in range(5):
        started = time.process_time()
        work(size)
        seconds.append(time.process_time() - started)
        if seconds[-1] > 0.5:
            break
    return min(seconds)
