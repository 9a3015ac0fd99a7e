"""Which model, or which two, lead from one language to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.core.enums import Task
from service.core.errors import UnsupportedLanguage
from service.core.models import ServedModel
from service.core.types import LanguagePair

PIVOT = "en"
"""The language by which two models are joined where none leads directly: most open models have it on one side."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One model's part of a route."""

    source_lang: str
    target_lang: str
    model: ServedModel


@dataclass(frozen=True, slots=True)
class Route:
    """From one language to another: one leg, or two that meet in `PIVOT`."""

    legs: tuple[Leg, ...]

    @property
    def pivot(self) -> bool:
        """Whether it goes by way of `PIVOT`."""
        return len(self.legs) > 1

    @property
    def writer(self) -> ServedModel:
        """The model whose words come out."""
        return self.legs[-1].model


class Router:
    """Knows the translation models of a profile; of several for one pair, the one named first serves."""

    def __init__(self, models: Sequence[ServedModel]) -> None:
        direct: dict[tuple[str, str], Route] = {}
        for model in models:
            for source, target in model.pairs:
                direct.setdefault((source, target), Route((Leg(source, target, model),)))
        into = [(source, route) for (source, target), route in direct.items() if target == PIVOT]
        out_of = [(target, route) for (source, target), route in direct.items() if source == PIVOT]
        by_pivot = {
            (source, target): Route((*first.legs, *second.legs))
            for source, first in into
            for target, second in out_of
            if source != target and (source, target) not in direct
        }
        self._routes = direct | by_pivot

    @property
    def pairs(self) -> list[LanguagePair]:
        """Every pair that can be asked for, direct ones first."""
        return [
            LanguagePair(source, target, Task.TRANSLATION, tuple(leg.model.id for leg in route.legs), route.pivot)
            for (source, target), route in self._routes.items()
        ]

    @property
    def languages(self) -> list[str]:
        """Every language on either side of a pair, each once."""
        return list(dict.fromkeys(language for pair in self._routes for language in pair))

    def sources_of(self, target: str) -> list[str]:
        """The languages from which `target` can be reached, in the profile's order."""
        return [source for source, reached in self._routes if reached == target]

    def find(self, source: str, target: str) -> Route | None:
        """The route between two languages, None where there is none."""
        return self._routes.get((source, target))

    def require(self, source: str, target: str) -> Route:
        """The same, or UnsupportedLanguage."""
        route = self.find(source, target)
        if route is None:
            raise self.unsupported(source, target)
        return route

    def unsupported(self, source: str, target: str) -> UnsupportedLanguage:
        """The error that says what is supported instead."""
        return UnsupportedLanguage(source, target, tuple(self._routes))
