from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager

import pytest

from service.batching.batcher import DeadlineBatcher
from service.core.errors import Cancelled, DeadlineExceeded, DeadlineUnreachable, InferenceFailed, NotReady, QueueFull
from service.core.ports import Batcher
from service.core.types import Decoded, DecodingOptions, Job, Priority

from .fakes import WAIT, CountingObserver, FakeClock, FakeEngine, doubled, job

LATE = 1e12
INTERACTIVE, BULK = Priority.INTERACTIVE, Priority.BULK


class Rig:
    """A batcher with everything around it."""

    def __init__(
        self, engine: FakeEngine, *, jobs: int = 10_000, size: int = 8, speed: float = 1000.0, express: int = 0
    ) -> None:
        self.engine = engine
        self.idle = threading.Semaphore(0)
        self.observer = CountingObserver()
        self.clock = FakeClock()
        self.batcher = DeadlineBatcher(
            engine,
            task="translate",
            observer=self.observer,
            max_queue_jobs=jobs,
            max_queue_tokens=1_000_000,
            batch_tokens=400,
            batch_size=size,
            initial_tokens_per_second=speed,
            express=express,
            on_idle=self.idle.release,
            clock=self.clock,
        )

    def one(
        self, number: int = 1, length: int = 1, deadline: float = LATE, priority: Priority = INTERACTIVE
    ) -> Future[Decoded]:
        return self.batcher.submit([job(number, length)], deadline=deadline, priority=priority)[0].future

    def occupy(self, priority: Priority = INTERACTIVE) -> list[Future[Decoded]]:
        """Put a batch into every replica of a held engine."""
        futures = []
        for _ in range(self.engine.replicas):
            futures.append(self.one(0, priority=priority))
            assert self.engine.begun.acquire(timeout=WAIT)
        return futures


@contextmanager
def rig(
    engine: FakeEngine, jobs: int = 10_000, size: int = 8, speed: float = 1000.0, express: int = 0
) -> Iterator[Rig]:
    made = Rig(engine, jobs=jobs, size=size, speed=speed, express=express)
    try:
        yield made
    finally:
        engine.gate.set()
        made.batcher.close(drain_seconds=WAIT)


def test_implements_the_port() -> None:
    with rig(FakeEngine()) as r:
        batcher: Batcher = r.batcher
        assert batcher.stats().threads_alive == 1


def test_batches_do_not_change_outputs_or_their_order() -> None:
    jobs = [job(number, 1 + number % 17) for number in range(500)]
    with rig(FakeEngine(replicas=3)) as r:
        tickets = r.batcher.submit(jobs, deadline=LATE, priority=BULK)
        results = [ticket.future.result(WAIT).hypothesis for ticket in tickets]
    assert results == [doubled(each.tokens) for each in jobs]
    assert max(len(batch) for batch in r.engine.batches) > 1


def test_an_idle_engine_starts_at_once_and_a_backlog_makes_batches() -> None:
    with rig(FakeEngine(held=True)) as r:
        r.occupy()
        for number in range(8):
            r.one(number)
        r.engine.gate.set()
    assert [len(batch) for batch in r.engine.batches] == [1, 8]


def test_different_options_never_share_a_batch() -> None:
    greedy = DecodingOptions(beam_size=1)
    with rig(FakeEngine(held=True)) as r:
        r.occupy()
        mixed = [job(n, options=greedy if n % 2 else DecodingOptions()) for n in range(6)]
        tickets = r.batcher.submit(mixed, deadline=LATE, priority=BULK)
        r.engine.gate.set()
        wait([ticket.future for ticket in tickets], WAIT)
    for batch, options in zip(r.engine.batches[1:], r.engine.options[1:], strict=True):
        assert {int(source[0]) % 2 == 1 for source in batch} == {options == greedy}


def test_interactive_overtakes_bulk() -> None:
    with rig(FakeEngine(held=True), size=1) as r:
        r.occupy()
        bulk = [r.one(1, priority=BULK) for _ in range(3)]
        urgent = r.one(2, priority=INTERACTIVE)
        r.engine.gate.set()
        wait([urgent, *bulk], WAIT)
    assert [batch[0][0] for batch in r.engine.batches] == ["0", "2", "1", "1", "1"]


def test_an_interactive_job_does_not_wait_for_bulk_batches_to_end() -> None:
    engine = FakeEngine(replicas=2, held=True)
    with rig(engine, express=1) as r:
        bulk = [*r.occupy(BULK), *(r.one(0, priority=BULK) for _ in range(20))]
        urgent = r.one(7)
        assert engine.begun.acquire(timeout=WAIT)
        assert engine.batches[-1] == [("7",)]
        assert not any(future.done() for future in bulk)
        engine.gate.set()
        assert urgent.result(WAIT).hypothesis == doubled(("7",))
        wait(bulk, WAIT)


