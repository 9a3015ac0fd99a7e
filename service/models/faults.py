"""What pydantic finds wrong with a file, in plain words: one line per fault, with the place and the reason.

Knows the kinds of pydantic's errors, and nothing of the files that are read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

Place = tuple[str, ...]
"""Keys from the root of a file to where something is wrong; positions in lists are left out."""

_WANTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "a string",
    "tuple_type": "a list of strings",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


def fault(reason: str, *keys: str) -> PydanticCustomError:
    """The error for a validator to raise; `keys` lead from what it validates to what is wrong."""
    # The reason comes by the context: pydantic takes braces in a template for holes, and users' values may have some.
    return PydanticCustomError("fault", "{reason}", {"reason": reason, "keys": keys})


def faults(error: ValidationError, known: Callable[[Place], Sequence[str]]) -> list[tuple[Place, str]]:
    """Place and reason of everything that `error` tells. `known(place)` are the keys that a table may have."""
    return [
        _fault(details, known)
        for details in error.errors(include_url=False)
        if details["type"] != "default_factory_not_called"  # follows from another fault, which is told
    ]


def _fault(details: ErrorDetails, known: Callable[[Place], Sequence[str]]) -> tuple[Place, str]:
    context = details.get("ctx", {})
    place = (*(part for part in details["loc"] if isinstance(part, str) and part != "[key]"), *context.get("keys", ()))
    if details["type"] == "extra_forbidden":
        others = ", ".join(sorted(known(place[:-1])))
        return place, f"unknown; known: {others}" if others else "unknown"
    return place, _reason(details["type"], details["input"], context, details["msg"])


def _reason(kind: str, value: Any, context: dict[str, Any], message: str) -> str:
    if kind in _WANTED:
        return f"must be {_WANTED[kind]}, not {value!r}"
    match kind:
        case "missing":
            return "missing"
        case "fault":
            return str(context["reason"])
        case "greater_than_equal":
            return f"{value} must be at least {context['ge']:g}"
        case "less_than_equal":
            return f"{value} must be at most {context['le']:g}"
        case "enum" | "literal_error":
            return f"{value!r} is not one of {context['expected'].replace(chr(39), '').replace(' or ', ', ')}"
        case "string_pattern_mismatch":
            return f"{value!r} has not the right form ({context['pattern']})"
    return f"{message}, not {value!r}"
