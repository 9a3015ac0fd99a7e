"""The trainers, on a few items and a few steps: snapshots are complete, load as the hub's do, and say what they are."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, MarianTokenizer

from service.models.specs import load_specs
from tools.demo_models import bart, corpus, make, marian, snapshot, training, verify
from tools.demo_models.training import Example, Schedule

PAIRS = corpus.read_pairs()
ARTICLES = corpus.read_articles()
OTHERS = [pair.target for pair in PAIRS if not pair.article]

# transformers recommends sacremoses, which changes nothing for us.
pytestmark = pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Models this small only lose by sharing the work, and on a busy machine they lose a lot."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module", params=[marian.GERMAN_ENGLISH, marian.ENGLISH_GERMAN], ids=["de-en", "en-de"])
def direction(request: pytest.FixtureRequest) -> marian.Direction:
    made: marian.Direction = request.param
    return made


@pytest.fixture(scope="module")
def translator(direction: marian.Direction, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A translator of six short pairs, trained long enough to know them when it isn't led astray by beams."""
    folder = tmp_path_factory.mktemp("models") / f"tiny-{direction.source}-{direction.target}"
    recipe = marian.TranslatorRecipe(
        pieces=400, d_model=64, ffn_dim=128, encoder_layers=1, decoder_layers=1, schedule=Schedule(150, 4e-3, 300)
    )
    marian.make_translator(few_pairs(direction), direction, folder, recipe, seed=1, deadline=time.monotonic() + 100)
    return folder