def test_express_threads_take_nothing_while_interactive_work_fills_the_replicas() -> None:
    engine = FakeEngine(replicas=2, held=True)
    with rig(engine, express=1) as r:
        first = r.occupy()
        waiting = [r.one(number) for number in range(5)] + [r.one(9, priority=BULK)]
        assert not engine.begun.acquire(timeout=0.2)
        engine.gate.set()
        wait([*first, *waiting], WAIT)
        assert r.batcher.stats().threads_alive == 3


def test_a_bulk_batch_that_starts_later_calls_the_express_threads() -> None:
    engine = FakeEngine(replicas=1, held=True)
    with rig(engine, express=1, size=1) as r:
        [running] = r.occupy()
        jobs = [r.one(number) for number in range(1, 8)] + [r.one(9, priority=BULK) for _ in range(2)]
        engine.gate.set()
        wait([running, *jobs], WAIT)
    assert sorted(engine.batches) == sorted([[("0",)], *([(str(number),)] for number in range(1, 8)), *2 * [[("9",)]]])


def test_idleness_is_told_once_after_work() -> None:
    with rig(FakeEngine(replicas=2), express=1) as r:
        assert not r.idle.acquire(timeout=0.8)
        r.one(1).result(WAIT)
        assert r.idle.acquire(timeout=WAIT)
        assert not r.idle.acquire(timeout=0.8)
        r.one(2).result(WAIT)
        assert r.idle.acquire(timeout=WAIT)


def test_a_request_of_two_thousand_does_not_starve_later_ones() -> None:
    with rig(FakeEngine(held=True)) as r:
        r.occupy()
        r.batcher.submit([job(1, 1 + n % 30) for n in range(2000)], deadline=LATE, priority=BULK)
        late = r.one(2, 300, priority=BULK)
        r.engine.gate.set()
        late.result(WAIT)
    served_before = [batch[0][0] for batch in r.engine.batches].index("2")
    assert served_before <= 2


def test_extend_makes_a_job_urgent_and_moves_its_deadline() -> None:
    with rig(FakeEngine(held=True), size=1) as r:
        r.occupy()
        for _ in range(5):
            r.one(1)
        (ticket,) = r.batcher.submit([job(2)], deadline=r.clock.now + 5, priority=BULK)
        ticket.extend(r.clock.now + 50, INTERACTIVE)
        ticket.extend(r.clock.now + 1, BULK)  # neither takes anything back
        assert r.batcher.stats().queued_interactive == 6
        r.clock.now += 20
        r.engine.gate.set()
        assert ticket.future.result(WAIT).hypothesis == doubled(["2"])
        ticket.extend(LATE, INTERACTIVE)  # too late, harmless


def test_expired_jobs_end_unserved() -> None:
    with rig(FakeEngine(held=True)) as r:
        r.occupy()
        doomed, patient = r.one(1, deadline=r.clock.now + 3), r.one(2, deadline=r.clock.now + 30)
        r.clock.now += 4
        r.engine.gate.set()
        with pytest.raises(DeadlineExceeded) as ended:
            doomed.result(WAIT)
        assert ended.value.seconds == pytest.approx(3)
        patient.result(WAIT)
    assert ("1",) not in [source for batch in r.engine.batches for source in batch]
    assert r.observer.counts["expired"] == 1


def test_expired_jobs_make_room_for_new_ones() -> None:
    with rig(FakeEngine(held=True), jobs=2) as r:
        r.occupy()
        doomed = [r.one(1, deadline=r.clock.now + 3) for _ in range(2)]
        with pytest.raises(QueueFull):
            r.one(2)
        r.clock.now += 4
        r.one(2)
        assert all(isinstance(future.exception(0), DeadlineExceeded) for future in doomed)


def test_a_deadline_that_passes_while_running_loses_nothing() -> None:
    with rig(FakeEngine(held=True)) as r:
        running = r.one(3, deadline=r.clock.now + 1)
        assert r.engine.begun.acquire(timeout=WAIT)
        r.clock.now += 100
        r.engine.gate.set()
        assert running.result(WAIT).hypothesis == doubled(["3"])


