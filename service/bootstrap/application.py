"""Builds the service and its HTTP entrance from settings. Wiring only."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from flask import Flask
from prometheus_client import CollectorRegistry

import service
from service.api.app import create_app
from service.api.keys import ApiKeys
from service.api.options import ApiOptions
from service.batching.pool import Pool
from service.bootstrap.loading import EXPRESS_THREADS, Shared, describe, load_model
from service.bootstrap.models import open_catalogue
from service.bootstrap.ranking import LateRanker
from service.cache.memory import MemoryCache
from service.cache.sqlite import SqliteCache
from service.cache.tiered import TieredCache
from service.checks.faithfulness import unsupported_numbers, unsupported_quotes
from service.checks.suite import PairChecks
from service.core.checker import Checker
from service.core.enums import Task
from service.core.lifecycle import Loading, Service, UseCases
from service.core.models import ServedModel
from service.core.ports import Cache, Observer
from service.core.router import Router
from service.core.summaries.abstractive import LANGUAGE, Abstractive, FactChecks
from service.core.summaries.extractive import Extractive
from service.core.summaries.summarizer import Summarizer
from service.core.translation.languages import LanguageChooser
from service.core.translation.translator import Translator
from service.engines.memory import release_idle_memory
from service.language.identification import FastTextIdentifier
from service.models.spec import ModelSpec
from service.observability.metrics import PrometheusObserver, render
from service.observability.state import StateCollector
from service.segmentation.segmenter import SentenceSegmenter
from service.settings import Settings, SettingsError

_log = logging.getLogger("depesche.start")

CACHE_FILE = "cache-v1.sqlite3"
"""With the file's schema's version, so that two releases that share a folder during an update don't share a file."""


@dataclass(frozen=True, slots=True)
class Application:
    """A service that isn't loaded yet, and what belongs to it. `reason`: why this profile serves, in one line."""

    settings: Settings
    service: Service
    observer: Observer
    reason: str

    def wsgi(self) -> Flask:
        """The HTTP entrance. Raises SettingsError for an unusable file of keys."""
        settings = self.settings
        options = ApiOptions(
            max_body_bytes=settings.max_body_bytes,
            max_characters=settings.max_characters,
            max_texts_translate=settings.max_texts_translate,
            max_texts_summarize=settings.max_texts_summarize,
            deadline_interactive_seconds=settings.deadline_interactive_seconds,
            deadline_bulk_seconds=settings.deadline_bulk_seconds,
            max_concurrent_requests=settings.max_concurrent_requests,
            api_keys=load_keys(settings),
            version=service.__version__,
        )
        return create_app(self.service, options, self.observer, release_idle_memory)

    @property
    def notices(self) -> list[str]:
        """What to tell people about the models that serve, one line each."""
        tiers = dict.fromkeys(model.info.tier for model in self.service.models())
        return [notice for tier in tiers if (notice := tier.notice) is not None]


def load_keys(settings: Settings) -> ApiKeys | None:
    """The API keys, or None where the service is open. Raises SettingsError."""
    if settings.api_keys_file is None:
        return None
    try:
        keys = ApiKeys.load(settings.api_keys_file)
        if settings.api_keys_file.stat().st_mode & 0o077:
            _log.warning("the file of API keys can be read by others than its owner: chmod 600 closes it")
    except (OSError, ValueError) as error:
        raise SettingsError(f"DEPESCHE_API_KEYS_FILE: {error}") from error
    return keys


def preflight(settings: Settings, *, listening: bool = False) -> None:
    """Raise a DepescheError where the service couldn't start: no models, bad key file, address in use.

    `listening` says that this process has the address already, so that it isn't asked for.
    """
    catalogue = open_catalogue(settings)
    catalogue.serving(catalogue.choose(settings.profile), settings.engine)
    load_keys(settings)
    if listening:
        return
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"can't listen on {settings.bind}: {error.strerror}; "
                "DEPESCHE_PORT chooses another port, DEPESCHE_HOST another address"
            ) from error


