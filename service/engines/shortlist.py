"""A shortlist for a Marian model: the target pieces that are scored at all, instead of the whole vocabulary.

Scoring 58,101 pieces at every step for every beam is most of what opus-mt spends. Marian's own answer is a lexical
shortlist (L'Hostis et al., 2016, arXiv:1610.00072), which CTranslate2 reads as `vmap.txt`: pieces that are scored for
every source, and for each source piece those that it may bring along; a batch is scored with the union.

What is scored for every source is most of the list here, by falling frequency in the target language, since the union
lets neighbours in a batch take part in each other's outputs: with 1,000 such pieces of 8,000 and 200 of each source
piece, 28 of 100 sentences came out differently in batches of 16 and alone; with 4,400, 6. It costs little: on
opus-mt's shape the search is 1.9 times as fast with 8,000 pieces for all as with all 58,101, 2.0 times with 4,000.

How frequent a piece is says the target's sentencepiece model (its scores are log-probabilities in the text that it was
trained on), and more exactly, with what each source piece becomes, the model's own translations of plain text. Neither
parallel text nor an aligner is needed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = "vmap.txt"
"""The name that CTranslate2 looks for beside the weights."""

_ATTENTION = 0.15
"""How much of its attention a target piece must pay to a source piece to count as brought along by it."""
_POSITIONS = 2  # source pieces that one target piece may be brought along by
_LEAST_SEEN = 2
"""How often it must have been seen: what came once is mostly chance, and chance makes neighbours matter. (On the
starter, of 100 outputs 94 are the same alone and in a batch; with those that came once, and fewer for all, 88.)"""
_LEAST_PART = 2  # letters of a part of a source piece that may stand in the target by itself


@dataclass(slots=True)
class Harvest:
    """What a model made of `sentences` sentences: how often each target piece, and from which source pieces."""

    sentences: int = 0
    frequency: Counter[str] = field(default_factory=Counter)
    brought: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, source: Sequence[str], output: Sequence[str], attention: Sequence[Sequence[float]]) -> None:
        """Count one translation. `attention` has a row for each piece of `output`, a value for each of `source`."""
        self.sentences += 1
        self.frequency.update(output)
        for piece, row in zip(output, attention, strict=False):
            strongest = sorted(range(min(len(row), len(source))), key=lambda index: -row[index])[:_POSITIONS]
            for index in strongest:
                if row[index] > _ATTENTION:
                    self.brought.setdefault(source[index], Counter())[piece] += 1

    def to_json(self) -> str:
        """For `from_json`."""
        return json.dumps({"sentences": self.sentences, "frequency": self.frequency, "brought": self.brought})

    @classmethod
    def from_json(cls, text: str) -> Harvest:
        """Raises ValueError, KeyError or TypeError for what `to_json` didn't write."""
        stored = json.loads(text)
        brought = {source: Counter(pieces) for source, pieces in stored["brought"].items()}
        return cls(int(stored["sentences"]), Counter(stored["frequency"]), brought)


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The pieces that are scored `everywhere`, and those that each source piece brings along besides."""

    everywhere: tuple[str, ...]
    brought: Mapping[str, tuple[str, ...]]

    def text(self) -> str:
        """The content of `vmap.txt`."""
        lines = ["\t" + " ".join(self.everywhere)]
        lines += [f"{source}\t{' '.join(pieces)}" for source, pieces in sorted(self.brought.items())]
        return "\n".join(lines) + "\n"

    def write(self, folder: Path) -> str:
        """Write `vmap.txt` into the folder of a converted model, whole or not at all; its digest. Raises OSError."""
        text = self.text().encode()
        draft = folder / f"{FILE}.tmp"
        draft.write_bytes(text)
        draft.replace(folder / FILE)
        return hashlib.sha256(text).hexdigest()


def make(
    vocabulary: Sequence[str], usual: Sequence[str], harvest: Harvest, *, everywhere: int, per_source: int
) -> Shortlist:
    """Choose among `vocabulary`: `everywhere` pieces by frequency, and at most `per_source` more for a source piece.

    `usual` are pieces by falling frequency in the target language, as far as that is known without a harvest. A source
    piece brings itself along, and its parts, so that names, numbers and links can be copied. Byte pieces and marks
    are always scored: they stand for what is rare by nature.
    """
    known = {piece for piece in vocabulary if _is_listable(piece)}
    ranks: Counter[str] = Counter()
    most = max(harvest.frequency.values(), default=0)
    for rank, piece in enumerate(usual):
        ranks[piece] += max(1, most // (rank + 2))  # Zipf's law stands in where nothing was counted
    ranks.update(harvest.frequency)
    frequent = [piece for piece, _ in ranks.most_common() if piece in known]
    always = [piece for piece in vocabulary if piece in known and _is_mark(piece)]
    chosen = dict.fromkeys([*always, *frequent[:everywhere]])
    brought: dict[str, tuple[str, ...]] = {}
    for source in sorted(known):
        seen = harvest.brought.get(source, Counter()).most_common(per_source)
        more = [piece for piece, count in seen if count >= _LEAST_SEEN and piece in known]
        listed = dict.fromkeys([source, *_parts(source, known), *more])
        if rest := tuple(piece for piece in listed if piece not in chosen):
            brought[source] = rest
    return Shortlist(tuple(chosen), brought)


def _parts(source: str, known: set[str]) -> list[str]:
    """Pieces that a copy of `source` may be put together from, where the target is split otherwise."""
    word = source.removeprefix("▁")
    length = len(word)
    spans = ((start, end) for start in range(length) for end in range(start + _LEAST_PART, length + 1))
    parts = [word[start:end] for start, end in spans if end - start < length or source != word]
    return [piece for part in parts for piece in (part, f"▁{part}" if word.startswith(part) else "") if piece in known]


def _is_listable(piece: str) -> bool:
    # The format separates pieces by spaces; the special symbols are always scored, as CTranslate2 adds them.
    return bool(piece) and not any(character.isspace() for character in piece) and piece not in ("<pad>", "<s>")


def _is_mark(piece: str) -> bool:
    letters = piece.removeprefix("▁")
    return piece == "</s>" or len(letters) <= 1 or (piece.startswith("<0x") and piece.endswith(">"))


def digest(folder: Path) -> str | None:
    """The SHA-256 of the shortlist in a converted model's folder; None where there is none."""
    try:
        with (folder / FILE).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def translate_with_attention(
    translator: Any, sources: Iterable[Sequence[str]], end_token: str, batch_size: int = 32
) -> list[tuple[Sequence[str], Sequence[str], Sequence[Sequence[float]]]]:
    """(source, output, attention) for each source, by CTranslate2's `translator`, with a narrow beam: only the output
    of the whole vocabulary counts, and that changes little with the beam.
    """
    framed = [[*source, end_token] for source in sources]
    results = translator.translate_batch(
        framed, beam_size=2, max_batch_size=batch_size, max_input_length=0, return_attention=True
    )
    return [(source, result.hypotheses[0], result.attention[0]) for source, result in zip(framed, results, strict=True)]
