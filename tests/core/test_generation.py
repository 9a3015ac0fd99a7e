"""The generator: cache, single-flight, second tries, and what happens when callers leave."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest

from service.checks.translation import check_translation
from service.core.errors import Cancelled, DeadlineExceeded, InferenceFailed, QueueFull
from service.core.generation.generator import CachedGenerator
from service.core.generation.keys import KeyFactory
from service.core.ports import Cache
from service.core.types import Hypothesis, Job, Priority, RequestContext
from tests.core.fakes import (
    OPTIONS,
    DictCache,
    FakeBatcher,
    HandBatcher,
    RecordingObserver,
    WordTokenizer,
    eventually,
)

KEYS = KeyFactory("translate", "de", "en", "toy", "digest", "fake", "none", OPTIONS)


@dataclass
class House:
    batcher: FakeBatcher | HandBatcher = field(default_factory=FakeBatcher)
    cache: Cache = field(default_factory=DictCache)
    doubtful: Cache = field(default_factory=DictCache)
    observer: RecordingObserver = field(default_factory=RecordingObserver)
    max_words: int = 50
    tokenizer: WordTokenizer = field(default_factory=WordTokenizer)

    def __post_init__(self) -> None:
        self.generator = CachedGenerator(
            task="translate",
            tokenizer=self.tokenizer,
            batcher=self.batcher,
            cache=self.cache,
            doubtful=self.doubtful,
            keys=KEYS,
            check=check_translation("de", "en"),
            pieces=self.pieces,
            observer=self.observer,
        )

    def pieces(self, text: str) -> list[str]:
        words = text.split()
        return [" ".join(words[i : i + self.max_words]) for i in range(0, len(words), self.max_words)]

    def __call__(self, *texts: str, context: RequestContext | None = None) -> dict[str, str]:
        outcomes = self.generator.generate(texts, context or RequestContext.within(10))
        return {text: outcome.text for text, outcome in outcomes.items()}


def test_every_distinct_input_gets_its_own_output() -> None:
    house = House()
    assert house("eins", "zwei", "eins") == {"eins": "EINS", "zwei": "ZWEI"}
    assert len(house.batcher.jobs) == 2


def test_a_second_request_is_answered_from_the_cache_and_says_so() -> None:
    house = House()
    house("eins")
    outcome = house.generator.generate(["eins"], RequestContext.within(10))["eins"]
    assert (outcome.text, outcome.cached) == ("EINS", True)
    assert len(house.batcher.jobs) == 1


def test_no_store_keeps_the_text_out_of_the_cache() -> None:
    house = House()
    house("geheim", context=RequestContext.within(10, write_cache=False))
    assert house.cache.get_many([KEYS.key("geheim")]) == {}


def test_no_cache_reads_nothing_but_stores() -> None:
    cache = DictCache()
    house = House(cache=cache)
    house("eins")
    house("eins", context=RequestContext.within(10, read_cache=False))
    assert len(house.batcher.jobs) == 2
    assert cache.reads == 1


def test_a_damaged_cache_value_is_a_miss() -> None:
    cache = DictCache()
    cache.entries[KEYS.key("eins")] = b'{"t": 7}'
    assert House(cache=cache)("eins") == {"eins": "EINS"}


def test_identical_inputs_in_flight_share_one_job() -> None:
    """Twenty impatient clients that ask the same thing cost one translation."""
    gate = threading.Event()
    house = House(FakeBatcher(gate=gate))
    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(house, "eins", "zwei") for _ in range(20)]
        assert eventually(lambda: [f.waiters for f in list(house.generator._flights.values())] == [20, 20])
        gate.set()
        assert all(answer.result() == {"eins": "EINS", "zwei": "ZWEI"} for answer in answers)
    assert len(house.batcher.jobs) == 2


def test_whoever_joins_a_flight_raises_its_priority_and_deadline() -> None:
    gate = threading.Event()
    house = House(FakeBatcher(gate=gate))
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(house, "eins", context=RequestContext.within(5, priority=Priority.BULK))
        assert eventually(lambda: len(house.batcher.tickets) == 1)
        fast = pool.submit(house, "eins", context=RequestContext.within(20))
        assert eventually(lambda: house.batcher.tickets[0].priority is Priority.INTERACTIVE)
        gate.set()
        assert slow.result() == fast.result()


def test_a_normal_request_that_joins_a_no_store_flight_may_store_its_own_text() -> None:
    gate = threading.Event()
    house = House(FakeBatcher(gate=gate))
    with ThreadPoolExecutor(2) as pool:
        pool.submit(house, "eins", context=RequestContext.within(10, write_cache=False))
        assert eventually(lambda: len(house.batcher.tickets) == 1)
        second = pool.submit(house, "eins")
        assert eventually(lambda: all(f.waiters == 2 for f in house.generator._flights.values()))
        gate.set()
        second.result()
    assert house.cache.get_many([KEYS.key("eins")])


def test_a_full_queue_refuses_all_and_leaves_nothing_behind() -> None:
    house = House(FakeBatcher(room=1))
    with pytest.raises(QueueFull):
        house("eins", "zwei")
    assert house.batcher.tickets == []
    assert house("eins") == {"eins": "EINS"}


def test_work_that_started_reaches_the_cache_after_its_deadline() -> None:
    gate = threading.Event()

    def slow(job: Job) -> Hypothesis:
        gate.wait(10)
        return Hypothesis(("DONE",), finished=True)

    house = House(FakeBatcher(slow))
    with pytest.raises(DeadlineExceeded):
        house("eins", context=RequestContext.within(0.05))
    gate.set()
    assert eventually(lambda: bool(house.cache.get_many([KEYS.key("eins")])))


def test_queued_work_is_dropped_when_its_only_caller_hangs_up() -> None:
    gate = threading.Event()
    house = House(FakeBatcher(gate=gate))
    with pytest.raises(Cancelled):
        house("eins", context=RequestContext.within(20, abandoned=lambda: True))
    assert isinstance(house.batcher.tickets[0].future.exception(timeout=1), Cancelled)
    gate.set()
    assert house("eins") == {"eins": "EINS"}


def test_a_waiting_caller_survives_another_callers_hang_up() -> None:
    gate = threading.Event()
    house = House(FakeBatcher(gate=gate))
    with ThreadPoolExecutor(2) as pool:
        impatient = pool.submit(house, "eins", context=RequestContext.within(20, abandoned=lambda: True))
        assert eventually(lambda: len(house.batcher.tickets) == 1)
        patient = pool.submit(house, "eins")
        with pytest.raises(Cancelled):
            impatient.result()
        gate.set()
        assert patient.result() == {"eins": "EINS"}


def test_a_failing_input_fails_its_request_and_not_the_next() -> None:
    def picky(job: Job) -> Hypothesis:
        if "gift" in job.tokens:
            raise ValueError("poison")
        return Hypothesis(("OK",), finished=True)

    house = House(FakeBatcher(picky))
    with pytest.raises(InferenceFailed):
        house("gut", "gift")
    assert house("gut") == {"gut": "OK"}


def test_a_check_that_crashes_fails_the_request_instead_of_hanging_it() -> None:
    house = House()

    def crash(source: str, target: str, finished: bool) -> tuple[str, ...]:
        raise RuntimeError("bug")

    house.generator._check = crash
    with pytest.raises(InferenceFailed):
        house("eins")


def misbehave(job: Job, good: Hypothesis, bad: Hypothesis) -> Hypothesis:
    """Bad at the first try, good with other options."""
    return bad if job.options == OPTIONS else good


GOOD = Hypothesis(("The", "minister", "resigned", "on", "Monday", "in", "Berlin"), finished=True)
SOURCE = "der Minister trat am Montag in Berlin zurück"
BAD = {
    "truncated": Hypothesis(GOOD.tokens, finished=False),
    "repetition": Hypothesis(("the",) * 9, finished=True),
    "length_ratio": Hypothesis(("No",), finished=True),
    "copied_source": Hypothesis(tuple(SOURCE.split()), finished=True),
    "numbers_changed": Hypothesis((*GOOD.tokens, "1977"), finished=True),
}


@pytest.mark.parametrize("flag", BAD)
def test_a_suspicious_output_is_decoded_again_with_other_options(flag: str) -> None:
    house = House(FakeBatcher(lambda job: misbehave(job, GOOD, BAD[flag])))
    outcome = house.generator.generate([SOURCE], RequestContext.within(10))[SOURCE]
    assert outcome.text == " ".join(GOOD.tokens)
    assert outcome.flags == ("retried",)
    assert house.observer.retries == 1
    first, second = (job.options.beam_size for job in house.batcher.jobs)
    assert (first, second) == (4, 1)  # greedy: cheaper, and another output more often than a wider beam gives
    assert house.cache.get_many([KEYS.key(SOURCE)])


@pytest.mark.parametrize("flag", BAD)
def test_an_output_that_stays_suspicious_is_flagged_and_not_cached(flag: str) -> None:
    house = House(FakeBatcher(lambda job: BAD[flag]))
    outcome = house.generator.generate([SOURCE], RequestContext.within(10))[SOURCE]
    assert flag in outcome.flags
    assert outcome.text == " ".join(BAD[flag].tokens)
    assert len(house.batcher.jobs) == 2
    assert house.cache.get_many([KEYS.key(SOURCE)]) == {}


def test_an_output_that_stayed_suspicious_is_remembered_apart_from_the_cache() -> None:
    house = House(FakeBatcher(lambda job: BAD["truncated"]))
    first = house.generator.generate([SOURCE], RequestContext.within(10))[SOURCE]
    again = house.generator.generate([SOURCE], RequestContext.within(10))[SOURCE]
    assert (again.text, again.flags, again.cached) == (first.text, first.flags, True)
    assert len(house.batcher.jobs) == 2  # both of the first request
    house.generator.generate([SOURCE], RequestContext.within(10, read_cache=False))
    assert len(house.batcher.jobs) == 4


def test_no_store_keeps_suspicious_output_out_of_every_memory() -> None:
    house = House(FakeBatcher(lambda job: BAD["truncated"]))
    house.generator.generate([SOURCE], RequestContext.within(10, write_cache=False))
    assert house.doubtful.get_many([KEYS.key(SOURCE)]) == {}


@pytest.mark.parametrize("flag", BAD)
def test_another_hypothesis_of_the_same_search_is_taken_before_a_second_search(flag: str) -> None:
    found = replace(BAD[flag], alternatives=(BAD["repetition"], GOOD))
    house = House(FakeBatcher(lambda job: found))
    outcome = house.generator.generate([SOURCE], RequestContext.within(10))[SOURCE]
    assert (outcome.text, outcome.flags) == (" ".join(GOOD.tokens), ("retried",))
    assert len(house.batcher.jobs) == 1
    assert house.cache.get_many([KEYS.key(SOURCE)])


@pytest.mark.parametrize(("flag", "searches"), [("numbers_changed", 1), ("length_ratio", 2), ("truncated", 2)])
def test_a_number_that_the_whole_beam_changes_is_not_searched_again(flag: str, searches: int) -> None:
    found = replace(BAD[flag], alternatives=(BAD[flag],))
    house = House(FakeBatcher(lambda job: found))
    outcome = house.generator.generate([SOURCE], RequestContext.within(10))[SOURCE]
    assert flag in outcome.flags
    assert len(house.batcher.jobs) == searches


def test_when_the_second_try_fails_the_first_output_stands_with_its_flags() -> None:
    def once(job: Job) -> Hypothesis:
        if job.options != OPTIONS:
            raise ValueError("no wider beam")
        return BAD["truncated"]

    outcome = House(FakeBatcher(once)).generator.generate([SOURCE], RequestContext.within(10))[SOURCE]
    assert "truncated" in outcome.flags


def test_an_over_long_input_is_translated_in_parts_and_says_so() -> None:
    house = House(max_words=3)
    outcome = house.generator.generate(["eins zwei drei vier"], RequestContext.within(10))["eins zwei drei vier"]
    assert (outcome.text, outcome.flags) == ("EINS ZWEI DREI VIER", ("split",))


def test_characters_that_the_model_cannot_read_are_flagged() -> None:
    outcome = House().generator.generate(["Absatz §"], RequestContext.within(10))["Absatz §"]
    assert outcome.flags == ("unknown_characters",)


def test_timings_tell_queue_and_engine() -> None:
    context = RequestContext.within(10)
    House()("eins", context=context)
    assert context.timings.queue == pytest.approx(0.001)
    assert context.timings.engine == pytest.approx(0.002)


def test_many_threads_with_overlapping_inputs_all_get_the_right_answers() -> None:
    house = House()
    with ThreadPoolExecutor(32) as pool:
        requests = [[f"wort{(i * 7 + j) % 40}" for j in range(10)] for i in range(200)]
        for request, answer in zip(requests, pool.map(lambda texts: house(*texts), requests), strict=True):
            assert answer == {text: text.upper() for text in request}
    assert house.generator._flights == {}
