"""Settings become the catalogue of models. What it does is in `service.models.catalogue`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from service.bootstrap import shortlist
from service.bootstrap.certainty import is_measured, measure_at_install
from service.bootstrap.loading import make_engine, make_tokenizer
from service.models.catalogue import ModelCatalogue
from service.models.progress import Console, Progress
from service.models.spec import ModelSpec
from service.models.store import InstalledModel
from service.settings import Settings

__all__ = ["ModelCatalogue", "make_shortlist", "open_catalogue", "switch_shortlist_off"]


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


def make_shortlist(settings: Settings, name: str, texts: Sequence[str]) -> str:
    """Make the shortlist of an installed model, and say in a few lines what it does. Raises ModelError."""
    catalogue = open_catalogue(settings)
    spec = catalogue.specs.model(name)
    model = catalogue.store.get(spec.id)
    measured = shortlist.make_shortlist(spec, model, texts, catalogue.progress)
    verdict = f"off: {measured.objection}" if measured.objection else "on, from the next start of the service"
    return (
        f"{spec.id}: shortlist {verdict}\n"
        f"on {measured.sentences} sentences that it wasn't made from: {100 * measured.identical:.1f}% of outputs the "
        f"same as with the whole vocabulary, chrF between both {measured.chrf:.1f}, likelihood "
        f"{measured.score_difference:+.3f} nats a token; in batches as alone {100 * measured.alone:.1f}%; "
        f"the search is {measured.speed:.2f} times as fast"
    )


def switch_shortlist_off(settings: Settings, name: str) -> str:
    """Let an installed model use its whole vocabulary again, and say so. Raises ModelError."""
    catalogue = open_catalogue(settings)
    model = catalogue.store.get(catalogue.specs.model(name).id)
    shortlist.switch_off(model)
    return f"{model.id}: shortlist off, from the next start of the service"
