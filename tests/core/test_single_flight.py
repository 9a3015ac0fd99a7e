"""Shared inputs when callers leave, second tries are queued, and jobs end at awkward moments."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from service.core.enums import Flag, Severity
from service.core.errors import Cancelled, InferenceFailed
from service.core.generation.outputs import Output, better, decode_value, encode_value
from service.core.types import Finding, Hypothesis, Job, Priority, RequestContext, Span
from tests.core.fakes import DictCache, FakeBatcher, HandBatcher, WordTokenizer, eventually, shout
from tests.core.test_generation import BAD, GOOD, SOURCE, Setup, key_of


def test_a_caller_who_hangs_up_is_noticed_while_inputs_keep_finishing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may have to wait half a second for one sentence before it is seen that an article isn't wanted."""
    monkeypatch.setattr("service.core.generation.generator._POLL_SECONDS", 0.02)
    pause = threading.Event()

    def steady(job: Job) -> Hypothesis:
        pause.wait(0.005)
        return shout(job)

    setup = Setup(FakeBatcher(steady))
    with pytest.raises(Cancelled):
        setup(*map(str, range(400)), context=RequestContext.within(30, abandoned=lambda: True))
    assert eventually(lambda: setup.generator._pending == {})


def test_a_cache_that_breaks_its_word_and_raises_leaves_nobody_waiting() -> None:
    class Broken(DictCache):
        def set_many(self, items: Mapping[str, bytes]) -> None:
            raise OSError("disk")

    setup = Setup(cache=Broken())
    with pytest.raises(InferenceFailed):
        setup("eins")
    assert setup.generator._pending == {}


def test_a_second_try_goes_on_when_the_caller_hangs_up_after_the_first() -> None:
    """Half of the work is done; the other half makes it worth keeping."""
    setup = Setup(batcher := HandBatcher())
    gone = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(setup, SOURCE, context=RequestContext.within(20, abandoned=gone.is_set))
        assert eventually(lambda: len(batcher.jobs) == 1)
        batcher.finish(0, BAD["repetition"])
        gone.set()
        with pytest.raises(Cancelled):
            answer.result()
    batcher.finish(1, GOOD)
    assert setup.cache.get_many([key_of(SOURCE)])
    assert setup.generator._pending == {}


def test_an_input_in_parts_goes_on_when_the_caller_hangs_up_after_the_first_part() -> None:
    setup = Setup(batcher := HandBatcher(), max_words=2)
    gone = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(setup, "eins zwei drei", context=RequestContext.within(20, abandoned=gone.is_set))
        assert eventually(lambda: len(batcher.jobs) == 2)
        batcher.finish(0, Hypothesis(("ONE", "TWO"), finished=True))
        gone.set()
        with pytest.raises(Cancelled):
            answer.result()
    batcher.finish(1, Hypothesis(("THREE",), finished=True))
    assert setup("eins zwei drei") == {"eins zwei drei": "ONE TWO THREE"}


@pytest.mark.parametrize("joined", [False, True])
def test_a_second_try_is_as_urgent_as_those_who_wait_for_it(joined: bool) -> None:
    """A bulk article with many doubtful sentences must not push its second tries before interactive requests."""
    setup = Setup(batcher := HandBatcher())
    with ThreadPoolExecutor(2) as pool:
        pool.submit(setup, SOURCE, context=RequestContext.within(20, priority=Priority.BULK))
        assert eventually(lambda: len(batcher.jobs) == 1)
        if joined:
            pool.submit(setup, SOURCE)
            assert eventually(lambda: [f.waiters for f in list(setup.generator._pending.values())] == [2])
        batcher.finish(0, BAD["repetition"])
        assert batcher.jobs[1].priority is (Priority.INTERACTIVE if joined else Priority.BULK)
        batcher.finish(1, GOOD)


def test_a_shared_output_that_ends_while_a_request_prepares_the_rest_is_not_made_again() -> None:
    batcher = HandBatcher()

    class Landing(WordTokenizer):
        def encode(self, text: str) -> list[str]:
            if text == "neu":
                batcher.finish(0, Hypothesis(("EINS",), finished=True))
            return super().encode(text)

    setup = Setup(batcher, tokenizer=Landing())
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(setup, "eins", context=RequestContext.within(20, write_cache=False))
        assert eventually(lambda: len(batcher.jobs) == 1)
        second = pool.submit(setup, "eins", "neu")
        assert eventually(lambda: len(batcher.jobs) > 1)
        for index in range(1, len(batcher.jobs)):
            batcher.finish(index, Hypothesis(("NEU",), finished=True))
        assert first.result() == {"eins": "EINS"}
        assert second.result() == {"eins": "EINS", "neu": "NEU"}
    assert [job.tokens for job in batcher.jobs] == [("eins",), ("neu",)]


NUMBER = Finding(Flag.NUMBERS_CHANGED, Severity.CRITICAL, (Span(4, 6),), (Span(3, 5), Span(9, 11)))
LOOP = Finding(Flag.REPETITION, Severity.MAJOR)


def test_a_second_try_that_is_only_less_suspicious_is_better_than_a_loop() -> None:
    loop, doubt = Output("the the the", (LOOP, NUMBER)), Output("The 12 men", (NUMBER,))
    assert better(loop, doubt) == Output("The 12 men", (NUMBER,), (Flag.RETRIED,))
    assert better(doubt, loop) is doubt
    assert better(loop, loop) is loop


@pytest.mark.parametrize("text", ["", "Äöü „quoted“", "\ud800 alone"])
def test_a_cache_value_gives_back_its_output(text: str) -> None:
    decoded = decode_value(encode_value(Output(text, (NUMBER, LOOP), (Flag.SPLIT,), -0.5)))
    assert decoded == Output(text, (NUMBER, LOOP), (Flag.SPLIT,), -0.5, cached=True)
    assert decode_value(encode_value(Output(text))) == Output(text, cached=True)


def test_a_cache_value_with_a_flag_of_another_release_is_a_miss() -> None:
    assert decode_value(b'{"t": "x", "f": [["flag_of_the_future", "minor", [], []]]}') is None
    assert decode_value(b'{"t": "x", "n": ["flag_of_the_future"]}') is None


@pytest.mark.parametrize("value", [b"", b"[]", b'{"t": 1}', b'{"t": "x", "f": 3}', b'{"t": "x", "s": "high"}', b"\xff"])
def test_what_is_no_cache_value_is_a_miss(value: bytes) -> None:
    assert decode_value(value) is None


def test_a_request_steps_aside_while_it_waits_and_only_then() -> None:
    """Whoever waits for a model lets others work; what the cache has isn't waited for."""
    setup = Setup(batcher := HandBatcher())
    waits: list[int] = []

    @contextmanager
    def aside() -> Iterator[None]:
        waits.append(len(batcher.jobs))
        batcher.finish(0, GOOD)
        yield

    setup(SOURCE, context=RequestContext.within(20, aside=aside))
    assert waits == [1]
    setup(SOURCE, context=RequestContext.within(20, aside=aside))
    assert waits == [1]
