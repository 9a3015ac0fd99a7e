"""How single settings may be written: sizes with units, places with ~, words in any case. Knows no setting by name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, NonNegativeInt

_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_UNITS |= {"kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}


def _size(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"(\d[\d_]*(?:\.\d+)?)\s*([a-z]*)", value.strip().lower(), re.ASCII)
    if match is None or match[2] not in _UNITS:
        raise ValueError("give bytes as a whole number, or with a unit: 268435456, 256MiB, 2 GB")
    return int(float(match[1].replace("_", "")) * _UNITS[match[2]])


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


def _not_empty(value: object) -> object:
    if value == "":
        raise ValueError("mustn't be empty")
    return value


def _expand(path: Path | None) -> Path | None:
    if path is None:
        return None
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError("there is no home directory to put for ~") from error


Lower = BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)
"""Words that are taken in any case."""

EmptyIsNone = BeforeValidator(_empty_is_none)
"""What is written as an empty value is switched off."""

Bytes = Annotated[NonNegativeInt, BeforeValidator(_size)]
"""A number of bytes: 268435456, 256MiB (powers of 1024), 2 GB (powers of 1000)."""

Place = Annotated[Path, BeforeValidator(_not_empty), AfterValidator(_expand)]
"""A path; ~ is the home directory."""

OptionalPlace = Annotated[Path | None, EmptyIsNone, AfterValidator(_expand)]
"""A path, or nothing when written as an empty value."""
