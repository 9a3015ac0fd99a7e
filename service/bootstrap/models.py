"""Settings become the catalogue of models. What it does is in `service.models.catalogue`."""

from __future__ import annotations

from functools import partial

from service.bootstrap.certainty import is_measured, measure_at_install
from service.bootstrap.loading import make_engine, make_tokenizer
from service.models.catalogue import ModelCatalogue
from service.models.progress import Console, Progress
from service.models.spec import ModelSpec
from service.models.store import InstalledModel
from service.settings import Settings

__all__ = ["ModelCatalogue", "open_catalogue"]


def open_catalogue(settings: Settings) -> ModelCatalogue:
    """The models that `settings` describe; what is done to them is told on the terminal. Raises InvalidModelSpec."""
    progress = Console()
    return ModelCatalogue.open(
        settings.model_cache,
        models_file=settings.models_file,
        hub_endpoint=settings.hub_endpoint,
        offline=settings.offline,
        progress=progress,
        on_installed=partial(_measure, settings, progress),
    )


def _measure(settings: Settings, progress: Progress, spec: ModelSpec, model: InstalledModel) -> None:
    """See how sure a new model usually is. An install doesn't fail for that: the service would try again."""
    if not settings.calibrate or model.bundled or is_measured(spec, model):
        return
    progress.step(f"decoding a sample with {spec.id}, to know how sure it usually is")
    try:
        engine = make_engine(spec, model, settings)
        try:
            measure_at_install(spec, model, engine, make_tokenizer(spec, model.snapshot_dir), settings)
        finally:
            engine.close()
    except Exception as error:
        progress.step(f"{spec.id} could not be measured ({type(error).__name__})")
