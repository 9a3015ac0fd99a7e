"""Measures how sure the models are that come with Depesche, and keeps that in their folders: after one of them changed.

`python -m tools.certainty`. Models that are installed are measured then; these aren't installed, they are there.
"""

from __future__ import annotations

from service.bootstrap.certainty import is_measured, measure_at_install
from service.bootstrap.loading import make_engine, make_tokenizer
from service.models.catalogue import COME_ALONG_ROOTS, ModelCatalogue
from service.models.store import ModelStore
from service.settings import load_settings


def main() -> None:
    """Measure what isn't measured, or was for other weights, another search or another sample."""
    settings = load_settings().model_copy(update={"calibration_seconds": 600.0})
    for root in COME_ALONG_ROOTS:
        if not root.is_dir():
            continue
        catalogue = ModelCatalogue.open(root, bundled=())
        for model in ModelStore(root).list():
            spec = catalogue.specs.model(model.id)
            if is_measured(spec, model):
                continue
            engine = make_engine(spec, model, settings)
            measure_at_install(spec, model, engine, make_tokenizer(spec, model.snapshot_dir), settings)
            engine.close()
            print(f"{model.id}: measured, {model.certainty_file}")


if __name__ == "__main__":
    main()
