"""The state between slices, in two forms: complete on the machine's own disk, compact for carrying away.

Complete: float32 weights, both Adam moments, the average, the random generators. Resuming from it changes nothing.

Compact: what fits 60 MiB for 29 million parameters, about 2 bytes each. Weights in float16 (11 bits of precision; they
all lie well inside its range), second moments as means of their rows and columns (Shazeer and Stern 2018,
arXiv:1804.04235), no first moment, no average. After resuming, Adam's first moment grows back within some 1 / (1 - b1)
updates, which acts as a short warm-up, and the average starts anew from the weights. README.md has what that costs.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors

from training.parts import join, split

FULL, COMPACT, WEIGHTS = "full.pt", "state", "weights"


@dataclass(slots=True)
class Progress:
    """Where training stands. `batch` counts within the epoch; `history` is what the curve shows."""

    step: int = 0
    seconds: float = 0.0
    epoch: int = 0
    batch: int = 0
    focused: bool = False
    average_updates: int = 0
    target_tokens: int = 0
    history: list[dict[str, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """What has a state: the model, its optimizer and its moving average."""

    model: Any
    optimizer: torch.optim.Optimizer
    average: Any

    def parameters(self) -> dict[str, torch.Tensor]:
        """Trained parameters by name, tied ones once."""
        return {name: p for name, p in self.model.named_parameters() if p.requires_grad}


def save_full(path: Path, training: Training, progress: Progress) -> None:
    """Write the complete state; a crash leaves the old one in place."""
    cuda = torch.cuda.get_rng_state() if torch.cuda.is_available() else None
    state = {
        "progress": asdict(progress),
        "model": training.model.state_dict(),
        "optimizer": training.optimizer.state_dict(),
        "average": training.average.state_dict(),
        "random": torch.get_rng_state(),
        "random_cuda": cuda,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    torch.save(state, temporary)
    temporary.replace(path)


def load_full(path: Path, training: Training) -> Progress:
    """Bring `training` to a state that `save_full` wrote. Raises what torch raises for damaged files."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    training.model.load_state_dict(state["model"])
    training.optimizer.load_state_dict(state["optimizer"])
    training.average.load_state_dict(state["average"])
    torch.set_rng_state(state["random"])
    if state["random_cuda"] is not None and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["random_cuda"])
    return Progress(**state["progress"])


def save_compact(folder: Path, training: Training, progress: Progress) -> list[Path]:
    """Write the compact state in parts; returns their paths."""
    tensors: dict[str, torch.Tensor] = {}
    for name, parameter in training.parameters().items():
        tensors[f"w.{name}"] = parameter.detach().to("cpu", torch.float16).contiguous()
        moments = training.optimizer.state.get(parameter)
        if moments and "exp_avg_sq" in moments:
            second = moments["exp_avg_sq"]
            if second.dim() == 2:
                tensors[f"r.{name}"] = second.mean(dim=1).cpu()
                tensors[f"c.{name}"] = second.mean(dim=0).cpu()
            else:
                tensors[f"v.{name}"] = second.cpu().clone()
    folder.mkdir(parents=True, exist_ok=True)
    return split(save_tensors(tensors, {"progress": json.dumps(asdict(progress))}), folder, COMPACT)


def load_compact(folder: Path, training: Training) -> Progress:
    """Bring `training` near to a state that `save_compact` wrote.

    Raises FileNotFoundError when there is none, ValueError when it is damaged or of another model.
    """
    data = join(folder, COMPACT)
    tensors = load_tensors(data)
    progress = Progress(**json.loads(_metadata(data)["progress"]))
    parameters = training.parameters()
    if {name.removeprefix("w.") for name in tensors if name.startswith("w.")} != parameters.keys():
        raise ValueError("the state belongs to another model")
    fused = bool(training.optimizer.defaults.get("fused"))  # such an optimizer counts its steps on the device
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(tensors[f"w.{name}"])
            second = _second_moment(tensors, name)
            if second is not None:
                training.optimizer.state[parameter] = {
                    "step": torch.tensor(float(progress.step), device=parameter.device if fused else "cpu"),
                    "exp_avg": torch.zeros_like(parameter),
                    "exp_avg_sq": second.to(parameter.device, parameter.dtype),
                }
    training.average.load_state_dict(training.model.state_dict())
    progress.average_updates = 0
    torch.manual_seed(progress.step)
    return progress


def peek(folder: Path) -> int:
    """The update at which the compact state in `folder` was saved, or -1 when there is none that can be read."""
    try:
        return int(json.loads(_metadata(join(folder, COMPACT))["progress"])["step"])
    except (OSError, ValueError, KeyError):
        return -1


def save_weights(folder: Path, training: Training) -> list[Path]:
    """Write the average as the weights of a snapshot, float16 safetensors, in parts; returns their paths.

    It holds what transformers stores for a Marian model: static positions and tied weights are made when loading.
    """
    stored = {*training.parameters(), "final_logits_bias"}
    tensors = {
        name: tensor.detach().to("cpu", torch.float16).contiguous()
        for name, tensor in training.average.state_dict().items()
        if name in stored
    }
    folder.mkdir(parents=True, exist_ok=True)
    return split(save_tensors(tensors, {"format": "pt"}), folder, WEIGHTS)


def _second_moment(tensors: dict[str, torch.Tensor], name: str) -> torch.Tensor | None:
    if f"v.{name}" in tensors:
        return tensors[f"v.{name}"].clone()
    if f"r.{name}" not in tensors:
        return None
    rows, columns = tensors[f"r.{name}"], tensors[f"c.{name}"]
    return torch.outer(rows, columns) / rows.mean().clamp_min(1e-30)


def _metadata(data: bytes) -> dict[str, str]:
    """The metadata in a safetensors file's header (8 bytes of length, then JSON)."""
    length = int.from_bytes(data[:8], "little")
    metadata: dict[str, str] = json.loads(data[8 : 8 + length])["__metadata__"]
    return metadata
