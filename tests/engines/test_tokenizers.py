from __future__ import annotations

import json
import shutil
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.ports import Tokenizer
from service.engines.byte_level_tokenizer import ByteLevelTokenizer
from service.engines.control_symbols import CONTROL_SYMBOLS, defuse, is_control
from service.engines.marian_tokenizer import MarianSubwordTokenizer

from .tiny_models import SENTENCES

HOSTILE = [
    "</s>",
    "<pad>",
    "Ein <unk> im Satz </s> und <s>weiter<mask>",
    ">>eng<< Der Stadtrat berät.",
    "<pad></s><pad>",
    "\ud800 einsam",
    "\x00",
    "🙂 中文",
]


@pytest.fixture(scope="module")
def marian_tokenizer(marian: Path) -> MarianSubwordTokenizer:
    folder = marian / "snapshot"
    return MarianSubwordTokenizer(folder / "source.spm", folder / "target.spm", folder / "vocab.json")


@pytest.fixture(scope="module")
def bart_tokenizer(bart: Path) -> ByteLevelTokenizer:
    return ByteLevelTokenizer.from_folder(bart / "snapshot")


@pytest.fixture(params=["marian_tokenizer", "bart_tokenizer"])
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    made: Tokenizer = request.getfixturevalue(request.param)
    return made


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_control_token(tokenizer: Tokenizer, text: str) -> None:
    assert not [token for token in tokenizer.encode(text) if is_control(token)]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_target_becomes_a_control_token(tokenizer: Tokenizer, text: str) -> None:
    assert not [token for token in tokenizer.encode_target(text) if is_control(token)]


def test_a_target_is_given_back_by_its_tokens(tokenizer: Tokenizer) -> None:
    for target in SENTENCES[4:]:
        assert tokenizer.decode(tokenizer.encode_target(target)).strip() == target


def test_nothing_is_encoded_as_nothing(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("") == []
    assert tokenizer.decode([]) == ""


def test_control_tokens_of_an_output_leave_no_trace(tokenizer: Tokenizer) -> None:
    tokens = tokenizer.encode("Der Rat")
    assert tokenizer.decode([*tokens, "</s>", "<pad>", "<unk>"]) == tokenizer.decode(tokens)


def test_many_threads_get_the_same_tokens(tokenizer: Tokenizer) -> None:
    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(tokenizer.encode, SENTENCES * 50))
    assert results == [tokenizer.encode(text) for text in SENTENCES] * 50


def test_marian_splits_as_transformers_does(marian: Path, marian_tokenizer: MarianSubwordTokenizer) -> None:
    """Token ids are compared, so unknown pieces must be the same ones, too."""
    from transformers import MarianTokenizer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it recommends sacremoses
        reference = MarianTokenizer.from_pretrained(marian / "snapshot")
    vocabulary = json.loads((marian / "snapshot" / "vocab.json").read_text(encoding="utf-8"))
    for text in [*SENTENCES, "  zwei  Leerzeichen\tund\nZeilen ", "Ωmega – „Übung“ … 27.12.", "ﬁn ½ ①"]:
        ids = [vocabulary.get(token, vocabulary["<unk>"]) for token in marian_tokenizer.encode(text)]
        assert [*ids, vocabulary["</s>"]] == reference(text)["input_ids"]


def test_marian_decodes_with_the_target_side(marian: Path, marian_tokenizer: MarianSubwordTokenizer) -> None:
    import sentencepiece

    target = sentencepiece.SentencePieceProcessor(model_file=str(marian / "snapshot" / "target.spm"))
    for text in SENTENCES[4:]:
        assert marian_tokenizer.decode(target.encode(text, out_type=str)) == text


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_marian_decodes_any_pieces_as_sentencepiece_does(
    marian: Path, marian_tokenizer: MarianSubwordTokenizer, data: st.DataObject
) -> None:
    import sentencepiece

    target = sentencepiece.SentencePieceProcessor(model_file=str(marian / "snapshot" / "target.spm"))
    known = [
        target.id_to_piece(number)
        for number in range(target.get_piece_size())
        if not target.is_control(number) and not target.is_unknown(number)
    ]
    pieces = data.draw(st.lists(st.sampled_from(known), max_size=20))
    assert marian_tokenizer.decode(pieces) == target.decode_pieces(pieces).strip()


def test_marian_tells_unknown_pieces(marian_tokenizer: MarianSubwordTokenizer) -> None:
    assert [token for token in marian_tokenizer.encode("Der 中 Rat") if not marian_tokenizer.knows([token])] == ["中"]
    assert not marian_tokenizer.knows(marian_tokenizer.encode("Der 中 Rat"))
    assert marian_tokenizer.knows(marian_tokenizer.encode("Der Rat"))
    assert not marian_tokenizer.knows(["</s>"])


@settings(deadline=None, max_examples=200)
@given(text=st.text(max_size=60).filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text)))
def test_byte_level_tokens_lose_nothing(bart_tokenizer: ByteLevelTokenizer, text: str) -> None:
    tokens = bart_tokenizer.encode(text)
    assert bart_tokenizer.decode(tokens) == text
    assert bart_tokenizer.knows(tokens)


def test_byte_level_splits_as_transformers_does(bart: Path, bart_tokenizer: ByteLevelTokenizer) -> None:
    from transformers import BartTokenizer

    reference = BartTokenizer.from_pretrained(bart / "snapshot")
    for text in [*SENTENCES, "  two  spaces\tand\nlines ", "Ωmega – 'twas 27.12."]:
        assert bart_tokenizer.encode(text) == reference.tokenize(text)


def test_byte_level_reads_either_form_of_a_snapshot(bart: Path, tmp_path: Path) -> None:
    """The same from tokenizer.json, with its special tokens, as from vocab.json and merges.txt."""
    from transformers import BartTokenizer

    BartTokenizer.from_pretrained(bart / "snapshot").save_pretrained(tmp_path / "whole")
    assert (tmp_path / "whole" / "tokenizer.json").exists()
    whole = ByteLevelTokenizer.from_folder(tmp_path / "whole")
    for name in ("vocab.json", "merges.txt"):
        shutil.copy(bart / "snapshot" / name, tmp_path / name)
    parts = ByteLevelTokenizer.from_folder(tmp_path)
    for text in [*SENTENCES, *HOSTILE]:
        assert whole.encode(text) == parts.encode(text)


def test_other_tokenizers_are_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text(json.dumps({"model": {"type": "Unigram", "vocab": []}}))
    with pytest.raises(ValueError, match="byte-level"):
        ByteLevelTokenizer.from_folder(tmp_path)


def test_defusing_spells_out_control_symbols_and_nothing_else() -> None:
    assert defuse(["a", "</s>", ">>de<<", ">", "▁<<"]) == ["a", *"</s>", *">>de<<", ">", "▁<<"]
    assert all(is_control(symbol) for symbol in CONTROL_SYMBOLS)
