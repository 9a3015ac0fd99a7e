"""The training loop: one update after another until a slice or the whole budget is used up. Reads and writes no files.

What is to happen at intervals (a line of progress, validation, saving) comes in as callables.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch

from training.batching import Batch, DeviceData, Plan, plan_epoch
from training.lexicon import Lexicon, attention_loss
from training.model import CrossAttention, cross_entropy, logits
from training.recipe import TrainingRecipe
from training.schedule import Budget, learning_rate
from training.shards import Shard
from training.state import Progress, Training

Clock = Callable[[], float]


class Trainer:
    """Trains `training.model` on `shard`, starting from `progress`, which it keeps up to date.

    `validate` is given the moving average and returns figures for the history; `save` writes the state. They are
    called every `validate_seconds` and `save_seconds`. `report` gets every line of progress, every `log_steps`.
    """

    def __init__(
        self,
        training: Training,
        shard: Shard,
        recipe: TrainingRecipe,
        budget: Budget,
        progress: Progress,
        *,
        device: torch.device,
        validate: Callable[[Any], dict[str, float]] = lambda average: {},
        save: Callable[[], None] = lambda: None,
        report: Callable[[str], None] = lambda line: None,
        validate_seconds: float = 120.0,
        save_seconds: float = 120.0,
        log_steps: int = 50,
        lexicon: Lexicon | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        config = training.model.config
        self._training, self._shard, self._recipe, self._budget = training, shard, recipe, budget
        self.progress = progress
        self._device = device
        self._data = DeviceData(shard, end=config.eos_token_id, pad=config.pad_token_id, device=device)
        self._validate, self._save, self._report = validate, save, report
        self._validate_seconds, self._save_seconds, self._log_steps = validate_seconds, save_seconds, log_steps
        self._clock = clock
        self._lexicon = Lexicon(lexicon.table.to(device)) if lexicon is not None else None
        self._attention = CrossAttention(training.model) if lexicon is not None else None
        self._plans: list[Plan] = []
        self._parameters = list(training.parameters().values())
        averaged = dict(training.average.named_parameters())
        self._averaged = [averaged[name] for name in training.parameters()]
        self.stopping = False

    def precision(self) -> AbstractContextManager[Any]:
        """bfloat16 for matrix products on a GPU or by the recipe, else float32. The weights are float32 in both."""
        if self._device.type == "cuda" or self._recipe.precision == "bfloat16":
            cast: AbstractContextManager[Any] = torch.autocast(self._device.type, dtype=torch.bfloat16)
            return cast
        return nullcontext()

    @property
    def share(self) -> float:
        """The share of the budget that is used up, 0 to 1."""
        return self._budget.progress(self.progress.step, self.progress.seconds)

    @property
    def finished(self) -> bool:
        """Whether the budget is used up."""
        return self.share >= 1.0

    def run(self, *, seconds: float | None = None, steps: int | None = None) -> None:
        """Train until the budget is used up, or `seconds` or `steps` of this slice are, or `stopping` is set.

        Ends with a validation and a save, whose time comes on top. Raises FloatingPointError when the loss diverges.
        """
        progress = self.progress
        begin, before = self._clock(), progress.seconds
        last_step = None if steps is None else progress.step + steps
        validated = saved = logged = begin
        total = torch.zeros((), device=self._device)
        logged_step, logged_tokens = progress.step, progress.target_tokens
        while not self.finished and not self.stopping and progress.step != last_step:
            if seconds is not None and self._clock() - begin >= seconds:
                break
            total += self._update(self._next_plan())
            now = self._clock()
            if progress.step % self._log_steps == 0:
                mean = float(total) / (
                    progress.step - logged_step
                )  # waits for the device, so that clocks tell the truth
                now = self._clock()
                self._log(mean, (progress.target_tokens - logged_tokens) / max(now - logged, 1e-9))
                total.zero_()
                logged, logged_step, logged_tokens = now, progress.step, progress.target_tokens
            progress.seconds = before + now - begin
            if now - validated >= self._validate_seconds:
                self._record()
                validated = self._clock()
            if now - saved >= self._save_seconds:
                self._save()
                saved = self._clock()
        self._record()
        self._save()

    def _update(self, plan: Plan) -> torch.Tensor:
        """One update of the weights; returns the loss, still on the device."""
        progress, recipe = self.progress, self._recipe
        rate = learning_rate(recipe, progress.step, self.share)
        for group in self._training.optimizer.param_groups:
            group["lr"] = rate
        self._training.model.train()
        with self.precision():
            batch = self._data.build(plan)
            value = cross_entropy(logits(self._training.model, batch), batch, recipe.label_smoothing)
            guided = value + self._guidance(batch)
        guided.backward()
        torch.nn.utils.clip_grad_norm_(self._parameters, recipe.clip_norm)
        self._training.optimizer.step()
        self._training.optimizer.zero_grad(set_to_none=True)
        self._move_average()
        progress.step += 1
        progress.batch += 1
        progress.target_tokens += plan.target_tokens
        return value.detach()

    def _guidance(self, batch: Batch) -> torch.Tensor | float:
        """What cross-attention is fined for looking elsewhere than the lexicon; less and less, then nothing."""
        weight = self._recipe.guidance * max(0.0, 1 - self.share / self._recipe.guidance_until)
        if self._lexicon is None or self._attention is None or weight == 0.0:
            return 0.0
        weights = self._attention.weights(batch)
        return weight * attention_loss(weights, self._lexicon.align(batch), batch.target_tokens)

    def _move_average(self) -> None:
        """An exponential average that leans on recent weights while it is young, as TensorFlow's `num_updates` does."""
        young = (1 + self.progress.average_updates) / (10 + self.progress.average_updates)
        with torch.no_grad():
            torch._foreach_lerp_(self._averaged, self._parameters, 1 - min(self._recipe.average_decay, young))
        self.progress.average_updates += 1

    def _next_plan(self) -> Plan:
        progress = self.progress
        if not self._plans:
            self._plans = self._plan()
        if progress.batch >= len(self._plans):
            progress.epoch, progress.batch = progress.epoch + 1, 0
            progress.focused = self.share >= self._recipe.focus_from
            self._plans = self._plan()
        return self._plans[progress.batch]

    def _plan(self) -> list[Plan]:
        """The epoch's batches, from the seed, the epoch and whether it is focused alone: a resumed run has the same."""
        weights, recipe = self._shard.weights, self._recipe
        if self.progress.focused and recipe.focus:
            focused = [o.name.partition(":")[0] == recipe.focus for o in self._shard.origins]
            factors = [recipe.focus_factor if is_focus else 1.0 for is_focus in focused]
            weights = weights * torch.tensor(factors, dtype=torch.float64).numpy()[self._shard.origin_of]
        lengths = self._shard.source_lengths, self._shard.target_lengths
        return plan_epoch(*lengths, weights, recipe.batch_tokens, [recipe.seed, self.progress.epoch], recipe.pad_to)

    def _log(self, mean: float, speed: float) -> None:
        if not math.isfinite(mean):
            raise FloatingPointError(f"the loss is {mean} at step {self.progress.step}; try a lower learning rate")
        progress = self.progress
        left = (
            "" if self._budget.seconds is None else f", {max(0.0, self._budget.seconds - progress.seconds):.0f} s left"
        )
        self._report(
            f"step {progress.step}, epoch {progress.epoch}, loss {mean:.4f}, {speed:.0f} target tokens/s, "
            f"{self.share:.1%} of the budget{left}"
        )
        progress.history.append({"step": progress.step, "seconds": progress.seconds, "loss": mean, "speed": speed})

    def _record(self) -> None:
        """Validate the average, and put the figures into the history."""
        if self.progress.average_updates == 0:
            return
        figures = self._validate(self._training.average)
        if figures:
            progress = self.progress
            progress.history.append({"step": progress.step, "seconds": progress.seconds, **figures})
            self._report(
                ", ".join([f"validation at step {progress.step}", *(f"{k} {v:.3f}" for k, v in figures.items())])
            )
