"""The learning rate over a budget, and the recipe it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.recipe import Recipe, TrainingRecipe, load_recipe
from training.schedule import Budget, learning_rate
from training.train import DEFAULT_RECIPE


@pytest.mark.parametrize("schedule", ["cosine", "inverse-sqrt", "linear"])
def test_the_rate_warms_up_to_its_peak_and_ends_near_zero(schedule: str) -> None:
    recipe = TrainingRecipe(schedule=schedule, learning_rate=1e-3, warmup_steps=100)
    budget = Budget(steps=2000)
    rates = [learning_rate(recipe, step, budget.progress(step, 0.0)) for step in range(2001)]
    assert rates[:99] == sorted(rates[:99])
    assert max(rates) == pytest.approx(1e-3, rel=0.06)
    assert rates[100:] == sorted(rates[100:], reverse=True)
    assert 0 < rates[-1] <= 1.01e-5


def test_a_budget_of_seconds_counts_seconds() -> None:
    assert Budget(seconds=100.0).progress(7, 25.0) == 0.25
    assert Budget(seconds=100.0).progress(7, 250.0) == 1.0


@pytest.mark.parametrize("arguments", [{}, {"seconds": 1.0, "steps": 1}])
def test_a_budget_is_of_one_kind(arguments: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="either"):
        Budget(**arguments)  # type: ignore[arg-type]


def test_the_committed_recipe_is_the_default_one_with_a_focus_on_news() -> None:
    recipe = load_recipe(DEFAULT_RECIPE)
    assert recipe.model == Recipe().model
    assert recipe.training.focus == "news"


@pytest.mark.parametrize("text", ["[model]\nlayers = 3\n", "[data]\n", '[training]\nschedule = "flat"\n'])
def test_settings_that_do_not_exist_are_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"unknown|none of"):
        load_recipe(tmp_path / "r.toml")


def test_the_recipe_for_cpus_can_be_read() -> None:
    recipe = load_recipe(DEFAULT_RECIPE.with_name("recipe-cpu.toml"))
    assert recipe.training.optimizer == "muon"
    assert recipe.model.d_model < load_recipe(DEFAULT_RECIPE).model.d_model


@pytest.mark.parametrize("setting", ["schedule", "optimizer", "precision"])
def test_an_unknown_choice_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="is none of"):
        TrainingRecipe(**{setting: "other"})  # type: ignore[arg-type]
