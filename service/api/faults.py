"""Turns pydantic's validation errors into the contract's list of faults: JSON pointers and plain reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from service.api.schemas.common import MANY_TEXTS, ONE_TEXT

MOST_FAULTS = 100
"""How many faults one answer lists; a hostile body can have a hundred thousand."""

LONGEST_NAME = 200
"""Characters of a member's name that a pointer shows; a hostile name can be as long as the body."""

_REASONS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "is required",
    "model_type": lambda _: "must be a JSON object",
    "string_type": lambda _: "must be a string",
    "string_unicode": lambda _: "has an unpaired surrogate",
    "bool_type": lambda _: "must be true or false",
    "int_type": lambda _: "must be an integer",
    "literal_error": lambda ctx: f"must be {ctx['expected']}",
    "too_short": lambda ctx: f"must have at least {ctx['min_length']} text",
    "too_long": lambda ctx: f"has more than {ctx['max_length']} texts",
    "greater_than_equal": lambda ctx: f"must be {ctx['ge']} or more",
    "less_than_equal": lambda ctx: f"must be {ctx['le']} or less",
    "string_pattern_mismatch": lambda _: 'must be a BCP 47 language code such as "de" or "en-GB"',
    "string_too_long": lambda ctx: f"must have at most {ctx['max_length']} characters",
}


def pointer(location: Sequence[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a pydantic location, without the names of union branches.

    A name of more than LONGEST_NAME characters is cut, and ends with an ellipsis.
    """
    parts = (_short(str(part)) for part in location if part not in (ONE_TEXT, MANY_TEXTS))
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"


def without_most_strangers(value: Any, known: Sequence[str]) -> tuple[Any, int]:
    """`value` with at most MOST_FAULTS members that aren't `known`, and how many others were left out.

    A validator would make a fault of each before the list could be cut: 1.4 s for a body of 340,000 unknown members.
    """
    if not isinstance(value, dict) or len(value) <= len(known) + MOST_FAULTS:
        return value, 0
    strangers = [name for name in value if name not in known]
    kept = {name: value[name] for name in known if name in value}
    kept |= {name: value[name] for name in strangers[:MOST_FAULTS]}
    return kept, max(0, len(strangers) - MOST_FAULTS)


def _reason(error: ErrorDetails, known: Sequence[str]) -> str:
    if error["type"] == "extra_forbidden":
        return f"is not known here; known are {', '.join(known)}"
    reason = _REASONS.get(error["type"])
    return reason(error.get("ctx", {})) if reason else error["msg"]


def faults(error: ValidationError, known: Sequence[str]) -> list[dict[str, str]]:
    """Every fault as `{"pointer", "reason"}`, in pydantic's order. `known` names the members that are allowed.

    No reason repeats what was sent; a pointer does where the caller made up the member's name.
    """
    details = error.errors(include_url=False, include_input=False)
    return [{"pointer": pointer(each["loc"]), "reason": _reason(each, known)} for each in details]
