"""What to tell people about the models that serve, in one line, where these models aren't fit for publication."""

from __future__ import annotations

from collections.abc import Iterable

_CAUTIONS = {
    "starter": "the starter model is for evaluation, not for publication: its English has mistakes",
    "demo": "demo models know their small corpus by heart and are worthless outside it",
}


def cautions(tiers: Iterable[str]) -> list[str]:
    """One sentence for each of the tiers that needs one."""
    present = set(tiers)
    return [text for tier, text in _CAUTIONS.items() if tier in present]
