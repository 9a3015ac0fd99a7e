"""The real generator on the real pool, with an engine that is slow and sometimes poisoned, under many threads."""

from __future__ import annotations

import logging
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from service.batching.pool import ModelQueue, Pool
from service.core.enums import Flag, Severity
from service.core.errors import Cancelled, DeadlineExceeded, DepescheError, InferenceFailed, NotReady, Unavailable
from service.core.generation.generator import CachedGenerator
from service.core.generation.keys import Input
from service.core.generation.splitting import Splitter
from service.core.types import DecodingOptions, Finding, Hypothesis, Priority, RequestContext, Span
from tests.core.fakes import (
    OPTIONS,
    DictCache,
    FakeChecks,
    PlainSegmenter,
    RecordingObserver,
    WordTokenizer,
    eventually,
)
from tests.core.test_generation import KEYS
from tests.core.test_generation import asked as asked_for

THREADS = 64


class MoodyEngine:
    """Upper case after a moment. "gift" raises, "zweifel" fails its checks once, "schleife" fails them always."""

    name, compute_type, replicas = "moody", "none", 2

    def __init__(self, seconds_per_batch: float = 0.001) -> None:
        self.seconds = seconds_per_batch
        self.gate = threading.Event()
        self.gate.set()
        self.runs: Counter[tuple[tuple[str, ...], DecodingOptions]] = Counter()
        self._lock = threading.Lock()

    def generate(self, sources: Sequence[Sequence[str]], options: DecodingOptions) -> list[Hypothesis]:
        self.gate.wait(20)
        time.sleep(self.seconds)
        if any("gift" in source for source in sources):
            raise ValueError("poison")
        with self._lock:
            self.runs.update((tuple(source), options) for source in sources)
        return [self._answer(source, options) for source in sources]

    def _answer(self, source: Sequence[str], options: DecodingOptions) -> Hypothesis:
        bad = "schleife" in source or ("zweifel" in source and options == OPTIONS)
        return Hypothesis(tuple(word.upper() for word in source), finished=not bad)

    def score(
        self, sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[float]:
        return [-1.0] * len(sources)

    def close(self) -> None:
        pass


def check(source: str, target: str, finished: bool) -> tuple[Finding, ...]:
    return () if finished else (Finding(Flag.TRUNCATED, Severity.CRITICAL),)


class SlashSegmenter(PlainSegmenter):
    """Clauses end at slashes."""

    def clauses(self, text: str, language: str, fits: Callable[[str], bool]) -> list[Span]:
        return [Span(match.start(), match.end()) for match in re.finditer(r"[^/]+", text)]


class Slashed(WordTokenizer):
    """A text with a slash is longer than the model takes."""

    def encode(self, text: str) -> list[str]:
        words = super().encode(text)
        return words * 20 if "/" in text else words


@contextmanager
def setup(
    engine: MoodyEngine, cache: DictCache, queue_jobs: int = 200
) -> Iterator[tuple[CachedGenerator, ModelQueue, Pool]]:
    observer = RecordingObserver()
    pool = Pool(replicas=engine.replicas, express=0, observer=observer)
    queue = pool.open_queue(
        "moody",
        engine,
        max_queue_jobs=queue_jobs,
        max_queue_tokens=10_000,
        batch_tokens=64,
        batch_size=8,
        initial_tokens_per_second=20_000.0,
    )
    tokenizer = Slashed()
    generator = CachedGenerator(
        model="moody",
        options=OPTIONS,
        tokenizer=tokenizer,
        splitter=Splitter(SlashSegmenter(), tokenizer, 5),
        batcher=queue,
        cache=cache,
        suspects=DictCache(),
        keys=KEYS,
        checks=FakeChecks(check),
        observer=observer,
    )
    try:
        yield generator, queue, pool
    finally:
        pool.close(drain_seconds=5)


def vocabulary() -> list[str]:
    texts = [f"satz {index}" for index in range(120)]
    texts += [f"teil {index} / teil {index + 1} / teil {index + 2}" for index in range(20)]
    texts += [f"zweifel {index}" for index in range(10)] + [f"schleife {index}" for index in range(4)]
    return [*texts, "gift 1", "gut / gift 2 / gut"]


def inputs(texts: Sequence[str]) -> list[Input]:
    return [asked_for(text) for text in texts]


def expected(text: str) -> str:
    return " ".join(piece.strip().upper() for piece in text.split("/"))


def hangs_up_after(seconds: float) -> RequestContext:
    end = time.monotonic() + seconds
    return RequestContext.within(20, abandoned=lambda: time.monotonic() > end)


def some_context(dice: random.Random) -> RequestContext:
    kind = dice.random()
    if kind < 0.15:
        return hangs_up_after(dice.uniform(0, 0.03))
    if kind < 0.35:
        return RequestContext.within(dice.uniform(0.001, 0.05))
    priority = Priority.BULK if kind < 0.6 else Priority.INTERACTIVE
    return RequestContext.within(20, priority=priority, write_cache=dice.random() < 0.7, read_cache=dice.random() < 0.2)


def nothing_is_pending(generator: CachedGenerator) -> bool:
    return not generator._pending


@pytest.mark.parametrize("seed", [1, 2])
def test_every_request_ends_with_its_own_answer_or_an_honest_error(
    seed: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Hang-ups, short deadlines, poison, bad outputs, a small queue: nobody hangs, nothing is left or mixed up."""
    monkeypatch.setattr("service.core.generation.generator._POLL_SECONDS", 0.01)
    caplog.set_level(logging.WARNING)
    texts = vocabulary()
    engine, cache = MoodyEngine(seconds_per_batch=0.003), DictCache()
    ends: Counter[str] = Counter()

    def request(number: int) -> str:
        dice = random.Random(seed * 100_000 + number)
        asked = dice.sample(texts, dice.choice((1, 2, 5, 30)))
        context = some_context(dice)
        try:
            outputs = generator.generate(inputs(asked), context)
        except InferenceFailed:
            assert any("gift" in text for text in asked)
            return "failed"
        except (Unavailable, DeadlineExceeded, Cancelled) as error:
            assert not isinstance(error, Cancelled) or context.abandoned()
            assert not isinstance(error, DeadlineExceeded) or time.monotonic() >= context.deadline
            return type(error).__name__
        assert {item.text: output.text for item, output in outputs.items()} == {text: expected(text) for text in asked}
        assert all(("truncated" in output.flags) == ("schleife" in item.text) for item, output in outputs.items())
        return "answered"

    with setup(engine, cache, queue_jobs=80) as (generator, queue, pool):
        with ThreadPoolExecutor(THREADS) as threads:
            ends.update(threads.map(request, range(1500)))
        assert eventually(lambda: nothing_is_pending(generator))
        stats = queue.stats()
        assert (stats.queued_interactive, stats.queued_bulk, pool.stats().threads_alive) == (0, 0, 2)
    assert sum(ends.values()) == 1500
    assert ends["answered"] > 100, ends
    assert {"failed", "Cancelled", "DeadlineExceeded", "QueueFull"} <= set(ends), ends
    assert not any(b"SCHLEIFE" in value or b"GIFT" in value for value in cache.entries.values())
    assert [record for record in caplog.records if record.name == "concurrent.futures"] == []


def test_the_engine_runs_each_input_once_however_many_ask_for_it() -> None:
    """Sixty-four threads ask for the same article; each sentence costs one job, a suspicious one two."""
    engine = MoodyEngine()
    engine.gate.clear()
    texts = [f"satz {index}" for index in range(60)] + ["zweifel 1", "zweifel 2"]

    def request(number: int) -> bool:
        order = random.Random(number).sample(texts, len(texts))
        outputs = generator.generate(inputs(order), RequestContext.within(20))
        return all(output.text == item.text.upper() for item, output in outputs.items())

    with setup(engine, DictCache(), queue_jobs=10_000) as (generator, _, _), ThreadPoolExecutor(THREADS) as threads:
        answers = [threads.submit(request, number) for number in range(THREADS)]
        assert eventually(lambda: [f.waiters for f in list(generator._pending.values())] == [THREADS] * len(texts))
        engine.gate.set()
        assert all(answer.result() for answer in answers)
    assert set(engine.runs.values()) == {1}
    assert len(engine.runs) == len(texts) + 2


def test_closing_ends_every_request_that_is_under_way() -> None:
    """Whoever waits when the service stops is answered, or told to come again; later requests are refused."""
    engine = MoodyEngine(seconds_per_batch=0.01)

    def request(number: int) -> str:
        texts = [f"satz {number} {index}" for index in range(20)] + [f"zweifel {number}"]
        try:
            generator.generate(inputs(texts), RequestContext.within(30))
        except DepescheError as error:
            return type(error).__name__
        return "answered"

    with (
        setup(engine, DictCache(), queue_jobs=10_000) as (generator, queue, _),
        ThreadPoolExecutor(THREADS) as threads,
    ):
        answers = [threads.submit(request, number) for number in range(THREADS)]
        assert eventually(lambda: len(engine.runs) > 30)
        queue.close(drain_seconds=0.05)
        ends = Counter(answer.result(timeout=5) for answer in answers)
        assert set(ends) <= {"answered", "NotReady"}, ends
        assert nothing_is_pending(generator)
        with pytest.raises(NotReady):
            generator.generate(inputs(["neu"]), RequestContext.within(5))


def test_callers_are_told_when_every_dispatcher_thread_has_died() -> None:
    class Dying(MoodyEngine):
        def generate(self, sources: Sequence[Sequence[str]], options: DecodingOptions) -> list[Hypothesis]:
            raise SystemExit

    with setup(Dying(), DictCache()) as (generator, _, pool), ThreadPoolExecutor(8) as threads:
        for _ in range(Dying.replicas):  # one thread may take all of a round
            answers = [
                threads.submit(generator.generate, inputs([f"satz {n}"]), RequestContext.within(20)) for n in range(8)
            ]
            for answer in answers:
                assert isinstance(answer.exception(timeout=5), InferenceFailed | NotReady)
        assert nothing_is_pending(generator)
        assert eventually(lambda: pool.stats().threads_alive == 0)
        with pytest.raises(NotReady):
            generator.generate(inputs(["neu"]), RequestContext.within(5))
