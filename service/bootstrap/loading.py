"""Makes one model ready to serve: tokenizer, engine, queue, generator. After a fork only: engines don't survive it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from service.batching.pool import Pool
from service.bootstrap.certainty import references
from service.bootstrap.shortlist import describe as describe_shortlist
from service.bootstrap.shortlist import shortlist_of
from service.cache.memory import MemoryCache
from service.core.enums import Task
from service.core.generation.generator import CachedGenerator
from service.core.generation.keys import KeyFactory
from service.core.generation.scorer import Scorer
from service.core.generation.splitting import Splitter
from service.core.models import LoadedModel
from service.core.ports import Cache, Engine, Observer, Segmenter, TextChecks, Tokenizer
from service.core.types import DecodingOptions, ModelDescription, ModelInfo
from service.engines.byte_level_tokenizer import ByteLevelTokenizer
from service.engines.calibration import Calibration, calibrate, warm_up
from service.engines.calibration_store import fingerprint, recall_or_measure
from service.engines.ctranslate2_engine import CTranslate2Engine
from service.engines.marian_tokenizer import MarianSubwordTokenizer
from service.engines.memory import resident_bytes
from service.engines.transformers_engine import TransformersEngine
from service.language.samples import sample
from service.models.spec import ModelSpec
from service.models.store import InstalledModel
from service.settings import Settings

EXPRESS_THREADS = 1
"""Batches beyond those that have a core, for interactive requests beside bulk work."""

_SENTENCE = (
    "Die Regierung hat am Dienstag in Berlin einen Entwurf vorgelegt, der die Kosten um 3,5 Prozent senken soll."
)
_TYPICAL_SOURCE = {Task.TRANSLATION: _SENTENCE, Task.SUMMARIZATION: " ".join([_SENTENCE] * 12)}
"""What calibration measures with: sentences as long as this one, a short article."""
_ALIKE, _ALIKE_LEAST = 0.25, 16
"""How much longer or shorter they may be, and how many there must be, or the one above is taken alone."""

_SUSPECT_BYTES = 4 << 20
_SUSPECT_SECONDS = 600.0
"""How much suspicious output is remembered, and how long: while a story is being worked on. It never reaches a disk."""

_UNCALIBRATED = {Task.TRANSLATION: Calibration(8, 512, 400.0, {}), Task.SUMMARIZATION: Calibration(2, 2048, 400.0, {})}
"""Batch size, padded tokens per batch, tokens/s: the first guess where calibration is off."""


_READING = 4.0
"""How much faster than a search a model reads given translations, tokens of both sides counted: the first guess."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all models of a process share."""

    settings: Settings
    pool: Callable[[], Pool]
    cache: Cache
    segmenter: Segmenter
    checks: TextChecks
    observer: Observer


def describe(spec: ModelSpec, model: InstalledModel, settings: Settings) -> ModelDescription:
    """A model as it will be served, before it is loaded."""
    info = ModelInfo(spec.id, model.manifest.revision, settings.engine, settings.resolved_compute_type, spec.tier)
    return ModelDescription(
        info, spec.task, spec.source_languages, spec.target_languages, spec.licence, spec.attribution, ready=False
    )


def make_tokenizer(spec: ModelSpec, folder: Path) -> Tokenizer:
    """The tokenizer of a snapshot."""
    if spec.tokenizer == "marian":
        return MarianSubwordTokenizer(folder / "source.spm", folder / "target.spm", folder / "vocab.json")
    return ByteLevelTokenizer.from_folder(folder)


def make_engine(spec: ModelSpec, model: InstalledModel, settings: Settings) -> Engine:
    """Loads the model into the engine that the settings choose."""
    if settings.engine == "ctranslate2":
        return CTranslate2Engine(
            model.ctranslate2_dir,
            replicas=settings.resolved_replicas,
            spare_replicas=EXPRESS_THREADS,
            intra_threads=settings.intra_threads,
            compute_type=settings.resolved_compute_type,
            source_prefix=spec.source_prefix,
            source_suffix=spec.source_suffix,
            max_source_tokens=spec.max_source_tokens + bool(spec.target_tokens),
        )
    return TransformersEngine(
        model.snapshot_dir,
        device=settings.device,
        compute_type=settings.resolved_compute_type,
        source_prefix=spec.source_prefix,
        source_suffix=spec.source_suffix,
        max_source_tokens=spec.max_source_tokens + bool(spec.target_tokens),
    )


