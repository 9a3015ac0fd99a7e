"""Promises kept under more work than can be done: the real admission and order on an invented clock."""

from __future__ import annotations

import pytest

from service.core.types import Priority

from .overload import Kind, Overload

LOADS = {
    "articles, six times what can be done": [Kind(250, 10, 15)],
    "ten times": [Kind(420, 10, 15)],
    "sentences, articles and long ones": [Kind(150, 1, 15), Kind(100, 10, 15), Kind(60, 50, 30)],
    "callers who never come back": [Kind(250, 10, 15, returns=False)],
}


@pytest.mark.parametrize("name", LOADS)
def test_what_is_let_in_is_done_in_time_and_the_engine_is_not_idle(name: str) -> None:
    load = LOADS[name]
    overload = Overload(load)
    overload.run(200, warm_up=60)
    at_leisure = Overload([Kind(60, kind.jobs, 1e6) for kind in load])
    at_leisure.run(200, warm_up=60)
    assert overload.share_in_time() >= 0.95
    assert overload.tokens_in_time >= 0.8 * at_leisure.tokens_in_time


@pytest.mark.parametrize("drift", [0.0, 0.3])
def test_on_a_slow_machine_batches_leave_time_for_each_other(drift: float) -> None:
    """A full batch takes 8 s here, more than half of what a request has."""
    overload = Overload([Kind(80, 10, 15)], speed=120, drift=drift)
    overload.run(300, warm_up=60)
    at_leisure = Overload([Kind(60, 10, 1e6)], speed=120, drift=drift)
    at_leisure.run(300, warm_up=60)
    assert overload.share_in_time() >= 0.95
    assert overload.tokens_in_time >= 0.9 * at_leisure.tokens_in_time
    attempts = list(overload.attempts())
    assert attempts[int(0.95 * len(attempts))] <= 6


@pytest.mark.parametrize(("speed", "clients"), [(6000, 300), (400, 30)])
def test_second_tries_which_nobody_announced_are_in_time_too(speed: float, clients: int) -> None:
    """A sentence in eight is searched again, by itself, and a replica has more to do than to search."""
    load = [Kind(clients, 40, 5 if speed > 1000 else 15)]
    overload = Overload(load, speed=speed, again=0.125, after=0.001)
    overload.run(120, warm_up=30)
    at_leisure = Overload([Kind(60, 40, 1e6)], speed=speed, again=0.125, after=0.001)
    at_leisure.run(120, warm_up=30)
    assert overload.share_in_time() >= 0.95
    assert overload.tokens_in_time >= 0.8 * at_leisure.tokens_in_time


def test_whoever_keeps_to_retry_after_is_let_in_after_few_attempts() -> None:
    overload = Overload([Kind(250, 10, 15)])
    overload.run(400, warm_up=60)
    attempts = list(overload.attempts())
    assert attempts[int(0.95 * len(attempts))] <= 6
    assert attempts[-1] <= 10


def test_bulk_work_is_done_beside_an_overload_of_small_requests() -> None:
    overload = Overload([Kind(120, 5, 20), bulk := Kind(2, 200, 600, Priority.BULK)])
    overload.run(400, warm_up=30)
    assert overload.tallies[bulk].in_time > 0
    assert overload.tallies[bulk].late == 0
