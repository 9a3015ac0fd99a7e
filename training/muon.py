"""Muon for matrices, AdamW for everything else, as one optimizer with one state. For few updates on little data."""

from __future__ import annotations

import math
from typing import Any

import torch

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_ITERATIONS = 5


class Muon(torch.optim.AdamW):  # type: ignore[misc]
    """AdamW, but groups with a `momentum` are updated by the orthogonalized momentum of each matrix.

    Jordan et al. 2024 (kellerjordan.github.io/posts/muon), Nesterov's form. An update is scaled to the size that one of
    AdamW's has, 0.2 root mean square (Liu et al. 2025, arXiv:2502.16982), so that both take one learning rate.
    """

    def step(self, closure: Any = None) -> Any:
        """One update. Takes away the gradients of the matrices, so that AdamW passes them over."""
        with torch.no_grad():
            for group in self.param_groups:
                if "momentum" in group:
                    for matrix in group["params"]:
                        self._update(matrix, group)
        return super().step(closure)

    def _update(self, matrix: torch.Tensor, group: dict[str, Any]) -> None:
        gradient = matrix.grad
        if gradient is None:
            return
        state = self.state[matrix]
        if not state:
            state.update(step=torch.tensor(0.0), momentum=torch.zeros_like(matrix))
        state["step"] += 1
        state["momentum"].lerp_(gradient, 1 - group["momentum"])
        direction = orthogonalize(gradient.lerp(state["momentum"], group["momentum"]))
        matrix.mul_(1 - group["lr"] * group["weight_decay"])
        matrix.add_(direction, alpha=-0.2 * math.sqrt(max(matrix.shape)) * group["lr"])
        matrix.grad = None


def orthogonalize(matrix: torch.Tensor) -> torch.Tensor:
    """About U V' of the singular value decomposition U S V', by five Newton-Schulz iterations in bfloat16.

    The singular values of what comes out lie between some 0.7 and 1.2: good enough, and cheap.
    """
    a, b, c = _COEFFICIENTS
    tall = matrix.shape[0] > matrix.shape[1]
    x = (matrix.T if tall else matrix).bfloat16()
    x = x / (x.norm() + 1e-7)
    for _ in range(_ITERATIONS):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return (x.T if tall else x).to(matrix.dtype)
