from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.batching.fair_queue import FairQueue
from service.core.types import DecodingOptions, Job, JobState, Priority

from .fakes import OPTIONS, job

GREEDY = DecodingOptions(beam_size=1)
BEAM = DecodingOptions(beam_size=4)


BULK, INTERACTIVE = Priority.BULK, Priority.INTERACTIVE


def waiting_job(
    length: int,
    request: int,
    sequence: int,
    priority: Priority = BULK,
    options: DecodingOptions = OPTIONS,
    *,
    deadline: float = 1.0,
    second_try: bool = False,
) -> Job:
    made = job(1, length, options)
    made.request, made.sequence, made.priority = request, sequence, priority
    made.deadline, made.second_try = deadline, second_try
    return made


def fill(
    queue: FairQueue, request: int, lengths: Sequence[int], priority: Priority = BULK, first: int = 0
) -> list[Job]:
    jobs = [waiting_job(length, request, first + request * 100_000 + i, priority) for i, length in enumerate(lengths)]
    for each in jobs:
        queue.add(each)
    return jobs


def drain(queue: FairQueue) -> list[list[Job]]:
    batches = []
    for priority in Priority:
        while batch := queue.pick(priority):
            batches.append(batch)
    return batches


waiting = st.lists(
    st.tuples(
        st.integers(0, 4),  # request
        st.integers(0, 40),  # length
        st.sampled_from([GREEDY, BEAM]),
        st.sampled_from(list(Priority)),
        st.booleans(),  # removed before it is picked
    ),
    max_size=60,
)


@settings(deadline=None, max_examples=150)
@given(waiting, st.integers(1, 9), st.integers(1, 120))
def test_every_job_is_picked_once_and_batches_keep_the_rules(
    rows: list[tuple[int, int, DecodingOptions, Priority, bool]], batch_size: int, batch_tokens: int
) -> None:
    queue = FairQueue(batch_size=batch_size, batch_tokens=batch_tokens)
    jobs = [
        waiting_job(length, request, number, priority, options)
        for number, (request, length, options, priority, _) in enumerate(rows)
    ]
    for each in jobs:
        queue.add(each)
    kept = [each for each, row in zip(jobs, rows, strict=True) if not row[4]]
    for each, row in zip(jobs, rows, strict=True):
        if row[4]:
            queue.remove(each)
    assert len(queue) == len(kept)
    assert queue.all_tokens == sum(each.length for each in kept)
    batches = drain(queue)
    assert sorted(each.sequence for batch in batches for each in batch) == [each.sequence for each in kept]
    for batch in batches:
        assert len(batch) <= batch_size
        assert len(batch) == 1 or max(each.length for each in batch) * len(batch) <= batch_tokens
        assert len({(each.options, each.priority) for each in batch}) == 1
    assert len(queue) == 0
    assert queue.all_tokens == 0


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=60), st.integers(1, 8), st.integers(30, 200))
def test_a_batch_is_not_left_with_room_for_a_job_that_waits(
    lengths: list[int], batch_size: int, batch_tokens: int
) -> None:
    queue = FairQueue(batch_size=batch_size, batch_tokens=batch_tokens)
    fill(queue, 1, lengths)
    batch = queue.pick(BULK)
    longest = max(each.length for each in batch)
    for left in queue.clear():
        assert len(batch) == batch_size or max(longest, left.length) * (len(batch) + 1) > batch_tokens


def test_neighbours_in_length_go_together() -> None:
    queue = FairQueue(batch_size=3, batch_tokens=1000)
    fill(queue, 1, [10, 90, 11, 50, 91, 9, 92, 51, 49])
    assert [sorted(each.length for each in batch) for batch in drain(queue)] == [
        [90, 91, 92],
        [49, 50, 51],
        [9, 10, 11],
    ]


def test_what_is_left_of_a_backlog_stays_dense() -> None:
    """Batches from a shuffled backlog are hardly padded more than batches of the sorted one."""
    lengths = [1 + 7 * number % 60 for number in range(480)]
    queue = FairQueue(batch_size=16, batch_tokens=2000)
    for request in range(24):
        fill(queue, request, lengths[request::24])
    padded = sum(max(each.length for each in batch) * len(batch) for batch in drain(queue))
    assert padded < 1.1 * sum(lengths)


