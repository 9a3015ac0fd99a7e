"""The table of models and profiles: the built-in one, and what a user's own file adds. Doesn't touch the store."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from service.core.enums import Tier
from service.core.errors import InvalidModelSpec, UnknownModel
from service.models.faults import Place, fault, faults
from service.models.spec import Decoding, ModelSpec, Profile, Window

BUILT_IN = Path(__file__).with_name("specs.toml")

_PAIR = re.compile(r"([a-z]{2,3})-([a-z]{2,3})")


@dataclass(frozen=True, slots=True)
class Specs:
    """All models and profiles by name.

    A model also answers to a pair of languages such as "fr-en", which stands for the production model that translates
    it: the one with the fewest pairs, for a model made for one pair is better at it than one that is made for many.
    """

    models: Mapping[str, ModelSpec]
    profiles: Mapping[str, Profile]

    def model(self, name: str) -> ModelSpec:
        """The spec of a model id, or of the pair `name`. Raises UnknownModel."""
        if name in self.models:
            return self.models[name]
        if (pair := _pair(name)) is not None:
            return self._for_pair(name, pair)
        raise _unknown("model", name, self.models)

    def profile(self, name: str) -> Profile:
        """The profile `name`. Raises UnknownModel."""
        if name not in self.profiles:
            raise _unknown("profile", name, self.profiles)
        return self.profiles[name]

    def resolve(self, name: str) -> tuple[ModelSpec, ...]:
        """The specs of a profile, or the one of a model id or a pair; a profile goes first. Raises UnknownModel."""
        if name in self.profiles:
            return tuple(self.models[model_id] for model_id in self.profiles[name].model_ids)
        if name in self.models or _pair(name) is not None:
            return (self.model(name),)
        raise _unknown("model or profile", name, [*self.profiles, *self.models])

    def find(self, name: str) -> tuple[ModelSpec, ...]:
        """Like `resolve`, but a pair stands for all the models that translate it."""
        if name in self.profiles or name in self.models or (pair := _pair(name)) is None:
            return self.resolve(name)
        return self._translating(pair) or (self.model(name),)

    def _translating(self, pair: tuple[str, str]) -> tuple[ModelSpec, ...]:
        return tuple(spec for spec in self.models.values() if pair in spec.pairs)

    def _for_pair(self, name: str, pair: tuple[str, str]) -> ModelSpec:
        found = self._translating(pair)
        production = [spec for spec in found if spec.tier is Tier.PRODUCTION]
        fewest = min((len(spec.pairs) for spec in production), default=0)
        best = [spec for spec in production if len(spec.pairs) == fewest]
        if len(best) == 1:
            return best[0]
        if best:
            ids = ", ".join(spec.id for spec in best)
            raise UnknownModel(f"{name!r} may be any of {ids}; give one of these ids")
        if found:
            ids = ", ".join(f"{spec.id} ({spec.tier})" for spec in found)
            raise UnknownModel(f"no production model translates {name!r}; by its id you get {ids}")
        raise UnknownModel(f"no model translates {name!r}; {self._near(*pair)}")

    def _near(self, source: str, target: str) -> str:
        pairs = {pair for spec in self.models.values() for pair in spec.pairs}
        into = sorted(one for one, other in pairs if other == target)
        out_of = sorted(other for one, other in pairs if one == source)
        hints = [f"into {target!r} there are {' '.join(into)}"] if into else []
        hints += [f"from {source!r} there are {' '.join(out_of)}"] if out_of else []
        return "; ".join(hints) or "`depesche models list` shows what is known"


class _File(BaseModel):
    """A spec file. The name of a table is the name of what it describes."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    models: dict[str, ModelSpec] = Field(default_factory=dict)
    profiles: dict[str, Profile] = Field(default_factory=dict)

    @field_validator("models", mode="before")
    @classmethod
    def _name_models(cls, tables: Any) -> Any:
        return _named(tables, "id")

    @field_validator("profiles", mode="before")
    @classmethod
    def _name_profiles(cls, tables: Any) -> Any:
        return _named(tables, "name")


def _named(tables: Any, key: str) -> Any:
    """Every table with its own name under `key`, which nobody writes into it."""
    if not isinstance(tables, dict):
        return tables
    for name, table in tables.items():
        if isinstance(table, dict) and key in table:
            raise fault("unknown; the name of the table says it", name, key)
    return {name: {**table, key: name} if isinstance(table, dict) else table for name, table in tables.items()}


def load_specs(extra: Path | None = None) -> Specs:
    """The built-in table, with the models and profiles of the file `extra` added.

    A model or profile of `extra` that has a built-in name takes its place as a whole.
    Raises InvalidModelSpec, which names file, table and key of every fault, one a line.
    """
    models: dict[str, ModelSpec] = {}
    profiles: dict[str, Profile] = {}
    for path in (BUILT_IN, extra):
        if path is None:
            continue
        found = _read(path)
        models |= found.models
        profiles |= found.profiles
        _check_names(path, found, models)
    return Specs(MappingProxyType(models), MappingProxyType(profiles))


def _read(path: Path) -> _File:
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InvalidModelSpec(f"{path}: can't be read: {error.strerror}") from error
    except ValidationError as error:
        lines = [f"{path}: {_where(place)}{reason}" for place, reason in faults(error, _known_keys)]
        raise InvalidModelSpec("\n".join(lines)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidModelSpec(f"{path}: not valid TOML: {error}") from error


def _check_names(path: Path, found: _File, models: Mapping[str, ModelSpec]) -> None:
    for profile in found.profiles.values():
        for model_id in profile.model_ids:
            if model_id not in models:
                raise InvalidModelSpec(f"{path}: [profiles.{profile.name}] models: no model is called {model_id!r}")
    by_folder: dict[str, str] = {}
    for model_id in models:
        other = by_folder.setdefault(model_id.casefold(), model_id)
        if other != model_id:  # on some disks both would be the same folder
            raise InvalidModelSpec(f"{path}: [models.{model_id}] id: differs from {other!r} by capital letters only")


def _where(place: Place) -> str:
    """The place of a fault as a reader of TOML knows it: `[models.x.decoding] beam_size: `."""
    *tables, key = place or ("",)
    return (f"[{'.'.join(tables)}] " if tables else "") + f"{key}: "


def _known_keys(place: Place) -> Sequence[str]:
    """The keys that the table at `place` may have."""
    match place:
        case ("models", _):
            return [key for key in ModelSpec.model_fields if key != "id"]
        case ("models", _, "decoding"):
            return list(Decoding.model_fields)
        case ("models", _, "window"):
            return list(Window.model_fields)
        case ("profiles", _):
            return ["description", "models"]
    return list(_File.model_fields)


def _pair(name: str) -> tuple[str, str] | None:
    """The languages in "fr-en", or None where `name` has another form."""
    match = _PAIR.fullmatch(name)
    return None if match is None else (match[1], match[2])


def _unknown(what: str, name: str, known: Iterable[str]) -> UnknownModel:
    spelled = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(name.casefold(), list(spelled), n=1)
    hint = f"did you mean {spelled[close[0]]!r}?" if close else f"known: {', '.join(sorted(known)) or 'none'}"
    return UnknownModel(f"no {what} is called {name!r}; {hint}")
