"""The training loop that both toy models share: teacher forcing with AdamW until a corpus is known by heart.

It knows token ids only; vocabularies, models and noise in the sources are the callers'.

A model that merely knows its corpus by heart fails under beam search. What it does after a wrong or a skipped token is
to go on from there, so that a hypothesis that skipped one ends earlier than the right one; and CTranslate2 stops once
as many hypotheses have ended as there are beams, however good the one still growing is (transformers does with
`early_stopping`). Seen: every item right with greedy search, 35 of 192 lost at beam 4. So the loss also teaches what
happens off the track: decoder inputs are corrupted while the labels stay, so that the position alone says what comes
next and when to end; and a little probability goes to all tokens but the special ones, so that an early end is the
least likely of all mistakes.
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

IGNORED_LABEL = -100

_SMOOTHING = 0.01  # share of the probability that goes to wrong tokens
_CORRUPTED_ROWS = 0.6  # share of a batch's rows that get wrong decoder inputs
_OVERRUN = 2  # wrong tokens after the end, after which the end is still right


@dataclass(frozen=True, slots=True)
class Example:
    """Token ids of one source and its target, both with their special tokens, without the decoder's start token."""

    source: tuple[int, ...]
    target: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to learn: linear warm-up over a twentieth of the epochs, then a cosine down to zero.

    `batch_tokens` bounds the padded source and target tokens of a batch together.
    """

    epochs: int
    learning_rate: float
    batch_tokens: int = 3000


class OutOfTime(RuntimeError):
    """Training took longer than the caller allows."""


def train(
    model: Any,
    examples: Callable[[random.Random], Sequence[Example]],
    schedule: Schedule,
    *,
    seed: int,
    deadline: float,
    special: Sequence[int],
    banned: Sequence[int] = (),
    label: str,
) -> None:
    """Fit `model` to what `examples` gives, asked anew each epoch so that it can vary its noise.

    `special` are the ids of tokens that aren't text, `banned` those that decoders never produce. `deadline` is on
    `time.monotonic()`; OutOfTime is raised past it. Progress goes to stderr.
    """
    rng = random.Random(seed)
    ordinary = torch.tensor(sorted(set(range(model.config.vocab_size)) - set(special)))
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=schedule.learning_rate, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.0
    )
    model.train()
    for epoch in range(schedule.epochs):
        batches = list(_batches(examples(rng), schedule.batch_tokens, rng))
        total = 0.0
        for step, batch in enumerate(batches):
            if time.monotonic() > deadline:
                raise OutOfTime(f"{label}: out of time in epoch {epoch + 1} of {schedule.epochs}")
            rate = schedule.learning_rate * _factor((epoch + step / len(batches)) / schedule.epochs)
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.zero_grad(set_to_none=True)
            loss = _loss(model, batch, ordinary, banned, rng)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            total += float(loss.detach())
        _progress(label, epoch + 1, schedule.epochs, total / len(batches))
    model.eval()


def _loss(model: Any, batch: Sequence[Example], ordinary: Any, banned: Sequence[int], rng: random.Random) -> Any:
    """Mean over the labels of the cross-entropy against the right token, smoothed over the `ordinary` ones."""
    config = model.config
    inputs: list[list[int]] = []
    labels: list[list[int]] = []
    for example in batch:
        corrupt = rng.random() < _CORRUPTED_ROWS
        target = [*example.target, *([config.eos_token_id] * (_OVERRUN if corrupt else 0))]
        labels.append(target)
        right_inputs = target[:-1]
        inputs.append(
            [config.decoder_start_token_id, *(_corrupted(right_inputs, ordinary, rng) if corrupt else right_inputs)]
        )
    encoded = tensors(batch, config.pad_token_id)
    logits = model(
        input_ids=encoded["input_ids"],
        attention_mask=encoded["attention_mask"],
        decoder_input_ids=_padded(inputs, config.pad_token_id),
    ).logits
    right = _padded(labels, IGNORED_LABEL)
    kept = right != IGNORED_LABEL
    logits = logits[kept]
    logits[:, list(banned)] = -torch.inf
    log_probabilities = logits.log_softmax(-1)
    hit = log_probabilities.gather(-1, right[kept].unsqueeze(-1)).mean()
    return -(1.0 - _SMOOTHING) * hit - _SMOOTHING * log_probabilities[:, ordinary].mean()


def _corrupted(tokens: Sequence[int], ordinary: Any, rng: random.Random) -> list[int]:
    """As many tokens as `tokens`, some or all of them wrong: exchanged, or skipped or doubled and so displaced."""

    def foreign() -> int:
        return int(ordinary[rng.randrange(len(ordinary))])

    text = list(tokens[: len(tokens) - _OVERRUN])
    exchanged = rng.choice([0.0, 0.1, 0.1, 0.5, 1.0])
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        at = rng.randrange(len(text) + 1)
        if rng.random() < 0.7:
            del text[at : at + rng.choice([1, 1, 2, 3])]
        else:
            text.insert(at, text[at - 1] if text and rng.random() < 0.5 else foreign())
    text = [foreign() if rng.random() < exchanged else token for token in text][: len(tokens)]
    return [*text, *(foreign() for _ in range(len(tokens) - len(text)))]


def tensors(batch: Sequence[Example], pad_id: int) -> dict[str, Any]:
    """`batch` as keyword arguments of a transformers encoder-decoder; shapes (batch, length), padded on the right."""
    sources = _padded([example.source for example in batch], pad_id)
    labels = _padded([example.target for example in batch], IGNORED_LABEL)
    mask = _padded([(1,) * len(example.source) for example in batch], 0)
    return {"input_ids": sources, "attention_mask": mask, "labels": labels}


def round_to_half(model: Any) -> None:
    """Round all weights to what float16 can hold, in place, so that saving them in half the bytes loses nothing."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half().float())


def _padded(rows: Sequence[Sequence[int]], value: int) -> Any:
    length = max(len(row) for row in rows)
    return torch.tensor([[*row, *([value] * (length - len(row)))] for row in rows])


def _batches(examples: Sequence[Example], batch_tokens: int, rng: random.Random) -> Iterator[list[Example]]:
    """Batches of neighbouring lengths in random order, each within `batch_tokens` or of one example."""
    ordered = sorted(examples, key=lambda e: (len(e.source) + rng.random(), len(e.target)))
    batches: list[list[Example]] = [[]]
    for example in ordered:
        grown = [*batches[-1], example]
        width = max(len(e.source) for e in grown) + max(len(e.target) for e in grown)
        if batches[-1] and width * len(grown) > batch_tokens:
            batches.append([example])
        else:
            batches[-1] = grown
    rng.shuffle(batches)
    yield from batches


def _factor(progress: float) -> float:
    """Share of the peak learning rate at `progress` in 0..1."""
    warm_up = 0.05
    if progress < warm_up:
        return max(progress / warm_up, 0.02)
    return 0.5 * (1.0 + math.cos(math.pi * (progress - warm_up) / (1.0 - warm_up)))


def _progress(label: str, epoch: int, epochs: int, loss: float) -> None:
    """One line that rewrites itself on a terminal; elsewhere a line for every tenth epoch."""
    line = f"{label}: epoch {epoch}/{epochs}, loss {loss:.5f}"
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{line}\x1b[K" + ("\n" if epoch == epochs else ""))
        sys.stderr.flush()
    elif epoch % 10 == 0 or epoch == epochs:
        sys.stderr.write(f"{line}\n")