@pytest.mark.parametrize(
    ("waiting_jobs", "sizes"), [(20, [10, 5, 4, 1]), (3, [3]), (64, [16, 16, 16, 8, 4, 4]), (6, [4, 2])]
)
def test_what_waits_is_shared_among_the_replicas(waiting_jobs: int, sizes: list[int]) -> None:
    queue = FairQueue(batch_size=16, batch_tokens=2000, replicas=2)
    fill(queue, 1, [20] * waiting_jobs)
    assert [len(batch) for batch in drain(queue)] == sizes


def test_articles_that_arrive_together_end_one_after_another() -> None:
    queue = FairQueue(batch_size=4, batch_tokens=400)
    for request in range(6):
        fill(queue, request, [10 + request] * 20)
    ends = {each.request: number for number, batch in enumerate(drain(queue)) for each in batch}
    assert sorted(ends.values())[2] <= 18  # of 30 batches; taking turns, the first would end after some 25


def test_second_tries_wait_for_the_rest_of_their_request_and_go_together() -> None:
    queue = FairQueue(batch_size=4, batch_tokens=4000)
    for request in range(3):
        fill(queue, request, [10] * 4)
        queue.add(waiting_job(50, request, 900 + request, options=GREEDY, second_try=True))
    batches = drain(queue)
    assert [each.second_try for each in batches[0]] == [False] * 4
    assert [len(batch) for batch in batches if batch[0].second_try] == [3]


def test_one_job_requests_pass_a_request_of_two_thousand() -> None:
    """Each newcomer is served within a few batches, whenever it comes."""
    queue = FairQueue(batch_size=8, batch_tokens=400)
    fill(queue, 1, [1 + number % 45 for number in range(2000)])
    for newcomer in range(2, 40):
        (single,) = fill(queue, newcomer, [200])  # has no neighbours in length: only its own turn can serve it
        assert any(single in queue.pick(BULK) for _ in range(2))


@pytest.mark.parametrize(("newcomers_per_batch", "turns"), [(0.5, 20), (1, 8), (2, 5)])
def test_a_stream_of_newcomers_does_not_starve_a_long_request(newcomers_per_batch: float, turns: int) -> None:
    """It gets what the newcomers leave, and under overload, where the line grows, still its turn in the line."""
    queue = FairQueue(batch_size=1, batch_tokens=400)
    long_request = fill(queue, 1, [5] * 40)
    served = newcomer = 0
    for batch in range(40):
        while newcomer < batch * newcomers_per_batch:
            newcomer += 1
            fill(queue, 1 + newcomer, [5])
        served += queue.pick(BULK)[0] in long_request
    assert served >= turns


def test_an_odd_job_is_not_passed_over_for_ever() -> None:
    """A job with a length of its own is the anchor when its turn comes, however many neighbours others have."""
    queue = FairQueue(batch_size=8, batch_tokens=400)
    (odd,) = fill(queue, 1, [300])
    fill(queue, 2, [7] * 500)
    assert any(odd in queue.pick(BULK) for _ in range(2))


def test_senseless_bounds_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        FairQueue(batch_size=0, batch_tokens=10)


def test_the_queue_keeps_the_states_of_its_jobs() -> None:
    queue = FairQueue(batch_size=2, batch_tokens=100)
    first, second, third, fourth = jobs = fill(queue, 1, [5, 5, 9, 9])
    assert {each.state for each in jobs} == {JobState.WAITING}
    queue.remove(first)
    assert queue.pick(BULK) == [third, fourth]
    queue.clear()
    states = [each.state for each in (first, second, third, fourth)]
    assert states == [JobState.ENDED, JobState.ENDED, JobState.RUNNING, JobState.RUNNING]
    with pytest.raises(KeyError):
        queue.remove(third)


deadlines = st.lists(
    st.tuples(st.integers(0, 50), st.one_of(st.none(), st.integers(0, 50)), st.booleans()), max_size=300
)


@settings(deadline=None, max_examples=100)
@given(deadlines, st.integers(0, 50))
def test_exactly_what_has_expired_is_taken_out(rows: list[tuple[int, int | None, bool]], now: int) -> None:
    """Whatever was extended or removed before; an extension never brings a deadline forward."""
    queue = FairQueue(batch_size=4, batch_tokens=100)
    expected = []
    for number, (first, later, removed) in enumerate(rows):
        each = waiting_job(3, number % 5, number, deadline=first)
        queue.add(each)
        if later is not None:
            queue.extend(each, later, INTERACTIVE)
            assert each.deadline == max(first, later)
        if removed:
            queue.remove(each)
        elif max(first, later or 0) <= now:
            expected.append(number)
    assert sorted(each.sequence for each in queue.pop_expired(now)) == expected
    assert queue.pop_expired(now) == []
