"""The service from start to end: not ready, ready, thread death, closing; models that come and go."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.core.checker import Checker
from service.core.errors import DeadlineExceeded, ModelDamaged, NotReady
from service.core.lifecycle import Loading, Service, UseCases
from service.core.models import LoadedModel, ServedModel
from service.core.router import Router
from service.core.translation.languages import LanguageChooser
from service.core.translation.translator import Translator
from service.core.types import LanguagePair, PoolStats, RequestContext
from tests.core.fakes import (
    FakeBatcher,
    FakeChecks,
    PlainSegmenter,
    RecordingObserver,
    WordListIdentifier,
    eventually,
    make_generator,
    served,
)
from tests.core.test_summarize import make_summarizer
from tests.core.test_translate import prefix


class Machinery:
    """What a service needs besides its models. Remembers how it was closed."""

    def __init__(self, models: list[ServedModel], alive: int = 2) -> None:
        self.models = models
        self.alive = alive
        self.closed: list[float] = []

    def open(self) -> UseCases:
        router = Router(self.models)
        chooser = LanguageChooser(WordListIdentifier(), "de")
        translator = Translator(segmenter=PlainSegmenter(), chooser=chooser, router=router)
        pool = PoolStats(self.alive, 2, 0.0)
        checker = Checker(checks=FakeChecks(), router=router)
        return UseCases(translator, make_summarizer(router=router), checker, router, lambda: pool, self.closed.append)


def toy(closed: list[float] | None = None) -> ServedModel:
    batcher = FakeBatcher(prefix)
    return served(make_generator(batcher=batcher), batcher=batcher, closed=closed)


def loading_as(load: Callable[[], LoadedModel]) -> ServedModel:
    return ServedModel(toy().description, load)


def loaded_toy(closed: list[float] | None = None) -> LoadedModel:
    model = toy(closed)
    model.load()
    assert model.loaded is not None
    return model.loaded


def make(machinery: Machinery, loading: Loading | None = None) -> Service:
    return Service(
        profile="demo",
        models=machinery.models,
        open_use_cases=machinery.open,
        loading=loading or Loading(),
        render_metrics=lambda: (b"", "text/plain"),
        observer=RecordingObserver(),
    )


def translate(service: Service) -> str:
    return service.translate(["Nein."], "de", "en", RequestContext.within(5)).translations[0].text


def test_requests_are_refused_with_retry_after_until_the_models_are_warm() -> None:
    gate = threading.Event()

    def load() -> LoadedModel:
        gate.wait(10)
        return loaded_toy()

    service = make(Machinery([loading_as(load)]))
    ready: list[bool] = []
    service.start(when_ready=lambda: ready.append(True))
    assert not service.readiness().ready
    assert [model.ready for model in service.models()] == [False]
    with pytest.raises(NotReady) as caught:
        translate(service)
    assert caught.value.retry_after > 0
    gate.set()
    assert service.wait(10)
    assert service.readiness().ready
    assert [model.ready for model in service.models()] == [True]
    assert translate(service) == "en: Nein."
    assert eventually(lambda: ready == [True])


def test_a_load_that_fails_is_told_by_readiness() -> None:
    def load() -> LoadedModel:
        raise ModelDamaged("toy is damaged")

    service = make(Machinery([loading_as(load)]))
    service.start()
    assert not service.wait(10)
    assert eventually(lambda: service.readiness().reasons == ("toy is damaged",))


def test_an_unexpected_failure_is_told_without_its_message() -> None:
    """A library's message may quote what it read."""

    def load() -> LoadedModel:
        raise RuntimeError("secret")

    service = make(Machinery([loading_as(load)]))
    service.start()
    assert not service.wait(10)
    assert "secret" not in " ".join(service.readiness().reasons)


def test_what_was_loaded_before_one_failed_is_closed() -> None:
    closed: list[float] = []

    def load() -> LoadedModel:
        raise ModelDamaged("the second is damaged")

    machinery = Machinery([loading_as(lambda: loaded_toy(closed)), loading_as(load)])
    service = make(machinery)
    with pytest.raises(ModelDamaged):
        service.load()
    assert (closed, machinery.closed) == ([0.0], [0.0])


def test_a_dead_dispatcher_thread_is_told_by_readiness() -> None:
    service = make(Machinery([toy()], alive=1))
    service.load()
    assert service.readiness().reasons == ("1 of 2 dispatcher threads alive",)


