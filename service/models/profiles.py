"""Chooses the profile that serves, by what is installed. Installs nothing.

The rule: a profile can serve when at least one of its translation models is installed. It then serves with what is
there, and says what is missing: of nine languages eight are worth more than none, and summaries are extractive where
their model is missing. A damaged model is no missing one: it is an error, for somebody counts on it.
"""

from __future__ import annotations

from typing import NamedTuple

from service.core.enums import Task
from service.core.errors import ModelNotInstalled
from service.models.spec import ModelSpec, Profile
from service.models.specs import Specs
from service.models.store import ModelStore

AUTO = "auto"
PREFERENCE = ("newsroom", "starter", "demo")
"""What "auto" tries, best first; names that aren't in the specs are passed over. Larger profiles are served to those
who ask for them: nobody's service should take on nine models because they were installed to be tried."""


class Choice(NamedTuple):
    """The profile that serves, and why, in one line for logs and terminals."""

    profile: Profile
    reason: str


def choose_profile(requested: str, store: ModelStore, specs: Specs) -> Choice:
    """The profile called `requested`, or for "auto" the best one that can serve.

    Raises UnknownModel; ModelNotInstalled naming what is missing; ModelDamaged, also for "auto": a newsroom whose
    model was damaged must not be given toys in silence.
    """
    if requested != AUTO:
        profile = specs.profile(requested)
        here = _Presence(profile, store, specs)
        if not here.can_serve:
            raise ModelNotInstalled(
                f"profile {profile.name!r} needs {_either(here.translators)}, not installed; "
                f"`depesche models pull {profile.name}` downloads, `depesche models import PATH` takes a local copy"
            )
        return Choice(profile, f"profile {profile.name!r}, as asked for{here.without}")
    passed: list[str] = []
    for name in PREFERENCE:
        if name not in specs.profiles:
            continue
        here = _Presence(specs.profiles[name], store, specs)
        if here.can_serve:
            why = "; ".join(passed) or ("its translator is here" if here.missing else "all its models are here")
            return Choice(specs.profiles[name], f"profile {name!r}: {why}{here.without}")
        passed.append(f"{name} lacks {', '.join(spec.id for spec in here.missing)}")
    raise ModelNotInstalled(
        f"no profile is complete: {'; '.join(passed)}; `depesche models pull newsroom` downloads one"
    )


class _Presence:
    """Which models of a profile are installed. Raises ModelDamaged."""

    def __init__(self, profile: Profile, store: ModelStore, specs: Specs) -> None:
        models = [specs.model(model_id) for model_id in profile.model_ids]
        self.missing = [spec for spec in models if not _installed(store, spec)]
        self.translators = [spec for spec in models if spec.task is Task.TRANSLATION]

    @property
    def can_serve(self) -> bool:
        return any(spec not in self.missing for spec in self.translators)

    @property
    def without(self) -> str:
        """What is missing, and what follows from that."""
        silent = [spec.id for spec in self.missing if spec.task is Task.TRANSLATION]
        extractive = [spec.id for spec in self.missing if spec.task is Task.SUMMARIZATION]
        return (f"; not installed: {', '.join(silent)}" if silent else "") + (
            f"; summaries are extractive only, {', '.join(extractive)} is not installed" if extractive else ""
        )


def _installed(store: ModelStore, spec: ModelSpec) -> bool:
    try:
        store.get(spec.id)
    except ModelNotInstalled:
        return False
    return True


def _either(specs: list[ModelSpec]) -> str:
    ids = ", ".join(spec.id for spec in specs) or "a translation model"
    return ids if len(specs) < 2 else f"one of {ids}"