def open_application(settings: Settings) -> Application:
    """Choose the models and put everything together but load nothing. Raises ModelError's children, SettingsError."""
    catalogue = open_catalogue(settings)
    choice = catalogue.choose(settings.profile)
    installed = catalogue.serving(choice, settings.engine)
    registry = CollectorRegistry()
    observer = PrometheusObserver(registry, models=[spec.id for spec, _ in installed])
    cache = _open_cache(settings)
    pools: list[Pool] = []  # made after the fork, by whoever opens the use cases
    shared = Shared(settings, lambda: pools[0], cache, SentenceSegmenter(), PairChecks(), observer)
    models = [
        (spec, ServedModel(describe(spec, model, settings), partial(load_model, spec, model, shared)))
        for spec, model in installed
    ]

    def open_use_cases() -> UseCases:
        pool = Pool(
            replicas=settings.resolved_replicas,
            express=EXPRESS_THREADS,
            observer=observer,
            on_idle=release_idle_memory,
        )
        pools[:] = [pool]
        return _use_cases(shared, models, pool)

    runtime = Service(
        profile=choice.profile.name,
        models=[model for _, model in models],
        open_use_cases=open_use_cases,
        loading=Loading(settings.load == "lazy", settings.unload_after_seconds),
        render_metrics=partial(render, registry),
        observer=observer,
    )
    registry.register(
        StateCollector(queues=runtime.queues, pool=runtime.pool, memory=runtime.memory, caches=cache.stats)
    )
    return Application(settings, runtime, observer, choice.reason)


def _use_cases(shared: Shared, models: Sequence[tuple[ModelSpec, ServedModel]], pool: Pool) -> UseCases:
    settings = shared.settings
    router = Router([model for spec, model in models if spec.task is Task.TRANSLATION])
    chooser = LanguageChooser(FastTextIdentifier(), settings.default_source_lang)
    ranker = LateRanker()
    translator = Translator(segmenter=shared.segmenter, chooser=chooser, router=router)
    extractive = Extractive(ranker=ranker, translator=translator, router=router)
    abstractive = None
    for spec, model in models:
        if spec.task is Task.SUMMARIZATION and spec.window is not None:
            abstractive = Abstractive(
                model=model,
                window_tokens=min(spec.window.source_tokens, spec.max_source_tokens),
                min_tokens=spec.window.min_source_tokens,
                max_chunks=settings.max_summary_chunks,
                segmenter=shared.segmenter,
                ranker=ranker,
                translator=translator,
                router=router,
                extractive=extractive,
                facts=FactChecks(partial(unsupported_numbers, language=LANGUAGE), unsupported_quotes),
            )
            break
    summarizer = Summarizer(
        segmenter=shared.segmenter, chooser=chooser, router=router, extractive=extractive, abstractive=abstractive
    )

    def close(drain_seconds: float) -> None:
        pool.close(drain_seconds=drain_seconds)
        shared.cache.close()

    checker = Checker(checks=shared.checks, router=router)
    return UseCases(translator, summarizer, checker, router, pool.stats, close)


def _open_disk_tier(settings: Settings) -> SqliteCache | None:
    """The cache on disk, or None where it is switched off."""
    if settings.cache_dir is None:
        return None
    return SqliteCache(settings.cache_dir / CACHE_FILE, settings.cache_disk_bytes)


def _open_cache(settings: Settings) -> TieredCache:
    """The cache tiers that the settings ask for: process memory, then a file."""
    tiers: list[Cache] = [MemoryCache(settings.cache_memory_bytes)]
    if (disk := _open_disk_tier(settings)) is not None:
        tiers.append(disk)
    return TieredCache(tiers)


@contextmanager
def disk_cache(settings: Settings) -> Iterator[SqliteCache]:
    """The cache on disk, without the rest of the service. Raises SettingsError where there is none, or none to use."""
    tier = _open_disk_tier(settings)
    if tier is None:
        raise SettingsError("there is no cache on disk: DEPESCHE_CACHE_DIR is empty")
    try:
        # To a request a cache that can't be read is a miss; to somebody who asks for the cache itself it is an error.
        if any(stats.failures for stats in tier.stats()):
            raise SettingsError(f"the cache in {settings.cache_dir} can't be used: the log line above says why")
        yield tier
    finally:
        tier.close()
