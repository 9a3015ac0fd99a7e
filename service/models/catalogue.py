"""The models that a machine knows and has: one object for the command line and for the start of the service.

Takes plain values, no settings. What it does is told to its `progress`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from service.core.errors import HubUnreachable, ModelDamaged, ModelNotInstalled
from service.models.hub import Hub
from service.models.install import import_path, pull
from service.models.profiles import AUTO, Choice, choose_profile
from service.models.progress import Progress, Silent
from service.models.spec import ModelSpec
from service.models.specs import Specs, load_specs
from service.models.store import InstalledModel, ModelStore

COME_ALONG_ROOTS = (
    Path(__file__).with_name("bundled"),
    Path(__file__).resolve().parents[2] / "model_cache",
)
"""Where the starter and demo models lie, wherever the user's own models are: in the wheel, or in a checkout."""

PRODUCTION = "newsroom"
"""The profile that "auto" would best serve."""

_SHOWN_LANGUAGES = 4


class Row(NamedTuple):
    """A model in the table, in words. `languages` is like "de>en", and of a summarizer "en"."""

    id: str
    languages: str
    task: str
    tier: str
    licence: str
    installed: str


def _nothing(spec: ModelSpec, model: InstalledModel) -> None: ...


@dataclass(frozen=True, slots=True)
class ModelCatalogue:
    """The table of models, the store of the installed ones, and the hub from which more come.

    Models are named by id, or by a pair of languages: "fr-en" (see `Specs`). Methods raise ModelError's children.
    """

    specs: Specs
    store: ModelStore
    hub: Hub = field(default_factory=Hub)
    offline: bool = False
    progress: Progress = field(default_factory=Silent)
    on_installed: Callable[[ModelSpec, InstalledModel], None] = _nothing

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        bundled: Sequence[Path] = COME_ALONG_ROOTS,
        models_file: Path | None = None,
        hub_endpoint: str | None = None,
        offline: bool = False,
        progress: Progress | None = None,
        on_installed: Callable[[ModelSpec, InstalledModel], None] = _nothing,
    ) -> ModelCatalogue:
        """The built-in table with that of `models_file`, and the models under `root` and the `bundled` roots.

        `on_installed` is called with a model that was just installed, or was there already when it was asked for.
        Raises InvalidModelSpec. Touches neither the network nor the store.
        """
        store = ModelStore(root, bundled)
        return cls(load_specs(models_file), store, Hub(hub_endpoint), offline, progress or Silent(), on_installed)

    def choose(self, profile: str) -> Choice:
        """The profile that serves."""
        return choose_profile(profile, self.store, self.specs)

    def serving(self, choice: Choice, engine: str | None = None) -> list[tuple[ModelSpec, InstalledModel]]:
        """The installed models of a chosen profile, in its order. With `engine`, what that reads of them is verified.

        Raises ModelDamaged.
        """
        found = []
        for model_id in choice.profile.model_ids:
            try:
                model = self.store.get(model_id) if engine is None else self.store.verified(model_id, engine)
            except ModelNotInstalled:
                continue
            found.append((self.specs.model(model_id), model))
        return found

    def installed(self) -> list[str]:
        """Ids of the models in the table that are installed, damaged or not."""
        return [model_id for model_id in self.specs.models if self._state(model_id) != "no"]

    def table(self, names: Sequence[str] = ()) -> list[Row]:
        """Every model, or those that `names` stand for: profiles, ids, and pairs, which stand for all that fit."""
        found = {spec.id: spec for name in names for spec in self.specs.find(name)} if names else self.specs.models
        return [
            Row(spec.id, languages_of(spec), spec.task, spec.tier, spec.licence, self._state(spec.id))
            for spec in found.values()
        ]

    def pull(self, name: str, *, force: bool = False, update: bool = False) -> list[InstalledModel]:
        """Install a profile's models, or one model, from the hub; see `install.pull`."""
        installed = []
        for spec in self.specs.resolve(name):
            model = pull(
                spec,
                self.store,
                offline=self.offline,
                force=force,
                update=update,
                hub=self.hub,
                progress=self.progress,
            )
            self.on_installed(spec, model)
            installed.append(model)
        return installed

    def import_path(self, path: Path, name: str | None = None) -> InstalledModel:
        """Install the model `name`, or the one that the path names, from a local folder or archive."""
        spec = None if name is None else self.specs.model(name)
        model = import_path(spec, path, self.store, candidates=self.specs.models.values(), progress=self.progress)
        self.on_installed(self.specs.model(model.id), model)
        return model

    def verify(self, name: str) -> InstalledModel:
        """Compare every file of an installed model with the digest that was recorded."""
        return self.store.verify(self._id(name))

    def remove(self, name: str) -> str:
        """Delete an installed model. Returns its id."""
        model_id = self._id(name)
        self.store.remove(model_id)
        return model_id

    def ensure(self, profile: str) -> str:
        """Make sure that a profile can serve, downloading if that is possible. Returns what to tell the user.

        Without the hub, what is installed serves as `choose` says; where nothing can, its error is raised.
        """
        name = PRODUCTION if profile == AUTO else profile
        if all(self.store.is_installed(spec.id) for spec in self.specs.resolve(name)):
            return f"Depesche serves the profile {name!r}."
        try:
            self.pull(name)
        except HubUnreachable as error:
            try:
                choice = self.choose(profile)
            except ModelNotInstalled:
                raise error from None
            return f"{error}\nDepesche serves the profile {choice.profile.name!r}: {choice.profile.description}."
        return f"Depesche serves the profile {name!r}."

    def _id(self, name: str) -> str:
        """The id of a model in the table, or of one that is installed and whose spec is gone."""
        if name not in self.specs.models and self.store.manifest(name) is not None:
            return name
        return self.specs.model(name).id

    def _state(self, model_id: str) -> str:
        try:
            model = self.store.get(model_id)
        except ModelDamaged:
            return "damaged"
        except ModelNotInstalled:
            return "no"
        origin = ", comes with Depesche" if model.bundled else ""
        record = model.shortlist_record()
        shortlist = f", shortlist {'on' if record.get('on') else 'off'}" if record is not None else ""
        return f"{model.manifest.revision[:12]}, {model.manifest.size / 1e6:.1f} MB{shortlist}{origin}"


def languages_of(spec: ModelSpec) -> str:
    """The languages of a model in a few characters: "de>en", "fr,es,it,pt and 20 more>en", for a summarizer "en"."""
    sources, targets = _short(spec.source_languages), _short(spec.target_languages)
    return f"{sources}>{targets}" if spec.pairs else targets


def _short(languages: Sequence[str]) -> str:
    shown = ",".join(languages[:_SHOWN_LANGUAGES])
    more = len(languages) - _SHOWN_LANGUAGES
    return f"{shown} and {more} more" if more > 0 else shown
