"""The check use case: what is to be said of translations, whoever made them. Changes none of them."""

from __future__ import annotations

import time
from collections.abc import Sequence

from service.core.errors import Cancelled, DeadlineExceeded
from service.core.ports import TextChecks
from service.core.router import Router
from service.core.types import CheckedPair, CheckResult, Finding, ModelInfo, RequestContext, Usage

Pair = tuple[str, str]

_LOOK_EVERY = 20
"""Pairs between two looks whether there is still time and somebody who waits."""


class Checker:
    """Checks pairs of source and target of any two languages; certainty comes where a model leads directly."""

    def __init__(self, *, checks: TextChecks, router: Router) -> None:
        self._checks = checks
        self._router = router

    def check(self, pairs: Sequence[Pair], source_lang: str, target_lang: str, context: RequestContext) -> CheckResult:
        """What there is to say about each (source, target), in order. Languages are primary codes.

        Raises NotReady, QueueFull, DeadlineUnreachable, TooMuchWork, DeadlineExceeded, Cancelled, InferenceFailed,
        ModelError.
        """
        route = self._router.find(source_lang, target_lang)
        certainties: dict[Pair, float] = {}
        models: tuple[ModelInfo, ...] = ()
        if route is not None and not route.pivot:
            [leg] = route.legs
            # First, because it is refused where there is no room for it.
            with leg.model.use(context) as loaded:
                if loaded.scorer is not None:
                    certainties = loaded.scorer.certainties(pairs, source_lang, target_lang, context)
            models = (leg.model.info,) if certainties else ()
        findings = self._findings(pairs, source_lang, target_lang, context)
        items = tuple(CheckedPair(findings[pair], certainties.get(pair)) for pair in pairs)
        return CheckResult(items, models, Usage(sum(len(a) + len(b) for a, b in pairs), len(items), 0))

    def _findings(
        self, pairs: Sequence[Pair], source_lang: str, target_lang: str, context: RequestContext
    ) -> dict[Pair, tuple[Finding, ...]]:
        check = self._checks.for_translation(source_lang, target_lang)
        found: dict[Pair, tuple[Finding, ...]] = {}
        for number, (source, target) in enumerate(dict.fromkeys(pairs)):
            if number % _LOOK_EVERY == 0:
                if time.monotonic() >= context.deadline:
                    raise DeadlineExceeded(context.allowed_seconds)
                if context.abandoned():
                    raise Cancelled("the caller has hung up")
            blank = not source.strip() and not target.strip()
            found[source, target] = () if blank else check(source, target, True)
        return found
