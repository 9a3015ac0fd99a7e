"""Makes checks of pairs for which there must be one."""

from __future__ import annotations

from service.checks.finder import Finder
from service.checks.registry import Factory


def made(factory: Factory, source_lang: str, target_lang: str) -> Finder:
    """The check of a pair; fails where there is none."""
    found = factory(source_lang, target_lang)
    assert found is not None
    return found
