"""Reads the TOML of a spec file strictly: every fault names file, table and key. Knows nothing of the store."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.core.errors import InvalidModelSpec
from service.core.types import DecodingOptions
from service.models.spec import ModelSpec, Profile, Window

TASKS = ("translation", "summarization")
TIERS = ("production", "evaluation", "starter", "demo")
TOKENIZERS = ("marian", "byte_level_bpe")

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")  # ids become folder names
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_REVISION = re.compile(r"[\w][\w./-]*")
_REQUIRED: Any = object()


@dataclass(frozen=True, slots=True)
class Found:
    """What one file defines."""

    models: tuple[ModelSpec, ...]
    profiles: tuple[Profile, ...]


def parse(path: Path, data: Mapping[str, Any]) -> Found:
    """The models and profiles in `data`, which was read from `path`. Raises InvalidModelSpec."""
    top = _Table(path, "", data)
    models = tuple(_model(name, table) for name, table in top.tables("models"))
    profiles = tuple(_profile(name, table) for name, table in top.tables("profiles"))
    top.finish()
    return Found(models, profiles)


def check_profiles(path: Path, profiles: Iterable[Profile], models: Container[str]) -> None:
    """Raise InvalidModelSpec when a profile of `path` names a model that isn't among `models`."""
    for profile in profiles:
        for model_id in profile.model_ids:
            if model_id not in models:
                raise InvalidModelSpec(f"{path}: [profiles.{profile.name}] models: no model is called {model_id!r}")


