from __future__ import annotations

import pytest

from service.batching.admission import Admission, Load, Throughput
from service.core.errors import DeadlineUnreachable, QueueFull

ROOMY = Admission(max_jobs=100, max_tokens=1000)


def test_an_empty_queue_takes_anything() -> None:
    """Even what is larger than the bounds or predicted to be late: there is no better moment for it."""
    ROOMY.check(jobs=500, tokens=50_000, load=Load(0, 0, 0, 50_000), seconds_left=-1)


@pytest.mark.parametrize(
    ("jobs", "tokens", "load", "retry_after"),
    [
        (11, 11, Load(90, 900, 90, 0), 1.0),  # one job too many, of ten tokens on average
        (5, 150, Load(90, 900, 90, 0), 5.0),  # 50 tokens too many
        (1000, 10, Load(90, 900, 90, 0), 90.0),  # never fits beside others: when all of them are gone
    ],
)
def test_a_full_queue_says_when_there_is_room(jobs: int, tokens: int, load: Load, retry_after: float) -> None:
    with pytest.raises(QueueFull) as refusal:
        ROOMY.check(jobs=jobs, tokens=tokens, load=load, seconds_left=1e9)
    assert refusal.value.retry_after == pytest.approx(retry_after)


def test_a_deadline_that_cannot_be_met_is_refused_before_any_work() -> None:
    load = Load(jobs=50, tokens=500, drain_seconds=50, seconds_until_done=20)
    ROOMY.check(jobs=1, tokens=10, load=load, seconds_left=20.5)
    with pytest.raises(DeadlineUnreachable) as refusal:
        ROOMY.check(jobs=1, tokens=10, load=load, seconds_left=15)
    assert refusal.value.retry_after == pytest.approx(5)


def test_throughput_follows_what_is_measured() -> None:
    throughput = Throughput(1000)
    for _ in range(60):
        throughput.observe(tokens=100, seconds=2.0, replicas=2)
    assert throughput.tokens_per_second == pytest.approx(100, rel=0.01)
    throughput.observe(tokens=100, seconds=0.0, replicas=2)  # a clock too coarse to tell
    assert throughput.tokens_per_second == pytest.approx(100, rel=0.01)


def test_senseless_figures_are_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        Admission(0, 1)
    with pytest.raises(ValueError, match="positive"):
        Throughput(0)
