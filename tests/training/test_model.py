"""The model's loss and its special row."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.training.conftest import World
from training.batching import Batch, DeviceData, Plan
from training.model import (
    CrossAttention,
    build_model,
    cross_entropy,
    logits,
    loss,
    parameter_count,
    start_lexically,
)
from training.recipe import ModelRecipe
from training.shards import pack
from training.tokenizer import Vocabulary

RECIPE = ModelRecipe(d_model=32, heads=2, ffn_dim=64, encoder_layers=3, decoder_layers=2, dropout=0.0)


@pytest.fixture(scope="module")
def vocabulary(world: World) -> Vocabulary:
    return Vocabulary.load(world.inputs)


def batch(vocabulary: Vocabulary, width: int) -> Batch:
    shard = pack([[5, 6, 7], [8]], [[9, 10], [11, 12, 13]], ["a", "a"], {"a": 1.0})
    data = DeviceData(shard, end=vocabulary.end, pad=vocabulary.pad, device=torch.device("cpu"))
    return data.build(Plan(np.arange(2), width, width, 7))


def test_padding_does_not_change_the_loss(vocabulary: Vocabulary) -> None:
    model = build_model(RECIPE, vocabulary, seed=1).eval()
    narrow, wide = (loss(model, batch(vocabulary, width), 0.1) for width in (8, 24))
    assert torch.allclose(narrow, wide, atol=1e-5)


def test_the_loss_is_that_of_transformers_without_smoothing(vocabulary: Vocabulary) -> None:
    model = build_model(RECIPE, vocabulary, seed=1).eval()
    made = batch(vocabulary, 8)
    expected = model(input_ids=made.source, attention_mask=made.mask.long(), labels=made.labels).loss
    assert torch.allclose(loss(model, made, 0.0), expected, atol=1e-5)


def test_a_fresh_model_is_undecided(vocabulary: Vocabulary) -> None:
    """Its loss is near that of guessing, log(vocabulary): the initial weights aren't too large."""
    model = build_model(RECIPE, vocabulary, seed=1).eval()
    assert float(loss(model, batch(vocabulary, 8), 0.0).detach()) == pytest.approx(np.log(len(vocabulary)), abs=1.5)


def test_the_padding_row_stays_zero(vocabulary: Vocabulary) -> None:
    """CTranslate2 starts from a zero vector whatever the row holds."""
    model = build_model(RECIPE, vocabulary, seed=1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    for _ in range(3):
        loss(model, batch(vocabulary, 8), 0.1).backward()
        optimizer.step()
        optimizer.zero_grad()
    assert not model.get_input_embeddings().weight[vocabulary.pad].any()


def test_tied_weights_count_once(vocabulary: Vocabulary) -> None:
    model = build_model(RECIPE, vocabulary, seed=1)
    assert parameter_count(model) < 2 * len(vocabulary) * RECIPE.d_model + 5 * 20_000


def test_the_loss_that_is_made_in_blocks_is_torchs_own(vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.model._ROWS", 5)
    made = batch(vocabulary, 8)
    gradients = []
    for detour in (False, True):
        torch.manual_seed(1)
        scores = torch.randn(2, 8, len(vocabulary), requires_grad=True)
        if detour:
            value = torch.nn.functional.cross_entropy(
                scores.flatten(0, 1), made.labels.flatten(), label_smoothing=0.1, reduction="sum"
            )
            value = value / made.target_tokens
        else:
            value = cross_entropy(scores, made, 0.1)
        (gradient,) = torch.autograd.grad(value, scores)
        gradients.append((value.detach(), gradient))
    for own, expected in zip(*gradients, strict=True):
        assert torch.allclose(own, expected, atol=1e-5)


def test_cross_attention_is_what_the_model_used(vocabulary: Vocabulary) -> None:
    model = build_model(RECIPE, vocabulary, seed=1).eval()
    made = batch(vocabulary, 8)
    attention = CrossAttention(model)
    logits(model, made)
    weights = attention.weights(made)
    attention.close()
    model.set_attn_implementation("eager")
    masks = {"attention_mask": made.mask.long(), "decoder_input_ids": made.decoder_input}
    expected = model(input_ids=made.source, **masks, output_attentions=True).cross_attentions[0]
    assert torch.allclose(weights, expected, atol=1e-5)


def test_a_lexical_start_keeps_the_padding_row_at_zero(vocabulary: Vocabulary) -> None:
    model = build_model(RECIPE, vocabulary, seed=1)
    embeddings = torch.nn.functional.normalize(torch.randn(len(vocabulary), 32), dim=1)
    start_lexically(model, embeddings)
    weight = model.get_input_embeddings().weight.detach()
    assert torch.equal(weight[5], embeddings[5])
    assert not weight[vocabulary.pad].any()
    assert torch.equal(model.lm_head.weight.detach(), weight)
