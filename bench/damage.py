"""What a damage is to those who do it to translations and count how often it is noticed."""

from __future__ import annotations

import random
from collections.abc import Callable

Pair = tuple[str, str]
"""(source, target)."""
Damage = Callable[[str, str, random.Random], str | None]
"""(source, target, dice) -> the damaged target, or None where it doesn't apply."""
