"""Finds the batch size at which an engine is fastest on this machine. Stores nothing: the caller keeps the result."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from service.core.ports import Engine
from service.core.types import DecodingOptions

BATCH_SIZES = (16, 24, 4, 8, 2, 1, 32)  # in the order in which they take turns
_GAIN = 1.05  # a larger batch makes each of its jobs, and whoever comes next, wait longer, so it must be worth it
_GIVE_UP = 0.8  # of the best: beyond this loss larger batches are not tried
_USUAL = 8  # the best size, or near it, for Marian models at beam 4 on CPUs
_WARM_UP_TOKENS = 8
_PATIENCE = 2.0  # times the seconds asked for, which the usual size may take where everything is slow
_SPREAD = (1.0, 0.9, 0.8, 0.7, 0.6)  # lengths in a batch relative to the sample: neighbours, not copies
_HEADROOM = 1.75  # the token budget is for sources this much longer than the sample; still longer ones go fewer at once


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a pool needs to know of an engine: jobs and padded source tokens in a batch, and its speed.

    `tokens_per_second` counts source tokens, all replicas together; `table` has it for each batch size tried.
    """

    batch_size: int
    batch_tokens: int
    tokens_per_second: float
    table: dict[int, float]


def calibrate(
    engine: Engine,
    *,
    seconds: float,
    source_tokens: Sequence[str],
    options: DecodingOptions | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Calibration:
    """Run `engine` on made-up batches, all replicas at once, for about `seconds`.

    `source_tokens` is a typical source (a sentence in the model's tokens), of which slightly shorter ones are made;
    `options` are those that will be served. The sizes take turns, and the best run of each counts: whatever else the
    machine does can only slow a run down, and then it should be no single size that suffers. A batch that has begun is
    finished, so slow engines take longer; batch size 1 is always measured. The table leaves out large batches that
    would be slower still. Raises ValueError for an empty source, and whatever the engine raises.
    """
    if not source_tokens:
        raise ValueError("calibration needs source tokens")
    # As many target tokens as source tokens: the samples may mean nothing, and their outputs might never end.
    search = options or DecodingOptions()
    most = min(search.max_length, len(source_tokens))
    search = replace(search, max_length_factor=None, max_length=most, min_length=0)
    until = clock() + seconds
    with ThreadPoolExecutor(engine.replicas, thread_name_prefix="calibrate") as pool:
        _round(engine, pool, _batch(source_tokens, 1), search)  # the first run allocates

        def speed(size: int) -> float:
            begun = clock()
            batch = _batch(source_tokens, size)
            _round(engine, pool, batch, search)
            return engine.replicas * sum(map(len, batch)) / max(clock() - begun, 1e-9)

        begun = clock()
        table = {1: speed(1)}
        # An engine that is slow one by one may be fast in batches, so the usual best size is tried before time is up.
        if _USUAL * (clock() - begun) <= _PATIENCE * seconds:
            table[_USUAL] = speed(_USUAL)
        while clock() < until:
            worthwhile = [size for size in BATCH_SIZES if not _is_hopeless(size, table)]
            for size in worthwhile:
                if clock() < until:
                    table[size] = max(speed(size), table.get(size, 0.0))
    best = max(table.values())
    size = min(size for size, speed in table.items() if speed * _GAIN >= best)
    return Calibration(size, math.ceil(size * len(source_tokens) * _HEADROOM), table[size], table)


def warm_up(engine: Engine, source_tokens: Sequence[str], options: DecodingOptions) -> None:
    """Run every replica once, for a few target tokens, so that the first caller doesn't wait for what it allocates."""
    brief = replace(options, max_length=_WARM_UP_TOKENS, min_length=0)
    with ThreadPoolExecutor(engine.replicas, thread_name_prefix="warm-up") as pool:
        _round(engine, pool, [list(source_tokens)], brief)


def _is_hopeless(size: int, table: dict[int, float]) -> bool:
    """Whether a smaller batch, itself larger than the best one, is clearly slower already."""
    best = max(table.values())
    fastest = max(table, key=lambda each: table[each])
    return any(fastest < each < size and speed < _GIVE_UP * best for each, speed in table.items())


def _round(engine: Engine, pool: ThreadPoolExecutor, batch: list[list[str]], options: DecodingOptions) -> None:
    for future in [pool.submit(engine.generate, batch, options) for _ in range(engine.replicas)]:
        future.result()


def _batch(source: Sequence[str], size: int) -> list[list[str]]:
    return [list(source[: math.ceil(len(source) * _SPREAD[number % len(_SPREAD)])]) for number in range(size)]
