"""Builds the service and its HTTP entrance from settings."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Flask
from prometheus_client import CollectorRegistry

import service
from service.api.app import create_app
from service.api.keys import ApiKeys
from service.api.options import ApiOptions
from service.bootstrap.models import ModelShelf
from service.bootstrap.tasks import Task, describe, open_task
from service.cache.memory import MemoryCache
from service.cache.sqlite import SqliteCache
from service.cache.tiered import TieredCache
from service.checks.faithfulness import unsupported_numbers, unsupported_quotes
from service.checks.translation import check_summary, check_translation
from service.core.errors import ModelNotInstalled
from service.core.lifecycle import Loaded, Service
from service.core.ports import Cache, Observer
from service.core.summaries.abstractive import Abstractive, FactChecks
from service.core.summaries.extractive import Extractive
from service.core.summaries.summarizer import Summarizer
from service.core.translation.languages import LanguageChooser
from service.core.translation.translator import Translator
from service.core.types import ModelDescription
from service.language.identification import FastTextDetector
from service.models.spec import ModelSpec
from service.models.store import InstalledModel
from service.observability.metrics import PrometheusObserver, render
from service.observability.state import StateCollector
from service.ranking.textrank import TextRankRanker
from service.segmentation.segmenter import SentenceSegmenter
from service.settings import Settings, SettingsError

CACHE_FILE = "cache-v1.sqlite3"
"""With the schema's version, so that two releases that share a folder during an update don't share a file."""


@dataclass(frozen=True, slots=True)
class Application:
    """A service that isn't loaded yet, and what belongs to it."""

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
        return create_app(self.service, options, self.observer)


def load_keys(settings: Settings) -> ApiKeys | None:
    """The API keys, or None where the service is open. Raises SettingsError."""
    if settings.api_keys_file is None:
        return None
    try:
        return ApiKeys.load(settings.api_keys_file)
    except (OSError, ValueError) as error:
        raise SettingsError(f"DEPESCHE_API_KEYS_FILE: {error}") from error


def open_disk_tier(settings: Settings) -> SqliteCache | None:
    """The cache on disk, or None where it is switched off."""
    if settings.cache_dir is None:
        return None
    return SqliteCache(settings.cache_dir / CACHE_FILE, settings.cache_disk_bytes)


def open_cache(settings: Settings) -> TieredCache:
    """The cache tiers that the settings ask for: process memory, then a file."""
    tiers: list[Cache] = [MemoryCache(settings.cache_memory_bytes)]
    if (disk := open_disk_tier(settings)) is not None:
        tiers.append(disk)
    return TieredCache(tiers)


def open_application(settings: Settings) -> Application:
    """Choose the models and put everything together but load nothing. Raises ModelError's children, SettingsError."""
    shelf = ModelShelf.of(settings)
    choice = shelf.choose(settings.profile)
    models = shelf.serving(choice)
    registry = CollectorRegistry()
    observer = PrometheusObserver(registry)
    cache = open_cache(settings)
    runtime = Service(
        profile=choice.profile.name,
        load=partial(_load, settings, models, cache, observer),
        planned=[describe(spec, model, settings) for spec, model in models],
        render_metrics=partial(render, registry),
        observer=observer,
    )
    registry.register(StateCollector(runtime.batchers, cache.stats))
    return Application(settings, runtime, observer, choice.reason)


def _load(
    settings: Settings, models: list[tuple[ModelSpec, InstalledModel]], cache: Cache, observer: Observer
) -> Loaded:
    segmenter = SentenceSegmenter()
    chooser = LanguageChooser(FastTextDetector(), settings.default_source_lang, settings.language_confidence)
    ranker = TextRankRanker()
    tasks: dict[str, Task] = {}
    for spec, model in models:
        check = check_summary
        if spec.task == "translation":
            check = check_translation(spec.source_languages[0], spec.target_languages[0])
        tasks[spec.task] = open_task(
            spec, model, settings, check=check, cache=cache, segmenter=segmenter, observer=observer
        )
    if "translation" not in tasks:
        raise ModelNotInstalled("the profile has no translation model")
    translation = tasks["translation"]
    translator = Translator(
        segmenter=segmenter,
        chooser=chooser,
        generator=translation.generator,
        model=translation.info,
        source_langs=translation.spec.source_languages,
        target_lang=translation.spec.target_languages[0],
    )
    extractive = Extractive(ranker=ranker, translator=translator)
    abstractive = None
    if (summarization := tasks.get("summarization")) is not None:
        window = summarization.spec.window
        abstractive = Abstractive(
            model=summarization.info,
            generator=summarization.generator,
            count_tokens=lambda text: len(summarization.tokenizer.encode(text)),
            window_tokens=min(
                window.source_tokens if window else summarization.spec.max_source_tokens,
                summarization.spec.max_source_tokens,
            ),
            min_tokens=window.min_source_tokens if window else 0,
            max_chunks=settings.max_summary_chunks,
            segmenter=segmenter,
            ranker=ranker,
            translator=translator,
            extractive=extractive,
            facts=FactChecks(partial(unsupported_numbers, language="en"), unsupported_quotes),
        )
    summarizer = Summarizer(
        segmenter=segmenter, chooser=chooser, extractive=extractive, abstractive=abstractive, translator=translator
    )
    descriptions: list[ModelDescription] = [task.description for task in tasks.values()]
    return Loaded(
        translator=translator,
        summarizer=summarizer,
        batchers={name: task.batcher for name, task in tasks.items()},
        models=descriptions,
        close=_closing(list(tasks.values()), cache),
    )


def _closing(tasks: list[Task], cache: Cache) -> Callable[[float], None]:
    def close(drain_seconds: float) -> None:
        end = time.monotonic() + drain_seconds  # for all tasks together
        for task in tasks:
            task.close(max(0.0, end - time.monotonic()))
        cache.close()

    return close
