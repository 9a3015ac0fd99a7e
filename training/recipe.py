"""The recipe: sizes of the model and settings of its training, read from TOML. Paths and budgets are arguments."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

SCHEDULES = ("cosine", "inverse-sqrt", "linear")
OPTIMIZERS = ("adamw", "muon")
PRECISIONS = ("auto", "bfloat16")


@dataclass(frozen=True, slots=True)
class ModelRecipe:
    """A Marian encoder-decoder. Widths in dimensions; `activation` as transformers names it."""

    d_model: int = 384
    heads: int = 6
    ffn_dim: int = 1536
    encoder_layers: int = 10
    decoder_layers: int = 2
    dropout: float = 0.1
    activation: str = "relu"


@dataclass(frozen=True, slots=True)
class TrainingRecipe:
    """How the model is trained; recipe.toml says what each setting is for."""

    seed: int = 1
    batch_tokens: int = 50_000
    learning_rate: float = 1e-3
    warmup_steps: int = 1500
    schedule: str = "cosine"
    label_smoothing: float = 0.1
    betas: tuple[float, float] = (0.9, 0.98)
    weight_decay: float = 0.01
    clip_norm: float = 1.0
    average_decay: float = 0.9995
    focus: str = ""
    focus_factor: float = 1.0
    focus_from: float = 1.0
    optimizer: str = "adamw"
    precision: str = "auto"
    pad_to: int = 8
    lexical_start: bool = False
    guidance: float = 0.0
    guidance_until: float = 0.5

    def __post_init__(self) -> None:
        if self.schedule not in SCHEDULES:
            raise ValueError(f"schedule {self.schedule!r} is none of {', '.join(SCHEDULES)}")
        if self.optimizer not in OPTIMIZERS:
            raise ValueError(f"optimizer {self.optimizer!r} is none of {', '.join(OPTIMIZERS)}")
        if self.precision not in PRECISIONS:
            raise ValueError(f"precision {self.precision!r} is none of {', '.join(PRECISIONS)}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides about the result, but the data."""

    model: ModelRecipe = field(default_factory=ModelRecipe)
    training: TrainingRecipe = field(default_factory=TrainingRecipe)


_Part = TypeVar("_Part", ModelRecipe, TrainingRecipe)


def load_recipe(path: Path) -> Recipe:
    """Read a recipe; what it leaves out has the defaults above. Raises ValueError for settings that don't exist."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    unknown = table.keys() - {"model", "training"}
    if unknown:
        raise ValueError(f"{path.name} has unknown parts: {', '.join(sorted(unknown))}")
    return Recipe(_part(ModelRecipe, table.get("model", {})), _part(TrainingRecipe, table.get("training", {})))


def _part(kind: type[_Part], table: Mapping[str, Any]) -> _Part:
    unknown = table.keys() - {field.name for field in fields(kind)}
    if unknown:
        raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
    settings: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in table.items()
    }
    return kind(**settings)
