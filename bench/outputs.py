"""A served model by itself, for benches that look at single outputs: the generator as the service has it, no HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from service.batching.pool import Pool
from service.bootstrap.loading import Shared, describe, load_model, make_engine, make_tokenizer
from service.bootstrap.models import open_catalogue
from service.cache.null import NullCache
from service.checks.suite import PairChecks
from service.core.generation.generator import CachedGenerator
from service.core.generation.keys import Input
from service.core.generation.outputs import Output
from service.core.models import ServedModel
from service.core.ports import Engine, TextChecks, Tokenizer
from service.core.text import normalize
from service.core.types import DecodingOptions, Priority, RequestContext
from service.observability.null import NullObserver
from service.segmentation.segmenter import SentenceSegmenter
from service.settings import load_settings

_HOURS = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Opened:
    """A model's generator as it serves, and its engine and tokenizer for what the generator doesn't show."""

    served: ServedModel
    generator: CachedGenerator
    engine: Engine
    tokenizer: Tokenizer
    options: DecodingOptions
    source_lang: str
    target_lang: str

    def outputs(self, sentences: Sequence[str]) -> list[Output]:
        """What the service would answer for each sentence, nothing cached."""
        inputs = [Input(normalize(each), self.source_lang, self.target_lang, self.options) for each in sentences]
        found = self.generator.generate(inputs, RequestContext.within(_HOURS, priority=Priority.BULK))
        return [found[item] for item in inputs]

    def first(self, sentences: Sequence[str], options: DecodingOptions | None = None) -> list[str]:
        """What the first search alone gives, or one with other options."""
        tokens = [self.tokenizer.encode(normalize(each)) for each in sentences]
        found: list[str] = []
        for start in range(0, len(tokens), 8):
            batch = self.engine.generate(tokens[start : start + 8], options or self.options)
            found += [self.tokenizer.decode(hypothesis.tokens).strip() for hypothesis in batch]
        return found


@contextmanager
def opened(model_id: str, checks: TextChecks | None = None) -> Iterator[Opened]:
    """The model with that id from the store that the settings name. Raises ModelError's children."""
    settings = load_settings()
    catalogue = open_catalogue(settings)
    spec, model = catalogue.specs.model(model_id), catalogue.store.get(model_id)
    pool = Pool(replicas=settings.resolved_replicas, express=1, observer=NullObserver())
    segmenter = SentenceSegmenter()
    shared = Shared(settings, lambda: pool, NullCache(), segmenter, checks or PairChecks(), NullObserver())
    loaded = load_model(spec, model, shared)
    served = ServedModel(describe(spec, model, settings), lambda: loaded)
    served.load()
    engine = make_engine(spec, model, settings)
    try:
        yield Opened(
            served,
            loaded.generator,
            engine,
            make_tokenizer(spec, model.snapshot_dir),
            spec.decoding,
            spec.source_languages[0],
            spec.target_languages[0],
        )
    finally:
        served.close(0.0)
        pool.close(drain_seconds=0.0)
        engine.close()
