from __future__ import annotations

import pytest

from service.batching.admission import Admission, Load, Promises, Throughput
from service.core.errors import DeadlineUnreachable, QueueFull, TooMuchWork

ROOMY = Admission(max_jobs=100, max_tokens=1000)


def load(
    jobs: int = 50,
    tokens: int = 500,
    drain: float = 50.0,
    own: float = 0.0,
    demands: tuple[tuple[float, float], ...] = ((1e9, 0.0),),
    batch: float = 0.0,
) -> Load:
    return Load(jobs, tokens, drain, own, demands, batch)


def test_an_empty_queue_takes_anything() -> None:
    """Even what is larger than the bounds or predicted to be late: there is no better moment for it."""
    ROOMY.check(jobs=500, tokens=50_000, load=load(0, 0, 0, own=10, demands=((9, 10),)))


@pytest.mark.parametrize("jobs_waiting", [0, 50])
def test_what_takes_longer_than_it_may_by_itself_is_refused_for_good(jobs_waiting: int) -> None:
    with pytest.raises(TooMuchWork, match="about 95 s, and a request may take 60 s"):
        ROOMY.check(jobs=3000, tokens=90_000, load=load(jobs_waiting, own=95, demands=((60, 95),)))
    # However slow the machine seems to be, something is let in that shows how fast it is.
    ROOMY.check(jobs=1, tokens=1, load=load(0, 0, 0, own=0.9, demands=((0.1, 0.9),)))


@pytest.mark.parametrize(
    ("jobs", "tokens", "retry_after"),
    [
        (11, 11, 1.0),  # one job too many, of ten tokens on average
        (5, 150, 5.0),  # 50 tokens too many
        (1000, 10, 90.0),  # never fits beside others: when all of them are gone
    ],
)
def test_a_full_queue_says_when_there_is_room(jobs: int, tokens: int, retry_after: float) -> None:
    with pytest.raises(QueueFull) as refusal:
        ROOMY.check(jobs=jobs, tokens=tokens, load=load(90, 900, 90))
    assert refusal.value.retry_after == pytest.approx(retry_after)


def test_a_deadline_that_cannot_be_met_is_refused_before_any_work() -> None:
    ROOMY.check(jobs=1, tokens=10, load=load(demands=((26, 20),)))
    with pytest.raises(DeadlineUnreachable) as refusal:
        ROOMY.check(jobs=1, tokens=10, load=load(demands=((15, 20),)))
    assert refusal.value.retry_after >= 5


def test_what_runs_is_waited_for_too() -> None:
    ROOMY.check(jobs=1, tokens=10, load=load(demands=((26, 20),), batch=0.3))
    with pytest.raises(DeadlineUnreachable):
        ROOMY.check(jobs=1, tokens=10, load=load(demands=((26, 20),), batch=1.0))


def test_nobody_is_let_in_who_would_make_another_late() -> None:
    ROOMY.check(jobs=1, tokens=10, load=load(demands=((10, 2), (30, 20))))
    with pytest.raises(DeadlineUnreachable) as refusal:
        ROOMY.check(jobs=1, tokens=10, load=load(demands=((10, 2), (22, 20))))
    assert refusal.value.retry_after == pytest.approx(12)  # from then on it would be due later than the other


def test_who_was_sent_away_earlier_goes_first() -> None:
    there = load(demands=((15, 5),), drain=5)
    ROOMY.check(jobs=1, tokens=10, load=there)
    with pytest.raises(DeadlineUnreachable) as refusal:
        ROOMY.check(jobs=1, tokens=10, load=there, promised_seconds=20)
    assert refusal.value.retry_after > 10
    # But the engine never waits for somebody who may not come.
    ROOMY.check(jobs=1, tokens=10, load=load(demands=((15, 5),), drain=2), promised_seconds=20)


def test_promises_keep_the_order_in_which_requests_were_refused() -> None:
    promises = Promises()
    for number, claim in enumerate("abc"):
        promises.make(claim, 100, now=number, wait=10)
    assert promises.tokens_before("a", 5) == 0
    assert promises.tokens_before("b", 5) > 0
    assert promises.tokens_before("c", 5) == pytest.approx(2 * promises.tokens_before("b", 5))
    assert promises.tokens_before("new", 5) == pytest.approx(3 * promises.tokens_before("b", 5))
    promises.make("a", 100, now=8, wait=5)  # refused again: it stays the first
    assert promises.tokens_before("a", 9) == 0
    promises.keep("a")
    assert promises.tokens_before("b", 9) == 0


def test_promises_that_nobody_claims_keep_nobody_out() -> None:
    promises = Promises()
    for number in range(200):
        promises.make(f"{number}", 100, now=number, wait=1)
    assert promises.tokens_before("new", 199) < 100  # the few that may still come count for little
    assert promises.tokens_before("new", 1000) == 0


def test_promises_are_bounded() -> None:
    promises = Promises(most=10)
    for number in range(1000):
        promises.make(f"{number}", 1, now=0, wait=1)
    assert promises.tokens_before("new", 0) <= 10


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
