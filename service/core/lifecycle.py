"""The service from its start to its end: loads models in the background, answers "not ready" until they are warm."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.core.errors import DepescheError, NotReady
from service.core.ports import Batcher, Observer
from service.core.summaries.summarizer import Summarizer
from service.core.translation.translator import Translator
from service.core.types import (
    BatcherStats,
    ModelDescription,
    Readiness,
    RequestContext,
    SummaryResult,
    TranslationResult,
)

_log = logging.getLogger("depesche.lifecycle")

_RETRY_AFTER_LOADING = 5.0
"""Seconds to tell a caller who comes while models load; loading takes seconds."""

_SHUTTING_DOWN = "shutting down"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that exists only once the models are loaded. `close(drain_seconds)` ends it."""

    translator: Translator
    summarizer: Summarizer
    batchers: Mapping[str, Batcher]
    models: Sequence[ModelDescription]
    close: Callable[[float], None]


class Service:
    """Implements `service.core.runtime.Runtime`."""

    def __init__(
        self,
        *,
        profile: str,
        load: Callable[[], Loaded],
        planned: Sequence[ModelDescription],
        render_metrics: Callable[[], tuple[bytes, str]],
        observer: Observer,
    ) -> None:
        self.profile = profile
        self._load = load
        self._planned = list(planned)
        self._render_metrics = render_metrics
        self._observer = observer
        self._loaded: Loaded | None = None
        self._failure: str | None = None
        self._closing = False
        self._lock = threading.Lock()  # between loading and closing: what was loaded too late is closed at once
        self._settled = threading.Event()

    def start(
        self,
        when_ready: Callable[[], None] | None = None,
        when_failed: Callable[[str], None] | None = None,
    ) -> None:
        """Load in a background thread. Once everything is warm `when_ready` is called there; where that can't be,
        `when_failed` is, with the reason, which is logged by then.
        """
        threading.Thread(target=self._run, args=(when_ready, when_failed), name="depesche-load", daemon=True).start()

    def load(self) -> None:
        """Load in this thread. Raises what loading raises; NotReady when the service was closed meanwhile."""
        loaded = self._load()
        with self._lock:
            late = self._closing
            if not late:
                self._loaded = loaded
        self._settled.set()
        if late:
            loaded.close(0.0)
            raise NotReady(_SHUTTING_DOWN, _RETRY_AFTER_LOADING)

    def _run(self, when_ready: Callable[[], None] | None, when_failed: Callable[[str], None] | None) -> None:
        try:
            self.load()
        except DepescheError as error:
            self._failure = str(error)
            _log.error("models could not be loaded: %s", error)
        except BaseException as error:
            self._failure = f"models could not be loaded ({type(error).__name__})"
            _log.exception("models could not be loaded")
        else:
            if when_ready is not None:
                when_ready()
        finally:
            self._settled.set()
            if self._failure is not None and when_failed is not None and not self._closing:
                when_failed(self._failure)

    def wait(self, seconds: float) -> bool:
        """Wait until loading has succeeded or failed; whether it succeeded."""
        self._settled.wait(seconds)
        return self._loaded is not None

    def translate(
        self, texts: Sequence[str], source_lang: str, target_lang: str, context: RequestContext
    ) -> TranslationResult:
        """See `Runtime.translate`."""
        return self._require().translator(texts, source_lang, target_lang, context)

    def summarize(
        self,
        texts: Sequence[str],
        source_lang: str,
        target_lang: str | None,
        method: str,
        max_sentences: int,
        context: RequestContext,
    ) -> SummaryResult:
        """See `Runtime.summarize`."""
        return self._require().summarizer(texts, source_lang, target_lang, method, max_sentences, context)

    def _require(self) -> Loaded:
        loaded = self._loaded  # read once, here and below: close() may take it away at any moment
        if loaded is None or self._closing:
            self._observer.rejected("any", "not_ready")
            reason = _SHUTTING_DOWN if self._closing else self._failure or "models are still loading"
            raise NotReady(reason, _RETRY_AFTER_LOADING)
        return loaded

    def models(self) -> list[ModelDescription]:
        """See `Runtime.models`."""
        loaded = self._loaded
        return list(loaded.models) if loaded is not None else list(self._planned)

    def language_pairs(self) -> list[tuple[str, str, str]]:
        """See `Runtime.language_pairs`."""
        if (loaded := self._loaded) is None:
            return []
        translation = [(source, target, "translation") for source, target in loaded.translator.pairs]
        return translation + [(source, target, "summarization") for source, target in loaded.summarizer.pairs]

    def batchers(self) -> dict[str, BatcherStats]:
        """Statistics of each batcher, by task; empty until loaded."""
        if (loaded := self._loaded) is None:
            return {}
        return {task: batcher.stats() for task, batcher in loaded.batchers.items()}

    def readiness(self) -> Readiness:
        """See `Runtime.readiness`."""
        if self._closing:
            return Readiness(False, (_SHUTTING_DOWN,))
        if self._loaded is None:
            return Readiness(False, (self._failure or "models are loading",))
        dead = [
            f"{task}: {stats.threads_alive} of {stats.threads_expected} dispatcher threads alive"
            for task, stats in self.batchers().items()
            if stats.threads_alive < stats.threads_expected
        ]
        return Readiness(not dead, tuple(dead), alive=not dead)

    def metrics(self) -> tuple[bytes, str]:
        """See `Runtime.metrics`."""
        return self._render_metrics()

    def close(self, drain_seconds: float) -> None:
        """Finish what is queued for up to `drain_seconds`, then free models and caches. May be called twice."""
        with self._lock:
            self._closing = True
            loaded, self._loaded = self._loaded, None
        if loaded is not None:
            loaded.close(drain_seconds)
