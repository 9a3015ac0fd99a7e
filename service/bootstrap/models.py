"""The models that the settings speak of: their table, their store, and the profile that serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import service.models
from service.core.errors import HubUnreachable, ModelDamaged, ModelError, ModelNotInstalled
from service.models.hub import Hub
from service.models.install import import_path, pull
from service.models.profiles import AUTO, Choice, choose_profile
from service.models.progress import Console
from service.models.spec import ModelSpec
from service.models.specs import Specs, load_specs
from service.models.store import InstalledModel, ModelStore
from service.settings import Settings

_BUNDLED = Path(service.models.__file__).with_name("bundled")
_CHECKOUT = Path(service.models.__file__).resolve().parents[2] / "model_cache"
_PRODUCTION = "newsroom"


@dataclass(frozen=True, slots=True)
class ModelShelf:
    """The table of models and the store that holds the installed ones."""

    specs: Specs
    store: ModelStore

    @classmethod
    def of(cls, settings: Settings) -> ModelShelf:
        """The shelf that `settings` describe. Raises InvalidModelSpec."""
        # Starter and demo models lie in the wheel, or in a checkout's model_cache, wherever the user's own models are.
        store = ModelStore(settings.model_cache, bundled=(_BUNDLED, _CHECKOUT))
        return cls(load_specs(settings.models_file), store)

    def choose(self, profile: str) -> Choice:
        """The profile that serves. Raises ModelError's children."""
        return choose_profile(profile, self.store, self.specs)

    def serving(self, choice: Choice) -> list[tuple[ModelSpec, InstalledModel]]:
        """The installed models of a chosen profile."""
        specs = [self.specs.model(model_id) for model_id in choice.profile.model_ids]
        return [(spec, self.store.get(spec.id)) for spec in specs if self.store.is_installed(spec.id)]

    def installed_ids(self) -> list[str]:
        """Ids of the models in the table that are installed, damaged or not."""
        return [row[0] for row in self.table() if row[4] != "no"]

    def table(self) -> list[tuple[str, str, str, str, str]]:
        """(id, task, tier, licence, state) of every model in the table."""
        return [
            (spec.id, spec.task, spec.tier, spec.licence, self._state(spec.id)) for spec in self.specs.models.values()
        ]

    def _state(self, model_id: str) -> str:
        try:
            model = self.store.get(model_id)
        except ModelDamaged:
            return "damaged"
        except ModelError:
            return "no"
        size = sum(file.size for file in model.manifest.files.values())
        return f"{model.manifest.revision[:12]}, {size / 1e6:.1f} MB" + (
            ", comes with Depesche" if model.bundled else ""
        )

    def pull(self, name: str, settings: Settings, *, force: bool = False) -> None:
        """Install a profile's models, or one model, from the hub. Raises ModelError's children."""
        hub = Hub(settings.hub_endpoint) if settings.hub_endpoint else Hub()
        for spec in self.specs.resolve(name):
            pull(spec, self.store, offline=settings.offline, force=force, hub=hub, progress=Console())

    def import_path(self, path: Path, model_id: str | None) -> None:
        """Install from a local folder or archive. Raises ModelError's children."""
        spec = self.specs.model(model_id) if model_id is not None else None
        progress = Console()
        candidates: Sequence[ModelSpec] = list(self.specs.models.values())
        import_path(spec, path, self.store, candidates=candidates, progress=progress)

    def ensure(self, settings: Settings) -> str:
        """Make sure that a profile can serve, downloading if that is possible. Returns what to tell the user.

        Without the hub, what is installed serves as `choose` says. Raises ModelError's children where nothing can.
        """
        wanted = settings.profile
        name = _PRODUCTION if wanted == AUTO else wanted
        if all(self.store.is_installed(spec.id) for spec in self.specs.resolve(name)):
            return f"Depesche serves the profile {name!r}."
        try:
            self.pull(name, settings)
        except HubUnreachable as error:
            try:
                choice = self.choose(wanted)
            except ModelNotInstalled:
                raise error from None
            return f"{error}\nDepesche serves the profile {choice.profile.name!r}: {choice.profile.description}."
        return f"Depesche serves the profile {name!r}."
