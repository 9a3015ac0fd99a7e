"""The models that are committed with the repository, for tests that use them without a running service."""

from __future__ import annotations

from pathlib import Path

from service.core.ports import Engine
from service.engines.ctranslate2_engine import CTranslate2Engine
from service.engines.marian_tokenizer import MarianSubwordTokenizer
from service.engines.transformers_engine import TransformersEngine
from service.models.spec import ModelSpec
from service.models.store import InstalledModel, ModelStore

STORE = ModelStore(Path(__file__).parents[1] / "model_cache")


def marian_tokenizer(model: InstalledModel) -> MarianSubwordTokenizer:
    """The tokenizer of a Marian model."""
    return MarianSubwordTokenizer(*(model.snapshot_dir / name for name in ("source.spm", "target.spm", "vocab.json")))


def both_engines(spec: ModelSpec, model: InstalledModel) -> list[Engine]:
    """CTranslate2, then transformers, as the spec has them serve. Whoever asks closes them."""
    return [
        CTranslate2Engine(
            model.ctranslate2_dir,
            replicas=1,
            source_prefix=spec.source_prefix,
            source_suffix=spec.source_suffix,
            max_source_tokens=spec.max_source_tokens,
        ),
        TransformersEngine(
            model.snapshot_dir,
            device="cpu",
            source_prefix=spec.source_prefix,
            source_suffix=spec.source_suffix,
            max_source_tokens=spec.max_source_tokens,
        ),
    ]
