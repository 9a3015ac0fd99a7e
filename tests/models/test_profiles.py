"""The profile that serves is the best one that can translate, and the reason is told."""

from pathlib import Path

import pytest

from service.core.errors import ModelDamaged, ModelNotInstalled, UnknownModel
from service.models import ModelStore, Profile, Specs, choose_profile
from tests.models.paper import BART, MARIAN, like
from tests.models.test_store import install

MODELS = {name: like(MARIAN, id=name) for name in ("big", "small", "toy")} | {"sum": like(BART, id="sum")}
SPECS = Specs(
    MODELS,
    {
        "newsroom": Profile(name="newsroom", models=("big", "sum")),
        "starter": Profile(name="starter", models=("small",)),
        "demo": Profile(name="demo", models=("toy",)),
        "house": Profile(name="house", models=("small", "sum")),
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


FRENCH, MANY = (
    like(MARIAN, id=name, source_languages=codes) for name, codes in (("fr", ("fr",)), ("many", ("es", "pt")))
)
EUROPE = Specs(
    MODELS | {"fr": FRENCH, "many": MANY},
    {**SPECS.profiles, "europe": Profile(name="europe", models=("big", "fr", "many", "sum"))},
)


def test_a_profile_of_many_serves_what_is_there_and_says_what_is_not(tmp_path: Path) -> None:
    """Two of three languages are worth more than an error."""
    store = ModelStore(tmp_path)
    install(store, "x", "sum")
    with pytest.raises(ModelNotInstalled, match="'europe' needs one of big, fr, many, not installed"):
        choose_profile("europe", store, EUROPE)
    install(store, "x", "many")
    choice = choose_profile("europe", store, EUROPE)
    assert (choice.profile.name, choice.reason) == (
        "europe",
        "profile 'europe', as asked for; not installed: big, fr",
    )
    install(store, "x", "big")
    install(store, "x", "fr")
    store.remove("sum")
    assert choose_profile("europe", store, EUROPE).reason.endswith(
        "; summaries are extractive only, sum is not installed"
    )


def test_a_damaged_model_is_an_error_where_others_could_serve(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    for model_id in ("fr", "many"):
        install(store, "x", model_id)
    (store.get("many").snapshot_dir / "config.json").unlink()
    with pytest.raises(ModelDamaged, match="many is damaged"):
        choose_profile("europe", store, EUROPE)


def test_auto_never_chooses_a_profile_of_many_by_itself(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    for model_id in ("fr", "many", "toy"):
        install(store, "x", model_id)
    assert choose_profile("auto", store, EUROPE).profile.name == "demo"


def test_nothing_installed_and_unknown_names_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ModelNotInstalled, match="no profile is complete"):
        choose_profile("auto", ModelStore(tmp_path), SPECS)
    with pytest.raises(UnknownModel):
        choose_profile("newsroon", ModelStore(tmp_path), SPECS)
