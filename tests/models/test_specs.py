"""The built-in table says what it must, and a user's own file is read strictly."""

from pathlib import Path

import pytest

from service.core.errors import InvalidModelSpec, UnknownModel
from service.models import load_specs

OWN = """
[models.house-de-en]
task = "translation"
source_languages = ["de"]
target_languages = ["en"]
tier = "evaluation"
tokenizer = "marian"
repository = "press/house-de-en"
revision = "0123456789abcdef0123456789abcdef01234567"
licence = "CC-BY-4.0"
attribution = "The house"
max_source_tokens = 200
max_target_tokens = 220
source_suffix = ["</s>"]
[models.house-de-en.decoding]
beam_size = 6

[profiles.house]
models = ["house-de-en", "demo-summarizer-en"]
"""


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_newsroom_decodes_as_its_models_were_published() -> None:
    translator, summarizer = load_specs().resolve("newsroom")
    assert translator.repository == "Helsinki-NLP/opus-mt-de-en"
    assert (translator.decoding.beam_size, translator.source_prefix, translator.source_suffix) == (4, (), ("</s>",))
    assert summarizer.repository == "sshleifer/distilbart-cnn-12-6"
    options = summarizer.decoding
    assert (options.min_length, options.max_length, options.no_repeat_ngram_size) == (54, 139, 3)
    assert (options.beam_size, options.length_penalty, options.target_prefix) == (4, 2.0, ("<s>",))
    assert (summarizer.source_prefix, summarizer.source_suffix) == (("<s>",), ("</s>",))


@pytest.mark.parametrize("spec", load_specs().models.values(), ids=lambda spec: spec.id)
def test_every_hub_model_is_pinned_and_says_how_sure_that_is(spec) -> None:  # type: ignore[no-untyped-def]
    assert spec.repository is None or (spec.pinned and spec.revision_note)
    assert spec.licence and spec.attribution


@pytest.mark.parametrize("profile", ["starter", "demo"])
def test_models_that_come_along_do_not_come_from_the_hub(profile: str) -> None:
    for spec in load_specs().resolve(profile):
        assert (spec.tier, spec.repository) == (profile, None)


def test_own_file_adds_models_and_profiles(tmp_path: Path) -> None:
    specs = load_specs(own(tmp_path, OWN))
    spec = specs.model("house-de-en")
    assert (spec.decoding.beam_size, spec.decoding.max_length, spec.max_source_tokens) == (6, 220, 200)
    assert [model.id for model in specs.resolve("house")] == ["house-de-en", "demo-summarizer-en"]
    assert "newsroom" in specs.profiles


def test_own_file_may_replace_a_built_in_model(tmp_path: Path) -> None:
    text = OWN.replace("models.house-de-en", "models.opus-mt-de-en").replace('"house-de-en"', '"opus-mt-de-en"')
    assert load_specs(own(tmp_path, text)).model("opus-mt-de-en").attribution == "The house"


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("beam_size = 6", "beam_size = 0", ["[models.house-de-en.decoding] beam_size", "at least 1"]),
        ("beam_size = 6", "beams = 6", ["[models.house-de-en.decoding] beams", "unknown", "beam_size"]),
        ("beam_size = 6", "min_length = 50\nmax_length = 40", ["min_length", "more than max_length"]),
        ("beam_size = 6", "max_length = 300", ["max_length", "at most 220"]),
        ('licence = "CC-BY-4.0"', "", ["[models.house-de-en] licence", "missing"]),
        ('"translation"', '"dictation"', ["task", "'dictation'", "summarization"]),
        ('"translation"', '"summarization"', ["window", "missing"]),
        ("max_source_tokens = 200", "max_source_tokens = true", ["max_source_tokens", "whole number"]),
        ('["de"]', '"de"', ["source_languages", "list of strings"]),
        ('["de"]', "[]", ["source_languages", "empty"]),
        ('["de"]', '["German"]', ["source_languages", "'German'"]),
        ('"press/house-de-en"', '"house"', ["repository", "'house'"]),
        ("0123456789abcdef0123456789abcdef01234567", "main", ["revision", "'main'", "revision_note"]),
        ("models.house-de-en", 'models."../house"', ["../house"]),
        ('"demo-summarizer-en"]', '"nothing"]', ["[profiles.house]", "'nothing'"]),
        ("[profiles.house]", "[profiles.auto]", ["'auto'"]),
        ("[profiles.house]", "[profile.house]", ["profile", "unknown"]),
        ("[profiles.house]", "[profiles.house", ["not valid TOML"]),
    ],
)
def test_faults_name_file_table_and_key(tmp_path: Path, old: str, new: str, parts: list[str]) -> None:
    assert old in OWN
    with pytest.raises(InvalidModelSpec) as caught:
        load_specs(own(tmp_path, OWN.replace(old, new)))
    for part in ["own.toml", *parts]:
        assert part in str(caught.value)


def test_branch_is_allowed_with_a_note(tmp_path: Path) -> None:
    text = OWN.replace('"0123456789abcdef0123456789abcdef01234567"', '"main"\nrevision_note = "not tagged yet"')
    assert not load_specs(own(tmp_path, text)).model("house-de-en").pinned


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidModelSpec, match=r"none\.toml: can't be read"):
        load_specs(tmp_path / "none.toml")


def test_unknown_names_get_a_suggestion() -> None:
    with pytest.raises(UnknownModel, match="did you mean 'newsroom'"):
        load_specs().resolve("newsrom")
    with pytest.raises(UnknownModel, match="known: "):
        load_specs().model("xyz")


def test_example_in_the_manual_is_valid(tmp_path: Path) -> None:
    """The README's indented TOML, taken as it stands."""
    manual = (Path(__file__).parents[2] / "model_cache/README.md").read_text(encoding="utf-8")
    lines = manual.split("## Models of your own")[1].splitlines()
    example = "\n".join(line.removeprefix("    ") for line in lines if line.startswith("    "))
    assert [spec.id for spec in load_specs(own(tmp_path, example)).resolve("house")] == [
        "house-de-en",
        "distilbart-cnn-12-6",
    ]
