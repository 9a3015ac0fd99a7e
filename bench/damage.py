"""What a damage is to those who do it to translations and count how often it is noticed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Pair = tuple[str, str]
"""(source, target)."""
Damage = Callable[[str, str, random.Random], str | None]
"""(source, target, dice) -> the damaged target, or None where it doesn't apply."""


def edit(pattern: re.Pattern[str], change: Callable[[str, random.Random], str | None]) -> Damage:
    """Changes one match of `pattern` in the target, chosen by the dice, into what `change` gives for its text."""

    def damage(source: str, target: str, dice: random.Random) -> str | None:
        del source
        if not (matches := list(pattern.finditer(target))):
            return None
        match = dice.choice(matches)
        changed = change(match.group(), dice)
        return None if changed is None else target[: match.start()] + changed + target[match.end() :]

    return damage
