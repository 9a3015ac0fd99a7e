"""When it is measured how sure a model usually is, where that is kept, and for which pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from service.bootstrap.certainty import is_measured, measure_at_install, references
from service.core.types import DecodingOptions
from service.language.identification import FastTextIdentifier
from service.language.samples import sample
from service.models.catalogue import ModelCatalogue
from service.models.spec import ModelSpec
from service.models.store import InstalledModel
from service.settings import Settings
from tests.committed import STORE
from tests.core.fakes import WordTokenizer
from tests.engines.test_reference import ScoringEngine

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "uk")
SPEC = ModelCatalogue.open(Path("nowhere")).specs.model("starter-de-en")


@pytest.fixture
def model(tmp_path: Path) -> InstalledModel:
    """The starter as if it were installed in a folder of the user's."""
    folder = tmp_path / "models" / "m" / "v-1"
    folder.mkdir(parents=True)
    return replace(STORE.get("starter-de-en"), snapshot_dir=folder / "snapshot", ctranslate2_dir=folder / "ctranslate2")


class WordEngine(ScoringEngine):
    """Reads any words."""

    def generate(self, sources: Sequence[Sequence[str]], options: DecodingOptions) -> list:  # type: ignore[type-arg]
        self.asked = [*getattr(self, "asked", []), *sources]
        return super().generate([["1"] * len(source) for source in sources], options)


def at(tmp_path: Path, *, calibrate: bool = True) -> Settings:
    return Settings(model_cache=tmp_path / "models", cache_dir=tmp_path / "cache", calibrate=calibrate)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sample_is_large_enough_to_be_meaningful(language: str) -> None:
    sentences = sample(language)
    assert len(set(sentences)) == len(sentences) >= (200 if language in ("de", "en") else 48)
    assert all(sentence.strip() == sentence and sentence for sentence in sentences)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sample_is_in_its_language(language: str) -> None:
    """As far as that can be told of single sentences."""
    found = FastTextIdentifier().identify([" ".join(sample(language))], LANGUAGES, language)
    assert found[0].language == language


@pytest.mark.parametrize("language", ["xx", "", "../samples/de", "de.txt"])
def test_of_other_languages_there_is_none(language: str) -> None:
    assert sample(language) == ()


def test_a_model_is_measured_once_when_it_is_installed(tmp_path: Path, model: InstalledModel) -> None:
    engine = WordEngine()
    assert not is_measured(SPEC, model)
    measure_at_install(SPEC, model, engine, WordTokenizer(), at(tmp_path))
    assert is_measured(SPEC, model)
    decoded = len(engine.asked)
    assert decoded == len(sample("de"))
    found = references(SPEC, model, engine, WordTokenizer(), at(tmp_path, calibrate=False))
    assert list(found) == [("de", "en")]
    assert 0.4 < found["de", "en"].certainty(found["de", "en"].values[100]) < 0.6
    assert len(engine.asked) == decoded


def test_other_weights_or_another_search_are_measured_anew(tmp_path: Path, model: InstalledModel) -> None:
    measure_at_install(SPEC, model, WordEngine(), WordTokenizer(), at(tmp_path))
    assert not is_measured(SPEC, replace(model, digest="other"))
    greedy = SPEC.model_copy(update={"decoding": DecodingOptions(beam_size=1)})
    assert not is_measured(greedy, model)


def test_what_was_not_measured_at_its_install_is_when_it_is_loaded(tmp_path: Path, model: InstalledModel) -> None:
    engine = WordEngine()
    assert references(SPEC, model, engine, WordTokenizer(), at(tmp_path, calibrate=False)) == {}
    assert references(SPEC, model, engine, WordTokenizer(), at(tmp_path))
    decoded = len(engine.asked)
    assert references(SPEC, model, engine, WordTokenizer(), at(tmp_path))
    assert len(engine.asked) == decoded
    assert not model.certainty_file.exists()  # the model's folder is the installer's


def test_every_pair_of_a_model_with_several_targets_is_asked_for_by_its_token(
    tmp_path: Path, model: InstalledModel
) -> None:
    several: ModelSpec = SPEC.model_copy(
        update={"target_languages": ("en", "nl"), "target_tokens": {"en": ">>eng<<", "nl": ">>nld<<"}}
    )
    engine = WordEngine()
    found = references(several, model, engine, WordTokenizer(), at(tmp_path))
    assert set(found) == {("de", "en"), ("de", "nl")}
    assert {source[0] for source in engine.asked} == {">>eng<<", ">>nld<<"}


def test_the_models_that_come_along_are_measured() -> None:
    catalogue = ModelCatalogue.open(Path("nowhere"))
    for model_id in ("starter-de-en", "demo-de-en", "demo-en-de"):
        assert is_measured(catalogue.specs.model(model_id), catalogue.store.get(model_id)), "python -m tools.certainty"
