"""Settings become the catalogue of models. What it does is in `service.models.catalogue`."""

from __future__ import annotations

from service.models.catalogue import ModelCatalogue
from service.models.progress import Console
from service.settings import Settings

__all__ = ["ModelCatalogue", "open_catalogue"]


def open_catalogue(settings: Settings) -> ModelCatalogue:
    """The models that `settings` describe; what is done to them is told on the terminal. Raises InvalidModelSpec."""
    return ModelCatalogue.open(
        settings.model_cache,
        models_file=settings.models_file,
        hub_endpoint=settings.hub_endpoint,
        offline=settings.offline,
        progress=Console(),
    )
