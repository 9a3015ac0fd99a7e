"""The laws of batches: every pair as often as its weight says, never over the budget, built as planned."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.batching import DeviceData, plan_epoch
from training.shards import pack

_LENGTHS = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=120)


@given(_LENGTHS, st.integers(128, 2000), st.integers(0, 2**32))
@settings(deadline=None, max_examples=80)
def test_an_epoch_has_every_pair_once_within_the_budget(lengths: list[tuple[int, int]], budget: int, seed: int) -> None:
    source, target = (np.array(side) for side in zip(*lengths, strict=True))
    plans = plan_epoch(source, target, np.ones(len(lengths)), budget, seed)
    assert Counter(i for plan in plans for i in plan.pairs.tolist()) == Counter(range(len(lengths)))
    for plan in plans:
        assert len(plan.pairs) * (plan.source_width + plan.target_width) <= budget
        assert plan.source_width >= source[plan.pairs].max() + 1
        assert plan.target_width >= target[plan.pairs].max() + 1
        assert plan.target_tokens == (target[plan.pairs] + 1).sum()


def test_widths_are_multiples_of_what_is_asked_for() -> None:
    lengths = np.arange(1, 40)
    for multiple in (1, 2, 8):
        for plan in plan_epoch(lengths, lengths, np.ones(39), 400, 1, multiple):
            assert plan.source_width % multiple == plan.target_width % multiple == 0
            assert plan.source_width - (lengths[plan.pairs].max() + 1) < multiple


def test_weights_are_met_on_average() -> None:
    weights = np.array([3.0, 1.25, 0.5, 0.0])
    lengths = np.full(4, 7)
    counts: Counter[int] = Counter()
    for epoch in range(400):
        for plan in plan_epoch(lengths, lengths, weights, 64, [1, epoch]):
            counts.update(plan.pairs.tolist())
    assert counts[0] == 1200
    assert counts[3] == 0
    assert counts[1] / 400 == pytest.approx(1.25, abs=0.1)
    assert counts[2] / 400 == pytest.approx(0.5, abs=0.1)


def test_the_seed_decides_about_the_order() -> None:
    lengths = np.arange(1, 50)
    plans = [plan_epoch(lengths, lengths, np.ones(49), 300, seed) for seed in (1, 1, 2)]
    orders = [[plan.pairs.tolist() for plan in plan_list] for plan_list in plans]
    assert orders[0] == orders[1]
    assert orders[0] != orders[2]


def test_a_pair_over_the_budget_is_an_error() -> None:
    with pytest.raises(ValueError, match="over the budget"):
        plan_epoch(np.array([200]), np.array([3]), np.ones(1), 100, 0)


def test_batches_hold_the_pairs_with_end_tokens_and_padding() -> None:
    shard = pack([[5, 6, 7], [8]], [[9, 10], [11, 12, 13]], ["a", "a"], {"a": 1.0})
    data = DeviceData(shard, end=0, pad=99, device=torch.device("cpu"))
    (plan,) = plan_epoch(shard.source_lengths, shard.target_lengths, shard.weights, 100, 0)
    batch = data.build(plan)
    rows = {
        tuple(source[mask].tolist()): (start.tolist(), labels.tolist())
        for source, mask, start, labels in zip(batch.source, batch.mask, batch.decoder_input, batch.labels, strict=True)
    }
    padding = [-100] * 8
    assert rows == {
        (5, 6, 7, 0): ([99, 9, 10, 0, 99, 99, 99, 99], [9, 10, 0, *padding][:8]),
        (8, 0): ([99, 11, 12, 13, 0, 99, 99, 99], [11, 12, 13, 0, *padding][:8]),
    }
    assert batch.target_tokens == 7
