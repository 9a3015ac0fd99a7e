"""How sure each model usually is: measured on the sample of its source language when it is installed, else when loaded.

What is measured is kept in the model's folder, or, for one that comes along or is mounted read-only, beside the
calibrations. It depends on the weights and the search, hardly on the machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from service.core.enums import Task
from service.core.generation.certainty import Reference
from service.core.ports import Engine, Tokenizer
from service.engines.reference import Values, keep, measure, recall
from service.language.samples import sample
from service.models.spec import ModelSpec
from service.models.store import InstalledModel
from service.settings import Settings

_METHOD = 1
"""Raised when another thing is measured, so that what an earlier release stored is measured anew."""

_SENTENCES = 600
"""At most so many altogether for a model of many pairs, of which each then gets fewer."""

References = dict[tuple[str, str], Reference]


def references(
    spec: ModelSpec, model: InstalledModel, engine: Engine, tokenizer: Tokenizer, settings: Settings
) -> References:
    """The reference for each pair of a translation model that has a sample; none where calibration is off.

    Takes up to `calibration_seconds` a pair for what isn't stored yet.
    """
    of = _fingerprint(spec, model)
    paths = [folder / f"{spec.id}.certainty.json" for folder in settings.calibration_folders]
    values = recall([model.certainty_file, *paths], of)
    if values is None and settings.calibrate:
        values = _measured(spec, engine, tokenizer, settings)
        keep(paths, of, values)
    return _references(values or {})


def measure_at_install(
    spec: ModelSpec, model: InstalledModel, engine: Engine, tokenizer: Tokenizer, settings: Settings
) -> None:
    """Measure a model that was just installed, and keep that in its folder."""
    of = _fingerprint(spec, model)
    if recall([model.certainty_file], of) is None:
        keep([model.certainty_file], of, _measured(spec, engine, tokenizer, settings))


def is_measured(spec: ModelSpec, model: InstalledModel) -> bool:
    """Whether nothing is left to do at the install: it is measured, or there is no sample for it."""
    return not _pairs(spec) or recall([model.certainty_file], _fingerprint(spec, model)) is not None


def _measured(spec: ModelSpec, engine: Engine, tokenizer: Tokenizer, settings: Settings) -> Values:
    pairs = _pairs(spec)
    found: Values = {}
    for source, target in pairs:
        sentences = sample(source)
        step = max(1, -(-len(sentences) * len(pairs) // _SENTENCES))
        tokens = [tokenizer.encode(sentence) for sentence in sentences[::step]]
        asks_for = [spec.target_tokens[target]] if target in spec.target_tokens else []  # as the generator does
        sources = [[*asks_for, *each] for each in tokens if 0 < len(each) <= spec.max_source_tokens]
        if values := measure(engine, sources, spec.decoding, seconds=settings.calibration_seconds):
            found[f"{source}-{target}"] = values
    return found


def _pairs(spec: ModelSpec) -> list[tuple[str, str]]:
    if spec.task is not Task.TRANSLATION:
        return []
    return [(source, target) for source in spec.source_languages if sample(source) for target in spec.target_languages]


def _references(values: Values) -> References:
    pairs = {tuple(pair.split("-", 1)): found for pair, found in values.items() if found}
    return {(source, target): Reference(found) for (source, target), found in pairs.items()}


def _fingerprint(spec: ModelSpec, model: InstalledModel) -> dict[str, object]:
    samples: Sequence[Sequence[str]] = [sample(source) for source, _ in _pairs(spec)]
    options = asdict(spec.decoding)
    del options["shortlist"]  # it changes hardly an output
    return {
        "method": _METHOD,
        "sample": hashlib.sha256(json.dumps(samples).encode()).hexdigest()[:16],
        "model": model.digest,
        "options": json.loads(json.dumps(options)),
    }