def test_cancelled_jobs_leave_the_queue_and_running_ones_finish() -> None:
    with rig(FakeEngine(held=True)) as r:
        (running,) = r.batcher.submit([job(1)], deadline=LATE, priority=BULK)
        assert r.engine.begun.acquire(timeout=WAIT)
        (waiting,) = r.batcher.submit([job(2)], deadline=LATE, priority=BULK)
        for ticket in (running, waiting, waiting):
            ticket.cancel()
        assert isinstance(waiting.future.exception(0), Cancelled)
        assert r.batcher.stats().queued_bulk == 0
        r.engine.gate.set()
        assert running.future.result(WAIT).hypothesis == doubled(["1"])
    assert r.observer.counts["cancelled"] == 1
    assert r.engine.batches == [[("1",)]]


def test_a_future_cancelled_by_its_owner_is_not_run() -> None:
    with rig(FakeEngine(held=True)) as r:
        r.occupy()
        abandoned, other = r.one(1), r.one(2)
        assert abandoned.cancel()
        r.engine.gate.set()
        other.result(WAIT)
    assert ("1",) not in [source for batch in r.engine.batches for source in batch]
    assert r.observer.counts["cancelled"] == 1


def refuse_seven(batch: list[tuple[str, ...]]) -> None:
    if ("7",) in batch:
        raise ValueError("can't take this: a secret sentence")


def test_a_poisonous_job_fails_alone() -> None:
    with rig(FakeEngine(held=True, behave=refuse_seven)) as r:
        r.occupy()
        futures = [r.one(number) for number in range(5, 10)]
        r.engine.gate.set()
        wait(futures, WAIT)
        with pytest.raises(InferenceFailed) as failure:
            futures[2].result(0)
        assert isinstance(failure.value.__cause__, ValueError)
        assert "secret" not in str(failure.value)
        healthy = [future.result(0).hypothesis for future in (*futures[:2], *futures[3:])]
        assert healthy == [doubled([str(number)]) for number in (5, 6, 8, 9)]
        assert r.one(1).result(WAIT)
    assert r.observer.counts["failed_batches"] == 2


def test_a_wrong_number_of_outputs_is_a_failure_not_a_mix_up() -> None:
    with rig(FakeEngine(held=True, drop_outputs_over=1)) as r:
        r.occupy()
        futures = [r.one(number) for number in range(5)]
        r.engine.gate.set()
        assert [future.result(WAIT).hypothesis for future in futures] == [doubled([str(n)]) for n in range(5)]
    with rig(FakeEngine(drop_outputs_over=0)) as r, pytest.raises(InferenceFailed):
        r.one(1).result(WAIT)


class DyingError(BaseException):
    """Stands for what no thread is meant to survive."""


def die_on_thirteen(batch: list[tuple[str, ...]]) -> None:
    if ("13",) in batch:
        raise DyingError


def test_thread_death_shows_and_leaves_nobody_waiting() -> None:
    with rig(FakeEngine(replicas=2, behave=die_on_thirteen)) as r:
        with pytest.raises(InferenceFailed):
            r.one(13).result(WAIT)
        stats = r.batcher.stats()
        assert (stats.threads_alive, stats.threads_expected) == (1, 2)
        assert r.one(1).result(WAIT).hypothesis == doubled(["1"])


def test_when_all_threads_are_dead_work_is_failed_and_refused() -> None:
    with rig(FakeEngine(held=True, behave=die_on_thirteen), size=1) as r:
        last_words = r.one(13)
        assert r.engine.begun.acquire(timeout=WAIT)
        queued = [r.one(n) for n in range(3)]
        r.engine.gate.set()
        for future in (last_words, *queued):
            assert isinstance(future.exception(WAIT), InferenceFailed)
        assert r.batcher.stats().threads_alive == 0
        with pytest.raises(NotReady):
            r.one(1)
    assert r.observer.counts["not_ready"] == 1


@pytest.mark.parametrize("error", [ValueError, SystemExit])
def test_a_raising_callback_harms_nobody(error: type[BaseException]) -> None:
    def callback(_: Future[Decoded]) -> None:
        raise error

    with rig(FakeEngine(held=True)) as r:
        r.occupy()
        futures = [r.one(n) for n in range(3)]
        futures[0].add_done_callback(callback)
        r.engine.gate.set()
        wait(futures, WAIT)
        assert r.one(4).result(WAIT)
        assert r.batcher.stats().threads_alive == 1


def test_a_callback_may_submit_and_cancel() -> None:
    with rig(FakeEngine()) as r:
        second: Future[Future[Decoded]] = Future()
        first = r.one(1)
        first.add_done_callback(lambda _: second.set_result(r.one(2)))
        assert second.result(WAIT).result(WAIT).hypothesis == doubled(["2"])


def test_a_failing_observer_harms_nobody() -> None:
    with rig(FakeEngine()) as r:
        r.observer.counts = None  # type: ignore[assignment]  # every count raises
        assert r.one(2).result(WAIT).hypothesis == doubled(["2"])
        assert r.one(3).result(WAIT).hypothesis == doubled(["3"])