def load_model(spec: ModelSpec, model: InstalledModel, shared: Shared) -> LoadedModel:
    """Load one model, warm up its replicas, and calibrate it where that wasn't done on this host. Takes seconds."""
    settings = shared.settings
    options = replace(spec.decoding, shortlist=shortlist_of(model) if settings.engine == "ctranslate2" else "")
    before = resident_bytes()
    tokenizer = make_tokenizer(spec, model.snapshot_dir)
    engine = make_engine(spec, model, settings)
    warm_up(engine, tokenizer.encode(_SENTENCE)[: spec.max_source_tokens], options)
    memory = max(0, resident_bytes() - before)
    calibration = _calibration(spec, model, engine, tokenizer, options, settings)
    batch_size = settings.batch_size or calibration.batch_size
    batch_tokens = settings.batch_tokens or calibration.batch_tokens
    queue = shared.pool().open_queue(
        spec.id,
        engine,
        max_queue_jobs=settings.queue_jobs,
        max_queue_tokens=settings.queue_tokens,
        batch_size=batch_size,
        batch_tokens=batch_tokens,
        initial_tokens_per_second=calibration.tokens_per_second,
    )
    reference = references(spec, model, engine, tokenizer, settings)
    scores = None
    if spec.task is Task.TRANSLATION:
        scores = shared.pool().open_queue(
            spec.id,
            engine,
            max_queue_jobs=settings.queue_jobs,
            max_queue_tokens=settings.queue_tokens,
            batch_size=batch_size,
            batch_tokens=2 * batch_tokens,
            initial_tokens_per_second=_READING * calibration.tokens_per_second,
        )
    info = ModelInfo(spec.id, model.manifest.revision, engine.name, engine.compute_type, spec.tier)
    revision = shared.checks.revision
    generator = CachedGenerator(
        model=spec.id,
        options=options,
        tokenizer=tokenizer,
        splitter=Splitter(shared.segmenter, tokenizer, spec.max_source_tokens),
        batcher=queue,
        cache=shared.cache,
        suspects=MemoryCache(_SUSPECT_BYTES, max_age_seconds=_SUSPECT_SECONDS),
        keys=KeyFactory(spec.task, spec.id, model.digest, engine.name, engine.compute_type, revision),
        checks=shared.checks,
        observer=shared.observer,
        target_tokens=spec.target_tokens,
        references=reference,
    )
    scorer = None
    if scores is not None:
        scorer = Scorer(
            options=spec.decoding,
            tokenizer=tokenizer,
            batcher=scores,
            max_tokens=spec.max_source_tokens,
            references=reference,
            target_tokens=spec.target_tokens,
        )
    details: dict[str, object] = {
        "replicas": engine.replicas,
        "batch_size": batch_size,
        "batch_tokens": batch_tokens,
        "tokens_per_second_by_batch_size": {str(size): round(speed) for size, speed in calibration.table.items()},
        "max_source_tokens": spec.max_source_tokens,
        "beam_size": spec.decoding.beam_size,
        "memory_bytes": memory,
    }
    if (known := describe_shortlist(model)) is not None:
        details["shortlist"] = known
    description = replace(describe(spec, model, settings), info=info, ready=True, details=details)

    def close(drain_seconds: float) -> None:
        end = time.monotonic() + drain_seconds
        for each in (queue, scores):
            if each is not None:
                each.close(drain_seconds=max(0.0, end - time.monotonic()))
        engine.close()

    return LoadedModel(description, generator, tokenizer, queue, memory, close, scorer)


def _calibration(
    spec: ModelSpec,
    model: InstalledModel,
    engine: Engine,
    tokenizer: Tokenizer,
    options: DecodingOptions,
    settings: Settings,
) -> Calibration:
    if not settings.calibrate:
        return _UNCALIBRATED[spec.task]
    host = fingerprint(
        digest=model.digest + options.shortlist,
        engine=engine.name,
        compute_type=engine.compute_type,
        replicas=engine.replicas,
        intra_threads=settings.intra_threads,
    )

    def measure() -> Calibration:
        sources = _typical_sources(spec, tokenizer)  # only now: mostly the figures are known
        return calibrate(engine, seconds=settings.calibration_seconds, sources=sources, options=options)

    return recall_or_measure(
        [folder / f"{spec.id}.{engine.name}.json" for folder in settings.calibration_folders],
        host,
        measure,
    )


def _typical_sources(spec: ModelSpec, tokenizer: Tokenizer) -> list[list[str]]:
    """What calibration runs: of the samples of the source language those that are as long as a typical sentence."""
    typical = tokenizer.encode(_TYPICAL_SOURCE[spec.task])[: spec.max_source_tokens]
    found = [tokenizer.encode(text) for text in sample(spec.source_languages[0])] if spec.source_languages else []
    alike = [each for each in found if abs(len(each) - len(typical)) <= _ALIKE * len(typical)]
    if spec.task is not Task.TRANSLATION or len(alike) < _ALIKE_LEAST:
        return [typical]
    return [each[: spec.max_source_tokens] for each in alike]
