"""A word lexicon from the packed pairs: which token translates which. It gives a model with little time a head start,
as its first embeddings and as a teacher for its cross-attention. Counts only, no model of the language.
"""

from __future__ import annotations

import math

import numpy as np
import torch

from training.batching import Batch, DeviceData, plan_epoch
from training.shards import Shard

_ITERATIONS = 4
_DIAGONAL = 4.0  # how much an alignment is expected to keep the order; that of fast_align
_WINDOW = 2
_APART = 0.4  # how far the languages are set apart, so that the output layer can leave out one of them


class Lexicon:
    """`table[t, s]` is the probability that target token t is the translation of source token s.

    Made by IBM model 1 with a prior for the diagonal (Brown et al. 1993; Dyer et al. 2013, fast_align).
    """

    def __init__(self, table: torch.Tensor) -> None:
        self.table = table

    @classmethod
    def learn(cls, shard: Shard, *, size: int, end: int, pad: int, pairs: int = 150_000, seed: int = 1) -> Lexicon:
        """Learn from about `pairs` pairs of the shard, in four passes. The same seed gives the same lexicon."""
        share = np.minimum(1.0, shard.weights * min(1.0, pairs / shard.weights.sum()))
        plans = plan_epoch(shard.source_lengths, shard.target_lengths, share, 60_000, seed)
        data = DeviceData(shard, end=end, pad=pad, device=torch.device("cpu"))
        lexicon = cls(torch.ones(size, size))
        for _ in range(_ITERATIONS):
            counts = torch.zeros(size * size)
            for plan in plans:
                batch = data.build(plan)
                aligned = lexicon.align(batch)
                cells = batch.labels.clamp_min(0)[:, :, None] * size + batch.source[:, None, :]
                counts.index_add_(0, cells.flatten(), aligned.flatten())
            table = counts.view(size, size)
            lexicon = cls(table / table.sum(dim=0, keepdim=True).clamp_min(1e-9))
        return lexicon

    def align(self, batch: Batch) -> torch.Tensor:
        """To which source tokens each target token belongs: shape (rows, target width, source width).

        Rows sum to 1, or are 0 at padding.
        """
        real = batch.labels >= 0
        found = self.table[batch.labels.clamp_min(0)[:, :, None], batch.source[:, None, :]]
        ends = [(side.sum(dim=1, keepdim=True) - 1).clamp_min(1) for side in (real, batch.mask)]
        places = [
            torch.arange(width, device=found.device) / end for width, end in zip(found.shape[1:], ends, strict=True)
        ]
        near = torch.exp(-_DIAGONAL * (places[0][:, :, None] - places[1][:, None, :]).abs())
        found = found * near * batch.mask[:, None, :] * real[:, :, None]
        return found / found.sum(dim=2, keepdim=True).clamp_min(1e-12)

    def embeddings(self, shard: Shard, width: int, seed: int) -> torch.Tensor:
        """Rows of unit length, shape (size, width): alike for tokens used alike, and for translations of each other.

        Target tokens: singular vectors of positive pointwise mutual information with their neighbours (Levy and
        Goldberg 2014), and noise to tell them apart. Source tokens: the mean of their translations. A token of both
        languages lies in between, by how often it is which.
        """
        size = len(self.table)
        contexts = torch.zeros(2 * _WINDOW, size * size)
        target = torch.from_numpy(shard.target.astype(np.int64))
        sentence = torch.from_numpy(np.repeat(np.arange(len(shard)), shard.target_lengths.astype(np.int64)))
        for distance in range(1, _WINDOW + 1):
            same = sentence[distance:] == sentence[:-distance]
            left, right = target[:-distance][same], target[distance:][same]
            ones = torch.ones(len(left))
            contexts[2 * distance - 2].index_add_(0, right * size + left, ones)
            contexts[2 * distance - 1].index_add_(0, left * size + right, ones)
        generator = torch.Generator().manual_seed(seed)
        blocks = [_information(block.view(size, size)) for block in contexts]
        wide = torch.cat(blocks, dim=1)
        sketch = wide @ torch.randn(wide.shape[1], width + 64, generator=generator)
        for _ in range(2):
            sketch = torch.linalg.qr(wide @ (wide.T @ torch.linalg.qr(sketch).Q)).Q
        left_vectors, values, _ = torch.linalg.svd(sketch.T @ wide, full_matrices=False)
        english = (sketch @ left_vectors * values.sqrt())[:, :width]
        english = _unit(_unit(english) + 0.5 * _unit(torch.randn(size, width, generator=generator)))
        counts = [
            torch.bincount(torch.from_numpy(side.astype(np.int64)), minlength=size).float()[:, None]
            for side in (shard.target, shard.source)
        ]
        german = _unit(self.table.T @ english)
        mine, language = torch.randn(size + 1, width, generator=generator).split([size, 1])
        german = _unit(german + _APART * (_unit(mine) - _unit(language)))
        english = _unit(english + _APART * _unit(language))
        seen = counts[0] + counts[1] > 0
        mixed = _unit(counts[0] * english + counts[1] * german)
        return torch.where(seen, mixed, english)


def _information(counts: torch.Tensor) -> torch.Tensor:
    """Positive pointwise mutual information; contexts are smoothed by the power 0.75 (Levy et al. 2015)."""
    columns = counts.sum(dim=0) ** 0.75
    expected = counts.sum(dim=1, keepdim=True) * (columns / columns.sum().clamp_min(1e-9))[None]
    return torch.where(counts > 0, (counts / expected.clamp_min(1e-9)).log().clamp_min(0.0), 0.0)


def _unit(rows: torch.Tensor) -> torch.Tensor:
    return rows / rows.norm(dim=1, keepdim=True).clamp_min(1e-9)


def attention_loss(attention: torch.Tensor, aligned: torch.Tensor, target_tokens: int) -> torch.Tensor:
    """How far attention, shape (rows, heads, target, source), is from the alignment: cross-entropy per target token."""
    logarithm = attention.float().mean(dim=1).clamp_min(math.exp(-20)).log()
    return -(aligned * logarithm).sum() / target_tokens
