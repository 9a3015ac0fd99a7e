"""Whose batch runs next, and how long a newcomer would wait, by arithmetic alone."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.batching.admission import Throughput
from service.batching.fair_queue import FairQueue
from service.batching.scheduler import Batch, ModelState, Scheduler
from service.core.types import Priority

from .fakes import FakeEngine, job

BULK, INTERACTIVE = Priority.BULK, Priority.INTERACTIVE


class Machine:
    """A scheduler with models, and replicas that take the seconds they are told."""

    def __init__(self, replicas: int = 1, bulk_every: int = 4) -> None:
        self.scheduler = Scheduler(bulk_every=bulk_every)
        self.replicas = replicas
        self.models: dict[str, ModelState] = {}
        self.seconds: dict[str, float] = {}  # that a batch takes
        self.used: Counter[str] = Counter()
        self.running: list[tuple[float, int, Batch]] = []
        self.now = 0.0
        self._sequence = 0

    def add(
        self,
        name: str,
        *,
        seconds: float = 1.0,
        speed: float = 1.0,
        size: int = 1,
        tokens: int = 10_000,
        most: int | None = None,
    ) -> ModelState:
        replicas = min(self.replicas, most or self.replicas)
        queue = FairQueue(batch_size=size, batch_tokens=tokens, replicas=replicas)
        model = ModelState(name, FakeEngine(replicas), queue, Throughput(speed), replicas)
        self.scheduler.models.append(model)
        self.models[name] = model
        self.seconds[name] = seconds
        return model

    def fill(self, name: str, jobs: int, priority: Priority = BULK, length: int = 1, request: int = 1) -> list[int]:
        """Let `jobs` new jobs wait. Their numbers."""
        numbers = range(self._sequence + 1, self._sequence + 1 + jobs)
        for self._sequence in numbers:
            made = job(1, length)
            made.request, made.sequence, made.priority = request, self._sequence, priority
            self.models[name].queue.add(made)
        return list(numbers)

    def next(self) -> str:
        """Run one batch alone. Its model and class, such as "aI"; "" when there is nothing."""
        batch = self.scheduler.pick(express=False, now=self.now)
        if batch is None:
            return ""
        seconds = self.seconds[batch.model.name]
        self.used[batch.model.name] += round(1000 * seconds)
        self.scheduler.ended(batch, seconds)
        return batch.model.name + "IB"[batch.priority]

    def start(self) -> list[Batch]:
        """Give every free replica a batch."""
        started = []
        while (
            len(self.running) < self.replicas
            and (batch := self.scheduler.pick(express=False, now=self.now)) is not None
        ):
            started.append(batch)
            self._sequence += 1
            heapq.heappush(self.running, (self.now + self.seconds[batch.model.name], self._sequence, batch))
        return started

    def end(self) -> Batch:
        """Let the batch end that ends first."""
        self.now, _, batch = heapq.heappop(self.running)
        self.scheduler.ended(batch, self.seconds[batch.model.name])
        return batch


def test_interactive_goes_first_and_bulk_keeps_one_batch_in_four() -> None:
    machine = Machine()
    machine.add("a")
    machine.fill("a", 12, BULK, request=1)
    machine.fill("a", 12, INTERACTIVE, request=2)
    order = "".join(machine.next()[1] for _ in range(24))
    assert order == "IIIB" * 4 + "B" * 8


def test_the_classes_are_those_of_all_models_together() -> None:
    """One model's interactive work goes before another's bulk work, which keeps its batch in four."""
    machine = Machine()
    machine.add("a")
    machine.add("b")
    machine.fill("a", 12, BULK)
    machine.fill("b", 12, INTERACTIVE)
    assert [machine.next() for _ in range(24)] == ["bI", "bI", "bI", "aB"] * 4 + ["aB"] * 8


def test_bulk_counts_from_when_it_began_to_wait() -> None:
    """Interactive batches that ran while no bulk work waited don't make bulk overtake."""
    machine = Machine()
    machine.add("a")
    machine.fill("a", 20, INTERACTIVE, request=1)
    for _ in range(10):
        machine.next()
    machine.fill("a", 1, BULK, request=2)
    assert "".join(machine.next()[1] for _ in range(4)) == "IIIB"


def test_prediction_shares_with_others_and_never_exceeds_all_work() -> None:
    machine = Machine()
    model = machine.add("a")

    def seconds(tokens: int, priority: Priority) -> float:
        return machine.scheduler.seconds_until_done(model, tokens, priority)

    assert seconds(10, INTERACTIVE) == 10
    machine.fill("a", 100, BULK, length=10, request=1)
    assert seconds(10, BULK) == 20  # its own 10, and as much of the other request
    assert seconds(5000, BULK) == 6000
    assert seconds(30, INTERACTIVE) == pytest.approx(40)  # bulk gets a batch in four
    machine.fill("a", 1000, INTERACTIVE, length=10, request=2)
    assert seconds(10, BULK) == 80  # its share of one batch in four


