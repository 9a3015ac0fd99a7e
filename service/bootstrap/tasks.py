"""Makes what runs one model: tokenizer, engine, batcher, generator. Never before a fork; engines don't survive it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from service.batching.batcher import DeadlineBatcher
from service.bootstrap.calibration import fingerprint, places, recall_or_measure
from service.cache.memory import MemoryCache
from service.core.generation.generator import CachedGenerator
from service.core.generation.keys import KeyFactory
from service.core.generation.pieces import Fitter
from service.core.ports import Cache, Check, Engine, Observer, Segmenter, Tokenizer
from service.core.types import ModelDescription, ModelInfo
from service.engines.byte_level_tokenizer import ByteLevelTokenizer
from service.engines.calibration import Calibration, calibrate, warm_up
from service.engines.ctranslate2_engine import CTranslate2Engine
from service.engines.idle_memory import release_idle_memory
from service.engines.marian_tokenizer import MarianSubwordTokenizer
from service.engines.transformers_engine import TransformersEngine
from service.models.spec import ModelSpec
from service.models.store import InstalledModel
from service.settings import Settings

_SENTENCE = (
    "Die Regierung hat am Dienstag in Berlin einen Entwurf vorgelegt, der die Kosten um 3,5 Prozent senken soll."
)
_TYPICAL_SOURCE = {"translation": _SENTENCE, "summarization": " ".join([_SENTENCE] * 12)}
"""What calibration measures with: a news sentence, a short article. Only their lengths in tokens matter."""

_EXPRESS_THREADS = 1
"""Replicas beyond those that have a core, for interactive requests beside bulk work."""

_DOUBTFUL_BYTES = 4 << 20
_DOUBTFUL_SECONDS = 600.0
"""How much suspicious output is remembered, and how long: while a story is being worked on. It never reaches a disk."""

_UNCALIBRATED = {"translation": Calibration(8, 512, 400.0, {}), "summarization": Calibration(2, 2048, 400.0, {})}
"""Batch size, padded tokens per batch, tokens/s: the first guess where calibration is off."""


@dataclass(frozen=True, slots=True)
class Task:
    """One model at work."""

    spec: ModelSpec
    info: ModelInfo
    tokenizer: Tokenizer
    engine: Engine
    batcher: DeadlineBatcher
    generator: CachedGenerator
    description: ModelDescription

    def close(self, drain_seconds: float) -> None:
        """Finish what is queued, then free the model."""
        self.batcher.close(drain_seconds=drain_seconds)
        self.engine.close()


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
            spare_replicas=_EXPRESS_THREADS,
            intra_threads=settings.intra_threads,
            compute_type=settings.resolved_compute_type,
            source_prefix=spec.source_prefix,
            source_suffix=spec.source_suffix,
            max_source_tokens=spec.max_source_tokens,
        )
    return TransformersEngine(
        model.snapshot_dir,
        device=settings.device,
        compute_type=settings.resolved_compute_type,
        source_prefix=spec.source_prefix,
        source_suffix=spec.source_suffix,
        max_source_tokens=spec.max_source_tokens,
    )


def open_task(
    spec: ModelSpec,
    model: InstalledModel,
    settings: Settings,
    *,
    check: Check,
    cache: Cache,
    segmenter: Segmenter,
    observer: Observer,
) -> Task:
    """Load one model, warm up its replicas, and calibrate it where that wasn't done on this host. Takes seconds."""
    tokenizer = make_tokenizer(spec, model.snapshot_dir)
    engine = make_engine(spec, model, settings)
    warm_up(engine, tokenizer.encode(_SENTENCE)[: spec.max_source_tokens], spec.decoding)
    calibration = _calibration(spec, model, engine, tokenizer, settings)
    batch_size = settings.batch_size or calibration.batch_size
    batch_tokens = settings.batch_tokens or calibration.batch_tokens
    batcher = DeadlineBatcher(
        engine,
        task=spec.task,
        observer=observer,
        max_queue_jobs=settings.queue_jobs,
        max_queue_tokens=settings.queue_tokens,
        batch_size=batch_size,
        batch_tokens=batch_tokens,
        initial_tokens_per_second=calibration.tokens_per_second,
        express=_EXPRESS_THREADS,
        on_idle=release_idle_memory,
    )
    info = ModelInfo(spec.id, model.manifest.revision, engine.name, engine.compute_type, spec.tier)
    source, target = spec.source_languages[0], spec.target_languages[0]
    keys = KeyFactory(spec.task, source, target, spec.id, model.digest, engine.name, engine.compute_type, spec.decoding)
    generator = CachedGenerator(
        task=spec.task,
        tokenizer=tokenizer,
        batcher=batcher,
        cache=cache,
        doubtful=MemoryCache(_DOUBTFUL_BYTES, max_age_seconds=_DOUBTFUL_SECONDS),
        keys=keys,
        check=check,
        pieces=Fitter(segmenter, tokenizer, source, spec.max_source_tokens),
        observer=observer,
    )
    details: dict[str, object] = {
        "replicas": engine.replicas,
        "batch_size": batch_size,
        "batch_tokens": batch_tokens,
        "tokens_per_second_by_batch_size": {str(size): round(speed) for size, speed in calibration.table.items()},
        "max_source_tokens": spec.max_source_tokens,
        "beam_size": spec.decoding.beam_size,
    }
    description = replace(describe(spec, model, settings), info=info, ready=True, details=details)
    return Task(spec, info, tokenizer, engine, batcher, generator, description)


def _calibration(
    spec: ModelSpec, model: InstalledModel, engine: Engine, tokenizer: Tokenizer, settings: Settings
) -> Calibration:
    if not settings.calibrate:
        return _UNCALIBRATED[spec.task]
    host = fingerprint(
        digest=model.digest,
        engine=engine.name,
        compute_type=engine.compute_type,
        replicas=engine.replicas,
        intra_threads=settings.intra_threads,
    )
    source = tokenizer.encode(_TYPICAL_SOURCE[spec.task])[: spec.max_source_tokens]
    return recall_or_measure(
        [place / f"{spec.id}.{engine.name}.json" for place in places(settings)],
        host,
        lambda: calibrate(engine, seconds=settings.calibration_seconds, source_tokens=source, options=spec.decoding),
    )
