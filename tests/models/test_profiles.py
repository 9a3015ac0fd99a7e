"""The profile that serves is the best one that can translate, and the reason is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from service.core.errors import ModelDamaged, ModelNotInstalled, UnknownModel
from service.models import ModelStore, Profile, Specs, choose_profile
from tests.models.paper import BART, MARIAN
from tests.models.test_store import install

MODELS = {name: replace(MARIAN, id=name) for name in ("big", "small", "toy")} | {"sum": replace(BART, id="sum")}
SPECS = Specs(
    MODELS,
    {
        "newsroom": Profile("newsroom", ("big", "sum"), ""),
        "starter": Profile("starter", ("small",), ""),
        "demo": Profile("demo", ("toy",), ""),
        "house": Profile("house", ("small", "sum"), ""),
    },
)


@pytest.mark.parametrize(
    ("installed", "chosen", "reason"),
    [
        (["big", "sum", "small", "toy"], "newsroom", "all its models are here"),
        (["big", "small", "toy"], "newsroom", "summaries are extractive only, sum is not installed"),
        (["small", "sum", "toy"], "starter", "newsroom lacks big"),
        (["toy"], "demo", "newsroom lacks big, sum; starter lacks small"),
    ],
)
def test_auto_takes_the_best_that_can_translate(tmp_path: Path, installed: list[str], chosen: str, reason: str) -> None:
    store = ModelStore(tmp_path)
    for model_id in installed:
        install(store, "x", model_id)
    choice = choose_profile("auto", store, SPECS)
    assert choice.profile.name == chosen and reason in choice.reason


def test_auto_passes_over_profiles_that_do_not_exist(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    install(store, "x", "toy")
    without_starter = Specs(MODELS, {name: SPECS.profiles[name] for name in ("newsroom", "demo")})
    assert choose_profile("auto", store, without_starter).profile.name == "demo"


def test_auto_does_not_serve_toys_when_the_newsroom_is_damaged(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    for model_id in ("big", "sum", "toy"):
        install(store, "x", model_id)
    (store.get("big").snapshot_dir / "config.json").unlink()
    with pytest.raises(ModelDamaged, match="big is damaged"):
        choose_profile("auto", store, SPECS)


def test_a_profile_asked_for_must_be_able_to_translate(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    install(store, "x", "sum")
    with pytest.raises(ModelNotInstalled, match="'house' needs small"):
        choose_profile("house", store, SPECS)
    install(store, "x", "small")
    choice = choose_profile("house", store, SPECS)
    assert (choice.profile.name, "extractive only" in choice.reason) == ("house", False)


def test_a_profile_asked_for_serves_without_its_summarizer_and_says_so(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    install(store, "x", "small")
    assert "extractive only, sum is not installed" in choose_profile("house", store, SPECS).reason


def test_nothing_installed_and_unknown_names_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ModelNotInstalled, match="no profile is complete"):
        choose_profile("auto", ModelStore(tmp_path), SPECS)
    with pytest.raises(UnknownModel):
        choose_profile("newsroon", ModelStore(tmp_path), SPECS)
