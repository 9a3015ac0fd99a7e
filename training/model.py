"""Builds the MarianMT model of a recipe with weights that train well, and computes its loss on a batch."""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812  (the library's own convention)

from training.batching import Batch
from training.recipe import ModelRecipe
from training.tokenizer import MAX_POSITIONS, Vocabulary


def build_model(recipe: ModelRecipe, vocabulary: Vocabulary, *, seed: int) -> Any:
    """A `MarianMTModel` with tied embeddings and static sinusoidal positions, like opus-mt's; weights in float32."""
    from transformers import MarianConfig, MarianMTModel  # noqa: PLC0415  (seconds to import)

    pad, end = vocabulary.pad, vocabulary.end
    config = MarianConfig(
        vocab_size=len(vocabulary),
        decoder_vocab_size=len(vocabulary),
        d_model=recipe.d_model,
        encoder_layers=recipe.encoder_layers,
        decoder_layers=recipe.decoder_layers,
        encoder_attention_heads=recipe.heads,
        decoder_attention_heads=recipe.heads,
        encoder_ffn_dim=recipe.ffn_dim,
        decoder_ffn_dim=recipe.ffn_dim,
        max_position_embeddings=MAX_POSITIONS,
        activation_function=recipe.activation,
        static_position_embeddings=True,
        scale_embedding=True,
        normalize_before=False,
        normalize_embedding=False,
        add_final_layer_norm=False,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
        dropout=recipe.dropout,
        attention_dropout=0.0,
        activation_dropout=0.0,
        pad_token_id=pad,
        decoder_start_token_id=pad,
        bos_token_id=end,
        eos_token_id=end,
        forced_eos_token_id=end,
    )
    config._attn_implementation = "sdpa"
    torch.manual_seed(seed)
    model = MarianMTModel(config)
    _initialize(model)
    _keep_pad_at_zero(model)
    return model


def parameter_count(model: Any) -> int:
    """Trained parameters, tied ones once."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)


def _initialize(model: Any) -> None:
    """Xavier weights, divided by the square root of the layer's depth: post-norm stacks of ten layers need it.

    Depth scaling: Zhang et al. 2019 (arXiv:1908.11365). Embeddings have variance 1 / d_model, so that they are of
    unit variance once Marian has scaled them, and give sensible logits as the tied output layer.
    """
    with torch.no_grad():
        torch.nn.init.normal_(model.get_input_embeddings().weight, std=model.config.d_model**-0.5)
        for stack in (model.model.encoder, model.model.decoder):
            for depth, layer in enumerate(stack.layers, start=1):
                for module in layer.modules():
                    if isinstance(module, torch.nn.Linear):
                        torch.nn.init.xavier_uniform_(module.weight, gain=1 / math.sqrt(depth))
                        torch.nn.init.zeros_(module.bias)


def _keep_pad_at_zero(model: Any) -> None:
    """Bar the tied output layer from training the embedding of `<pad>`, with which the decoder starts.

    Marian starts from a zero vector, and CTranslate2 does too, without looking at the row. With another row the two
    engines would disagree from the first token on.
    """
    pad = model.config.pad_token_id
    weight = model.get_input_embeddings().weight

    def without_pad(gradient: torch.Tensor) -> torch.Tensor:
        gradient = gradient.clone()
        gradient[pad] = 0.0
        return gradient

    with torch.no_grad():
        weight[pad] = 0.0
    weight.register_hook(without_pad)


def logits(model: Any, batch: Batch) -> torch.Tensor:
    """Scores of shape (rows, target width, vocabulary). Masks are passed ready-made: finding out costs a wait."""
    width = batch.decoder_input.shape[1]
    causal = torch.ones(width, width, dtype=torch.bool, device=batch.source.device).tril()[None, None]
    output: torch.Tensor = model(
        input_ids=batch.source,
        attention_mask=batch.mask[:, None, None, :],
        decoder_input_ids=batch.decoder_input,
        decoder_attention_mask=causal,
        use_cache=False,
    ).logits
    return output


def loss(model: Any, batch: Batch, label_smoothing: float) -> torch.Tensor:
    """Mean label-smoothed cross-entropy per real target token (natural logarithm), computed in float32."""
    scores = logits(model, batch)
    total = F.cross_entropy(
        scores.float().flatten(0, 1),
        batch.labels.flatten(),
        ignore_index=-100,
        label_smoothing=label_smoothing,
        reduction="sum",
    )
    return total / batch.target_tokens