def test_prediction_counts_other_models_in_seconds_and_no_more_than_their_share() -> None:
    machine = Machine()
    own, slow = machine.add("own", speed=10.0), machine.add("slow", speed=2.0)
    machine.fill("slow", 4, BULK, length=10)  # 20 s

    def seconds(model: ModelState, tokens: int, priority: Priority) -> float:
        return machine.scheduler.seconds_until_done(model, tokens, priority)

    assert seconds(own, 50, BULK) == 10  # 5 s of its own, and 5 s for the other model meanwhile
    assert seconds(own, 1000, BULK) == 120  # 100 s, and all that the other has
    assert seconds(own, 30, INTERACTIVE) == 4  # 3 s, and the batch in four that bulk gets meanwhile
    machine.fill("slow", 1, INTERACTIVE, length=4)  # 2 s
    assert seconds(own, 30, INTERACTIVE) == pytest.approx(5 * 4 / 3)
    assert seconds(own, 50, BULK) == 12  # bulk waits for all interactive work, whichever model's
    assert seconds(slow, 20, BULK) == pytest.approx(10 + 10 + 2)
    assert machine.scheduler.seconds_until_drained(slow) == 22
    machine.fill("own", 1, BULK, length=300)
    assert machine.scheduler.seconds_until_drained(slow) == 44


def test_models_share_engine_time_not_batches() -> None:
    machine = Machine()
    machine.add("slow", seconds=1.0, speed=1.0)
    machine.add("fast", seconds=0.1, speed=10.0)
    machine.fill("slow", 1000)
    machine.fill("fast", 1000)
    batches = Counter(machine.next() for _ in range(440))
    assert batches["fastB"] == pytest.approx(10 * batches["slowB"], rel=0.05)


def test_a_slow_batch_is_charged_when_it_starts() -> None:
    """Or its model would get every replica that is free before the first of its batches has ended."""
    machine = Machine(replicas=2)
    machine.add("slow", seconds=10.0, speed=0.2)
    machine.add("fast", seconds=1.0, speed=2.0)
    machine.fill("slow", 100)
    machine.fill("fast", 100)
    started = []
    while machine.now < 10.0:
        started += [batch.model.name for batch in machine.start()]
        machine.end()
    assert started[:11].count("slow") == 1


def test_a_wrong_guess_is_set_right_when_the_batch_ends() -> None:
    machine = Machine()
    machine.add("a", seconds=1.0, speed=1000.0)  # said to be a thousand times as fast as it is
    machine.add("b", seconds=1.0, speed=1.0)
    machine.fill("a", 1000)
    machine.fill("b", 1000)
    batches = Counter(machine.next() for _ in range(100))
    assert abs(batches["aB"] - batches["bB"]) <= 1


def test_a_model_that_was_idle_claims_no_past_and_does_not_starve() -> None:
    machine = Machine()
    machine.add("old")
    machine.add("new")
    machine.fill("old", 1000)
    for _ in range(500):
        machine.next()
    machine.fill("new", 400)
    turns = [machine.next() for _ in range(20)]
    assert "newB" in turns[:2]
    assert turns.count("oldB") == 10
    for _ in range(200):  # the same the other way round
        machine.next()
    machine.models["old"].queue.clear()
    for _ in range(100):
        machine.next()
    machine.fill("old", 100)
    turns = [machine.next() for _ in range(20)]
    assert turns.count("oldB") == turns.count("newB") == 10


def test_a_model_loaded_later_starts_level() -> None:
    machine = Machine()
    machine.add("old")
    machine.fill("old", 1000)
    for _ in range(500):
        machine.next()
    machine.add("new")
    machine.fill("new", 100)
    assert Counter(machine.next() for _ in range(20)) == {"oldB": 10, "newB": 10}


def test_what_was_owed_is_forgotten_when_the_machine_has_stood_idle() -> None:
    machine = Machine()
    machine.add("a", seconds=60.0)  # for what was expected to take a second
    machine.add("b")
    machine.fill("a", 1)
    machine.next()
    assert not machine.next()
    machine.seconds["a"] = 1.0
    machine.fill("a", 10)
    machine.fill("b", 10)
    assert Counter(machine.next() for _ in range(4)) == {"aB": 2, "bB": 2}


