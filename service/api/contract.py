"""Finds `openapi.yaml`: packed into the wheel beside this file, or at the top of a source checkout."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / "openapi.yaml", _HERE.parent.parent / "openapi.yaml")


def contract_path() -> Path:
    """The file of the contract. Raises FileNotFoundError when the installation lacks it."""
    for place in _PLACES:
        if place.is_file():
            return place
    raise FileNotFoundError("openapi.yaml is missing from this installation")
