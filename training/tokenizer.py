"""`python -m training.tokenizer`: one joint sentencepiece model for both languages, in the files Marian expects.

Every character survives: frequent ones have a piece of their own, all others are spelled in bytes. Digits are single
pieces, so that a number is copied digit by digit.
"""

from __future__ import annotations

import io
import json
import random
import string
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
import sentencepiece

from training.corpus import Pair, read_prepared

END, UNKNOWN, PAD = "</s>", "<unk>", "<pad>"
SNAPSHOT_FILES = ("source.spm", "target.spm", "vocab.json", "tokenizer_config.json", "special_tokens_map.json")
MAX_POSITIONS = 512
_REQUIRED = (
    string.ascii_letters
    + string.digits
    + string.punctuation
    + (
        "äöüÄÖÜßẞàáâãåæçèéêëìíîïñòóôõøùúûýÿœšžčćđłńśźżğışăâîșțřěůňťďőűāēīūģķļņŋþð"
        "ÀÁÂÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕØÙÚÛÝŒŠŽČĆĐŁŃŚŹŻĞİŞĂȘȚŘĚŮŇŤĎŐŰĀĒĪŪ"
        "„“”‚‘’«»‹›–—…€£$¥%‰§°·•×÷±½¼¾²³µ©®™†¿¡ªº′″−→"
    )
)
# What reads as white space or as nothing. The rest of a text stays as it came.
_SPACES = "\t\n\r\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_NOTHING = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


class Vocabulary:
    """A sentencepiece model and the ids of its pieces: `</s>` 0, `<unk>` 1, the pieces, `<pad>` last."""

    def __init__(self, model: bytes, ids: dict[str, int] | None = None) -> None:
        self._model = model
        self._processor: Any = sentencepiece.SentencePieceProcessor(model_proto=model)
        pieces = [self._processor.id_to_piece(i) for i in range(self._processor.get_piece_size())]
        ordinary = [piece for piece in pieces if piece not in {END, UNKNOWN, PAD}]
        self.ids = ids or {token: number for number, token in enumerate([END, UNKNOWN, *ordinary, PAD])}
        self._by_piece = [self.ids.get(piece, self.ids[UNKNOWN]) for piece in pieces]
        self._tokens = {number: token for token, number in self.ids.items()}

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def end(self) -> int:
        """The id of the end token."""
        return self.ids[END]

    @property
    def pad(self) -> int:
        """The id of the padding token, with which decoders start."""
        return self.ids[PAD]

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """Read what `save` wrote."""
        ids: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        return cls((folder / "source.spm").read_bytes(), ids)

    def encode_all(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text, without end tokens."""
        table = self._by_piece
        encoded: list[list[int]] = self._processor.encode(list(texts), out_type=int, num_threads=1)
        return [[table[piece] for piece in pieces] for pieces in encoded]

    def pieces(self, text: str) -> list[str]:
        """The pieces of a text."""
        pieces: list[str] = self._processor.encode(text, out_type=str)
        return pieces

    def decode(self, ids: Iterable[int]) -> str:
        """The text of `ids`, up to an end token; padding stands for nothing."""
        tokens: list[str] = []
        for number in ids:
            if number == self.end:
                break
            if number != self.pad:
                tokens.append(self._tokens[number])
        text: str = self._processor.decode_pieces(tokens)
        return text

    def save(self, folder: Path) -> None:
        """Write source.spm and target.spm (the same model), vocab.json and the tokenizer's configuration."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("source.spm", "target.spm"):
            (folder / name).write_bytes(self._model)
        special = {"eos_token": END, "pad_token": PAD, "unk_token": UNKNOWN}
        configuration = {
            **special,
            "clean_up_tokenization_spaces": False,
            "model_max_length": MAX_POSITIONS,
            "separate_vocabs": False,
            "source_lang": "de",
            "sp_model_kwargs": {},
            "target_lang": "en",
            "tokenizer_class": "MarianTokenizer",
        }
        _write_json(folder / "vocab.json", self.ids)
        _write_json(folder / "tokenizer_config.json", configuration)
        _write_json(folder / "special_tokens_map.json", special)


def train(texts: Iterable[str], size: int, *, seed: int = 1, byte_fallback: bool = True) -> Vocabulary:
    """A vocabulary of exactly `size` tokens, padding included; smaller when `texts` don't give that many pieces.

    The model is unigram (Kudo 2018, arXiv:1804.10959). Raises RuntimeError when `size` can't hold the characters.
    """
    sentencepiece.set_random_generator_seed(seed)
    model = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "normalization.tsv"
        rules.write_text("".join(_normalization_rules()), encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts),
            model_writer=model,
            model_type="unigram",
            vocab_size=size - 1,  # the padding token is no piece
            hard_vocab_limit=False,
            character_coverage=0.9999,
            required_chars="".join(sorted(set(_REQUIRED))),
            byte_fallback=byte_fallback,
            split_digits=True,
            normalization_rule_tsv=str(rules),
            bos_id=-1,
            unk_id=0,
            eos_id=1,
            num_threads=1,
            max_sentence_length=4000,
            minloglevel=2,
        )
    return Vocabulary(model.getvalue())


