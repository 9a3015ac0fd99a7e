"""The learning rate as a function of the updates made and of the share of the budget that is used up."""

from __future__ import annotations

import math
from dataclasses import dataclass

from training.recipe import TrainingRecipe

_FLOOR = 0.01  # of the peak: the rate never gets quite to zero before the budget does
_COOLDOWN = 0.2


@dataclass(frozen=True, slots=True)
class Budget:
    """All the training there will be, over all slices: seconds on the clock, or updates. One of them is given.

    Updates make a run that can be repeated exactly; seconds make one that ends in time.
    """

    seconds: float | None = None
    steps: int | None = None

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.steps is None):
            raise ValueError("a budget is either seconds or steps")

    def progress(self, step: int, seconds: float) -> float:
        """The share that is used up after `step` updates and `seconds` of training, from 0 to 1."""
        used = step / self.steps if self.steps is not None else seconds / (self.seconds or math.inf)
        return min(1.0, used)


def learning_rate(recipe: TrainingRecipe, step: int, progress: float) -> float:
    """The rate for update number `step` (from 0). Warms up linearly, then follows the recipe's schedule.

    Cosine: Loshchilov and Hutter 2017 (arXiv:1608.03983), one cycle. Inverse square root: Vaswani et al. 2017
    (arXiv:1706.03762), with a linear cool-down over the last fifth of the budget. Linear: straight to zero.
    """
    warm = min(1.0, (step + 1) / max(1, recipe.warmup_steps))
    if recipe.schedule == "cosine":
        factor = 0.5 * (1 + math.cos(math.pi * progress))
    elif recipe.schedule == "linear":
        factor = 1 - progress
    else:
        factor = math.sqrt(recipe.warmup_steps / max(recipe.warmup_steps, step + 1))
        factor *= min(1.0, (1 - progress) / _COOLDOWN)
    return recipe.learning_rate * warm * max(_FLOOR, factor)
