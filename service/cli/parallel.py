"""Runs a function over many items in a few threads and gives the results in order, without reading far ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_IN_FLIGHT = 8
"""Enough documents or blocks at a time to keep every engine replica's batches full."""


def in_order(work: Callable[[Item], Result], items: Iterable[Item], in_flight: int = _IN_FLIGHT) -> Iterator[Result]:
    """`work` of each item, in order, at most `in_flight` at a time. An exception is raised at its item's place."""
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(in_flight) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) >= in_flight:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
