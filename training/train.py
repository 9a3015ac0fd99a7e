"""`python -m training.train`: one slice of training. Resumes from what the slice before left, and leaves the same."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import signal
import time
from pathlib import Path
from typing import Any

import click
import torch

from training import curve
from training.lexicon import Lexicon
from training.model import build_model, parameter_count, start_lexically
from training.muon import Muon
from training.parts import TOTAL_BYTES
from training.recipe import Recipe, load_recipe
from training.schedule import Budget
from training.shards import SHARD, Shard, read_shard
from training.state import (
    COMPACT,
    FULL,
    Progress,
    Training,
    load_compact,
    load_full,
    peek,
    save_compact,
    save_full,
    save_weights,
)
from training.tokenizer import Vocabulary
from training.trainer import Trainer
from training.validation import Validation

MOMENTUM = 0.95  # of Muon
LEXICON = "lexicon.pt"
DEFAULT_RECIPE = Path(__file__).with_name("recipe.toml")


def make_training(recipe: Recipe, vocabulary: Vocabulary, device: torch.device) -> Training:
    """A fresh model on the device, its optimizer, and a copy of the model for the moving average."""
    model = build_model(recipe.model, vocabulary, seed=recipe.training.seed).to(device)
    average = build_model(recipe.model, vocabulary, seed=recipe.training.seed).to(device).eval().requires_grad_(False)
    matrices = [p for p in model.parameters() if p.requires_grad and p.dim() > 1]
    vectors = [p for p in model.parameters() if p.requires_grad and p.dim() <= 1]
    decay = recipe.training.weight_decay
    groups: list[dict[str, Any]] = [{"params": vectors, "weight_decay": 0.0}]
    if recipe.training.optimizer == "muon":
        embedding = model.get_input_embeddings().weight
        inner = [p for p in matrices if p is not embedding]
        groups += [{"params": [embedding], "weight_decay": decay}]
        groups += [{"params": inner, "weight_decay": decay, "momentum": MOMENTUM}]
    else:
        groups.insert(0, {"params": matrices, "weight_decay": decay})
    optimizer = (Muon if recipe.training.optimizer == "muon" else torch.optim.AdamW)(
        groups,
        lr=recipe.training.learning_rate,
        betas=recipe.training.betas,
        eps=1e-9,
        fused=device.type == "cuda",
    )
    return Training(model, optimizer, average)


def resume(training: Training, work: Path, carried: Path) -> tuple[Progress, str]:
    """Load the later of the complete state in `work` and the compact one in `carried`; a tie goes to the complete one.

    Returns where training stands, and a word on what was found.
    """
    compact = peek(carried)
    full = work / FULL
    if full.exists():
        progress = load_full(full, training)
        if progress.step >= compact:
            return progress, f"resumed at step {progress.step} from the complete state"
    if compact >= 0:
        return load_compact(carried, training), f"resumed at step {compact} from the compact state"
    return Progress(), "a fresh start"


def make_lexicon(recipe: Recipe, shard: Shard, vocabulary: Vocabulary, work: Path) -> Lexicon | None:
    """The lexicon of the shard, where the recipe wants one. It takes minutes to learn, so `work` keeps it."""
    if not recipe.training.lexical_start and not recipe.training.guidance:
        return None
    if (work / LEXICON).exists():
        return Lexicon(torch.load(work / LEXICON, weights_only=True))
    lexicon = Lexicon.learn(shard, size=len(vocabulary), end=vocabulary.end, pad=vocabulary.pad)
    work.mkdir(parents=True, exist_ok=True)
    torch.save(lexicon.table, work / LEXICON)
    return lexicon


def compile_layers(model: Any) -> None:
    """Compile each layer, not the whole: equal layers share their code, so that it takes seconds, not minutes."""
    for layer in (*model.model.encoder.layers, *model.model.decoder.layers):
        layer.compile(dynamic=True)


def write_results(out: Path, trainer: Trainer, training: Training, summary: dict[str, Any]) -> None:
    """Write what leaves the machine: the compact state, or the final weights, and the log and the curve."""
    out.mkdir(parents=True, exist_ok=True)
    if trainer.finished:
        for old in out.glob(f"{COMPACT}.*"):
            old.unlink()
        save_weights(out, training)
    else:
        save_compact(out, training, trainer.progress)
    progress = dataclasses.asdict(trainer.progress)
    (out / "log.json").write_text(json.dumps({**summary, **progress}) + "\n", encoding="utf-8")
    (out / "curve.svg").write_text(curve.draw(trainer.progress.history, "starter-de-en"), encoding="utf-8")


@click.command()
@click.option("--inputs", required=True, type=click.Path(exists=True, path_type=Path), help="What `pack` wrote.")
@click.option(
    "--work", required=True, type=click.Path(path_type=Path), help="Folder for the complete state; may be lost."
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for what must leave the machine.")
@click.option("--carried", type=click.Path(path_type=Path), help="--out of the slice before, where --work is lost.")
@click.option("--recipe", type=click.Path(exists=True, path_type=Path), default=DEFAULT_RECIPE)
@click.option("--budget-seconds", type=float, help="Training time over all slices.")
@click.option("--budget-steps", type=int, help="Updates over all slices, instead of a time.")
@click.option("--slice-seconds", type=float, help="Training time of this slice; writing the state comes on top.")
@click.option("--slice-steps", type=int, help="Updates of this slice.")
@click.option("--device", default="auto", show_default=True, help="cuda, cpu or auto.")
@click.option("--compile/--no-compile", "compiled", default=False, show_default=True, help="torch.compile the layers.")
@click.option("--validate-seconds", default=120.0, show_default=True)
@click.option("--save-seconds", default=150.0, show_default=True)
@click.option("--log-steps", default=50, show_default=True)
def main(
    inputs: Path,
    work: Path,
    out: Path,
    carried: Path | None,
    recipe: Path,
    budget_seconds: float | None,
    budget_steps: int | None,
    slice_seconds: float | None,
    slice_steps: int | None,
    device: str,
    compiled: bool,
    validate_seconds: float,
    save_seconds: float,
    log_steps: int,
) -> None:
    """Train one slice. SIGTERM and SIGINT end it early, with its state written."""
    started = time.monotonic()
    try:
        budget, settings = Budget(budget_seconds, budget_steps), load_recipe(recipe)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    where = torch.device(("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device)
    if where.type == "cuda":
        torch.set_float32_matmul_precision("high")
    vocabulary = Vocabulary.load(inputs)
    training = make_training(settings, vocabulary, where)
    progress, found = resume(training, work, carried or out)
    shard = read_shard(inputs / SHARD)
    lexicon = make_lexicon(settings, shard, vocabulary, work)
    if lexicon is not None and settings.training.lexical_start and progress.step == 0:
        embeddings = lexicon.embeddings(shard, settings.model.d_model, settings.training.seed)
        for model in (training.model, training.average):
            start_lexically(model, embeddings)
    if compiled:
        compile_layers(training.model)
    dev = inputs / "dev.de", inputs / "dev.en"
    validation = Validation.read(*dev, vocabulary, where) if dev[0].exists() else None

    def validate(average: Any) -> dict[str, float]:
        if validation is None:
            return {}
        scores = validation.score(average, trainer.precision())
        return {"dev_loss": scores.loss, **({} if math.isnan(scores.bleu) else {"bleu": scores.bleu})}

    hardware = torch.cuda.get_device_name() if where.type == "cuda" else f"{torch.get_num_threads()} CPU cores"
    summary: dict[str, Any] = {
        "parameters": parameter_count(training.model),
        "hardware": hardware,
        "torch": torch.__version__,
        "recipe": dataclasses.asdict(settings),
        "budget_seconds": budget_seconds,
        "budget_steps": budget_steps,
    }

    if 2 * summary["parameters"] > TOTAL_BYTES - 2**20:
        click.echo(f"note: the state of this recipe doesn't fit {TOTAL_BYTES / 2**20:.0f} MiB")

    def save() -> None:
        save_full(work / FULL, training, trainer.progress)
        write_results(out, trainer, training, summary)

    trainer = Trainer(
        training,
        shard,
        settings.training,
        budget,
        progress,
        device=where,
        validate=validate,
        save=save,
        report=click.echo,
        validate_seconds=validate_seconds,
        save_seconds=save_seconds,
        log_steps=log_steps,
        lexicon=lexicon,
    )

    def stop(*_: object) -> None:
        trainer.stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(ValueError):  # not in the main thread, as in tests
            signal.signal(number, stop)
    click.echo(
        f"{found}; {summary['parameters']:,} parameters on {hardware}; ready in {time.monotonic() - started:.0f} s"
    )
    trainer.run(seconds=slice_seconds, steps=slice_steps)
    click.echo("finished: the weights are written" if trainer.finished else f"{trainer.share:.1%} of the budget used")


if __name__ == "__main__":
    main()
