"""`python -m training.export`: joins the trained weights and makes the snapshot folder that the service imports."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import click

from training.card import CardFigures, card
from training.mixture import load_mixture
from training.model import build_model
from training.parts import join
from training.prepare import DEFAULT_MIXTURE
from training.recipe import ModelRecipe
from training.shards import SHARD, read_shard
from training.state import WEIGHTS
from training.tokenizer import MAX_POSITIONS, SNAPSHOT_FILES, Vocabulary


def export(weights: bytes, recipe: ModelRecipe, inputs: Path, out: Path, card_text: str) -> None:
    """Write a snapshot that both engines load. Raises ValueError when the weights don't fit recipe and vocabulary."""
    from safetensors.torch import load  # noqa: PLC0415  (loads torch)
    from transformers import GenerationConfig  # noqa: PLC0415  (seconds to import)

    vocabulary = Vocabulary.load(inputs)
    model = build_model(recipe, vocabulary, seed=0)
    tensors = load(weights)
    own = {name for name, p in model.named_parameters() if p.requires_grad} | {"final_logits_bias"}
    shapes = model.state_dict()
    if tensors.keys() != own or any(tensors[name].shape != shapes[name].shape for name in own):
        raise ValueError("the weights belong to another recipe or vocabulary")
    if bool(tensors["model.shared.weight"][vocabulary.pad].any()):
        raise ValueError("the embedding of <pad> isn't zero: the engines would disagree")
    model.load_state_dict(tensors, strict=False)
    model.tie_weights()
    out.mkdir(parents=True, exist_ok=True)
    model.generation_config = GenerationConfig(
        bad_words_ids=[[vocabulary.pad]],
        bos_token_id=vocabulary.end,
        decoder_start_token_id=vocabulary.pad,
        eos_token_id=vocabulary.end,
        forced_eos_token_id=vocabulary.end,
        max_length=MAX_POSITIONS,
        num_beams=4,
        pad_token_id=vocabulary.pad,
        renormalize_logits=True,
    )
    model.half().save_pretrained(out)
    # Half the bytes on disk, but CPUs compute in float32: the configuration asks for that.
    config: dict[str, Any] = json.loads((out / "config.json").read_text(encoding="utf-8"))
    config["dtype"] = "float32"
    (out / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    for name in SNAPSHOT_FILES:
        shutil.copyfile(inputs / name, out / name)
    (out / "README.md").write_text(card_text, encoding="utf-8")
    for path in out.iterdir():
        path.chmod(0o644)


@click.command()
@click.argument("trained", type=click.Path(exists=True, path_type=Path))
@click.option("--inputs", required=True, type=click.Path(exists=True, path_type=Path), help="What `pack` wrote.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The snapshot's folder.")
@click.option("--statistics", type=click.Path(exists=True, path_type=Path), help="`clean`'s statistics.json.")
@click.option("--scores", type=click.Path(exists=True, path_type=Path), help="`evaluate`'s --out, for the model card.")
@click.option("--mixture", type=click.Path(exists=True, path_type=Path), default=DEFAULT_MIXTURE)
@click.option("--name", default="starter-de-en", show_default=True)
def main(
    trained: Path, inputs: Path, out: Path, statistics: Path | None, scores: Path | None, mixture: Path, name: str
) -> None:
    """Make a snapshot of TRAINED, the --out of the last slice."""
    log = _read(trained / "log.json")
    figures = CardFigures(load_mixture(mixture), _read(statistics), log, _read(scores))
    try:
        weights = join(trained, WEIGHTS)
        longest = int(read_shard(inputs / SHARD).source_lengths.max())
        text = card(name, figures, max_positions=MAX_POSITIONS, longest=longest)
        export(weights, ModelRecipe(**log["recipe"]["model"]), inputs, out, text)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    size = sum(path.stat().st_size for path in out.iterdir())
    click.echo(f"{out}: {size / 1e6:.1f} MB; `depesche models import` takes this folder")


def _read(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value


if __name__ == "__main__":
    main()
