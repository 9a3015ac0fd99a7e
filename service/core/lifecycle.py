"""The service from its start to its end: loads models in the background, answers "not ready" until they are warm."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.core.checker import Checker
from service.core.enums import Method
from service.core.errors import DepescheError, NotReady
from service.core.models import ServedModel
from service.core.observing import tell
from service.core.ports import Observer
from service.core.router import Router
from service.core.summaries.summarizer import Summarizer
from service.core.translation.translator import Translator
from service.core.types import (
    CheckResult,
    LanguagePair,
    ModelDescription,
    PoolStats,
    QueueStats,
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
class UseCases:
    """What serves requests. `pool` tells of the threads that the models share; `close(drain_seconds)` ends them."""

    translator: Translator
    summarizer: Summarizer
    checker: Checker
    router: Router
    pool: Callable[[], PoolStats]
    close: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Loading:
    """When models come and go: all at the start or on first use; after `idle_seconds` without a user (0: never)."""

    lazy: bool = False
    idle_seconds: float = 0.0


class Service:
    """Implements `service.core.runtime.Runtime`.

    `open_use_cases` makes what needs threads, so it is called after the fork; the models load after that.
    """

    def __init__(
        self,
        *,
        profile: str,
        models: Sequence[ServedModel],
        open_use_cases: Callable[[], UseCases],
        loading: Loading,
        render_metrics: Callable[[], tuple[bytes, str]],
        observer: Observer,
    ) -> None:
        self.profile = profile
        self._models = list(models)
        self._open = open_use_cases
        self._loading = loading
        self._render_metrics = render_metrics
        self._observer = observer
        self._use_cases: UseCases | None = None
        self._failure: str | None = None
        self._closing = threading.Event()
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
        use_cases = self._open()
        try:
            if not self._loading.lazy:
                for model in self._models:
                    model.load()
        except BaseException:
            self._settled.set()
            self._end(use_cases, 0.0)
            raise
        with self._lock:
            late = self._closing.is_set()
            if not late:
                self._use_cases = use_cases
        self._settled.set()
        if late:
            self._end(use_cases, 0.0)
            raise NotReady(_SHUTTING_DOWN, _RETRY_AFTER_LOADING)
        if self._loading.idle_seconds > 0:
            threading.Thread(target=self._let_go_of_idle, name="depesche-unload", daemon=True).start()

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
            if self._failure is not None and when_failed is not None and not self._closing.is_set():
                when_failed(self._failure)
            if self._failure is not None and when_failed is not None and not self._closing:
                when_failed(self._failure)

    def _let_go_of_idle(self) -> None:
        """Look now and then for models that nobody uses, until the service closes."""
        idle = self._loading.idle_seconds
        while not self._closing.wait(min(60.0, max(0.05, idle / 4))):
            for model in self._models:
                if model.unload_if_idle(idle):
                    _log.info("model %s was not used for %.0f s and has been let go", model.id, idle)

    def wait(self, seconds: float) -> bool:
        """Wait until loading has succeeded or failed; whether it succeeded."""
        self._settled.wait(seconds)
        return self._use_cases is not None

    def translate(
        self, texts: Sequence[str], source_lang: str, target_lang: str, context: RequestContext
    ) -> TranslationResult:
        """See `Runtime.translate`."""
        return self._require().translator.translate(texts, source_lang, target_lang, context)

    def check(
        self, pairs: Sequence[tuple[str, str]], source_lang: str, target_lang: str, context: RequestContext
    ) -> CheckResult:
        """See `Runtime.check`."""
        return self._require().checker.check(pairs, source_lang, target_lang, context)

    def summarize(
        self,
        texts: Sequence[str],
        source_lang: str,
        target_lang: str | None,
        method: Method | None,
        max_sentences: int,
        context: RequestContext,
    ) -> SummaryResult:
        """See `Runtime.summarize`."""
        summarizer = self._require().summarizer
        return summarizer.summarize(texts, source_lang, target_lang, method, max_sentences, context)

    def _require(self) -> UseCases:
        use_cases = self._use_cases  # read once, here and below: close() may take it away at any moment
        if use_cases is None or self._closing.is_set():
            tell(self._observer.rejected, "any", "not_ready")
            reason = _SHUTTING_DOWN if self._closing.is_set() else self._failure or "models are still loading"
            raise NotReady(reason, _RETRY_AFTER_LOADING)
        return use_cases

    def models(self) -> list[ModelDescription]:
        """See `Runtime.models`."""
        return [model.description for model in self._models]

    def language_pairs(self) -> list[LanguagePair]:
        """See `Runtime.language_pairs`."""
        if (use_cases := self._use_cases) is None:
            return []
        return [*use_cases.router.pairs, *use_cases.summarizer.pairs]

    def queues(self) -> Mapping[str, QueueStats]:
        """The queue of each model that is loaded, by id."""
        return {model.id: loaded.queued() for model in self._models if (loaded := model.loaded) is not None}

    def memory(self) -> Mapping[str, int]:
        """What each model that is loaded takes of memory, in bytes, by id."""
        return {model.id: loaded.memory_bytes for model in self._models if (loaded := model.loaded) is not None}

    def pool(self) -> PoolStats | None:
        """The threads that the models share; None until there are any."""
        return use_cases.pool() if (use_cases := self._use_cases) is not None else None

    def readiness(self) -> Readiness:
        """See `Runtime.readiness`."""
        if self._closing.is_set():
            return Readiness(False, (_SHUTTING_DOWN,))
        if (stats := self.pool()) is None:
            return Readiness(False, (self._failure or "models are loading",))
        if stats.threads_alive < stats.threads_expected:
            dead = f"{stats.threads_alive} of {stats.threads_expected} dispatcher threads alive"
            return Readiness(False, (dead,), alive=False)
        return Readiness(True)

    def metrics(self) -> tuple[bytes, str]:
        """See `Runtime.metrics`."""
        return self._render_metrics()

    def close(self, drain_seconds: float) -> None:
        """Finish what is queued for up to `drain_seconds`, then free models and caches. May be called twice."""
        with self._lock:
            self._closing.set()
            use_cases, self._use_cases = self._use_cases, None
        if use_cases is not None:
            self._end(use_cases, drain_seconds)

    def _end(self, use_cases: UseCases, drain_seconds: float) -> None:
        end = time.monotonic() + drain_seconds  # for all models together
        for model in self._models:
            model.close(max(0.0, end - time.monotonic()))
        use_cases.close(max(0.0, end - time.monotonic()))
