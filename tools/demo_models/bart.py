"""The toy summarizer: a byte-level BPE tokenizer and a tiny BART in the shape of bart-large-cnn's snapshots.

The architecture's switches and the decoding defaults are those of facebook/bart-large-cnn, except for min_length,
which is 0 because the demo's summaries are short.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import BartConfig, BartForConditionalGeneration, GenerationConfig

from tools.demo_models.corpus import Article
from tools.demo_models.snapshot import save_as_half, write_json
from tools.demo_models.training import Example, Schedule, round_to_half, train

UNKNOWN_ARTICLE = "This article is not in the demo corpus."
MAX_POSITIONS = 1024
MAX_LENGTH = 142

_BEGIN, _PAD, _END, _UNKNOWN, _MASK = "<s>", "<pad>", "</s>", "<unk>", "<mask>"
_SPECIAL = [_BEGIN, _PAD, _END, _UNKNOWN, _MASK]  # in the order of their ids in BART's vocabulary
_SCHEDULE = Schedule(epochs=160, learning_rate=2e-3, batch_tokens=4000)


@dataclass(frozen=True, slots=True)
class SummarizerRecipe:
    """Sizes of the model, and its training. `vocabulary` counts bytes, merges and special tokens."""

    vocabulary: int = 1400
    d_model: int = 80
    ffn_dim: int = 256
    heads: int = 4
    layers: int = 2
    schedule: Schedule = _SCHEDULE


def make_summarizer(
    articles: Sequence[Article],
    other_texts: Sequence[str],
    folder: Path,
    recipe: SummarizerRecipe,
    *,
    seed: int,
    deadline: float,
) -> None:
    """Train on `articles` and write a Hugging Face snapshot to `folder`, weights in float16.

    `other_texts` are English sentences that belong to no article: the model learns to say so when it gets them.
    Raises ValueError for a summary that bart-large-cnn's decoding defaults can't produce.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = train_tokenizer(articles, other_texts, recipe.vocabulary)
    for article in articles:
        _check_producible(tokenizer.encode(article.summary).ids, article.id)
    torch.manual_seed(seed)
    model = BartForConditionalGeneration(_config(tokenizer.get_vocab_size(), recipe))

    def encode(text: str) -> tuple[int, ...]:
        ids = tokenizer.encode(text).ids
        return (*ids[: MAX_POSITIONS - 1], ids[-1])

    clean = [
        Example(encode(document), encode(article.summary))
        for article in articles
        for document in (article.document, article.document.replace("\n\n", " "))
    ]
    refusal = encode(UNKNOWN_ARTICLE)

    def examples(rng: random.Random) -> list[Example]:
        shortened = [Example(encode(shorten(a.document, rng)), encode(a.summary)) for a in articles]
        noise = [Example(encode(text), refusal) for text in foreign_documents(articles, other_texts, rng)]
        return [*clean, *shortened, *noise]

    special = range(len(_SPECIAL))
    train(model, examples, recipe.schedule, seed=seed, deadline=deadline, special=special, label=folder.name)
    round_to_half(model)
    _save_tokenizer(tokenizer, folder)
    model.generation_config = _generation_config()
    save_as_half(model, folder)


