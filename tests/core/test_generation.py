"""The generator: cache, single flight, second tries, and what happens when callers leave."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest

from service.checks.translation import check_translation
from service.core.enums import Flag, Task
from service.core.errors import Cancelled, DeadlineExceeded, InferenceFailed, QueueFull
from service.core.generation.keys import Input, KeyFactory
from service.core.generation.outputs import Output
from service.core.ports import Cache
from service.core.types import DecodingOptions, Finding, Hypothesis, Job, Priority, RequestContext
from tests.core.fakes import (
    OPTIONS,
    DictCache,
    FakeBatcher,
    FakeChecks,
    HandBatcher,
    RecordingObserver,
    WordTokenizer,
    eventually,
    make_generator,
)

KEYS = KeyFactory(Task.TRANSLATION, "toy", "digest", "fake", "none", 1)


def asked(text: str) -> Input:
    """What these tests ask of the model."""
    return Input(text, "de", "en", OPTIONS)


def key_of(text: str) -> str:
    return KEYS.key(asked(text))


@dataclass
class Setup:
    """A generator and the fakes around it. Called with texts, it gives the text of each output."""

    batcher: HandBatcher = field(default_factory=FakeBatcher)
    cache: Cache = field(default_factory=DictCache)
    suspects: Cache = field(default_factory=DictCache)
    observer: RecordingObserver = field(default_factory=RecordingObserver)
    max_words: int = 50
    tokenizer: WordTokenizer = field(default_factory=WordTokenizer)
    checks: FakeChecks = field(default_factory=lambda: FakeChecks(check_translation("de", "en")))

    def __post_init__(self) -> None:
        self.generator = make_generator(
            batcher=self.batcher,
            cache=self.cache,
            suspects=self.suspects,
            observer=self.observer,
            tokenizer=self.tokenizer,
            checks=self.checks,
            max_tokens=self.max_words,
        )

    def __call__(self, *texts: str, context: RequestContext | None = None) -> dict[str, str]:
        outputs = self.generator.generate([asked(text) for text in texts], context or RequestContext.within(10))
        return {item.text: output.text for item, output in outputs.items()}

    def one(self, text: str, context: RequestContext | None = None) -> Output:
        """The output for one text."""
        return self.generator.generate([asked(text)], context or RequestContext.within(10))[asked(text)]


def test_every_distinct_input_gets_its_own_output() -> None:
    setup = Setup()
    assert setup("eins", "zwei", "eins") == {"eins": "EINS", "zwei": "ZWEI"}
    assert len(setup.batcher.jobs) == 2


def test_a_second_request_is_answered_from_the_cache_and_says_so() -> None:
    setup = Setup()
    setup("eins")
    output = setup.one("eins", RequestContext.within(10))
    assert (output.text, output.cached) == ("EINS", True)
    assert len(setup.batcher.jobs) == 1


def test_no_store_keeps_the_text_out_of_the_cache() -> None:
    setup = Setup()
    setup("geheim", context=RequestContext.within(10, write_cache=False))
    assert setup.cache.get_many([key_of("geheim")]) == {}


def test_no_cache_reads_nothing_but_stores() -> None:
    cache = DictCache()
    setup = Setup(cache=cache)
    setup("eins")
    setup("eins", context=RequestContext.within(10, read_cache=False))
    assert len(setup.batcher.jobs) == 2
    assert cache.reads == 1


def test_a_damaged_cache_value_is_a_miss() -> None:
    cache = DictCache()
    cache.entries[key_of("eins")] = b'{"t": 7}'
    assert Setup(cache=cache)("eins") == {"eins": "EINS"}


def test_identical_inputs_in_flight_share_one_job() -> None:
    """Twenty impatient clients that ask the same thing cost one translation."""
    gate = threading.Event()
    setup = Setup(FakeBatcher(gate=gate))
    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(setup, "eins", "zwei") for _ in range(20)]
        assert eventually(lambda: [f.waiters for f in list(setup.generator._pending.values())] == [20, 20])
        gate.set()
        assert all(answer.result() == {"eins": "EINS", "zwei": "ZWEI"} for answer in answers)
    assert len(setup.batcher.jobs) == 2


def test_whoever_joins_a_pending_input_raises_its_priority_and_deadline() -> None:
    gate = threading.Event()
    setup = Setup(FakeBatcher(gate=gate))
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(setup, "eins", context=RequestContext.within(5, priority=Priority.BULK))
        assert eventually(lambda: len(setup.batcher.jobs) == 1)
        fast = pool.submit(setup, "eins", context=RequestContext.within(20))
        assert eventually(lambda: setup.batcher.jobs[0].priority is Priority.INTERACTIVE)
        gate.set()
        assert slow.result() == fast.result()


def test_a_normal_request_that_joins_a_no_store_input_may_store_its_own_text() -> None:
    gate = threading.Event()
    setup = Setup(FakeBatcher(gate=gate))
    with ThreadPoolExecutor(2) as pool:
        pool.submit(setup, "eins", context=RequestContext.within(10, write_cache=False))
        assert eventually(lambda: len(setup.batcher.jobs) == 1)
        second = pool.submit(setup, "eins")
        assert eventually(lambda: [f.waiters for f in list(setup.generator._pending.values())] == [2])
        gate.set()
        second.result()
    assert setup.cache.get_many([key_of("eins")])


def test_a_full_queue_refuses_all_and_leaves_nothing_behind() -> None:
    setup = Setup(FakeBatcher(room=1))
    with pytest.raises(QueueFull):
        setup("eins", "zwei")
    assert setup.batcher.jobs == []
    assert setup("eins") == {"eins": "EINS"}


def test_work_that_started_reaches_the_cache_after_its_deadline() -> None:
    gate = threading.Event()

    def slow(job: Job) -> Hypothesis:
        gate.wait(10)
        return Hypothesis(("DONE",), finished=True)

    setup = Setup(FakeBatcher(slow))
    with pytest.raises(DeadlineExceeded):
        setup("eins", context=RequestContext.within(0.05))
    gate.set()
    assert eventually(lambda: bool(setup.cache.get_many([key_of("eins")])))


def test_queued_work_is_dropped_when_its_only_caller_hangs_up() -> None:
    gate = threading.Event()
    setup = Setup(FakeBatcher(gate=gate))
    with pytest.raises(Cancelled):
        setup("eins", context=RequestContext.within(20, abandoned=lambda: True))
    assert isinstance(setup.batcher.jobs[0].error, Cancelled)
    gate.set()
    assert setup("eins") == {"eins": "EINS"}


def test_a_waiting_caller_survives_another_callers_hang_up() -> None:
    gate = threading.Event()
    setup = Setup(FakeBatcher(gate=gate))
    with ThreadPoolExecutor(2) as pool:
        impatient = pool.submit(setup, "eins", context=RequestContext.within(20, abandoned=lambda: True))
        assert eventually(lambda: len(setup.batcher.jobs) == 1)
        patient = pool.submit(setup, "eins")
        with pytest.raises(Cancelled):
            impatient.result()
        gate.set()
        assert patient.result() == {"eins": "EINS"}


def test_a_failing_input_fails_its_request_and_not_the_next() -> None:
    def picky(job: Job) -> Hypothesis:
        if "gift" in job.tokens:
            raise ValueError("poison")
        return Hypothesis(("OK",), finished=True)

    setup = Setup(FakeBatcher(picky))
    with pytest.raises(InferenceFailed):
        setup("gut", "gift")
    assert setup("gut") == {"gut": "OK"}


def test_a_check_that_crashes_fails_the_request_instead_of_hanging_it() -> None:
    def crash(source: str, target: str, finished: bool) -> tuple[Finding, ...]:
        raise RuntimeError("bug")

    setup = Setup(checks=FakeChecks(crash))
    with pytest.raises(InferenceFailed):
        setup("eins")


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
    setup = Setup(FakeBatcher(lambda job: misbehave(job, GOOD, BAD[flag])))
    output = setup.one(SOURCE, RequestContext.within(10))
    assert output.text == " ".join(GOOD.tokens)
    assert output.flags == ("retried",)
    assert setup.observer.retries == 1
    first, second = (job.options for job in setup.batcher.jobs)
    assert first == OPTIONS
    penalty = 1.0 if flag == "repetition" else 1.1
    assert second == replace(OPTIONS, no_repeat_ngram_size=3, repetition_penalty=penalty)
    assert setup.cache.get_many([key_of(SOURCE)])


@pytest.mark.parametrize("flag", BAD)
def test_an_output_that_stays_suspicious_is_flagged_and_not_cached(flag: str) -> None:
    setup = Setup(FakeBatcher(lambda job: BAD[flag]))
    output = setup.one(SOURCE, RequestContext.within(10))
    assert flag in output.flags
    assert output.text == " ".join(BAD[flag].tokens)
    assert len(setup.batcher.jobs) == 2
    assert setup.cache.get_many([key_of(SOURCE)]) == {}


def test_an_output_that_stayed_suspicious_is_remembered_apart_from_the_cache() -> None:
    setup = Setup(FakeBatcher(lambda job: BAD["truncated"]))
    first = setup.one(SOURCE, RequestContext.within(10))
    again = setup.one(SOURCE, RequestContext.within(10))
    assert (again.text, again.flags, again.cached) == (first.text, first.flags, True)
    assert len(setup.batcher.jobs) == 2  # both of the first request
    setup.one(SOURCE, RequestContext.within(10, read_cache=False))
    assert len(setup.batcher.jobs) == 4


def test_no_store_keeps_suspicious_output_out_of_every_memory() -> None:
    setup = Setup(FakeBatcher(lambda job: BAD["truncated"]))
    setup.one(SOURCE, RequestContext.within(10, write_cache=False))
    assert setup.suspects.get_many([key_of(SOURCE)]) == {}


@pytest.mark.parametrize("flag", [flag for flag in BAD if flag != "repetition"])
def test_another_hypothesis_of_the_same_search_is_taken_before_a_second_search(flag: str) -> None:
    found = replace(BAD[flag], alternatives=(BAD["repetition"], GOOD))
    setup = Setup(FakeBatcher(lambda job: found))
    output = setup.one(SOURCE, RequestContext.within(10))
    assert (output.text, output.flags) == (" ".join(GOOD.tokens), ("retried",))
    assert len(setup.batcher.jobs) == 1
    assert setup.cache.get_many([key_of(SOURCE)])


def test_what_repeats_itself_is_said_anew_though_its_search_held_something_else() -> None:
    """The neighbour of a loop in its search is mostly that loop with a turn less."""
    found = replace(BAD["repetition"], alternatives=(Hypothesis(("The", *GOOD.tokens), finished=True, score=-2.0),))
    anew = replace(GOOD, score=-1.0)
    setup = Setup(FakeBatcher(lambda job: misbehave(job, anew, found)))
    assert setup.one(SOURCE).text == " ".join(GOOD.tokens)
    assert len(setup.batcher.jobs) == 2
    less_sure = replace(GOOD, score=-3.0)
    kept = Setup(FakeBatcher(lambda job: misbehave(job, less_sure, found))).one(SOURCE)
    assert kept.text == "The " + " ".join(GOOD.tokens)


@pytest.mark.parametrize(("flag", "searches"), [("numbers_changed", 2), ("length_ratio", 2), ("truncated", 2)])
def test_what_is_found_in_the_whole_beam_is_searched_again(flag: str, searches: int) -> None:
    found = replace(BAD[flag], alternatives=(BAD[flag],))
    setup = Setup(FakeBatcher(lambda job: found))
    output = setup.one(SOURCE, RequestContext.within(10))
    assert flag in output.flags
    assert len(setup.batcher.jobs) == searches


def test_when_the_second_try_fails_the_first_output_stands_with_its_flags() -> None:
    def once(job: Job) -> Hypothesis:
        if job.options != OPTIONS:
            raise ValueError("no wider beam")
        return BAD["truncated"]

    output = Setup(FakeBatcher(once)).one(SOURCE, RequestContext.within(10))
    assert "truncated" in output.flags


def test_an_over_long_input_is_translated_in_parts_and_says_so() -> None:
    setup = Setup(max_words=3)
    output = setup.one("eins zwei drei vier", RequestContext.within(10))
    assert (output.text, output.flags) == ("EINS ZWEI DREI VIER", ("split",))


def test_characters_that_the_model_cannot_read_are_flagged() -> None:
    output = Setup().one("Absatz §", RequestContext.within(10))
    assert output.flags == ("unknown_characters",)


def test_timings_tell_queue_and_engine() -> None:
    context = RequestContext.within(10)
    Setup()("eins", context=context)
    assert context.timings.queue == pytest.approx(0.001)
    assert context.timings.engine == pytest.approx(0.002)


def test_many_threads_with_overlapping_inputs_all_get_the_right_answers() -> None:
    setup = Setup()
    with ThreadPoolExecutor(32) as pool:
        requests = [[f"wort{(i * 7 + j) % 40}" for j in range(10)] for i in range(200)]
        for request, answer in zip(requests, pool.map(lambda texts: setup(*texts), requests), strict=True):
            assert answer == {text: text.upper() for text in request}
    assert setup.generator._pending == {}


def test_each_input_is_decoded_with_its_own_options() -> None:
    """A glossary or a faster search for one sentence must not change its neighbour, nor take its place in the cache."""
    setup = Setup()
    greedy = DecodingOptions(beam_size=1, max_length=100)
    usual, quick = asked("eins"), replace(asked("eins"), options=greedy)
    setup.generator.generate([usual, quick], RequestContext.within(10))
    assert {job.options.beam_size for job in setup.batcher.jobs} == {1, 4}
    assert len(setup.cache.get_many([KEYS.key(usual), KEYS.key(quick)])) == 2


def test_a_forced_beginning_is_part_of_the_output_and_of_its_key() -> None:
    setup = Setup()
    plain, begun = asked("eins"), replace(asked("eins"), beginning=("Chancellor", "Muster"))
    outputs = setup.generator.generate([plain, begun], RequestContext.within(10))
    assert outputs[plain].text == "EINS"
    assert outputs[begun].text == "Chancellor Muster EINS"
    assert [job.options.target_prefix for job in setup.batcher.jobs] == [(), ("Chancellor", "Muster")]
    assert setup.generator.generate([begun], RequestContext.within(10))[begun].cached


def test_a_model_of_several_targets_is_told_which_one_by_a_token() -> None:
    batcher = FakeBatcher()
    generator = make_generator(batcher=batcher, target_tokens={"de": ">>deu<<", "nl": ">>nld<<"})
    context = RequestContext.within(10)
    inputs = [Input("one", "en", "de", OPTIONS), Input("one", "en", "nl", OPTIONS)]
    assert len(generator.generate(inputs, context)) == 2
    assert sorted(job.tokens for job in batcher.jobs) == [(">>deu<<", "one"), (">>nld<<", "one")]


def test_the_checks_are_those_of_the_pair() -> None:
    setup = Setup()
    setup.generator.generate([replace(asked("one"), source_lang="en", target_lang="de")], RequestContext.within(10))
    assert setup.checks.asked == [("en", "de")]


def test_preparing_stops_at_the_deadline() -> None:
    """Tokenizing a huge request takes long: what can't be answered in time any more isn't prepared to the end."""
    setup = Setup()
    with pytest.raises(DeadlineExceeded):
        setup("eins", "zwei", context=RequestContext.within(-1.0))
    assert setup.batcher.jobs == []


def test_a_piece_is_bounded_in_characters_where_the_tokenizer_merges_them() -> None:
    """120 KB of digits that a vocabulary lacks are one unknown token to it, and checks would read all of them."""

    class Merging(WordTokenizer):
        def encode(self, text: str) -> list[str]:
            return ["§"]

    setup = Setup(tokenizer=Merging(), max_words=50)
    setup("wort " * 4000)
    assert len(setup.batcher.jobs) > 20


def test_what_the_queue_has_no_room_for_is_refused_before_it_is_prepared() -> None:
    """48 requests of 45,000 short sentences each must not be tokenized first and refused then."""

    class Counting(WordTokenizer):
        asked = 0

        def encode(self, text: str) -> list[str]:
            self.asked += 1
            return super().encode(text)

    tokenizer = Counting()
    setup = Setup(FakeBatcher(room=10), tokenizer=tokenizer)
    with pytest.raises(QueueFull):
        setup(*(f"satz {number}" for number in range(1000)))
    assert tokenizer.asked == 0


def test_an_observer_that_fails_costs_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    class Failing(RecordingObserver):
        def flagged(self, model: str, flag: str) -> None:
            raise ValueError("no disk, no luck")

        def retried(self, model: str) -> None:
            raise ValueError("no disk, no luck")

    setup = Setup(FakeBatcher(lambda job: BAD["truncated"]), observer=Failing())
    assert Flag.TRUNCATED in setup.one(SOURCE).flags
    assert "ValueError" in caplog.text
    assert "luck" not in caplog.text