def _normalization_rules() -> Iterable[str]:
    """Lines in sentencepiece's format, code points in hexadecimal: white space, invisible signs, NFC for Latin."""
    for character in _SPACES:
        yield f"{ord(character):04X}\t0020\n"
    for character in _NOTHING:
        yield f"{ord(character):04X}\t\n"
    for number in (*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00)):
        parts = unicodedata.normalize("NFD", chr(number))
        if parts != chr(number) and unicodedata.normalize("NFC", parts) == chr(number):
            yield f"{' '.join(f'{ord(part):04X}' for part in parts)}\t{number:04X}\n"


def sample(pairs: Iterable[Pair], count: int, seed: int, boost: Sequence[str] = ("news", "synthetic")) -> list[str]:
    """About `count` texts of both languages for training a vocabulary; at most half of other sources than `boost`."""
    preferred: list[str] = []
    others: list[str] = []
    for pair in pairs:
        place = preferred if pair.origin.startswith(tuple(boost)) else others
        place.extend((pair.source, pair.target))
    rng = random.Random(seed)
    rng.shuffle(preferred)
    rng.shuffle(others)
    chosen = preferred[: max(count // 2, count - len(others))]
    return chosen + others[: count - len(chosen)]


def measure(vocabulary: Vocabulary, lines: Iterable[str]) -> dict[str, float]:
    """Tokens a word, and the shares of unknown tokens and of tokens that are single bytes."""
    counts: Counter[str] = Counter()
    for line in lines:
        pieces = vocabulary.pieces(line)
        counts["words"] += len(line.split())
        counts["tokens"] += len(pieces)
        counts["unknown"] += sum(piece not in vocabulary.ids or piece == UNKNOWN for piece in pieces)
        counts["bytes"] += sum(len(piece) == 6 and piece.startswith("<0x") for piece in pieces)
    tokens = max(counts["tokens"], 1)
    return {
        "tokens_per_word": counts["tokens"] / max(counts["words"], 1),
        "unknown": counts["unknown"] / tokens,
        "bytes": counts["bytes"] / tokens,
    }


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@click.command()
@click.argument("pairs", type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the tokenizer's files.")
@click.option("--size", default=16384, show_default=True, help="Tokens in the vocabulary.")
@click.option("--sentences", default=400_000, show_default=True, help="How many texts to learn it from.")
@click.option("--seed", default=1, show_default=True)
@click.option("--measure-on", multiple=True, type=click.Path(exists=True, path_type=Path), help="Texts to report on.")
def main(pairs: Path, out: Path, size: int, sentences: int, seed: int, measure_on: tuple[Path, ...]) -> None:
    """Train a tokenizer on PAIRS, the file that `training.prepare clean` wrote."""
    vocabulary = train(sample(read_prepared(pairs), sentences, seed), size, seed=seed)
    vocabulary.save(out)
    click.echo(f"{len(vocabulary)} tokens in {out}")
    for path in measure_on:
        figures = measure(vocabulary, path.read_text(encoding="utf-8").splitlines())
        click.echo(
            f"{path.name}: {figures['tokens_per_word']:.3f} tokens a word, {figures['unknown']:.4%} unknown, "
            f"{figures['bytes']:.4%} single bytes"
        )


if __name__ == "__main__":
    main()