def test_work_that_comes_batch_by_batch_gets_no_more_than_its_share() -> None:
    """A model whose queue is empty after each of its slow batches, beside one with a backlog of quick ones."""
    machine = Machine()
    machine.add("trickle", seconds=2.0, speed=0.5)
    machine.add("backlog", seconds=0.1, speed=10.0)
    machine.fill("backlog", 10_000)
    for _ in range(1000):
        if not len(machine.models["trickle"].queue):
            machine.fill("trickle", 1)
        machine.next()
    used = machine.used
    assert used["trickle"] == pytest.approx(used["backlog"], rel=0.1)


def test_an_engine_gets_no_more_batches_at_once_than_it_has_replicas() -> None:
    machine = Machine(replicas=3)
    machine.add("narrow", most=1)
    machine.add("wide")
    machine.fill("narrow", 10)
    assert [batch.model.name for batch in machine.start()] == ["narrow"]
    assert not machine.scheduler.has_work(express=False)
    machine.fill("wide", 10)
    assert [batch.model.name for batch in machine.start()] == ["wide", "wide"]
    assert machine.end().model.name in ("narrow", "wide")
    assert machine.scheduler.has_work(express=False)


def test_what_waits_for_several_models_is_shared_among_all_replicas() -> None:
    """Short backlogs of two models keep four replicas busy until the last jobs."""
    machine = Machine(replicas=4)
    for name in ("a", "b"):
        machine.add(name, size=16)
        machine.fill(name, 16)
    sizes = []
    while started := machine.start():
        assert len(machine.running) == 4 or not any(len(model.queue) for model in machine.models.values())
        sizes += [len(batch.jobs) for batch in started]
        machine.end()
    assert sizes == [4] * 8


def test_express_takes_interactive_work_of_any_model_while_bulk_runs() -> None:
    machine = Machine()
    machine.add("a")
    machine.add("b")
    machine.fill("b", 2, INTERACTIVE)
    assert machine.scheduler.pick(express=True, now=machine.now) is None
    machine.models["b"].queue.clear()
    machine.fill("a", 3, BULK)
    assert [batch.priority for batch in machine.start()] == [BULK]
    assert machine.scheduler.pick(express=True, now=machine.now) is None
    machine.fill("b", 2, INTERACTIVE)
    express = machine.scheduler.pick(express=True, now=machine.now)
    assert express is not None
    assert (express.model.name, express.priority) == ("b", INTERACTIVE)
    machine.end()
    assert machine.scheduler.pick(express=True, now=machine.now) is None
    machine.scheduler.ended(express, 1.0)


models = st.lists(
    st.tuples(
        st.floats(0.05, 5.0),  # seconds of a batch
        st.floats(0.2, 5.0),  # how wrong the guess is
        st.integers(1, 4),  # batch size
    ),
    min_size=2,
    max_size=4,
)


@settings(deadline=None, max_examples=60)
@given(models, st.integers(1, 4))
def test_backlogged_models_have_had_nearly_equal_engine_time_at_any_moment(
    rows: Sequence[tuple[float, float, int]], replicas: int
) -> None:
    """No further apart than what is running: the bound of start-time fair queueing, for each replica."""
    machine = Machine(replicas)
    longest = 0.0
    for number, (seconds, error, size) in enumerate(rows):
        machine.add(str(number), seconds=seconds, size=size, speed=error * size * replicas / seconds)
        machine.fill(str(number), 2000)
        longest = max(longest, seconds, seconds / error)
    used = dict.fromkeys(machine.models, 0.0)
    for _ in range(300):
        machine.start()
        batch = machine.end()
        used[batch.model.name] += machine.seconds[batch.model.name]
        if not all(len(model.queue) for model in machine.models.values()):
            break
        assert max(used.values()) - min(used.values()) <= 2 * replicas * longest + 1e-6


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from(list(Priority)), st.integers(1, 6)), max_size=30),
    st.integers(1, 3),
)
def test_every_job_of_every_model_is_picked_once_and_models_never_mix(
    rows: Sequence[tuple[int, Priority, int]], replicas: int
) -> None:
    machine = Machine(replicas)
    for name in "012":
        machine.add(name, size=4)
    waiting: dict[str, list[int]] = {name: [] for name in machine.models}
    for model, priority, jobs in rows:
        waiting[str(model)] += machine.fill(str(model), jobs, priority)
    picked: dict[str, list[int]] = {name: [] for name in machine.models}
    while machine.start():
        batch = machine.end()
        picked[batch.model.name] += [each.sequence for each in batch.jobs]
        assert {each.priority for each in batch.jobs} == {batch.priority}
    while machine.running:
        batch = machine.end()
        picked[batch.model.name] += [each.sequence for each in batch.jobs]
    assert {name: sorted(numbers) for name, numbers in picked.items()} == waiting


def test_senseless_shares_are_refused() -> None:
    with pytest.raises(ValueError, match="bulk_every"):
        Scheduler(bulk_every=1)
