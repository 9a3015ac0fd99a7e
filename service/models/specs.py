"""The table of models and profiles: what may be installed and how each model is decoded. Doesn't touch the store."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from service.core.errors import InvalidModelSpec, UnknownModel
from service.models import spec_table
from service.models.spec import ModelSpec, Profile

BUILT_IN = Path(__file__).with_name("specs.toml")


@dataclass(frozen=True, slots=True)
class Specs:
    """All models and profiles by name."""

    models: Mapping[str, ModelSpec]
    profiles: Mapping[str, Profile]

    def model(self, model_id: str) -> ModelSpec:
        """The spec of `model_id`. Raises UnknownModel."""
        if model_id not in self.models:
            raise _unknown("model", model_id, self.models)
        return self.models[model_id]

    def profile(self, name: str) -> Profile:
        """The profile `name`. Raises UnknownModel."""
        if name not in self.profiles:
            raise _unknown("profile", name, self.profiles)
        return self.profiles[name]

    def resolve(self, name: str) -> tuple[ModelSpec, ...]:
        """The specs of a profile, or the one of a model id; a profile goes first. Raises UnknownModel."""
        if name in self.profiles:
            return tuple(self.model(model_id) for model_id in self.profiles[name].model_ids)
        if name in self.models:
            return (self.models[name],)
        raise _unknown("model or profile", name, [*self.profiles, *self.models])


def load_specs(extra: Path | None = None) -> Specs:
    """The built-in table, with the models and profiles of the file `extra` added.

    A model or profile of `extra` that has a built-in name takes its place as a whole.
    Raises InvalidModelSpec, which names file, table and key.
    """
    models: dict[str, ModelSpec] = {}
    profiles: dict[str, Profile] = {}
    for path in (BUILT_IN, extra):
        if path is None:
            continue
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InvalidModelSpec(f"{path}: can't be read: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidModelSpec(f"{path}: not valid TOML: {error}") from error
        found = spec_table.parse(path, data)
        models |= {spec.id: spec for spec in found.models}
        profiles |= {profile.name: profile for profile in found.profiles}
        spec_table.check_profiles(path, found.profiles, models)
    return Specs(MappingProxyType(models), MappingProxyType(profiles))


def _unknown(what: str, name: str, known: Iterable[str]) -> UnknownModel:
    close = difflib.get_close_matches(name, list(known), n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(known)) or 'none'}"
    return UnknownModel(f"no {what} is called {name!r}; {hint}")
