"""The service from start to end: not ready, ready, thread death, closing."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from service.core.errors import ModelDamaged, NotReady
from service.core.lifecycle import Loaded, Service
from service.core.types import BatcherStats, ModelDescription, ModelInfo, RequestContext
from tests.core.fakes import FakeBatcher, RecordingObserver, eventually
from tests.core.test_summarize import make_summarizer
from tests.core.test_translate import make_translator

PLANNED = ModelDescription(
    ModelInfo("toy", "r1", "fake", "none", "demo"), "translation", ("de",), ("en",), "", "", False
)
READY = ModelDescription(ModelInfo("toy", "r1", "fake", "none", "demo"), "translation", ("de",), ("en",), "", "", True)


class LimpingBatcher(FakeBatcher):
    """Has lost a thread."""

    def stats(self) -> BatcherStats:
        return BatcherStats(0, 0, 0, 1, 2, 100.0)


def loaded(batcher: FakeBatcher | None = None, closed: list[float] | None = None) -> Loaded:
    return Loaded(
        translator=make_translator(),
        summarizer=make_summarizer(),
        batchers={"translation": batcher or FakeBatcher()},
        models=[READY],
        close=(closed if closed is not None else []).append,
    )


def make(load: Callable[[], Loaded]) -> Service:
    return Service(
        profile="demo",
        load=load,
        planned=[PLANNED],
        render_metrics=lambda: (b"", "text/plain"),
        observer=RecordingObserver(),
    )


def test_requests_are_refused_with_retry_after_until_the_models_are_warm() -> None:
    gate = threading.Event()

    def load() -> Loaded:
        gate.wait(10)
        return loaded()

    service = make(load)
    ready: list[bool] = []
    service.start(when_ready=lambda: ready.append(True))
    assert not service.readiness().ready
    assert [model.ready for model in service.models()] == [False]
    with pytest.raises(NotReady) as caught:
        service.translate(["Nein."], "de", "en", RequestContext.within(5))
    assert caught.value.retry_after > 0
    gate.set()
    assert service.wait(10)
    assert service.readiness().ready
    assert [model.ready for model in service.models()] == [True]
    assert service.translate(["Nein."], "de", "en", RequestContext.within(5)).translations[0].text == "en: Nein."
    assert eventually(lambda: ready == [True])


def test_a_load_that_fails_is_told_by_readiness() -> None:
    def load() -> Loaded:
        raise ModelDamaged("toy is damaged")

    service = make(load)
    service.start()
    assert not service.wait(10)
    assert service.readiness().reasons == ("toy is damaged",)


def test_an_unexpected_failure_is_told_without_its_message() -> None:
    """A library's message may quote what it read."""

    def load() -> Loaded:
        raise RuntimeError("secret")

    service = make(load)
    service.start()
    assert not service.wait(10)
    assert "secret" not in " ".join(service.readiness().reasons)


def test_a_dead_dispatcher_thread_is_told_by_readiness() -> None:
    service = make(lambda: loaded(LimpingBatcher()))
    service.load()
    assert service.readiness().reasons == ("translation: 1 of 2 dispatcher threads alive",)


def test_closing_ends_readiness_once() -> None:
    closed: list[float] = []
    service = make(lambda: loaded(closed=closed))
    service.load()
    service.close(3.0)
    service.close(3.0)
    assert closed == [3.0]
    assert not service.readiness().ready
    with pytest.raises(NotReady):
        service.translate(["Nein."], "de", "en", RequestContext.within(5))


def test_what_finishes_loading_after_the_service_was_closed_is_closed_too() -> None:
    """A stop during start-up must not leave a model and its threads behind, nor make the service ready again."""
    gate = threading.Event()
    closed: list[float] = []

    def load() -> Loaded:
        gate.wait(10)
        return loaded(closed=closed)

    service = make(load)
    ready: list[bool] = []
    service.start(when_ready=lambda: ready.append(True))
    service.close(3.0)
    gate.set()
    assert not service.wait(10)
    assert eventually(lambda: closed == [0.0])
    assert ready == []
    with pytest.raises(NotReady, match="shutting down"):
        service.translate(["Nein."], "de", "en", RequestContext.within(5))


def test_what_can_be_asked_for_is_known_once_loaded() -> None:
    service = make(loaded)
    assert service.language_pairs() == []
    service.load()
    assert service.language_pairs() == [
        ("de", "en", "translation"),
        ("de", "de", "summarization"),
        ("en", "en", "summarization"),
        ("de", "en", "summarization"),
    ]
