from __future__ import annotations

import math
import random
import threading
from collections.abc import Sequence

import pytest

from service.core.types import DecodingOptions, Hypothesis
from service.engines.calibration import BATCH_SIZES, calibrate, warm_up
from tests.batching.fakes import FakeClock

SOURCE = ["wort"] * 20


class CostlyEngine:
    """Takes the seconds that `cost(jobs)` says, on a clock of its own; two replicas work side by side."""

    name = "costly"
    compute_type = "int"
    replicas = 2

    def __init__(self, cost: dict[int, float]) -> None:
        self.clock = FakeClock()
        self.lengths: list[int] = []
        self.options: list[DecodingOptions] = []
        self._cost = cost
        self._lock = threading.Lock()

    def generate(self, sources: Sequence[Sequence[str]], options: DecodingOptions) -> list[Hypothesis]:
        with self._lock:
            self.lengths.extend(map(len, sources))
            self.options.append(options)
            self.clock.now += self._cost[len(sources)] / self.replicas
        return [Hypothesis(tuple(source), finished=True) for source in sources]

    def score(
        self, sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[float]:
        return [-1.0] * len(sources)

    def close(self) -> None: ...


def test_finds_the_batch_size_with_the_highest_throughput() -> None:
    engine = CostlyEngine({1: 1.0, 2: 1.4, 4: 2.0, 8: 3.0, 16: 8.0, 24: 20.0, 32: 30.0})
    result = calibrate(engine, seconds=200, sources=[SOURCE], clock=engine.clock)
    assert result.batch_size == 8
    assert result.tokens_per_second == pytest.approx(result.table[8])
    assert result.table[1] == pytest.approx(2 * 20 / 1.0)  # two replicas, twenty tokens, one second
    assert result.batch_tokens == 8 * 35


def test_a_disturbance_does_not_decide() -> None:
    """Something else takes the machine for a while: every size has another run without it."""

    class Disturbed(CostlyEngine):
        def generate(self, sources: Sequence[Sequence[str]], options: DecodingOptions) -> list[Hypothesis]:
            if 8.0 < self.clock.now < 40.0:
                self.clock.now += 5.0
            return super().generate(sources, options)

    engine = Disturbed({1: 1.0, 2: 1.4, 4: 2.0, 8: 3.0, 16: 4.0, 24: 8.0, 32: 12.0})
    assert calibrate(engine, seconds=150, sources=[SOURCE], clock=engine.clock).batch_size == 16


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("gain", "sizes"), [(1.0, {1, 2}), (2.0, {16, 32})])
def test_the_machines_drift_does_not_decide(seed: int, gain: float, sizes: set[int]) -> None:
    """Its speed goes up and down by two meanwhile. What gains nothing isn't chosen for that, and what gains is."""
    dice = random.Random(seed)

    class Drifting(CostlyEngine):
        def generate(self, sources: Sequence[Sequence[str]], options: DecodingOptions) -> list[Hypothesis]:
            pace = 1.5 + math.sin(self.clock.now / 7 + seed) / 2
            self.clock.now += self._cost[len(sources)] / self.replicas * (pace * dice.uniform(0.9, 1.1) - 1)
            return super().generate(sources, options)

    costs = {size: 0.1 * size / gain ** math.log2(size) ** 0.5 for size in BATCH_SIZES}
    engine = Drifting(costs)
    assert calibrate(engine, seconds=60, sources=[SOURCE], clock=engine.clock).batch_size in sizes


def test_never_makes_a_source_longer_than_the_sample_or_asks_for_more_than_is_served() -> None:
    """The sample may be as long as the model takes."""
    engine = CostlyEngine(dict.fromkeys(BATCH_SIZES, 1.0))
    served = DecodingOptions(max_length=12, min_length=5, beam_size=2)
    calibrate(engine, seconds=100, sources=[SOURCE], options=served, clock=engine.clock)
    assert max(engine.lengths) == len(SOURCE)
    assert {(options.max_length, options.min_length, options.beam_size) for options in engine.options} == {(12, 0, 2)}


def test_a_batch_holds_different_sources() -> None:
    """With a shortlist copies would cost less than what is served: they ask for the pieces of one."""

    class Listening(CostlyEngine):
        def generate(self, sources: Sequence[Sequence[str]], options: DecodingOptions) -> list[Hypothesis]:
            assert len({tuple(source) for source in sources}) == len(sources)
            return super().generate(sources, options)

    engine = Listening({size: size**0.5 for size in BATCH_SIZES})
    calibrate(engine, seconds=100, sources=[[f"wort{n}"] * 20 for n in range(40)], clock=engine.clock)
    assert max(engine.lengths) == 20


def test_prefers_the_smaller_batch_when_the_larger_gains_nothing() -> None:
    engine = CostlyEngine({size: float(size) for size in BATCH_SIZES})
    assert calibrate(engine, seconds=1000, sources=[SOURCE], clock=engine.clock).batch_size == 1


def test_stops_in_time() -> None:
    """One by one everything takes ten seconds, and there is one: no other size is affordable."""
    hurried = CostlyEngine(dict.fromkeys(BATCH_SIZES, 10.0))
    assert list(calibrate(hurried, seconds=1, sources=[SOURCE], clock=hurried.clock).table) == [1]


def test_a_slow_engine_is_tried_with_the_usual_batch_before_time_is_up() -> None:
    """As transformers on a CPU: slow one by one, and hardly slower in a batch."""
    slow = CostlyEngine(dict.fromkeys(BATCH_SIZES, 1.2))
    result = calibrate(slow, seconds=5, sources=[SOURCE], clock=slow.clock)
    assert result.batch_size >= 8


def test_larger_batches_are_not_tried_once_they_get_worse() -> None:
    worsening = CostlyEngine({1: 1.0, 2: 1.0, 4: 8.0, 8: 8.0, 16: 16.0, 24: 24.0, 32: 32.0})
    result = calibrate(worsening, seconds=500, sources=[SOURCE], clock=worsening.clock)
    assert result.batch_size == 2
    worsening = CostlyEngine({1: 1.0, 2: 2.2, 4: 5.0, 8: 20.0, 16: 50.0, 24: 70.0, 32: 99.0})
    assert 32 not in calibrate(worsening, seconds=500, sources=[SOURCE], clock=worsening.clock).table


def test_warming_up_runs_every_replica_once_and_briefly() -> None:
    """A start that finds its calibration stored must still not let the first caller pay for allocations."""
    engine = CostlyEngine({1: 1.0})
    warm_up(engine, SOURCE, DecodingOptions(max_length=500, min_length=54, beam_size=4))
    assert engine.lengths == [len(SOURCE)] * engine.replicas
    assert {(options.max_length, options.min_length, options.beam_size) for options in engine.options} == {(8, 0, 4)}


def test_an_engine_that_fails_is_not_calibrated() -> None:
    with pytest.raises(KeyError):
        calibrate(CostlyEngine({}), seconds=1, sources=[SOURCE])
    with pytest.raises(ValueError, match="source tokens"):
        calibrate(CostlyEngine({1: 1.0}), seconds=1, sources=[[]])
