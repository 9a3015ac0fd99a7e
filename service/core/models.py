"""A model that is served: loaded at the start or on first use, and let go when nobody has used it for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from service.core.enums import Tier
from service.core.errors import DeadlineExceeded, NotReady
from service.core.generation.generator import CachedGenerator
from service.core.generation.scorer import Scorer
from service.core.ports import Batcher, Tokenizer
from service.core.types import ModelDescription, ModelInfo, QueueStats, RequestContext

_RETRY_AFTER_CLOSED = 5.0


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory. `memory_bytes` is what the process grew by; `close(drain_seconds)` frees it.

    `scorer` is there for a model that translates.
    """

    description: ModelDescription
    generator: CachedGenerator
    tokenizer: Tokenizer
    batcher: Batcher
    memory_bytes: int
    close: Callable[[float], None]
    scorer: Scorer | None = None

    def queued(self) -> QueueStats:
        """What waits for the model, searches and scores together; its speed is that of searches."""
        searches = self.batcher.stats()
        if self.scorer is None:
            return searches
        scores = self.scorer.stats()
        return QueueStats(
            searches.queued_interactive + scores.queued_interactive,
            searches.queued_bulk + scores.queued_bulk,
            searches.queued_tokens + scores.queued_tokens,
            searches.tokens_per_second,
            searches.engine_seconds + scores.engine_seconds,
        )


class ServedModel:
    """One model of the profile, in memory or not. Thread-safe.

    `planned` describes it before it is loaded. `load` takes seconds and raises ModelError; whoever needs the model
    first calls it, and the others wait for that.
    """

    def __init__(
        self,
        planned: ModelDescription,
        load: Callable[[], LoadedModel],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._planned = planned
        self._load = load
        self._clock = clock
        self._loading = threading.Lock()
        self._state = threading.Lock()  # guards everything below
        self._loaded: LoadedModel | None = None
        self._users = 0
        self._used_at = clock()
        self._closed = False

    @property
    def id(self) -> str:
        """The model's id."""
        return self._planned.info.id

    @property
    def info(self) -> ModelInfo:
        """The model as answers name it."""
        return self.description.info

    @property
    def tier(self) -> Tier:
        """What the model is fit for."""
        return self._planned.info.tier

    @property
    def description(self) -> ModelDescription:
        """The model as `GET /v1/models` shows it."""
        loaded = self._loaded
        return loaded.description if loaded is not None else self._planned

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(source, target) languages that it can be asked for."""
        described = self._planned
        return [(s, t) for s in described.source_languages for t in described.target_languages if s != t]

    @property
    def loaded(self) -> LoadedModel | None:
        """The model if it is in memory now; it may be let go at any moment, so only its figures may be looked at."""
        return self._loaded

    def load(self) -> None:
        """Load it now, unless it is loaded. Raises ModelError, NotReady when closed."""
        with self._loading:
            self._load_unless_loaded()

    @contextmanager
    def use(self, context: RequestContext) -> Iterator[LoadedModel]:
        """The model, in memory until the `with` ends. Raises ModelError, NotReady, DeadlineExceeded."""
        loaded = self._enter()
        while loaded is None:
            # Not loaded: one request loads, the others wait for it no longer than they may take.
            if not self._loading.acquire(timeout=max(0.0, context.deadline - time.monotonic())):
                raise DeadlineExceeded(context.allowed_seconds)
            try:
                self._load_unless_loaded()
            finally:
                self._loading.release()
            loaded = self._enter()
        try:
            yield loaded
        finally:
            with self._state:
                self._users -= 1
                self._used_at = self._clock()

    def unload_if_idle(self, idle_seconds: float) -> bool:
        """Let the model go if nobody uses it, or has for `idle_seconds`. Returns whether it did."""
        with self._state:
            idle = self._loaded is not None and self._users == 0 and self._clock() - self._used_at >= idle_seconds
            loaded, self._loaded = (self._loaded, None) if idle else (None, self._loaded)
        if loaded is None:
            return False
        loaded.close(0.0)
        return True

    def close(self, drain_seconds: float) -> None:
        """Take no more users, finish what is queued for up to `drain_seconds`, free the model."""
        with self._state:
            self._closed = True
            loaded, self._loaded = self._loaded, None
        if loaded is not None:
            loaded.close(drain_seconds)

    def _enter(self) -> LoadedModel | None:
        with self._state:
            if self._closed:
                raise NotReady("shutting down", _RETRY_AFTER_CLOSED)
            if self._loaded is not None:
                self._users += 1
            return self._loaded

    def _load_unless_loaded(self) -> None:
        """Only for the holder of `_loading`."""
        with self._state:
            if self._closed:
                raise NotReady("shutting down", _RETRY_AFTER_CLOSED)
            if self._loaded is not None:
                return
        loaded = self._load()
        with self._state:
            late = self._closed
            if not late:
                self._loaded, self._used_at = loaded, self._clock()
        if late:
            loaded.close(0.0)
            raise NotReady("shutting down", _RETRY_AFTER_CLOSED)
