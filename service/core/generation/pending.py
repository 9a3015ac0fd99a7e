"""An input on its way through the model, shared by every request that waits for it (single flight)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from threading import Event

from service.core.enums import Flag
from service.core.errors import Cancelled, DeadlineExceeded, DepescheError
from service.core.findings import moved, trimmed
from service.core.generation.keys import Input
from service.core.generation.outputs import Output
from service.core.types import Finding, Job, JobState, Priority, RequestContext

_SECOND_TRY_SECONDS = 60.0
"""How long a second try may queue. It was admitted once, and what it finds reaches the cache."""


@dataclass(slots=True, eq=False)
class Piece:
    """A piece of an input that fits the model. `first` is a suspicious first output, `final` the one that stands.

    `job` is the one that is queued or running now. `unknown`: it has characters that the model can't read.
    """

    text: str
    job: Job
    unknown: bool
    first: Output | None = None
    final: Output | None = None
    queue_seconds: float = 0.0
    engine_seconds: float = 0.0


class Waiting:
    """What one request waits for, so that it is woken once: when all of it has ended, or some of it has failed for all.

    `add` and `ended` are called with the generator's lock held.
    """

    def __init__(self) -> None:
        self._left = 1  # until everything is added
        self._over = Event()

    def add(self) -> None:
        """One more input to wait for."""
        self._left += 1

    def ended(self, *, failed: bool = False) -> None:
        """One of the inputs has ended, or, at last, all are added."""
        self._left -= 1
        if failed or self._left == 0:
            self._over.set()

    def over(self, timeout: float) -> bool:
        """Wait for up to `timeout` seconds; whether there is nothing left to wait for."""
        return self._over.wait(timeout)


@dataclass(slots=True, eq=False)
class PendingInput:
    """One distinct input. Guarded by the generator's lock, all but `pieces`, which the thread that ends a job fills.

    `store`: somebody who waits, or waited, lets the output be cached. `priority`: the most urgent of those who joined.
    `claimed`: a thread is ending it, and no other may. In the end it has its `output` or its `error`.
    """

    key: str
    input: Input
    pieces: list[Piece] = field(default_factory=list)
    output: Output | None = None
    error: DepescheError | None = None
    requests: list[Waiting] = field(default_factory=list)
    waiters: int = 0
    store: bool = False
    priority: Priority = Priority.BULK
    claimed: bool = False

    def join(self, context: RequestContext, request: Waiting) -> None:
        """Count one more request in."""
        self.waiters += 1
        self.store = self.store or context.write_cache
        self.priority = min(self.priority, context.priority)
        if self.output is None and self.error is None:
            self.requests.append(request)
            request.add()

    def end(self, output: Output | None, error: DepescheError | None = None) -> None:
        """Keep what became of it, and tell the requests that wait."""
        self.output, self.error = output, error
        # With another request's deadline or hang-up it has ended for that one only.
        failed = error is not None and not isinstance(error, (DeadlineExceeded, Cancelled))
        for request in self.requests:
            request.ended(failed=failed)
        self.requests.clear()

    @property
    def jobs(self) -> list[Job]:
        """The jobs that are queued or running now, one a piece."""
        return [piece.job for piece in self.pieces]

    def started(self) -> bool:
        """Whether an engine works, or has worked, on any piece."""
        return any(
            piece.first is not None or piece.job.state in (JobState.RUNNING, JobState.ENDED) for piece in self.pieces
        )

    def complete(self) -> bool:
        """Whether every piece has its output."""
        return all(piece.final is not None for piece in self.pieces)

    def second_try_terms(self) -> tuple[float, Priority]:
        """Deadline and priority of a second try: it stays bulk where only bulk requests wait."""
        return time.monotonic() + _SECOND_TRY_SECONDS, self.priority

    def joined_output(self) -> Output:
        """The outputs of all pieces, joined by single spaces, with what was found in each of them."""
        if len(self.pieces) == 1 and not self.pieces[0].unknown and self.pieces[0].final is not None:
            return _stripped(self.pieces[0].final)
        notes: dict[Flag, None] = {}
        texts: list[str] = []
        findings: list[Finding] = []
        read = written = 0  # code points of the input and of the output so far
        for piece in self.pieces:
            if piece.final is None:
                continue
            output = _stripped(piece.final)
            read = max(read, self.input.text.find(piece.text, read))  # only white space lies between pieces
            findings += moved(output.findings, read, written)
            notes |= dict.fromkeys(output.notes)
            read += len(piece.text)
            if output.text:
                texts.append(output.text)
                written += len(output.text) + 1
        if len(self.pieces) > 1:
            notes[Flag.SPLIT] = None
        if any(piece.unknown for piece in self.pieces):
            notes[Flag.UNKNOWN_CHARACTERS] = None
        return Output(" ".join(texts), tuple(findings), tuple(notes), self._score())

    def _score(self) -> float | None:
        """The mean of the pieces' scores, weighted with their lengths; None where one has none."""
        scored = [(len(piece.text), piece.final.score) for piece in self.pieces if piece.final is not None]
        total = sum(length for length, _ in scored)
        scores = [length * score for length, score in scored if score is not None]
        return sum(scores) / total if total and len(scores) == len(scored) else None


def _stripped(output: Output) -> Output:
    """Without white space around it, which some tokenizers leave, and with places that fit."""
    text = output.text.strip()
    if text == output.text:
        return output
    before = len(output.text) - len(output.text.lstrip())
    return replace(output, text=text, findings=trimmed(output.findings, before, len(text)))


def add_timings(context: RequestContext, inputs: Iterable[PendingInput]) -> None:
    """Queue: until the first job of the request began. Engine: from then until its last one ended."""
    spans = [
        (piece.queue_seconds, piece.queue_seconds + piece.engine_seconds)
        for pending in inputs
        for piece in pending.pieces
        if piece.engine_seconds
    ]
    if spans:
        first = min(start for start, _ in spans)
        context.timings.queue += first
        context.timings.engine += max(end for _, end in spans) - first
