"""Fakes of the ports, small enough to be seen to be right."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from service.core.errors import Cancelled, InferenceFailed, QueueFull
from service.core.ports import Ticket
from service.core.types import (
    BatcherStats,
    CacheStats,
    Decoded,
    DecodingOptions,
    Detection,
    Hypothesis,
    Job,
    Priority,
    Span,
)

Model = Callable[[Job], Hypothesis]


class WordTokenizer:
    """Tokens are words. A word with "§" is unknown to the model."""

    def encode(self, text: str) -> list[str]:
        return text.split()

    def decode(self, tokens: Sequence[str]) -> str:
        return " ".join(tokens)

    def is_unknown(self, token: str) -> bool:
        return "§" in token


def shout(job: Job) -> Hypothesis:
    """A model that answers in upper case, so that an output shows its input."""
    return Hypothesis(tuple(token.upper() for token in job.tokens), finished=True)


class FakeTicket:
    def __init__(self, job: Job, deadline: float, priority: Priority) -> None:
        self.job = job
        self.deadline = deadline
        self.priority = priority
        self._future: Future[Decoded] = Future()

    @property
    def future(self) -> Future[Decoded]:
        return self._future

    def cancel(self) -> None:
        if not self._future.running() and not self._future.done():
            self._future.set_exception(Cancelled("cancelled"))

    def extend(self, deadline: float, priority: Priority) -> None:
        self.deadline = max(self.deadline, deadline)
        self.priority = min(self.priority, priority)


class FakeBatcher:
    """Runs `model` in threads, or, when `gate` is given, only once the gate is set. Remembers every job."""

    def __init__(self, model: Model = shout, gate: threading.Event | None = None, room: int = 10_000) -> None:
        self.model = model
        self.gate = gate
        self.room = room
        self.tickets: list[FakeTicket] = []
        self._pool = ThreadPoolExecutor(4)

    @property
    def jobs(self) -> list[Job]:
        return [ticket.job for ticket in self.tickets]

    def submit(
        self, jobs: Sequence[Job], *, deadline: float, priority: Priority, after: Ticket | None = None
    ) -> list[Ticket]:
        if len(jobs) > self.room and after is None:
            raise QueueFull("no room", 1.0)
        tickets = [FakeTicket(job, deadline, priority) for job in jobs]
        self.tickets += tickets
        for ticket in tickets:
            self._pool.submit(self._run, ticket)
        return list(tickets)

    def _run(self, ticket: FakeTicket) -> None:
        if self.gate is not None:
            self.gate.wait(30)
        if ticket.future.done():
            return
        ticket.future.set_running_or_notify_cancel()
        try:
            hypothesis = self.model(ticket.job)
        except Exception as error:
            failure = InferenceFailed("the engine failed")
            failure.__cause__ = error
            ticket.future.set_exception(failure)
        else:
            ticket.future.set_result(Decoded(hypothesis, 0.001, 0.002))

    def stats(self) -> BatcherStats:
        return BatcherStats(0, 0, 0, 4, 4, 100.0)

    def close(self, *, drain_seconds: float) -> None:
        self._pool.shutdown()


class HandBatcher:
    """Runs nothing by itself: a test ends each job by hand."""

    def __init__(self) -> None:
        self.tickets: list[FakeTicket] = []

    @property
    def jobs(self) -> list[Job]:
        return [ticket.job for ticket in self.tickets]

    def submit(
        self, jobs: Sequence[Job], *, deadline: float, priority: Priority, after: Ticket | None = None
    ) -> list[Ticket]:
        tickets = [FakeTicket(job, deadline, priority) for job in jobs]
        self.tickets += tickets
        return list(tickets)

    def finish(self, index: int, hypothesis: Hypothesis) -> None:
        """End job `index`, unless it was cancelled."""
        if not self.tickets[index].future.done():
            self.tickets[index].future.set_result(Decoded(hypothesis, 0.001, 0.002))

    def stats(self) -> BatcherStats:
        return BatcherStats(0, 0, 0, 4, 4, 100.0)

    def close(self, *, drain_seconds: float) -> None:
        pass


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
    """Sentences end at . ! ? before white space, and at empty lines; clauses end at commas, else at words."""

    def sentences(self, text: str, language: str) -> list[Span]:
        return [
            Span(match.start(), match.end()) for match in re.finditer(r"\S(?:[^\n]*?[.!?](?=\s|$)|[^\n]*\S|)", text)
        ]

    def clauses(self, text: str, language: str, fits: Callable[[str], bool]) -> list[Span]:
        return [Span(match.start(), match.end()) for match in re.finditer(r"[^\s,][^,]*,?", text)]


class WordListDetector:
    """German if a German word is there, English if an English one is."""

    def detect(self, text: str) -> Detection:
        words = set(re.findall(r"\w+", text.lower()))
        for language, marks in {
            "de": {"der", "die", "das", "und", "nicht"},
            "en": {"the", "and", "of", "not"},
            "fr": {"le", "et", "pas"},
        }.items():
            if words & marks:
                return Detection(language, 0.9)
        return Detection("nl", 0.2)


class RecordingObserver:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.flags: list[str] = []
        self.retries = 0
        self.rejections: list[str] = []

    def request(self, route: str, method: str, status: int, seconds: float) -> None: ...

    def batch(
        self, task: str, *, segments: int, tokens: int, padded_tokens: int, engine_seconds: float, failed: bool
    ) -> None: ...

    def queue_wait(self, task: str, seconds: float) -> None: ...

    def dropped(self, task: str, reason: str) -> None: ...

    def rejected(self, task: str, reason: str) -> None:
        self.rejections.append(reason)

    def flagged(self, task: str, flag: str) -> None:
        self.flags.append(flag)

    def retried(self, task: str) -> None:
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
