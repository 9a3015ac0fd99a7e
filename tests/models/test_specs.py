"""The built-in table says what it must, and a user's own file is read strictly."""

from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import ValidationError

from service.core.enums import Task, Tier
from service.core.errors import InvalidModelSpec, UnknownModel
from service.core.types import DecodingOptions
from service.models import load_specs
from service.models.spec import Decoding
from tests.models.paper import MARIAN, like

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


PINNED = {"opus-mt-de-en", "distilbart-cnn-12-6"}


@pytest.mark.parametrize("spec", load_specs().models.values(), ids=lambda spec: spec.id)
def test_every_hub_model_is_pinned_or_follows_main_and_says_how_sure_that_is(spec) -> None:  # type: ignore[no-untyped-def]
    assert spec.repository is None or spec.revision_note
    assert spec.repository is None or spec.pinned is (spec.id in PINNED)
    assert spec.repository is None or spec.pinned or spec.revision == "main"
    assert spec.licence and spec.attribution


@pytest.mark.parametrize("language", ["de", "fr", "es", "it", "nl", "pl", "uk", "ru"])
def test_there_is_a_production_model_of_its_own_from_each_of_these_into_english(language: str) -> None:
    spec = load_specs().model(f"{language}-en")
    assert (spec.id, spec.tier, spec.pairs) == (f"opus-mt-{language}-en", Tier.PRODUCTION, ((language, "en"),))


@pytest.mark.parametrize("language", ["pt", "ro", "ca", "gl", "oc", "wa"])
def test_one_model_reads_the_other_romance_languages(language: str) -> None:
    spec = load_specs().model(f"{language}-en")
    assert (spec.id, spec.target_languages, spec.target_token("en")) == ("opus-mt-ROMANCE-en", ("en",), None)


def test_profiles_name_the_better_model_of_a_pair_first() -> None:
    specs = load_specs()
    assert [spec.id for spec in specs.resolve("newsroom-both")] == [
        "opus-mt-de-en", "opus-mt-en-de", "distilbart-cnn-12-6",
    ]  # fmt: skip
    europe = specs.resolve("europe")
    first = {pair: spec.id for spec in reversed(europe) for pair in spec.pairs}
    for language in ("de", "fr", "es", "it", "nl", "pl", "uk", "ru"):
        assert first[language, "en"] == f"opus-mt-{language}-en"
    for language in ("pt", "ro", "ca"):
        assert first[language, "en"] == "opus-mt-ROMANCE-en"
    assert europe[-1].task is Task.SUMMARIZATION and europe[-1].pairs == ()


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


MANY = """
[models.house-multi]
task = "translation"
source_languages = ["en", "de"]
target_languages = ["fr", "es", "de"]
tier = "production"
tokenizer = "marian"
licence = "CC-BY-4.0"
attribution = "The house"
max_source_tokens = 510
max_target_tokens = 510
source_suffix = ["</s>"]
[models.house-multi.target_tokens]
fr = ">>fra<<"
es = ">>spa<<"
de = ">>deu<<"
"""


def test_a_pair_is_toml_and_nothing_else(tmp_path: Path) -> None:
    """A newsroom adds Swedish: a table in its own file, and the pair has a name everywhere."""
    text = OWN.replace('["de"]', '["sv"]').replace("house-de-en", "house-sv-en").replace('"evaluation"', '"production"')
    specs = load_specs(own(tmp_path, text))
    assert specs.model("sv-en") is specs.models["house-sv-en"]
    assert specs.resolve("sv-en")[0].repository == "press/house-sv-en"


def test_several_sources_and_targets_from_the_spec_alone(tmp_path: Path) -> None:
    specs = load_specs(own(tmp_path, MANY))
    spec = specs.model("en-es")
    assert spec.id == "house-multi"
    assert spec.pairs == (("en", "fr"), ("en", "es"), ("en", "de"), ("de", "fr"), ("de", "es"))
    assert [spec.target_token(target) for target in ("fr", "de", "en")] == [">>fra<<", ">>deu<<", None]
    assert spec.special_source_tokens == 2
    assert specs.model("en-de").id == "opus-mt-en-de", "a model of its own is better than one of many"


def test_a_single_target_may_have_a_token_too(tmp_path: Path) -> None:
    text = OWN + '[models.house-de-en.target_tokens]\nen = ">>eng<<"\n'
    assert load_specs(own(tmp_path, text)).model("house-de-en").target_token("en") == ">>eng<<"


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ('fr = ">>fra<<"\n', "", ["[models.house-multi] target_tokens", "missing for fr"]),
        ('">>fra<<"', '"fra"', ["[models.house-multi.target_tokens] fr", "'fra'", ">>"]),
        ('">>fra<<"', '">>f<<a<<"', ["[models.house-multi.target_tokens] fr", "form"]),
        ('">>fra<<"', "3", ["[models.house-multi.target_tokens] fr", "must be a string, not 3"]),
        ('fr = ">>', 'it = ">>', ["[models.house-multi.target_tokens] it", "no such target", "fr, es, de"]),
        ('"marian"', '"byte_level_bpe"', ["[models.house-multi] target_tokens", "byte_level_bpe"]),
        ('["fr", "es", "de"]', '["de"]', ["[models.house-multi.target_tokens] fr", "no such target"]),
        ('["en", "de"]', '["en", "en"]', ["source_languages", "twice"]),
        ('task = "translation"', 'task = "translation"\nid = "x"', ["[models.house-multi] id", "unknown"]),
        ('"production"', '"builtin"', ["tier", "'builtin'"]),
        ('licence = "CC-BY-4.0"', 'licence = "  "', ["[models.house-multi] licence", "is empty"]),
        ("= 510\nsource", "= 2026-01-01\nsource", ["max_target_tokens", "must be a whole number"]),
        ("models.house-multi", "models.OPUS-mt-de-en", ["OPUS-mt-de-en", "capital letters"]),
    ],
)
def test_faults_of_multilingual_models_name_the_key(tmp_path: Path, old: str, new: str, parts: list[str]) -> None:
    assert old in MANY
    with pytest.raises(InvalidModelSpec) as caught:
        load_specs(own(tmp_path, MANY.replace(old, new)))
    for part in ["own.toml", *parts]:
        assert part in str(caught.value)


