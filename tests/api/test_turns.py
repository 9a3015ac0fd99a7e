"""Turns of large requests: who works, who waits, in which order, and who is sent away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from service.api.problems import ProblemError
from service.api.turns import LARGE_BYTES, Turns
from service.core.errors import Cancelled
from tests.api.conftest import Connect
from tests.api.fakes import FakeObserver, FakeRuntime
from tests.core.fakes import eventually

MEGABYTE = 1_000_000
PATIENT = 3600.0  # seconds that a request may take


class Caller:
    """A large request in a thread of its own, which works until it is told to end."""

    def __init__(self, turns: Turns, size: int = MEGABYTE, abandoned: Callable[[], bool] = lambda: False) -> None:
        self.begun, self.end, self.over = threading.Event(), threading.Event(), threading.Event()
        self.error: Exception | None = None
        self._run = turns, size, abandoned
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def _work(self) -> None:
        turns, size, abandoned = self._run
        try:
            with turns.turn(size, PATIENT, abandoned):
                self.begun.set()
                self.end.wait(20)
        except (ProblemError, Cancelled) as error:
            self.error = error
        self.over.set()

    def leave(self) -> None:
        """Be done."""
        self.end.set()
        assert self.over.wait(20)


def in_line(turns: Turns, count: int) -> None:
    """Wait until `count` requests stand in line."""
    assert eventually(lambda: len(turns._line) == count)


@pytest.fixture
def turns(observer: FakeObserver) -> Iterator[Turns]:
    yield Turns(1, observer)


def test_small_requests_need_no_turn(turns: Turns) -> None:
    with turns.turn(MEGABYTE, PATIENT, lambda: False), turns.turn(LARGE_BYTES - 1, PATIENT, lambda: False):
        pass


def test_a_turn_passes_to_the_next(turns: Turns) -> None:
    first = Caller(turns)
    assert first.begun.wait(20)
    second = Caller(turns)
    in_line(turns, 1)
    assert not second.begun.is_set()
    first.leave()
    assert second.begun.wait(20)
    second.leave()


def test_a_much_shorter_one_goes_first(turns: Turns) -> None:
    holder = Caller(turns)
    assert holder.begun.wait(20)
    long = Caller(turns, 3 * MEGABYTE)
    in_line(turns, 1)
    short = Caller(turns, LARGE_BYTES)
    in_line(turns, 2)
    holder.leave()
    assert short.begun.wait(20)
    assert not long.begun.is_set()
    short.leave()
    assert long.begun.wait(20)
    long.leave()


def test_the_line_moves_on_for_long_ones(turns: Turns) -> None:
    """Whoever waits is overtaken by fewer and fewer: a request that is hardly shorter and comes later isn't first."""
    holder = Caller(turns)
    assert holder.begun.wait(20)
    long = Caller(turns, MEGABYTE)
    in_line(turns, 1)
    hardly_shorter = Caller(turns, MEGABYTE - 1)
    in_line(turns, 2)
    holder.leave()
    assert long.begun.wait(20)
    assert not hardly_shorter.begun.is_set()
    long.leave()
    hardly_shorter.leave()


def test_who_waits_for_a_model_lets_others_work_and_is_next_afterwards(turns: Turns) -> None:
    order = []
    with turns.turn(MEGABYTE, PATIENT, lambda: False) as aside:
        with aside():
            other = Caller(turns)
            assert other.begun.wait(20)
            late = Caller(turns)
            in_line(turns, 1)
            threading.Timer(0.1, other.end.set).start()
        order.append("back")
        assert not late.begun.is_set()
    assert late.begun.wait(20)
    late.leave()
    with turns.turn(MEGABYTE, PATIENT, lambda: False):  # and none was lost on the way
        pass


def test_what_would_come_too_late_is_refused_at_once(turns: Turns, observer: FakeObserver) -> None:
    holder = Caller(turns)
    assert holder.begun.wait(20)
    waiting = Caller(turns)
    in_line(turns, 1)
    with pytest.raises(ProblemError) as refused, turns.turn(LARGE_BYTES, 1.0, lambda: False):
        pass
    assert refused.value.problem.status == 429
    assert int(refused.value.headers["Retry-After"]) >= 1
    assert observer.refusals == [("any", "concurrency")]
    for caller in (holder, waiting):
        caller.leave()
    with turns.turn(LARGE_BYTES, 1.0, lambda: False):
        pass


def test_whoever_hangs_up_leaves_the_line(turns: Turns) -> None:
    holder = Caller(turns)
    assert holder.begun.wait(20)
    gone = Caller(turns, abandoned=lambda: True)
    assert gone.over.wait(20)
    assert isinstance(gone.error, Cancelled)
    assert not turns._line
    holder.leave()
    with turns.turn(MEGABYTE, PATIENT, lambda: False):
        pass


@pytest.mark.parametrize("waits", [False, True])
def test_a_failure_gives_the_turn_back(turns: Turns, waits: bool) -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="no"), turns.turn(MEGABYTE, PATIENT, lambda: False) as aside:
            if waits:
                with aside():
                    raise ValueError("no")
            raise ValueError("no")


def test_it_is_told_when_all_rest(observer: FakeObserver) -> None:
    rests: list[None] = []
    turns = Turns(2, observer, lambda: rests.append(None))
    with turns.turn(MEGABYTE, PATIENT, lambda: False):
        with turns.turn(MEGABYTE, PATIENT, lambda: False):
            pass
        assert not rests
    assert len(rests) == 1


@pytest.mark.parametrize("path", ["/v1/translate", "/v1/summarize"])
def test_large_requests_of_the_api_take_turns(connect: Connect, runtime: FakeRuntime, path: str) -> None:
    """While two large ones work, one waits, the next, which has no time for that, is sent away, a small one passes."""
    client = connect(deadline_interactive_seconds=0.01)
    statuses: list[int] = []

    def ask(text: str) -> None:
        statuses.append(client.application.test_client().post(path, json={"text": text}).status_code)

    big = "Ein Satz. " * 5000
    more = [threading.Thread(target=ask, args=(big,)) for _ in range(2)]

    def arrive() -> None:
        if len(runtime.calls) == 1:
            ask(big)
            return
        runtime.during = None
        for thread in more:
            thread.start()
        assert eventually(lambda: len(statuses) == 1)
        ask("Klein.")

    runtime.during = arrive
    ask(big)
    for thread in more:
        thread.join(20)
    assert statuses[:4] == [429, 200, 200, 200]
    assert statuses[4:] == [200]
