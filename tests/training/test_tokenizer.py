"""Every character survives, digits stand alone, and the service's tokenizer reads the files in the same way."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.engines.marian_tokenizer import MarianSubwordTokenizer
from tests.training.conftest import World
from training.tokenizer import Vocabulary, measure


@pytest.fixture(scope="session")
def vocabulary(world: World) -> Vocabulary:
    return Vocabulary.load(world.inputs)


@pytest.fixture(scope="session")
def served(world: World) -> MarianSubwordTokenizer:
    return MarianSubwordTokenizer(*(world.inputs / name for name in ("source.spm", "target.spm", "vocab.json")))


@pytest.mark.parametrize(
    "text",
    [
        "Łódź, Kraków, Şanlıurfa, Reykjavík, Đà Nẵng",
        "„Größe“ – ‚klein‘ … 50 € × 2 = 100 € ½ ² 漢字 🙂",
        "Die 3.250,5 Tonnen, 18.30 Uhr, §\u202f5".replace("\u202f", " "),
    ],
)
def test_characters_survive(vocabulary: Vocabulary, served: MarianSubwordTokenizer, text: str) -> None:
    assert vocabulary.decode(vocabulary.encode_all([text])[0]) == text
    assert served.decode(served.encode(text)) == text
    assert served.knows(served.encode(text))


@given(st.text(alphabet=st.characters(blacklist_categories=["C", "Z", "M"]), max_size=30))
@settings(deadline=None, max_examples=100)
def test_training_and_service_tokenize_alike(vocabulary: Vocabulary, served: MarianSubwordTokenizer, text: str) -> None:
    ids = vocabulary.encode_all([text])[0]
    assert [vocabulary.ids[piece] for piece in served.encode(text)] == ids


def test_unusual_white_space_and_decomposed_letters_are_evened_out(vocabulary: Vocabulary) -> None:
    assert vocabulary.pieces("11\u00a0000 u\u0308ber\u00ad all") == vocabulary.pieces("11 000 über all")


def test_digits_are_single_tokens(vocabulary: Vocabulary) -> None:
    assert [piece.strip("▁") for piece in vocabulary.pieces("2024")] in (["", *"2024"], [*"2024"])


def test_special_tokens_stand_where_marian_expects_them(vocabulary: Vocabulary, world: World) -> None:
    ids = json.loads((world.inputs / "vocab.json").read_text(encoding="utf-8"))
    assert (ids["</s>"], ids["<unk>"], ids["<pad>"]) == (0, 1, len(ids) - 1)
    assert sorted(ids.values()) == list(range(len(ids)))
    assert vocabulary.decode([*vocabulary.encode_all(["Gut."])[0], 0, 5, 6]) == "Gut."


def test_measuring_counts_bytes_and_unknown_tokens(vocabulary: Vocabulary) -> None:
    figures = measure(vocabulary, ["漢"])
    assert figures["unknown"] == 0
    assert figures["bytes"] >= 0.5
