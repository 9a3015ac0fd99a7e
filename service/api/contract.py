"""Finds `openapi.yaml`, and narrows its requests to the languages that a deployment serves.

The file says what any deployment may take. What one of them refuses by its models (French, an abstract in German) its
own contract must not call a valid request, so the lines that begin with `# served:` give way to conditions, in JSON,
which YAML contains.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from service.core.enums import Task
from service.core.types import LanguagePair
from service.language.codes import spellings

_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / "openapi.yaml", _HERE.parent.parent / "openapi.yaml")
_MARK = "# served: {task}\n"
_AUTO = ("auto", "und")
_ABSTRACTS = "en"
_TARGET = "en"  # where a translation's request names none
Schema = dict[str, Any]


def contract_path() -> Path:
    """The file of the contract. Raises FileNotFoundError when the installation lacks it."""
    for place in _PLACES:
        if place.is_file():
            return place
    raise FileNotFoundError("openapi.yaml is missing from this installation")


def served_contract(contract: str, pairs: Sequence[LanguagePair], *, abstracts: bool) -> str:
    """`contract` for those who serve `pairs`; as it is where these aren't known yet.

    `abstracts`: a model that writes summaries is served.
    """
    if not pairs:
        return contract
    of_task = {task: [pair for pair in pairs if pair.task is task] for task in Task}
    conditions = {
        Task.TRANSLATION: _languages(of_task[Task.TRANSLATION], default=_TARGET),
        Task.SUMMARIZATION: [*_languages(of_task[Task.SUMMARIZATION], default=None), _abstracts(served=abstracts)],
    }
    for task, schemas in conditions.items():
        contract = contract.replace(_MARK.format(task=task), f"allOf: {json.dumps(schemas)}\n")
    return contract


def _languages(pairs: Iterable[LanguagePair], *, default: str | None) -> list[Schema]:
    """One condition for the targets, and one for each target's sources."""
    sources: dict[str, list[str]] = {}
    for pair in pairs:
        sources.setdefault(pair.target_lang, [pair.target_lang]).append(pair.source_lang)
    every = list(dict.fromkeys(language for found in sources.values() for language in found))
    named: Schema = {"required": ["target_lang"]} if default is not None and default not in sources else {}
    return [
        {**named, "properties": {"source_lang": _one_of(*_AUTO, *every), "target_lang": _one_of(*sources)}},
        *(
            {"if": _target_is(target, default), "then": {"properties": {"source_lang": _one_of(*_AUTO, *found)}}}
            for target, found in sources.items()
        ),
    ]


def _abstracts(*, served: bool) -> Schema:
    """The condition on `method`: written by a model they are in English, whatever the article is in."""
    if not served:
        return {"properties": {"method": {"enum": ["auto", "extractive"]}}}
    english = _one_of(_ABSTRACTS)
    return {
        "if": {"required": ["method"], "properties": {"method": {"const": "abstractive"}}},
        "then": {
            "properties": {"target_lang": english},
            "if": {"not": {"required": ["target_lang"], "properties": {"target_lang": {"type": "string"}}}},
            "then": {"properties": {"source_lang": _one_of(*_AUTO, _ABSTRACTS)}},
        },
    }


def _target_is(language: str, default: str | None) -> Schema:
    named: Schema = {
        "required": ["target_lang"],
        "properties": {"target_lang": {"type": "string", **_one_of(language)}},
    }
    return {"anyOf": [named, {"not": {"required": ["target_lang"]}}]} if language == default else named


def _one_of(*languages: str) -> Schema:
    """A code of one of `languages` in any spelling, with or without a region. Says nothing of what is no string."""
    codes = dict.fromkeys(code for language in languages for code in (*spellings(language), language))
    return {"pattern": f"^({'|'.join(map(_any_case, codes))})([-_][A-Za-z0-9]{{1,8}})*$"}


def _any_case(code: str) -> str:
    return "".join(f"[{letter}{letter.upper()}]" for letter in code)  # JSON Schema has no flag for it
