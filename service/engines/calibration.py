"""Finds the batch size at which an engine is fastest on this machine. Stores nothing: the caller keeps the result."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from service.core.ports import Engine
from service.core.types import DecodingOptions

BATCH_SIZES = (1, 2, 4, 8, 16, 32)
_USUAL = 8  # the best size, or near it, for Marian models at beam 4 on CPUs
_TURNS = (16, 4, 32, 2, 1)  # in this order, and before each of them the usual one
_GAIN = 0.05  # a larger batch makes each of its jobs, and whoever comes next, wait longer, so it must be worth it
_GIVE_UP = 0.8  # of the best: beyond this loss sizes that are farther from it are not tried
_NOISE = 0.1  # between two runs of the same, until there are two
_WARM_UP_TOKENS = 8
_PATIENCE = 2.0  # times the seconds asked for, which the usual size may take where everything is slow
_OVERTIME = 0.5  # of the seconds asked for: no run is begun that would take longer
_SPREAD = (1.0, 0.9, 0.8, 0.7, 0.6)  # lengths in a batch relative to the only source: neighbours, not copies
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
    sources: Sequence[Sequence[str]],
    options: DecodingOptions | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Calibration:
    """Run `engine` on batches of typical sources, all replicas at once, for about `seconds`.

    `sources` are sentences in the model's tokens, of about one length, as neighbours in a batch are, and different: a
    batch of copies would be searched with the shortlist of one. Where there is one only, slightly shorter ones are made
    of it. `options` are those that will be served. The machine's own speed drifts by more than sizes differ, so each is
    compared with the usual one, which runs just before it, and a larger one is taken only where it gains more than such
    comparisons differ among themselves. A batch that has begun is finished, so slow engines take longer; batch size 1
    is always measured. Sizes beyond one that is clearly slower than the best are left out. Raises ValueError without
    sources or for an empty one, and whatever the engine raises.
    """
    if not sources or not all(sources):
        raise ValueError("calibration needs source tokens")
    supply = _Supply(sources)
    # As many target tokens as source tokens: the samples may mean nothing, and their outputs might never end.
    search = options or DecodingOptions()
    most = min(search.max_length, supply.longest)
    search = replace(search, max_length_factor=None, max_length=most, min_length=0)
    until = clock() + seconds
    with ThreadPoolExecutor(engine.replicas, thread_name_prefix="calibrate") as pool:
        _round(engine, pool, supply.batch(1), search)  # the first run allocates

        def speed(size: int) -> float:
            batch = supply.batch(size)
            begun = clock()
            _round(engine, pool, batch, search)
            return engine.replicas * sum(map(len, batch)) / max(clock() - begun, 1e-9)

        begun = clock()
        runs = _Runs({1: [speed(1)]})
        # An engine that is slow one by one may be fast in batches, so the usual best size is tried before time is up.
        if _USUAL * (clock() - begun) <= _PATIENCE * seconds:
            runs.compare(1, runs.speeds[1][0], speed(_USUAL))

        def is_affordable(size: int) -> bool:
            tokens = engine.replicas * (size + _USUAL) * supply.longest
            return clock() + tokens / runs.speeds.get(_USUAL, runs.speeds[1])[-1] < until + _OVERTIME * seconds

        while clock() < until and is_affordable(1):
            for size in _TURNS:
                if clock() < until and is_affordable(size) and not runs.is_hopeless(size):
                    usual = speed(_USUAL)
                    runs.compare(size, speed(size), usual)
    size = runs.best()
    table = {each: max(speeds) for each, speeds in sorted(runs.speeds.items())}
    return Calibration(size, math.ceil(size * supply.longest * _HEADROOM), table[size], table)


@dataclass(frozen=True, slots=True)
class _Runs:
    """Tokens per second of each size's runs, and how those compare with the usual size's that ran just before."""

    speeds: dict[int, list[float]]
    ratios: dict[int, list[float]] = field(default_factory=lambda: {_USUAL: [1.0]})

    def compare(self, size: int, speed: float, usual: float) -> None:
        self.speeds.setdefault(size, []).append(speed)
        self.speeds.setdefault(_USUAL, []).append(usual)
        self.ratios.setdefault(size, []).append(speed / usual)

    def score(self, size: int) -> float:
        return statistics.median(self.ratios[size])

    def noise(self) -> float:
        """The mean relative difference of a comparison from its size's median, over what was compared repeatedly."""
        repeated = [size for size, ratios in self.ratios.items() if len(ratios) > 1]
        differences = [abs(ratio / self.score(size) - 1) for size in repeated for ratio in self.ratios[size]]
        return statistics.mean(differences) if differences else _NOISE

    def best(self) -> int:
        """The smallest size that isn't clearly slower than the fastest."""
        if len(self.ratios) == 1:  # there was time for single jobs only
            return 1
        least = max(map(self.score, self.ratios)) / (1 + max(_GAIN, self.noise()))
        return min(size for size in self.ratios if self.score(size) >= least)

    def is_hopeless(self, size: int) -> bool:
        """Whether a size between it and the fastest is clearly slower already."""
        fastest = max(self.ratios, key=self.score)
        return any(
            self.score(each) < _GIVE_UP * self.score(fastest)
            for each in self.ratios
            if fastest < each < size or size < each < fastest
        )


def warm_up(engine: Engine, source_tokens: Sequence[str], options: DecodingOptions) -> None:
    """Run every replica once, for a few target tokens, so that the first caller doesn't wait for what it allocates."""
    brief = replace(options, max_length=_WARM_UP_TOKENS, min_length=0)
    with ThreadPoolExecutor(engine.replicas, thread_name_prefix="warm-up") as pool:
        _round(engine, pool, [list(source_tokens)], brief)


def _round(engine: Engine, pool: ThreadPoolExecutor, batch: list[list[str]], options: DecodingOptions) -> None:
    for future in [pool.submit(engine.generate, batch, options) for _ in range(engine.replicas)]:
        future.result()


class _Supply:
    """Sources for one batch after another, from where the last one ended."""

    def __init__(self, sources: Sequence[Sequence[str]]) -> None:
        single = len(sources) == 1
        if single:
            whole = sources[0]
            sources = [whole[: math.ceil(len(whole) * share)] for share in _SPREAD]
        self._sources = [list(source) for source in sources]
        self._next = 0
        self._moves_on = not single  # what is made of one differs in length, and so would batches of one
        self.longest = max(map(len, self._sources))

    def batch(self, size: int) -> list[list[str]]:
        chosen = [self._sources[(self._next + number) % len(self._sources)] for number in range(size)]
        self._next += size * self._moves_on
        return chosen
