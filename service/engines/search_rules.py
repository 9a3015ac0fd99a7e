"""Two rules of CTranslate2's search that transformers has otherwise. Imports torch and transformers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import torch
from transformers import LogitsProcessor, LogitsProcessorList

_NEVER = -1e9  # as a log-probability; what transformers itself uses for beams that are out


class SearchRules:
    """Makes the processors for one call of `generate` on `model`. Thread-safe: a call stays in its thread."""

    def __init__(self, model: Any) -> None:
        self._end = int(model.config.eos_token_id)
        self._latest = threading.local()
        model.register_forward_hook(self._keep)

    def _keep(self, module: Any, arguments: Any, output: Any) -> None:
        self._latest.logits = output.logits

    def processors(self, repetition_penalty: float, prefix: Sequence[int]) -> LogitsProcessorList:
        """What to pass as `logits_processor`; they run after those that a generation config asks for."""
        rules: list[Any] = []
        if repetition_penalty != 1.0:
            rules.append(_RepetitionPenalty(repetition_penalty, self._latest))
        if prefix:
            rules.append(_ForcedPrefix(prefix, self._end))
        return LogitsProcessorList(rules)


class _RepetitionPenalty(LogitsProcessor):  # type: ignore[misc]
    """Penalizes tokens of the output so far (CTRL, arXiv:1909.05858), on logits, not on log-probabilities.

    What other processors have forbidden stays forbidden. The decoder's start token isn't output and is spared.
    """

    def __init__(self, penalty: float, latest: threading.local) -> None:
        self._penalty = penalty
        self._latest = latest

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        logits = self._latest.logits[:, -1, :].to(scores.dtype, copy=True)
        before = input_ids[:, 1:]
        if before.shape[1]:
            values = logits.gather(1, before)
            values = torch.where(values < 0, values * self._penalty, values / self._penalty)
            logits.scatter_(1, before, values)
        return logits.masked_fill(scores == -torch.inf, -torch.inf)


class _ForcedPrefix(LogitsProcessor):  # type: ignore[misc]
    """Leaves only the next token of the prefix possible, at no cost, whatever other rules say.

    A search of several beams picks impossible tokens as well here, for lack of others; ends among them would count as
    finished hypotheses and stop it early. So ends are more impossible than the rest.
    """

    def __init__(self, prefix: Sequence[int], end: int) -> None:
        self._prefix = prefix
        self._end = end

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        step = input_ids.shape[1] - 1  # the decoder's start token comes first
        if step >= len(self._prefix):
            return scores
        forced = torch.full_like(scores, _NEVER)
        forced[:, self._end] = -torch.inf
        forced[:, self._prefix[step]] = 0.0
        return forced
