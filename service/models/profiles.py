"""Chooses the profile that serves, by what is installed. Installs nothing."""

from __future__ import annotations

from typing import NamedTuple

from service.core.errors import ModelNotInstalled
from service.models.spec import Profile
from service.models.specs import Specs
from service.models.store import ModelStore

AUTO = "auto"
PREFERENCE = ("newsroom", "starter", "demo")
"""What "auto" tries, best first; names that aren't in the specs are passed over."""

REQUIRED = "translation"
"""The task without which a profile can't serve. Summaries are extractive where their model is missing."""


class Choice(NamedTuple):
    """The profile that serves, and why, in one line for logs and terminals."""

    profile: Profile
    reason: str


def choose_profile(requested: str, store: ModelStore, specs: Specs) -> Choice:
    """The profile called `requested`, or for "auto" the best one of which the translation model is installed.

    Raises UnknownModel; ModelNotInstalled naming what is missing; ModelDamaged, also for "auto": a newsroom whose
    model was damaged must not be given toys in silence.
    """
    if requested != AUTO:
        profile = specs.profile(requested)
        required, others = _missing(profile, store, specs)
        if required:
            raise ModelNotInstalled(
                f"profile {profile.name!r} needs {', '.join(required)}, not installed; "
                f"`depesche models pull {profile.name}` downloads, `depesche models import PATH` takes a local copy"
            )
        return Choice(profile, f"profile {profile.name!r}, as asked for" + _without(others))
    passed: list[str] = []
    for name in PREFERENCE:
        if name not in specs.profiles:
            continue
        required, others = _missing(specs.profiles[name], store, specs)
        if not required:
            why = "; ".join(passed) or ("all its models are here" if not others else "its translator is here")
            return Choice(specs.profiles[name], f"profile {name!r}: {why}{_without(others)}")
        passed.append(f"{name} lacks {', '.join(required + others)}")
    raise ModelNotInstalled(
        f"no profile is complete: {'; '.join(passed)}; `depesche models pull newsroom` downloads one"
    )


def _without(others: list[str]) -> str:
    return f"; summaries are extractive only, {', '.join(others)} is not installed" if others else ""


def _missing(profile: Profile, store: ModelStore, specs: Specs) -> tuple[list[str], list[str]]:
    """Ids of the models that aren't installed: those that are required, and the others."""
    required: list[str] = []
    others: list[str] = []
    for model_id in profile.model_ids:
        try:
            store.get(model_id)
        except ModelNotInstalled:
            (required if specs.model(model_id).task == REQUIRED else others).append(model_id)
    return required, others