def test_a_translator_needs_another_language(tmp_path: Path) -> None:
    with pytest.raises(InvalidModelSpec, match=r"\[models\.house-de-en\] target_languages: has no language but"):
        load_specs(own(tmp_path, OWN.replace('["en"]', '["de"]')))


def test_every_fault_is_told_on_a_line_of_its_own(tmp_path: Path) -> None:
    text = OWN.replace("beam_size = 6", "beams = 6").replace('licence = "CC-BY-4.0"', "").replace("= 220", "= 0")
    with pytest.raises(InvalidModelSpec) as caught:
        load_specs(own(tmp_path, text))
    path = tmp_path / "own.toml"
    assert sorted(str(caught.value).splitlines()) == [
        f"{path}: [models.house-de-en.decoding] beams: unknown; known: beam_size, length_penalty, max_length, "
        "max_length_factor, max_length_margin, min_length, no_repeat_ngram_size, repetition_penalty, target_prefix",
        f"{path}: [models.house-de-en] licence: missing",
        f"{path}: [models.house-de-en] max_target_tokens: 0 must be at least 1",
    ]


def test_specs_never_change() -> None:
    with pytest.raises(ValidationError):
        MARIAN.licence = "none"


def test_the_table_of_decoding_options_is_that_of_the_core() -> None:
    installed = "shortlist"  # comes with the installed model, not with the table
    assert [*Decoding.model_fields, installed] == [field.name for field in fields(DecodingOptions)]
    plain = DecodingOptions()
    given = {name: getattr(plain, name) for name in Decoding.model_fields if name != "max_length"}
    assert {name: value for name, value in dict(Decoding()).items() if name != "max_length"} == given


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


def test_a_spelling_in_other_capitals_is_suggested() -> None:
    with pytest.raises(UnknownModel, match="did you mean 'opus-mt-ROMANCE-en'"):
        load_specs().model("opus-mt-romance-en")


def test_a_pair_nobody_translates_gets_what_is_near() -> None:
    specs = load_specs()
    with pytest.raises(UnknownModel, match=r"no model translates 'sv-en'; into 'en' there are .* de .* uk "):
        specs.model("sv-en")
    with pytest.raises(UnknownModel, match="from 'en' there are de"):
        specs.resolve("en-sv")
    with pytest.raises(UnknownModel, match="depesche models list"):
        specs.find("xx-yy")


def test_a_pair_stands_for_production_models_only(tmp_path: Path) -> None:
    text = OWN.replace('["de"]', '["sv"]').replace("house-de-en", "house-sv")
    specs = load_specs(own(tmp_path, text))
    with pytest.raises(UnknownModel, match=r"no production model translates 'sv-en'.*house-sv \(evaluation\)"):
        specs.model("sv-en")
    assert [spec.id for spec in specs.find("sv-en")] == ["house-sv"]
    assert [spec.id for spec in specs.find("fr-en")] == ["opus-mt-fr-en", "opus-mt-ROMANCE-en"]
    assert [spec.id for spec in specs.find("demo")] == [spec.id for spec in specs.resolve("demo")]


def test_a_pair_with_two_equals_is_asked_back(tmp_path: Path) -> None:
    text = OWN.replace('"evaluation"', '"production"')
    with pytest.raises(UnknownModel, match="'de-en' may be any of opus-mt-de-en, house-de-en"):
        load_specs(own(tmp_path, text)).model("de-en")


def test_a_model_or_profile_of_that_name_goes_before_a_pair(tmp_path: Path) -> None:
    text = OWN.replace("house-de-en", "de-en").replace("[profiles.house]", "[profiles.fr-en]")
    specs = load_specs(own(tmp_path, text))
    assert specs.model("de-en").attribution == "The house"
    assert [spec.id for spec in specs.resolve("fr-en")] == ["de-en", "demo-summarizer-en"]


def test_a_spec_that_is_changed_is_checked() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        like(MARIAN, max_source_tokens=0)


def test_example_in_the_manual_is_valid(tmp_path: Path) -> None:
    """The README's indented TOML, taken as it stands."""
    manual = (Path(__file__).parents[2] / "model_cache/README.md").read_text(encoding="utf-8")
    lines = manual.split("## Models of your own")[1].splitlines()
    example = "\n".join(line.removeprefix("    ") for line in lines if line.startswith("    "))
    assert [spec.id for spec in load_specs(own(tmp_path, example)).resolve("house")] == [
        "house-de-en",
        "distilbart-cnn-12-6",
    ]