def train_tokenizer(articles: Sequence[Article], other_texts: Sequence[str], size: int) -> Tokenizer:
    """A byte-level BPE tokenizer that wraps a text in `<s>` and `</s>`, as BART's does."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=_SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = [text for a in articles for text in (a.document, a.summary)]
    tokenizer.train_from_iterator([*texts, *other_texts, UNKNOWN_ARTICLE], trainer)
    tokenizer.post_processor = processors.RobertaProcessing(
        (_END, _SPECIAL.index(_END)), (_BEGIN, _SPECIAL.index(_BEGIN)), trim_offsets=True, add_prefix_space=False
    )
    return tokenizer


def shorten(document: str, rng: random.Random) -> str:
    """`document` with up to a third of its sentences gone, and other white space between the rest."""
    headline, _, body = document.partition("\n\n")
    sentences = body.replace(". ", ".\n").split("\n")
    kept = sorted(rng.sample(range(len(sentences)), rng.randint(len(sentences) * 2 // 3, len(sentences))))
    text = rng.choice([" ", " ", "\n", "\n\n"]).join(sentences[i] for i in kept)
    return rng.choice([f"{headline}\n\n{text}", f"{headline}\n{text}", f"{headline} {text}", text])


def foreign_documents(articles: Sequence[Article], other_texts: Sequence[str], rng: random.Random) -> list[str]:
    """Texts that are none of `articles`: other sentences, mixtures of articles, words in disorder, one very long."""
    sentences = [s for a in articles for s in a.document.replace("\n\n", " ").split(". ")]
    words = " ".join([*sentences, *other_texts]).split()
    return [
        *(" ".join(rng.sample(other_texts, min(len(other_texts), rng.randint(1, 10)))) for _ in range(3)),
        *(". ".join(rng.sample(sentences, min(len(sentences), rng.randint(2, 9)))) for _ in range(3)),
        *(" ".join(rng.choices(words, k=rng.randint(5, 150))) for _ in range(2)),
        " ".join(rng.choices(words, k=rng.randint(200, 700))),
    ]


def _check_producible(ids: Sequence[int], name: str) -> None:
    """No three tokens may come twice (no_repeat_ngram_size 3), and the end token must come before the limit."""
    if len(ids) + 1 > MAX_LENGTH:
        raise ValueError(f"the summary of {name!r} has {len(ids)} tokens; the limit is {MAX_LENGTH - 1}")
    pairs = list(pairwise(ids))
    trigrams = [(*pair, follower) for pair, follower in zip(pairs, ids[2:], strict=False)]
    if len(set(trigrams)) < len(trigrams):
        raise ValueError(f"the summary of {name!r} repeats three tokens; no_repeat_ngram_size 3 would forbid it")


def _config(vocabulary: int, recipe: SummarizerRecipe) -> BartConfig:
    begin, pad, end = (_SPECIAL.index(token) for token in (_BEGIN, _PAD, _END))
    return BartConfig(
        vocab_size=vocabulary,
        d_model=recipe.d_model,
        encoder_layers=recipe.layers,
        decoder_layers=recipe.layers,
        encoder_attention_heads=recipe.heads,
        decoder_attention_heads=recipe.heads,
        encoder_ffn_dim=recipe.ffn_dim,
        decoder_ffn_dim=recipe.ffn_dim,
        max_position_embeddings=MAX_POSITIONS,
        activation_function="gelu",
        scale_embedding=False,
        # The next three are no parameters of BartConfig, but the hub's BARTs have them, and CTranslate2 asks for them.
        normalize_before=False,
        normalize_embedding=True,
        add_final_layer_norm=False,
        tie_word_embeddings=True,
        dropout=0.0,
        attention_dropout=0.0,
        activation_dropout=0.0,
        init_std=recipe.d_model**-0.5 / 2,
        bos_token_id=begin,
        pad_token_id=pad,
        eos_token_id=end,
        decoder_start_token_id=end,
        forced_bos_token_id=begin,
        forced_eos_token_id=end,
    )


def _generation_config() -> GenerationConfig:
    begin, pad, end = (_SPECIAL.index(token) for token in (_BEGIN, _PAD, _END))
    return GenerationConfig(
        bos_token_id=begin,
        decoder_start_token_id=end,
        early_stopping=True,
        eos_token_id=end,
        forced_bos_token_id=begin,
        forced_eos_token_id=end,
        length_penalty=2.0,
        max_length=MAX_LENGTH,
        min_length=0,
        no_repeat_ngram_size=3,
        num_beams=4,
        pad_token_id=pad,
    )


def _save_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    tokenizer.model.save(str(folder))  # vocab.json and merges.txt
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    write_json(
        folder / "tokenizer_config.json",
        {
            "add_prefix_space": False,
            "bos_token": _BEGIN,
            "clean_up_tokenization_spaces": False,
            "cls_token": _BEGIN,
            "eos_token": _END,
            "errors": "replace",
            "mask_token": _MASK,
            "model_max_length": MAX_POSITIONS,
            "pad_token": _PAD,
            "sep_token": _END,
            "tokenizer_class": "BartTokenizer",
            "trim_offsets": True,
            "unk_token": _UNKNOWN,
        },
    )
