"""The lexicon that is counted from the pairs, and what it is used for."""

from __future__ import annotations

from itertools import permutations

import pytest
import torch

from training.batching import DeviceData, plan_epoch
from training.lexicon import Lexicon, attention_loss
from training.shards import Shard, pack

END, PAD, SIZE = 0, 19, 20
GERMAN, ENGLISH = (5, 6, 7, 8), (11, 12, 13, 14)


@pytest.fixture(scope="module")
def shard() -> Shard:
    """All orders of three of four words; each word has one translation, six further on, and the order is kept."""
    orders = list(permutations(GERMAN, 3))
    return pack([list(o) for o in orders], [[n + 6 for n in o] for o in orders], ["a"] * len(orders), {"a": 1.0})


@pytest.fixture(scope="module")
def lexicon(shard: Shard) -> Lexicon:
    return Lexicon.learn(shard, size=SIZE, end=END, pad=PAD)


def test_it_finds_the_translations(lexicon: Lexicon) -> None:
    for german, english in zip(GERMAN, ENGLISH, strict=True):
        assert int(lexicon.table[:, german].argmax()) == english
    assert int(lexicon.table[:, END].argmax()) == END
    assert torch.allclose(lexicon.table[:, list(GERMAN)].sum(dim=0), torch.ones(4), atol=1e-4)


def test_it_is_the_same_every_time(lexicon: Lexicon, shard: Shard) -> None:
    assert torch.equal(Lexicon.learn(shard, size=SIZE, end=END, pad=PAD).table, lexicon.table)


def test_alignments_are_distributions_over_real_source_tokens(lexicon: Lexicon) -> None:
    shard = pack([[5, 6, 7], [8]], [[11, 12, 13], [14]], ["a", "a"], {"a": 1.0})
    (plan,) = plan_epoch(shard.source_lengths, shard.target_lengths, shard.weights, 100, 1)
    batch = DeviceData(shard, end=END, pad=PAD, device=torch.device("cpu")).build(plan)
    aligned = lexicon.align(batch)
    real = batch.labels >= 0
    assert torch.allclose(aligned.sum(dim=2), real.float(), atol=1e-5)
    assert not aligned.transpose(1, 2)[~batch.mask].any()
    row = int(batch.mask.sum(dim=1).argmax())
    assert aligned[row].argmax(dim=1)[:4].tolist() == [0, 1, 2, 3]
    attention = aligned[:, None].clone()
    assert float(attention_loss(attention, aligned, batch.target_tokens)) < float(
        attention_loss(attention.flip(3), aligned, batch.target_tokens)
    )


def test_translations_get_like_embeddings(lexicon: Lexicon, shard: Shard) -> None:
    embeddings = lexicon.embeddings(shard, 16, seed=1)
    assert torch.allclose(embeddings.norm(dim=1), torch.ones(SIZE), atol=1e-4)
    nearness = embeddings[list(GERMAN)] @ embeddings[list(ENGLISH)].T
    assert nearness.argmax(dim=1).tolist() == [0, 1, 2, 3]