def test_a_submit_is_all_or_nothing() -> None:
    with rig(FakeEngine(held=True), jobs=5) as r:
        r.occupy()
        ticket, *_ = r.batcher.submit([job(1)] * 3, deadline=LATE, priority=BULK)
        with pytest.raises(QueueFull) as refusal:
            r.batcher.submit([job(2)] * 3, deadline=LATE, priority=BULK)
        assert refusal.value.retry_after > 0
        assert r.batcher.stats().queued_bulk == 3
        assert r.batcher.submit([job(2)] * 3, deadline=LATE, priority=BULK, after=ticket)
    assert r.observer.counts["queue_full"] == 1


def test_an_unreachable_deadline_is_refused_unless_for_a_second_try() -> None:
    with rig(FakeEngine(held=True), speed=10.0) as r:
        r.occupy()
        r.one(1, length=100)
        [ticket] = r.batcher.submit([job(1, 100)], deadline=LATE, priority=INTERACTIVE)
        with pytest.raises(DeadlineUnreachable):
            r.one(1, length=50, deadline=r.clock.now + 10)
        r.one(1, length=1, deadline=r.clock.now + 10)  # a short one shares with the long ones and is soon done
        assert r.batcher.submit([job(2, 50)], deadline=r.clock.now + 10, priority=INTERACTIVE, after=ticket)
    assert r.observer.counts["deadline_unreachable"] == 1


def test_throughput_is_measured_under_load_for_all_replicas() -> None:
    def take_time(_: list[tuple[str, ...]]) -> None:
        r.clock.now += 2.0

    with rig(FakeEngine(held=True, behave=take_time), size=1) as r:
        r.occupy()
        futures = [r.one(1, length=100) for _ in range(40)]
        r.engine.gate.set()
        wait(futures, WAIT)
        assert r.batcher.stats().tokens_per_second == pytest.approx(50, rel=0.05)


def test_close_drains_and_then_refuses() -> None:
    engine = FakeEngine(replicas=2)
    r = Rig(engine)
    tickets = r.batcher.submit([job(n) for n in range(100)], deadline=LATE, priority=BULK)
    r.batcher.close(drain_seconds=WAIT)
    assert all(ticket.future.result(0) for ticket in tickets)
    assert r.batcher.stats().threads_alive == 0
    with pytest.raises(NotReady):
        r.one(1)
    r.batcher.close(drain_seconds=0)


def test_close_cancels_what_is_left_and_waits_for_what_runs() -> None:
    engine = FakeEngine(held=True)
    r = Rig(engine)
    running = r.occupy()
    waiting = [r.one(n) for n in range(3)]
    waiting[2].add_done_callback(lambda _: engine.gate.set())
    r.batcher.close(drain_seconds=0.01)
    assert [future.result(0).hypothesis for future in running] == [doubled(["0"])]
    assert all(isinstance(future.exception(0), Cancelled) for future in waiting)


def test_many_threads_get_their_own_answers_and_the_observer_counts_them() -> None:
    """64 clients, some of which cancel; every future ends, and the totals agree with what happened."""
    clients, requests = 64, 12
    outcomes: list[tuple[Job, Future[Decoded]]] = []
    lock = threading.Lock()

    def client(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(requests):
            jobs = [job(dice.randrange(1000), dice.randrange(1, 40)) for _ in range(dice.randrange(1, 8))]
            tickets = r.batcher.submit(jobs, deadline=LATE, priority=dice.choice(list(Priority)))
            for ticket in tickets:
                if dice.random() < 0.1:
                    ticket.cancel()
                if dice.random() < 0.1:
                    ticket.extend(LATE, INTERACTIVE)
            with lock:
                outcomes.extend((each, ticket.future) for each, ticket in zip(jobs, tickets, strict=True))
            wait([ticket.future for ticket in tickets], WAIT)

    with rig(FakeEngine(replicas=4)) as r:
        threads = [threading.Thread(target=client, args=(seed,)) for seed in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAIT)
        assert r.batcher.stats().threads_alive == 4
    served = 0
    for each, future in outcomes:
        assert future.done()
        if future.exception(0) is None:
            served += 1
            assert future.result(0).hypothesis == doubled(each.tokens)
        else:
            assert isinstance(future.exception(0), Cancelled)
    counts = r.observer.counts
    assert counts["started"] == counts["segments"] == served
    assert counts["cancelled"] == len(outcomes) - served
    assert counts["batches"] == len(r.engine.batches)
    assert counts["tokens"] == sum(len(source) for batch in r.engine.batches for source in batch)
