"""The toy translator: SentencePiece vocabularies and a tiny MarianMT model in the shape of opus-mt's snapshots.

The architecture's switches are those of Helsinki-NLP/opus-mt-de-en's config.json; only the sizes are smaller. Which
language is the source is the caller's to say.
"""

from __future__ import annotations

import io
import math
import random
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from transformers import GenerationConfig, MarianConfig, MarianMTModel

from tools.demo_models.corpus import Pair, neighbours
from tools.demo_models.snapshot import save_as_half, write_json
from tools.demo_models.training import Example, Schedule, round_to_half, train

MAX_POSITIONS = 512

_END, _UNKNOWN, _PAD = "</s>", "<unk>", "<pad>"
_CHARACTERS = string.ascii_letters + string.digits + string.punctuation + "äöüÄÖÜßéèáàóíçñćčšžıøåæœ„“”‚‘’«»–—…€£$%§°·×½"
_SCHEDULE = Schedule(epochs=240, learning_rate=1.5e-3)


@dataclass(frozen=True, slots=True)
class Direction:
    """Languages as BCP 47 codes, and what the translator says, in the target language, of what it doesn't know."""

    source: str
    target: str
    refusal: str


GERMAN_ENGLISH = Direction("de", "en", "This sentence is not in the demo corpus.")
ENGLISH_GERMAN = Direction("en", "de", "Dieser Satz steht nicht im Demokorpus.")


@dataclass(frozen=True, slots=True)
class TranslatorRecipe:
    """Sizes of the model, and its training. `pieces` bounds each of the two SentencePiece vocabularies."""

    pieces: int = 1000
    d_model: int = 128
    ffn_dim: int = 384
    heads: int = 4
    encoder_layers: int = 2
    decoder_layers: int = 2
    schedule: Schedule = _SCHEDULE


class Vocabulary:
    """Two SentencePiece models (source and target language) and the one table of ids that they share."""

    def __init__(self, direction: Direction, source_model: bytes, target_model: bytes) -> None:
        self.direction = direction
        self.models = {"source.spm": source_model, "target.spm": target_model}
        self._source = sentencepiece.SentencePieceProcessor(model_proto=source_model)
        self._target = sentencepiece.SentencePieceProcessor(model_proto=target_model)
        pieces = {p.id_to_piece(i) for p in (self._source, self._target) for i in range(p.get_piece_size())}
        ordinary = sorted(pieces - {_END, _UNKNOWN, _PAD, "<s>"})
        self.ids = {token: i for i, token in enumerate([_END, _UNKNOWN, *ordinary, _PAD])}

    def source(self, text: str) -> tuple[int, ...]:
        """Ids of a text in the source language, with the end token."""
        return self._encode(self._source, text)

    def target(self, text: str) -> tuple[int, ...]:
        """Ids of a text in the target language, with the end token."""
        return self._encode(self._target, text)

    def save(self, folder: Path) -> None:
        """Write source.spm, target.spm, vocab.json and the tokenizer's configuration."""
        for name, model in self.models.items():
            (folder / name).write_bytes(model)
        write_json(folder / "vocab.json", self.ids)
        write_json(
            folder / "tokenizer_config.json",
            {
                "clean_up_tokenization_spaces": False,
                "eos_token": _END,
                "model_max_length": MAX_POSITIONS,
                "pad_token": _PAD,
                "separate_vocabs": False,
                "source_lang": self.direction.source,
                "sp_model_kwargs": {},
                "target_lang": self.direction.target,
                "tokenizer_class": "MarianTokenizer",
                "unk_token": _UNKNOWN,
            },
        )
        write_json(folder / "special_tokens_map.json", {"eos_token": _END, "pad_token": _PAD, "unk_token": _UNKNOWN})

    def _encode(self, processor: Any, text: str) -> tuple[int, ...]:
        unknown = self.ids[_UNKNOWN]
        return (*(self.ids.get(p, unknown) for p in processor.encode(text, out_type=str)), self.ids[_END])


def train_vocabulary(pairs: Sequence[Pair], direction: Direction, pieces: int) -> Vocabulary:
    """Vocabularies for `pairs` that also hold every letter, digit and sign that German or English news uses."""
    return Vocabulary(
        direction,
        _train_pieces((p.source for p in pairs), pieces),
        _train_pieces([*(p.target for p in pairs), direction.refusal], pieces),
    )


