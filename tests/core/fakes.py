"""Fakes of the ports, small enough to be seen to be right."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

from service.core.enums import Task, Tier
from service.core.errors import Cancelled, DepescheError, InferenceFailed, QueueFull
from service.core.generation.certainty import Reference
from service.core.generation.generator import CachedGenerator
from service.core.generation.keys import KeyFactory
from service.core.generation.scorer import Scorer
from service.core.generation.splitting import Splitter
from service.core.models import LoadedModel, ServedModel
from service.core.ports import Batcher, Cache, Check, Observer, TextChecks, Tokenizer
from service.core.types import (
    CacheStats,
    DecodingOptions,
    Hypothesis,
    Identification,
    Job,
    JobState,
    ModelDescription,
    ModelInfo,
    Priority,
    QueueStats,
    Span,
)

Model = Callable[[Job], Hypothesis]


class WordTokenizer:
    """Tokens are words. A word with "§" is unknown to the model."""

    def encode(self, text: str) -> list[str]:
        return text.split()

    def decode(self, tokens: Sequence[str]) -> str:
        return " ".join(tokens)

    def encode_target(self, text: str) -> list[str]:
        return text.split()

    def knows(self, tokens: Sequence[str]) -> bool:
        return not any("§" in token for token in tokens)


def shout(job: Job) -> Hypothesis:
    """A model that answers in upper case, so that an output shows its input."""
    return Hypothesis(tuple(token.upper() for token in job.tokens), finished=True)


def end(job: Job, hypothesis: Hypothesis | None = None, error: DepescheError | None = None) -> None:
    """End a job as a batcher does."""
    job.state, job.hypothesis, job.error = JobState.ENDED, hypothesis, error
    job.queue_seconds, job.engine_seconds = 0.001, 0.002
    job.on_done(job)


class HandBatcher:
    """Runs nothing by itself: a test ends each job by hand. Remembers every job."""

    def __init__(self, room: int = 10_000) -> None:
        self.room = room
        self.jobs: list[Job] = []
        self._lock = threading.Lock()

    def submit(
        self, jobs: Sequence[Job], *, deadline: float, priority: Priority, after: Job | None = None, claim: str = ""
    ) -> None:
        del claim
        if len(jobs) > self.room and after is None:
            raise QueueFull("no room", 1.0)
        for job in jobs:
            job.deadline, job.priority, job.state = deadline, priority, JobState.WAITING
        self.jobs += jobs

    def require_room(self, jobs: int, tokens: int, *, deadline: float, priority: Priority, claim: str = "") -> None:
        if jobs > self.room:
            raise QueueFull("no room", 1.0)

    def finish(self, index: int, hypothesis: Hypothesis) -> None:
        """End job `index`, unless it was cancelled."""
        if self.start(self.jobs[index]):
            end(self.jobs[index], hypothesis)

    def start(self, job: Job) -> bool:
        """Whether the job still waited, and runs now."""
        with self._lock:
            waits, job.state = job.state is JobState.WAITING, JobState.RUNNING
            return waits

    def cancel(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            if self.start(job):
                end(job, error=Cancelled("cancelled"))

    def extend(self, jobs: Iterable[Job], deadline: float, priority: Priority) -> None:
        for job in jobs:
            job.deadline, job.priority = max(job.deadline, deadline), min(job.priority, priority)

    def stats(self) -> QueueStats:
        return QueueStats(0, 0, 0, 100.0, 0.0)

    def close(self, *, drain_seconds: float) -> None:
        pass


class FakeBatcher(HandBatcher):
    """Runs `model` in threads, or, when `gate` is given, only once the gate is set."""

    def __init__(self, model: Model = shout, gate: threading.Event | None = None, room: int = 10_000) -> None:
        super().__init__(room)
        self.model = model
        self.gate = gate
        self._pool = ThreadPoolExecutor(4)

    def submit(
        self, jobs: Sequence[Job], *, deadline: float, priority: Priority, after: Job | None = None, claim: str = ""
    ) -> None:
        super().submit(jobs, deadline=deadline, priority=priority, after=after, claim=claim)
        for job in jobs:
            self._pool.submit(self._run, job)

    def _run(self, job: Job) -> None:
        if self.gate is not None:
            self.gate.wait(30)
        if not self.start(job):
            return
        try:
            hypothesis = self.model(job)
        except Exception as error:
            failure = InferenceFailed("the engine failed")
            failure.__cause__ = error
            end(job, error=failure)
        else:
            end(job, hypothesis)

    def close(self, *, drain_seconds: float) -> None:
        self._pool.shutdown()


class DictCache:
    def __init__(self) -> None:
        self.entries: dict[str, bytes] = {}
        self.reads = 0

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        self.reads += 1
        return {key: self.entries[key] for key in keys if key in self.entries}

    def set_many(self, items: Mapping[str, bytes]) -> None:
        self.entries.update(items)

    def stats(self) -> list[CacheStats]:
        return []

    def purge(self, *, older_than_seconds: float | None = None) -> int:
        count = len(self.entries)
        self.entries.clear()
        return count

    def close(self) -> None:
        pass


class PlainSegmenter:
    """Sentences end at . ! ? before white space, and at empty lines; clauses end at commas, else at words.

    List marks are dashes, bullets, and pluses; the latter at the end, too.
    """

    def sentences(self, text: str, language: str) -> list[Span]:
        return [
            Span(match.start(), match.end()) for match in re.finditer(r"\S(?:[^\n]*?[.!?](?=\s|$)|[^\n]*\S|)", text)
        ]

    def content(self, segment: str, language: str) -> Span:
        match = re.fullmatch(r"(?:[-–•*>+]+\s+)*(.*?)(?:\s+\++)?", segment, re.DOTALL)
        return Span(*match.span(1)) if match else Span(0, len(segment))

    def clauses(self, text: str, language: str, fits: Callable[[str], bool]) -> list[Span]:
        return [Span(match.start(), match.end()) for match in re.finditer(r"[^\s,][^,]*,?", text)]


class WordListIdentifier:
    """German if a German word is there, English if an English one is; else the default, not surely."""

    MARKS: ClassVar = {
        "de": {"der", "die", "das", "und", "nicht"},
        "en": {"the", "and", "of", "not"},
        "fr": {"le", "et", "pas"},
        "nl": {"het", "een", "niet"},
    }

    def identify(self, texts: Sequence[str], served: Collection[str], default: str) -> list[Identification]:
        return [
            Identification(language) if (language := self._find(text)) else Identification(default, certain=False)
            for text in texts
        ]

    def identify_segments(self, segments: Sequence[str], language: str, served: Collection[str]) -> list[str]:
        return [self._find(segment) or language for segment in segments]

    def _find(self, text: str) -> str | None:
        words = set(re.findall(r"\w+", text.lower()))
        return next((language for language, marks in self.MARKS.items() if words & marks), None)


class FakeChecks:
    """One check for every pair."""

    def __init__(self, check: Check = lambda source, target, finished: ()) -> None:
        self.check = check
        self.revision = 1
        self.asked: list[tuple[str, str]] = []

    def for_translation(self, source_lang: str, target_lang: str) -> Check:
        self.asked.append((source_lang, target_lang))
        return self.check

    def for_summary(self) -> Check:
        return self.check


class RecordingObserver:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.flags: list[str] = []
        self.retries = 0
        self.rejections: list[str] = []

    def request(self, route: str, method: str, status: int, seconds: float) -> None: ...

    def batch(
        self, model: str, *, segments: int, tokens: int, padded_tokens: int, engine_seconds: float, failed: bool
    ) -> None: ...

    def queue_wait(self, model: str, seconds: float) -> None: ...

    def dropped(self, model: str, reason: str) -> None: ...

    def rejected(self, model: str, reason: str) -> None:
        self.rejections.append(reason)

    def flagged(self, model: str, flag: str) -> None:
        self.flags.append(flag)

    def retried(self, model: str) -> None:
        self.retries += 1


OPTIONS = DecodingOptions(beam_size=4, max_length=100)


def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether `condition` becomes true within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.005)
    return condition()


def make_generator(
    *,
    batcher: Batcher | None = None,
    cache: Cache | None = None,
    suspects: Cache | None = None,
    checks: TextChecks | None = None,
    observer: Observer | None = None,
    tokenizer: Tokenizer | None = None,
    max_tokens: int = 50,
    options: DecodingOptions = OPTIONS,
    target_tokens: Mapping[str, str] | None = None,
    references: Mapping[tuple[str, str], Reference] | None = None,
    name: str = "toy",
) -> CachedGenerator:
    """The real generator on fakes."""
    words = tokenizer or WordTokenizer()
    return CachedGenerator(
        model=name,
        options=options,
        tokenizer=words,
        splitter=Splitter(WordSegmenter(max_tokens), words, max_tokens),
        batcher=batcher or FakeBatcher(),
        cache=cache or DictCache(),
        suspects=suspects or DictCache(),
        keys=KeyFactory(Task.TRANSLATION, name, "digest", "fake", "none", 1),
        checks=checks or FakeChecks(),
        observer=observer or RecordingObserver(),
        target_tokens=target_tokens,
        references=references,
    )


class WordSegmenter(PlainSegmenter):
    """Clauses of at most so many words."""

    def __init__(self, most: int) -> None:
        self._most = most

    def clauses(self, text: str, language: str, fits: Callable[[str], bool]) -> list[Span]:
        words = list(re.finditer(r"\S+", text))
        rows = [words[start : start + self._most] for start in range(0, len(words), self._most)]
        return [Span(row[0].start(), row[-1].end()) for row in rows]


def served(
    generator: CachedGenerator | None = None,
    *,
    name: str = "toy",
    sources: Sequence[str] = ("de",),
    targets: Sequence[str] = ("en",),
    tier: Tier = Tier.DEMO,
    batcher: Batcher | None = None,
    closed: list[float] | None = None,
    scorer: Scorer | None = None,
) -> ServedModel:
    """A model that loads at once."""
    info = ModelInfo(name, "r1", "fake", "none", tier)
    planned = ModelDescription(info, Task.TRANSLATION, tuple(sources), tuple(targets), "", "", ready=False)
    ready = ModelDescription(info, Task.TRANSLATION, tuple(sources), tuple(targets), "", "", ready=True)

    def load() -> LoadedModel:
        close = (closed if closed is not None else []).append
        queue = batcher or FakeBatcher()
        made = generator or make_generator(batcher=queue, name=name)
        return LoadedModel(ready, made, WordTokenizer(), queue, 1000, close, scorer)

    return ServedModel(planned, load)
