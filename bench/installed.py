"""Which model a benchmark runs on: the best that is installed, or a snapshot that is imported for it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.depesche import environment
from bench.system import Model
from service.bootstrap.models import open_catalogue
from service.settings import load_settings

_MARIAN = "opus-mt-de-en"


@dataclass(frozen=True, slots=True)
class Installed:
    """A store, the profile to serve from it, its translation model, and the beam that it is served with."""

    store: Path
    profile: str
    model: Model
    beam: int


def installed(store: Path | None = None, profile: str | None = None) -> Installed:
    """What `depesche serve` would serve with the present settings, or from another store, or of another profile."""
    settings = load_settings()
    if store is not None:
        settings = settings.model_copy(update={"model_cache": store})
    if profile is not None:
        settings = settings.model_copy(update={"profile": profile})
    catalogue = open_catalogue(settings)
    choice = catalogue.choose(settings.profile)
    for spec, model in catalogue.serving(choice):
        if spec.task == "translation":
            found = Model(spec.id, model.snapshot_dir, model.ctranslate2_dir)
            return Installed(settings.model_cache, choice.profile.name, found, spec.decoding.beam_size)
    raise RuntimeError(f"profile {choice.profile.name} has no translation model")


def import_model(snapshot: Path, work: Path) -> Installed:
    """Install `snapshot`, of opus-mt-de-en's shape, in a store under `work`; kept there for the next run."""
    store = work / "store"
    command = [sys.executable, "-m", "service.cli", "models", "import", str(snapshot), "--as", _MARIAN]
    subprocess.run(command, env=environment(store, work), check=True)
    return installed(store)


def demo() -> Installed:
    """The demo models, whatever else is installed."""
    return installed(profile="demo")