def test_closing_ends_readiness_once() -> None:
    closed: list[float] = []
    machinery = Machinery([toy(closed)])
    service = make(machinery)
    service.load()
    service.close(3.0)
    service.close(3.0)
    assert [round(seconds) for seconds in (*closed, *machinery.closed)] == [3, 3]
    assert not service.readiness().ready
    with pytest.raises(NotReady):
        translate(service)


def test_what_finishes_loading_after_the_service_was_closed_is_closed_too() -> None:
    """A stop during start-up must not leave a model and its threads behind, nor make the service ready again."""
    gate = threading.Event()
    closed: list[float] = []

    def load() -> LoadedModel:
        gate.wait(10)
        return loaded_toy(closed)

    machinery = Machinery([loading_as(load)])
    service = make(machinery)
    ready: list[bool] = []
    service.start(when_ready=lambda: ready.append(True))
    service.close(3.0)
    gate.set()
    assert not service.wait(10)
    assert eventually(lambda: closed == [0.0] and machinery.closed == [0.0])
    assert ready == []
    with pytest.raises(NotReady, match="shutting down"):
        translate(service)


def test_what_can_be_asked_for_is_known_once_loaded() -> None:
    service = make(Machinery([toy()]))
    assert service.language_pairs() == []
    service.load()
    assert [(pair.source_lang, pair.target_lang, pair.task) for pair in service.language_pairs()] == [
        ("de", "en", "translation"),
        ("de", "de", "summarization"),
        ("en", "en", "summarization"),
        ("de", "en", "summarization"),
    ]
    assert service.language_pairs()[0] == LanguagePair("de", "en", service.language_pairs()[0].task, ("toy",))


def test_a_lazy_service_is_ready_at_once_and_loads_a_model_at_its_first_use() -> None:
    loads: list[int] = []

    def load() -> LoadedModel:
        loads.append(1)
        return loaded_toy()

    service = make(Machinery([loading_as(load)]), Loading(lazy=True))
    service.load()
    assert service.readiness().ready
    assert (loads, service.memory(), service.queues()) == ([], {}, {})
    assert translate(service) == translate(service) == "en: Nein."
    assert loads == [1]
    assert service.memory() == {"toy": 1000}
    assert list(service.queues()) == ["toy"]


def test_many_first_users_load_a_model_once() -> None:
    loads: list[int] = []

    def load() -> LoadedModel:
        loads.append(1)
        time.sleep(0.05)
        return loaded_toy()

    service = make(Machinery([loading_as(load)]), Loading(lazy=True))
    service.load()
    with ThreadPoolExecutor(16) as pool:
        answers = [pool.submit(translate, service) for _ in range(16)]
        assert {answer.result() for answer in answers} == {"en: Nein."}
    assert loads == [1]


def test_whoever_waits_for_a_model_that_loads_keeps_to_the_deadline() -> None:
    gate = threading.Event()

    def load() -> LoadedModel:
        gate.wait(10)
        return loaded_toy()

    service = make(Machinery([loading_as(load)]), Loading(lazy=True))
    service.load()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(translate, service)
        assert eventually(service._models[0]._loading.locked)
        with pytest.raises(DeadlineExceeded):
            service.translate(["Nein."], "de", "en", RequestContext.within(0.05))
        gate.set()
        assert first.result() == "en: Nein."


def test_a_model_that_failed_to_load_is_tried_again_by_the_next_request() -> None:
    attempts: list[int] = []

    def load() -> LoadedModel:
        attempts.append(1)
        if len(attempts) == 1:
            raise ModelDamaged("just being replaced")
        return loaded_toy()

    service = make(Machinery([loading_as(load)]), Loading(lazy=True))
    service.load()
    with pytest.raises(ModelDamaged):
        translate(service)
    assert translate(service) == "en: Nein."


def test_a_model_that_nobody_uses_is_let_go_and_comes_back() -> None:
    closed: list[float] = []
    service = make(Machinery([loading_as(lambda: loaded_toy(closed))]), Loading(idle_seconds=0.1))
    service.load()
    assert service.memory() == {"toy": 1000}
    assert eventually(lambda: closed == [0.0])
    assert service.memory() == {}
    assert [model.ready for model in service.models()] == [False]
    assert service.readiness().ready
    assert translate(service) == "en: Nein."
    service.close(0.0)


def test_a_model_in_use_is_not_let_go() -> None:
    closed: list[float] = []
    model = toy(closed)
    with model.use(RequestContext.within(5)):
        assert not model.unload_if_idle(0.0)
    assert model.unload_if_idle(0.0)
    assert closed == [0.0]
