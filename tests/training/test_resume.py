"""Slices: a run that is interrupted goes on as if it weren't, or nearly so from the compact state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.conftest import World
from training.parts import MAX_FILES, TOTAL_BYTES
from training.recipe import ModelRecipe, Recipe, load_recipe
from training.schedule import Budget
from training.shards import SHARD, Shard, read_shard
from training.state import FULL, Progress, Training, load_compact, load_full, peek, save_compact, save_full
from training.tokenizer import Vocabulary
from training.train import make_training, resume
from training.trainer import Trainer

CPU = torch.device("cpu")
STEPS = 24


class Bench:
    """Starts trainers on the same data and recipe."""

    def __init__(self, world: World) -> None:
        self.recipe: Recipe = load_recipe(world.recipe)
        self.vocabulary = Vocabulary.load(world.inputs)
        self.shard: Shard = read_shard(world.inputs / SHARD)

    def fresh(self) -> Training:
        return make_training(self.recipe, self.vocabulary, CPU)

    def trainer(self, training: Training, progress: Progress, **options: Any) -> Trainer:
        budget = options.pop("budget", Budget(steps=STEPS))
        return Trainer(training, self.shard, self.recipe.training, budget, progress, device=CPU, log_steps=1, **options)


@pytest.fixture(scope="module")
def bench(world: World) -> Bench:
    return Bench(world)


@pytest.fixture(scope="module")
def uninterrupted(bench: Bench) -> tuple[list[float], Training]:
    training = bench.fresh()
    trainer = bench.trainer(training, Progress())
    trainer.run()
    assert trainer.finished
    return losses(trainer), training


def losses(trainer: Trainer) -> list[float]:
    return [record["loss"] for record in trainer.progress.history]


def test_training_learns(uninterrupted: tuple[list[float], Training]) -> None:
    curve, _ = uninterrupted
    assert len(curve) == STEPS
    assert curve[-1] < curve[0] - 0.7


def test_resuming_from_the_complete_state_gives_the_same_curve(
    bench: Bench, uninterrupted: tuple[list[float], Training], tmp_path: Path
) -> None:
    """Bit for bit: dropout, optimizer, order of the batches and average all go on where they stood."""
    first = bench.trainer(bench.fresh(), Progress())
    first.run(steps=9)
    save_full(tmp_path / FULL, first._training, first.progress)
    torch.manual_seed(12345)
    training = bench.fresh()
    second = bench.trainer(training, load_full(tmp_path / FULL, training))
    second.run()
    curve, expected = uninterrupted
    assert losses(second) == curve
    for name, tensor in expected.average.state_dict().items():
        assert torch.equal(training.average.state_dict()[name], tensor), name


def test_resuming_from_the_compact_state_goes_on_nearly_where_it_stood(
    bench: Bench, uninterrupted: tuple[list[float], Training], tmp_path: Path
) -> None:
    first = bench.trainer(bench.fresh(), Progress())
    first.run(steps=16)
    save_compact(tmp_path, first._training, first.progress)
    training = bench.fresh()
    progress = load_compact(tmp_path, training)
    for name, parameter in training.parameters().items():
        original = first._training.parameters()[name]
        assert torch.allclose(parameter, original, rtol=2**-11, atol=1e-7), name
    second = bench.trainer(training, progress)
    second.run()
    curve, _ = uninterrupted
    assert second.progress.step == STEPS
    assert losses(second)[-1] == pytest.approx(curve[-1], abs=0.15)
    assert losses(second)[16] == pytest.approx(curve[16], abs=0.1)


def test_the_later_state_wins(bench: Bench, tmp_path: Path) -> None:
    work, carried = tmp_path / "work", tmp_path / "carried"
    trainer = bench.trainer(bench.fresh(), Progress())
    assert resume(bench.fresh(), work, carried)[1] == "a fresh start"
    trainer.run(steps=1)
    save_full(work / FULL, trainer._training, trainer.progress)
    trainer.run(steps=1)
    save_compact(carried, trainer._training, trainer.progress)
    assert "step 2 from the compact" in resume(bench.fresh(), work, carried)[1]
    save_full(work / FULL, trainer._training, trainer.progress)
    assert "step 2 from the complete" in resume(bench.fresh(), work, carried)[1]


def test_a_compact_state_of_another_model_is_refused(bench: Bench, world: World, tmp_path: Path) -> None:
    trainer = bench.trainer(bench.fresh(), Progress())
    trainer.run(steps=1)
    save_compact(tmp_path, trainer._training, trainer.progress)
    deeper = Recipe(ModelRecipe(d_model=32, heads=2, ffn_dim=64, encoder_layers=3, decoder_layers=1))
    with pytest.raises(ValueError, match="another model"):
        load_compact(tmp_path, make_training(deeper, bench.vocabulary, CPU))
    assert peek(tmp_path / "nowhere") == -1


def test_the_compact_state_of_the_committed_recipe_fits_what_may_be_carried() -> None:
    """Two bytes a weight, some for rows and columns; three more files are the index, the log and the curve."""
    from training.parts import PART_BYTES
    from training.train import DEFAULT_RECIPE

    model = load_recipe(DEFAULT_RECIPE).model
    width, inner = model.d_model, model.ffn_dim
    attention, feed_forward = 4 * width * width, 2 * width * inner
    layers = model.encoder_layers * (attention + feed_forward) + model.decoder_layers * (2 * attention + feed_forward)
    size = 2 * (16384 * width + layers) * 1.01
    assert size < TOTAL_BYTES - 2**20
    assert -(-size // PART_BYTES) + 3 <= MAX_FILES


def test_a_slice_ends_on_time_and_when_it_is_told_to(bench: Bench) -> None:
    ticks = iter(range(10_000))
    trainer = bench.trainer(
        bench.fresh(), Progress(), budget=Budget(seconds=1e6), clock=lambda: float(next(ticks)), validate_seconds=1e9
    )
    trainer.run(seconds=20)
    assert 0 < trainer.progress.step < 20
    assert not trainer.finished
    before = trainer.progress.step
    trainer.stopping = True
    trainer.run()
    assert trainer.progress.step == before


def test_a_diverged_run_stops_with_an_error(bench: Bench) -> None:
    training = bench.fresh()
    with torch.no_grad():
        next(iter(training.parameters().values())).fill_(torch.nan)
    with pytest.raises(FloatingPointError, match="learning rate"):
        bench.trainer(training, Progress()).run()


def test_news_is_raised_towards_the_end(bench: Bench) -> None:
    import dataclasses

    settings = dataclasses.replace(bench.recipe.training, focus="news", focus_factor=4.0, focus_from=0.5)
    progress = Progress(step=12, epoch=3, batch=10**6)
    trainer = Trainer(bench.fresh(), bench.shard, settings, Budget(steps=STEPS), progress, device=CPU)
    trainer.run(steps=1)
    assert progress.focused
    news = bench.shard.origin_of == [o.name for o in bench.shard.origins].index("news:ref")
    seen = [i for plan in trainer._plans for i in plan.pairs.tolist()]
    assert sum(bool(news[i]) for i in seen) == 8 * news.sum()
