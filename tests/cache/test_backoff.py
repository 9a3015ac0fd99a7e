"""Waiting after failures."""

from __future__ import annotations

from service.cache.backoff import Backoff


def make() -> tuple[Backoff, list[float]]:
    now = [0.0]
    return Backoff(first=1.0, most=8.0, clock=lambda: now[0]), now


def test_healthy_callers_may_always_try() -> None:
    backoff, _ = make()
    assert backoff.claim()
    assert backoff.claim()
    assert backoff.remaining() == 0.0


def test_after_a_failure_nobody_tries_until_the_wait_is_over_and_then_only_one() -> None:
    backoff, now = make()
    assert backoff.failed()
    assert not backoff.claim()
    now[0] = 1.0
    assert backoff.claim()
    assert not backoff.claim()


def test_the_wait_doubles_up_to_its_limit() -> None:
    backoff, now = make()
    backoff.failed()
    waits = []
    for _ in range(6):
        waits.append(backoff.remaining())
        now[0] += backoff.remaining()
        assert backoff.claim()
        assert not backoff.failed()
    assert waits == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


def test_many_threads_that_meet_one_fault_do_not_lengthen_the_wait() -> None:
    backoff, _ = make()
    began = [backoff.failed() for _ in range(70)]
    assert began == [True] + [False] * 69
    assert backoff.remaining() == 1.0


def test_success_ends_the_wait_and_forgets_its_length() -> None:
    backoff, now = make()
    backoff.failed()
    now[0] = 1.0
    backoff.claim()
    backoff.failed()
    now[0] = 3.0
    backoff.claim()
    backoff.succeeded()
    assert backoff.claim()
    backoff.failed()
    assert backoff.remaining() == 1.0
