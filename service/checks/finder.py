"""What every check of a translation is to those who call it, once it is made for a pair of languages."""

from __future__ import annotations

from collections.abc import Callable

from service.core.types import Finding

Finder = Callable[[str, str], list[Finding]]
"""(source, target) -> findings, with half-open spans of code points in the two texts."""