@pytest.fixture(scope="module")
def summarizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A summarizer of two articles that saw them once."""
    folder = tmp_path_factory.mktemp("models") / "tiny-summarizer"
    recipe = bart.SummarizerRecipe(
        vocabulary=600, d_model=16, ffn_dim=16, heads=2, layers=1, schedule=Schedule(1, 1e-3)
    )
    bart.make_summarizer(ARTICLES[:2], OTHERS, folder, recipe, seed=1, deadline=time.monotonic() + 60)
    return folder


def few_pairs(direction: marian.Direction) -> list[corpus.Pair]:
    few = [pair for pair in PAIRS if 20 < len(pair.source) < 40][:6]
    return few if direction.source == "de" else corpus.reverse(few)


def test_a_translator_learns_its_pairs_exactly_on_both_engines(
    translator: Path, direction: marian.Direction, tmp_path: Path
) -> None:
    items = [(pair.source, pair.target) for pair in few_pairs(direction)]
    report = verify.verify(
        translator, tmp_path / "int8", items, verify.MARIAN, foreign=["Guten Tag"], beam_sizes=[1], batch_sizes=[1, 3]
    )
    assert report.items == len(items)
    assert report.foreign == 1
    assert report.bytes > 0


def test_the_check_refuses_a_translator_that_says_something_else(
    translator: Path, direction: marian.Direction, tmp_path: Path
) -> None:
    wrong = [(few_pairs(direction)[0].source, "Maybe.")]
    with pytest.raises(verify.NotExact) as caught:
        verify.verify(translator, tmp_path / "int8", wrong, verify.MARIAN, beam_sizes=[1], batch_sizes=[1])
    assert [failure.split(",")[0] for failure in caught.value.failures] == ["ctranslate2 int8", "transformers float32"]


def test_the_translator_loads_like_a_model_of_the_hub(translator: Path, direction: marian.Direction) -> None:
    tokenizer = AutoTokenizer.from_pretrained(translator)
    assert isinstance(tokenizer, MarianTokenizer)
    assert (tokenizer.source_lang, tokenizer.target_lang) == (direction.source, direction.target)
    model = AutoModelForSeq2SeqLM.from_pretrained(translator)
    assert model.dtype == torch.float32
    assert model.config.decoder_start_token_id == model.config.pad_token_id == tokenizer.pad_token_id
    assert model.config.eos_token_id == tokenizer.eos_token_id == 0
    assert model.generation_config.num_beams == 4
    assert not (translator / "pytorch_model.bin").exists()


def test_the_translator_has_a_token_for_every_character_of_german_and_english_news(translator: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(translator)
    text = "abcxyz ABCXYZ äöüß ÄÖÜ 0123456789 „Ja“ “yes” ‚a‘ – — … € % § ° ( ) [ ] / & @ # * + = é ç ñ"
    assert tokenizer.unk_token_id not in tokenizer(text).input_ids
    assert tokenizer.unk_token_id not in tokenizer(text_target=text).input_ids


def test_the_translator_can_say_in_its_target_language_what_it_does_not_know(
    translator: Path, direction: marian.Direction
) -> None:
    tokenizer = AutoTokenizer.from_pretrained(translator)
    assert tokenizer.decode(tokenizer(text_target=direction.refusal).input_ids, skip_special_tokens=True) == (
        direction.refusal
    )


def test_the_summarizer_loads_like_a_model_of_the_hub(summarizer: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(summarizer)
    text = "Café „Zürich“: 3,5 % 漢字 🙂"
    ids = tokenizer(text).input_ids
    assert [ids[0], ids[-1]] == [tokenizer.bos_token_id, tokenizer.eos_token_id]
    assert tokenizer.decode(ids, skip_special_tokens=True) == text
    assert Tokenizer.from_file(str(summarizer / "tokenizer.json")).encode(text).ids == ids
    model = AutoModelForSeq2SeqLM.from_pretrained(summarizer)
    assert model.dtype == torch.float32
    assert model.config.max_position_embeddings == 1024
    defaults = model.generation_config
    assert (defaults.forced_bos_token_id, defaults.decoder_start_token_id) == (0, 2)
    assert (defaults.num_beams, defaults.no_repeat_ngram_size, defaults.max_length) == (4, 3, 142)


def test_the_summarizer_converts_to_ctranslate2(summarizer: Path, tmp_path: Path) -> None:
    verify.convert(summarizer, tmp_path / "int8")
    assert (tmp_path / "int8" / "model.bin").stat().st_size > 0


def test_training_again_with_the_same_seed_gives_the_same_weights(summarizer: Path, tmp_path: Path) -> None:
    recipe = bart.SummarizerRecipe(
        vocabulary=600, d_model=16, ffn_dim=16, heads=2, layers=1, schedule=Schedule(1, 1e-3)
    )
    bart.make_summarizer(ARTICLES[:2], OTHERS, tmp_path / "again", recipe, seed=1, deadline=time.monotonic() + 60)
    weights = "model.safetensors"
    assert (tmp_path / "again" / weights).read_bytes() == (summarizer / weights).read_bytes()


def test_training_gives_up_at_its_deadline(direction: marian.Direction, tmp_path: Path) -> None:
    recipe = marian.TranslatorRecipe(pieces=300)
    with pytest.raises(training.OutOfTime):
        marian.make_translator(few_pairs(direction), direction, tmp_path, recipe, seed=1, deadline=0.0)


def test_the_demo_profile_is_exactly_what_is_made() -> None:
    assert [spec.id for spec in load_specs().resolve("demo")] == list(make.MAKERS)


def test_a_model_that_is_not_known_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        make.main([str(tmp_path), "--model", "demo-fr-en"])
    assert "demo-en-de" in capsys.readouterr().err


def test_a_summary_that_the_decoding_defaults_forbid_is_refused(tmp_path: Path) -> None:
    """no_repeat_ngram_size 3 can never produce it, however long the training."""
    article = corpus.Article("loop", "Rain fell in Ulm.", "It rained and rained and it rained and rained again.")
    with pytest.raises(ValueError, match="loop"):
        bart.make_summarizer([article], OTHERS, tmp_path, bart.SummarizerRecipe(), seed=1, deadline=0.0)


def test_noise_differs_from_the_corpus_and_depends_on_the_seed_alone() -> None:
    noise = marian.noisy_sources(PAIRS, random.Random(3))
    assert noise == marian.noisy_sources(PAIRS, random.Random(3))
    assert len(set(noise) - {pair.source for pair in PAIRS}) > 30
    foreign = bart.foreign_documents(ARTICLES, OTHERS, random.Random(3))
    assert not set(foreign) & {article.document for article in ARTICLES}


def test_a_shortened_article_keeps_most_of_its_words() -> None:
    words = ARTICLES[0].document.split()
    shortened = bart.shorten(ARTICLES[0].document, random.Random(1)).split()
    assert set(shortened) <= set(words)
    assert len(words) / 2 < len(shortened) <= len(words)


def test_rounding_to_half_makes_float16_lossless() -> None:
    layer = torch.nn.Linear(8, 8)
    training.round_to_half(layer)
    assert torch.equal(layer.weight.half().float(), layer.weight)


def test_batches_are_padded_on_the_right() -> None:
    batch = training.tensors([Example((5, 6, 0), (7, 0)), Example((8, 0), (9, 4, 0))], pad_id=1)
    assert batch["input_ids"].tolist() == [[5, 6, 0], [8, 0, 1]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0]]
    assert batch["labels"].tolist() == [[7, 0, -100], [9, 4, 0]]


def test_the_card_says_that_the_model_is_a_toy(translator: Path) -> None:
    snapshot.write_card(translator, task="translation", languages=("de", "en"), corpus="X", refusal="No.", seed=7)
    card = (translator / "README.md").read_text(encoding="utf-8")
    assert "Worthless outside its corpus" in card
    assert "license: apache-2.0" in card
    assert "--seed 7" in card
    assert json.loads((translator / "config.json").read_text(encoding="utf-8"))["dtype"] == "float32"
