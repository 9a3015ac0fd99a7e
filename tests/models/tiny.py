"""Tiny Marian and BART models with random weights and real tokenizers, made on the spot with transformers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SENTENCES = {
    "source": ["Der Zug kam um neun Uhr an.", "Die Stadt baut eine neue Brücke.", "Am Abend begann der Regen."],
    "target": ["The train arrived at nine.", "The city is building a new bridge.", "Rain set in that evening."],
}
SMALL: dict[str, Any] = {
    "d_model": 16,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 16,
    "decoder_ffn_dim": 16,
    "max_position_embeddings": 64,
}


def tiny_marian(folder: Path, *targets: str) -> Path:
    """A Marian snapshot as transformers saves it; with `targets`, one that has a token such as >>fr<< for each."""
    import sentencepiece
    import torch
    from transformers import MarianConfig, MarianMTModel

    folder.mkdir(parents=True)
    pieces: list[str] = []
    for side, lines in SENTENCES.items():
        with (folder / f"{side}.spm").open("wb") as stream:
            sentencepiece.SentencePieceTrainer.train(
                sentence_iterator=iter(lines), model_writer=stream, vocab_size=40, hard_vocab_limit=False, minloglevel=2
            )
        processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{side}.spm"))
        pieces += [processor.id_to_piece(number) for number in range(3, processor.get_piece_size())]
    tokens = [f">>{target}<<" for target in targets]
    vocabulary = ["</s>", "<unk>", *tokens, *dict.fromkeys(pieces), "<pad>"]
    (folder / "vocab.json").write_text(json.dumps({piece: number for number, piece in enumerate(vocabulary)}))
    (folder / "tokenizer_config.json").write_text(json.dumps({"source_lang": "de", "target_lang": "en"}))
    torch.manual_seed(1)
    pad = len(vocabulary) - 1
    config = MarianConfig(
        **SMALL,
        vocab_size=len(vocabulary),
        eos_token_id=0,
        pad_token_id=pad,
        decoder_start_token_id=pad,
        forced_eos_token_id=0,
        static_position_embeddings=True,
        scale_embedding=True,
        activation_function="swish",
    )
    MarianMTModel(config).save_pretrained(folder)
    return folder


def tiny_bart(folder: Path) -> Path:
    """A BART snapshot whose tokenizer knows the 256 bytes and no merges."""
    import torch
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import BartConfig, BartForConditionalGeneration

    folder.mkdir(parents=True)
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", *sorted(ByteLevel.alphabet()), "<mask>"]
    (folder / "vocab.json").write_text(json.dumps({token: number for number, token in enumerate(vocabulary)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    torch.manual_seed(2)
    config = BartConfig(**SMALL, vocab_size=len(vocabulary) - 1, forced_bos_token_id=0)  # <mask> lies beyond
    BartForConditionalGeneration(config).save_pretrained(folder)
    return folder
