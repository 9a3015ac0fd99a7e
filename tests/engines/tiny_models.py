"""Makes tiny encoder-decoders with random weights, as snapshot folders, and converts them. Takes about two seconds.

Random weights make the hardest test of parity: hypotheses of all lengths, many near-ties, no copying.
"""

from __future__ import annotations

import json
import os
import shutil
import warnings
from pathlib import Path
from typing import Any

SENTENCES = [
    "Der Stadtrat berät am Montag über den Haushalt für das nächste Jahr.",
    "Die Polizei sucht Zeugen des Unfalls auf der Autobahn bei Fulda.",
    "„Wir fangen noch einmal an“, sagte die Trainerin nach dem 2:3.",
    "Rund 1.200 Menschen kamen am 4. November zum Rathaus – trotz Regen.",
    "The council debates next year's budget on Monday.",
    "Police are looking for witnesses to the crash on the motorway near Fulda.",
    '"We start all over again," the coach said after the 2-3 defeat.',
    "Some 1,200 people came to the town hall on 4 November, despite the rain.",
]


def make_marian(folder: Path, *, seed: int = 1) -> Path:
    """A MarianMT snapshot: source.spm, target.spm, vocab.json, config and safetensors. Returns `folder`."""
    import sentencepiece
    import torch
    import transformers

    folder.mkdir(parents=True)
    vocabulary = {"</s>": 0, "<unk>": 1}
    for side, lines in (("source", SENTENCES[:4]), ("target", SENTENCES[4:])):
        corpus = folder / "corpus.txt"
        corpus.write_text("\n".join(lines), encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(corpus), model_prefix=str(folder / side), vocab_size=90, hard_vocab_limit=False, minloglevel=2
        )
        corpus.unlink()
        (folder / f"{side}.model").rename(folder / f"{side}.spm")
        (folder / f"{side}.vocab").unlink()
        processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{side}.spm"))
        for number in range(processor.get_piece_size()):
            if not processor.is_control(number) and not processor.is_unknown(number):
                vocabulary.setdefault(processor.id_to_piece(number), len(vocabulary))
    vocabulary["<pad>"] = pad = len(vocabulary)
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "MarianTokenizer", "source_lang": "de", "target_lang": "en"})
    )
    config = transformers.MarianConfig(
        vocab_size=len(vocabulary),
        d_model=32,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_position_embeddings=64,
        pad_token_id=pad,
        eos_token_id=0,
        bos_token_id=0,
        decoder_start_token_id=pad,
        forced_eos_token_id=0,
        scale_embedding=True,
        init_std=0.2,
    )
    torch.manual_seed(seed)
    model = transformers.MarianMTModel(config).eval()
    _liven(model, end_bias=0.7)
    model.save_pretrained(folder)
    return folder


def make_bart(folder: Path, *, seed: int = 1) -> Path:
    """A BART snapshot with a byte-level vocab.json and merges.txt, and misleading generation defaults."""
    import tokenizers
    import torch
    import transformers

    folder.mkdir(parents=True)
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=330,
        special_tokens=[*special, "<mask>"],
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.model.save(str(folder))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BartTokenizer"}))
    size = tokenizer.get_vocab_size()
    config = transformers.BartConfig(
        vocab_size=size,
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_position_embeddings=64,
        init_std=0.2,
        normalize_before=False,  # old configs have it, and the converter asks for it
    )
    torch.manual_seed(seed)
    model = transformers.BartForConditionalGeneration(config).eval()
    _liven(model, end_bias=3.0)
    model.generation_config = transformers.GenerationConfig(
        num_beams=3, min_length=20, max_length=25, no_repeat_ngram_size=2, length_penalty=2.0, forced_bos_token_id=0
    )
    model.save_pretrained(folder)
    return folder


def shake(snapshot: Path, out: Path, *, seed: int) -> Path:
    """Copy a snapshot, every weight moved by about one part in 100,000. Returns `out`.

    That is some hundred roundings of float32, so near ties fall either way, and far less than any rule of a search.
    """
    import torch
    from safetensors.torch import load_file, save_file

    shutil.copytree(snapshot, out)
    dice = torch.Generator().manual_seed(seed)
    weights = {
        name: weight * (1 + 1e-5 * torch.randn(weight.shape, generator=dice))
        for name, weight in load_file(snapshot / "model.safetensors").items()
    }
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    return out


def _liven(model: Any, *, end_bias: float) -> None:
    """Make the outputs depend on more than the last token, and end at all sorts of lengths."""
    import torch

    with torch.no_grad():
        for name, weights in model.model.decoder.named_parameters():
            if "proj" in name or "fc" in name:
                weights.mul_(5.0)
    model.final_logits_bias[0, model.config.eos_token_id] = end_bias


def convert(snapshot: Path, out: Path, quantization: str = "float32") -> Path:
    """Convert `snapshot` to CTranslate2. Returns `out`."""
    os.environ.setdefault("DISABLE_SAFETENSORS_CONVERSION", "1")
    import ctranslate2.converters

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ctranslate2.converters.TransformersConverter(str(snapshot)).convert(str(out), quantization=quantization)
    return out