class _Table:
    """One TOML table that knows where it stands and which of its keys were read."""

    def __init__(self, path: Path, name: str, data: Mapping[str, Any]) -> None:
        self._path, self._name, self._data = path, name, data
        self._read: set[str] = set()

    def fault(self, key: str, problem: str) -> InvalidModelSpec:
        place = f"[{self._name}] " if self._name else ""
        return InvalidModelSpec(f"{self._path}: {place}{key}: {problem}")

    def _take(self, key: str, default: Any, kinds: tuple[type, ...], kind_name: str) -> Any:
        self._read.add(key)
        if key not in self._data:
            if default is _REQUIRED:
                raise self.fault(key, "missing")
            return default
        value = self._data[key]
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise self.fault(key, f"must be {kind_name}, not {value!r}")
        return value

    def text(self, key: str, default: Any = _REQUIRED, *, form: re.Pattern[str] | None = None) -> str:
        value: str = self._take(key, default, (str,), "a string")
        if key in self._data:
            if not value.strip():
                raise self.fault(key, "is empty")
            if form is not None and not form.fullmatch(value):
                raise self.fault(key, f"{value!r} has not the right form ({form.pattern})")
        return value

    def choice(self, key: str, options: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in options:
            raise self.fault(key, f"{value!r} is not one of {', '.join(options)}")
        return value

    def integer(self, key: str, default: Any = _REQUIRED, *, minimum: int, maximum: int | None = None) -> int:
        value: int = self._take(key, default, (int,), "a whole number")
        if value < minimum or (maximum is not None and value > maximum):
            bounds = f"at least {minimum}" + (f" and at most {maximum}" if maximum is not None else "")
            raise self.fault(key, f"{value} must be {bounds}")
        return value

    def number(self, key: str, default: Any, *, minimum: float) -> Any:
        value = self._take(key, default, (int, float), "a number")
        if value is None:
            return None
        if not minimum <= value < float("inf"):
            raise self.fault(key, f"{value} must be at least {minimum:g}")
        return float(value)

    def texts(self, key: str, default: Any = _REQUIRED, *, form: re.Pattern[str] | None = None) -> tuple[str, ...]:
        value = self._take(key, default, (list, tuple), "a list of strings")
        if key not in self._data:
            return tuple(value)
        if default is _REQUIRED and not value:
            raise self.fault(key, "is empty")
        for item in value:
            if not isinstance(item, str) or not item or (form is not None and not form.fullmatch(item)):
                raise self.fault(key, f"{item!r} is not allowed here" + (f" ({form.pattern})" if form else ""))
        if len(set(value)) != len(value):
            raise self.fault(key, "names something twice")
        return tuple(value)

    def table(self, key: str) -> _Table | None:
        value = self._take(key, None, (dict,), "a table")
        return None if value is None else _Table(self._path, f"{self._name}.{key}", value)

    def tables(self, key: str) -> list[tuple[str, _Table]]:
        value = self._take(key, {}, (dict,), "a table")
        found = []
        for name, data in value.items():
            if not isinstance(data, dict):
                raise self.fault(f"{key}.{name}", "must be a table")
            found.append((name, _Table(self._path, f"{key}.{name}", data)))
        return found

    def finish(self) -> None:
        for key in self._data:
            if key not in self._read:
                raise self.fault(key, f"unknown; known: {', '.join(sorted(self._read))}")


def _model(name: str, table: _Table) -> ModelSpec:
    if not _NAME.fullmatch(name):
        raise table.fault("id", f"{name!r} has not the right form ({_NAME.pattern})")
    max_target = table.integer("max_target_tokens", minimum=1)
    max_source = table.integer("max_source_tokens", minimum=1)
    repository = table.text("repository", "", form=_REPOSITORY) or None
    spec = ModelSpec(
        id=name,
        task=table.choice("task", TASKS),
        source_languages=table.texts("source_languages", form=_LANGUAGE),
        target_languages=table.texts("target_languages", form=_LANGUAGE),
        tier=table.choice("tier", TIERS),
        tokenizer=table.choice("tokenizer", TOKENIZERS),
        licence=table.text("licence"),
        attribution=table.text("attribution"),
        max_source_tokens=max_source,
        max_target_tokens=max_target,
        repository=repository,
        revision=table.text("revision", form=_REVISION) if repository else table.text("revision", ""),
        revision_note=table.text("revision_note", ""),
        decoding=_decoding(table.table("decoding"), max_target),
        source_prefix=table.texts("source_prefix", ()),
        source_suffix=table.texts("source_suffix", ()),
        window=_window(table.table("window"), max_source),
    )
    table.finish()
    if repository and not spec.pinned and not spec.revision_note:
        raise table.fault("revision", f"{spec.revision!r} is no commit (40 hex digits): revision_note must say why")
    if spec.task == "summarization" and spec.window is None:
        raise table.fault("window", "missing; a summarizer needs one")
    return spec


def _decoding(table: _Table | None, max_target: int) -> DecodingOptions:
    plain = DecodingOptions()
    if table is None:
        return DecodingOptions(max_length=max_target)
    options = DecodingOptions(
        beam_size=table.integer("beam_size", plain.beam_size, minimum=1, maximum=32),
        length_penalty=table.number("length_penalty", plain.length_penalty, minimum=0),
        max_length=table.integer("max_length", max_target, minimum=1, maximum=max_target),
        max_length_factor=table.number("max_length_factor", None, minimum=0.1),
        max_length_margin=table.integer("max_length_margin", plain.max_length_margin, minimum=0),
        min_length=table.integer("min_length", plain.min_length, minimum=0, maximum=max_target),
        no_repeat_ngram_size=table.integer("no_repeat_ngram_size", plain.no_repeat_ngram_size, minimum=0),
        repetition_penalty=table.number("repetition_penalty", plain.repetition_penalty, minimum=0.1),
        target_prefix=table.texts("target_prefix", ()),
    )
    table.finish()
    if options.min_length > options.max_length:
        raise table.fault("min_length", f"{options.min_length} is more than max_length, {options.max_length}")
    return options


def _window(table: _Table | None, max_source: int) -> Window | None:
    if table is None:
        return None
    window = Window(
        source_tokens=table.integer("source_tokens", max_source, minimum=1, maximum=max_source),
        min_source_tokens=table.integer("min_source_tokens", 0, minimum=0, maximum=max_source),
    )
    table.finish()
    return window


def _profile(name: str, table: _Table) -> Profile:
    if not _NAME.fullmatch(name) or name == "auto":
        raise table.fault("name", f"{name!r} can't be the name of a profile")
    profile = Profile(name, table.texts("models", form=_NAME), table.text("description", ""))
    table.finish()
    return profile