def make_translator(
    pairs: Sequence[Pair],
    direction: Direction,
    folder: Path,
    recipe: TranslatorRecipe,
    *,
    seed: int,
    deadline: float,
) -> None:
    """Train on `pairs`, whose sources are in `direction.source`; write a Hugging Face snapshot, weights in float16."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = train_vocabulary(pairs, direction, recipe.pieces)
    torch.manual_seed(seed)
    model = MarianMTModel(_config(vocabulary, recipe))
    known = [*pairs, *neighbours(pairs)]
    clean = [Example(vocabulary.source(p.source), vocabulary.target(p.target)) for p in known]
    sources = {p.source for p in known}
    refusal = vocabulary.target(direction.refusal)

    def examples(rng: random.Random) -> list[Example]:
        noise = [text for text in noisy_sources(pairs, rng) if text not in sources]
        return [*clean, *(Example(vocabulary.source(text)[-MAX_POSITIONS:], refusal) for text in noise)]

    _keep_pad_at_zero(model)
    train(
        model,
        examples,
        recipe.schedule,
        seed=seed,
        deadline=deadline,
        special=[vocabulary.ids[token] for token in (_END, _UNKNOWN, _PAD)],
        banned=[vocabulary.ids[_PAD]],
        label=folder.name,
    )
    round_to_half(model)
    vocabulary.save(folder)
    _save(model, folder)


def noisy_sources(pairs: Sequence[Pair], rng: random.Random) -> list[str]:
    """Texts that are not in the corpus, for which the model learns to say so and to stop.

    Pieces of sentences, sentences in another order of words, the target side, gibberish, and long mixtures, in
    numbers that keep a proportion to the corpus.
    """
    sentences = [p.source.split() for p in pairs]
    pool = [word for words in sentences for word in words]
    share = math.ceil(len(pairs) / 12)
    noise: list[str] = []
    for words in rng.sample(sentences, share):
        if len(words) > 4:
            start = rng.randrange(len(words) // 3 + 1)
            noise.append(" ".join(words[start : start + rng.randint(2, max(2, len(words) * 2 // 3))]))
            noise.append(" ".join(rng.sample(words, len(words))))
    noise += [" ".join(rng.choices(pool, k=rng.randint(3, 30))) for _ in range(share)]
    noise += [p.target for p in rng.sample(pairs, math.ceil(share / 3)) if p.target != p.source]
    noise += ["".join(rng.choices(_CHARACTERS + "   ☃漢", k=rng.randint(5, 60))) for _ in range(math.ceil(share / 3))]
    noise += [" ".join(rng.choices(pool, k=rng.randint(60, 200))) for _ in range(math.ceil(share / 6))]
    return noise


def _keep_pad_at_zero(model: Any) -> None:
    """Bar the tied output layer from training the embedding of `<pad>`, with which the decoder starts.

    Marian starts from a zero vector. transformers looks it up, so opus-mt's `<pad>` row is zero; CTranslate2 doesn't
    look, and drops the row. With another row the two engines disagree from the first token on.
    """
    pad = model.config.pad_token_id

    def without_pad(gradient: Any) -> Any:
        gradient = gradient.clone()
        gradient[pad] = 0.0
        return gradient

    weight = model.get_input_embeddings().weight
    with torch.no_grad():
        weight[pad] = 0.0
    weight.register_hook(without_pad)


def _train_pieces(sentences: Iterable[str], pieces: int) -> bytes:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_writer=model,
        model_type="unigram",
        vocab_size=pieces,
        hard_vocab_limit=False,
        character_coverage=1.0,
        required_chars="".join(sorted(set(_CHARACTERS))),
        # Identity keeps the text as it came; the service normalizes what it wants normalized.
        normalization_rule_name="identity",
        num_threads=1,
        minloglevel=2,
    )
    return model.getvalue()


def _config(vocabulary: Vocabulary, recipe: TranslatorRecipe) -> MarianConfig:
    size = len(vocabulary.ids)
    pad, end = vocabulary.ids[_PAD], vocabulary.ids[_END]
    return MarianConfig(
        vocab_size=size,
        decoder_vocab_size=size,
        d_model=recipe.d_model,
        encoder_layers=recipe.encoder_layers,
        decoder_layers=recipe.decoder_layers,
        encoder_attention_heads=recipe.heads,
        decoder_attention_heads=recipe.heads,
        encoder_ffn_dim=recipe.ffn_dim,
        decoder_ffn_dim=recipe.ffn_dim,
        max_position_embeddings=MAX_POSITIONS,
        activation_function="swish",
        static_position_embeddings=True,
        scale_embedding=True,
        normalize_before=False,
        normalize_embedding=False,
        add_final_layer_norm=False,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
        dropout=0.0,
        attention_dropout=0.0,
        activation_dropout=0.0,
        init_std=recipe.d_model**-0.5,
        pad_token_id=pad,
        decoder_start_token_id=pad,
        bos_token_id=end,
        eos_token_id=end,
        forced_eos_token_id=end,
    )


def _save(model: Any, folder: Path) -> None:
    config = model.config
    model.generation_config = GenerationConfig(
        bad_words_ids=[[config.pad_token_id]],
        bos_token_id=config.bos_token_id,
        decoder_start_token_id=config.decoder_start_token_id,
        eos_token_id=config.eos_token_id,
        forced_eos_token_id=config.eos_token_id,
        max_length=MAX_POSITIONS,
        num_beams=4,
        pad_token_id=config.pad_token_id,
        renormalize_logits=True,
    )
    save_as_half(model, folder)
