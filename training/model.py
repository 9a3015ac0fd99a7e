"""Builds the MarianMT model of a recipe with weights that train well, and computes its loss on a batch."""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812  (the library's own convention)

from training.batching import Batch
from training.recipe import ModelRecipe
from training.tokenizer import MAX_POSITIONS, Vocabulary

_ROWS = 128  # of scores at a time: 4 MB in float32 with a vocabulary of 8,000


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


class CrossAttention:
    """Remembers what the cross-attention of a model's first decoder layer read, and tells where it looked.

    The engines' attention kernels keep that to themselves, so the products of queries and keys are made once more.
    """

    def __init__(self, model: Any) -> None:
        self._layer = model.model.decoder.layers[0].encoder_attn
        self._read: tuple[torch.Tensor, torch.Tensor] | None = None
        self._hook = self._layer.register_forward_pre_hook(self._remember, with_kwargs=True)

    def _remember(self, _: Any, read: tuple[Any, ...], named: dict[str, Any]) -> None:
        self._read = read[0], named["key_value_states"]

    def weights(self, batch: Batch) -> torch.Tensor:
        """The weights for the batch that the model read last: shape (rows, heads, target width, source width)."""
        assert self._read is not None
        query, key = self._layer.q_proj(self._read[0]), self._layer.k_proj(self._read[1])
        query, key = (x.unflatten(2, (self._layer.num_heads, -1)).transpose(1, 2) for x in (query, key))
        products = (query * self._layer.scaling) @ key.transpose(2, 3)
        return products.float().masked_fill(~batch.mask[:, None, None, :], -1e9).softmax(dim=3)

    def close(self) -> None:
        """Stop remembering."""
        self._hook.remove()


def start_lexically(model: Any, embeddings: torch.Tensor) -> None:
    """Give a fresh model these embeddings, rows of unit length, and a cross-attention that passes on what it looks at.

    The tied output layer then finds the translation of the token that is looked at near at hand.
    """
    with torch.no_grad():
        weight = model.get_input_embeddings().weight
        weight.copy_(embeddings)
        weight[model.config.pad_token_id] = 0.0
        for layer in model.model.decoder.layers:
            for projection in (layer.encoder_attn.v_proj, layer.encoder_attn.out_proj):
                torch.nn.init.eye_(projection.weight)


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
    return cross_entropy(logits(model, batch), batch, label_smoothing)


def cross_entropy(scores: torch.Tensor, batch: Batch, label_smoothing: float) -> torch.Tensor:
    """`loss` of scores that are at hand."""
    flat, labels = scores.flatten(0, 1), batch.labels.flatten()
    if scores.device.type == "cpu" and scores.requires_grad:
        total: torch.Tensor = _SmoothedCrossEntropy.apply(flat, labels, label_smoothing)
    else:
        total = F.cross_entropy(
            flat.float(), labels, ignore_index=-100, label_smoothing=label_smoothing, reduction="sum"
        )
    return total / batch.target_tokens


class _SmoothedCrossEntropy(torch.autograd.Function):  # type: ignore[misc]
    """`F.cross_entropy` summed, with its gradient made on the way, block by block: a CPU's cache holds a block.

    In torch's own, the passes over all scores take a fourth of an update of a small model.
    """

    @staticmethod
    def forward(ctx: Any, scores: torch.Tensor, labels: torch.Tensor, smoothing: float) -> torch.Tensor:
        """Sum over the rows of `scores` (rows, vocabulary) whose label isn't negative."""
        total = torch.zeros((), dtype=torch.float64)
        gradient = torch.empty_like(scores)
        even = smoothing / scores.shape[1]
        for start in range(0, len(scores), _ROWS):
            rows = slice(start, start + _ROWS)
            real = labels[rows] >= 0
            label = labels[rows].clamp_min(0)[:, None]
            logarithms = scores[rows].float().log_softmax(dim=1)
            hit = logarithms.gather(1, label)[:, 0]
            total -= (((1 - smoothing) * hit + smoothing * logarithms.mean(dim=1)) * real).sum()
            slope = logarithms.exp_().sub_(even)
            slope.scatter_add_(1, label, torch.full_like(slope[:, :1], smoothing - 1).expand_as(label))
            gradient[rows] = slope.mul_(real[:, None])
        ctx.save_for_backward(gradient)
        return total.float()

    @staticmethod
    def backward(ctx: Any, *above: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        """The gradient of the sum, for the scores alone."""
        (gradient,) = ctx.saved_tensors
        return gradient.mul_(above[0]), None, None
