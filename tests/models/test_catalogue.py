"""What the command line asks of the models: tables, pairs for names, a hub, and what serves in the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.core.errors import HubUnreachable, ModelDamaged, ModelNotInstalled, UnknownModel
from service.models import ModelCatalogue
from service.models.catalogue import languages_of
from tests.models.fake_hub import FakeHub, serving
from tests.models.paper import BART, MARIAN, Lines, like, marian_snapshot
from tests.models.test_store import install

OWN = """
[models.paper-sv-en]
task = "translation"
source_languages = ["sv"]
target_languages = ["en"]
tier = "production"
tokenizer = "marian"
repository = "press/paper-sv-en"
revision = "main"
revision_note = "none yet"
licence = "CC0-1.0"
attribution = "nobody"
max_source_tokens = 30
max_target_tokens = 30
source_suffix = ["</s>"]

[profiles.nordic]
description = "Swedish, and German"
models = ["paper-sv-en", "opus-mt-de-en"]
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> ModelCatalogue:
    (tmp_path / "own.toml").write_text(OWN)
    return ModelCatalogue.open(
        tmp_path / "models", bundled=(), models_file=tmp_path / "own.toml", offline=True, progress=Lines()
    )


def test_models_that_come_along_are_always_there(tmp_path: Path) -> None:
    catalogue = ModelCatalogue.open(tmp_path / "nowhere")
    assert {"starter-de-en", "demo-de-en"} <= set(catalogue.installed())
    assert catalogue.choose("auto").profile.name == "starter"
    assert "comes with Depesche" in next(row.installed for row in catalogue.table() if row.id == "demo-de-en")
    assert not (tmp_path / "nowhere").exists()


def test_the_table_tells_pairs_and_states(catalogue: ModelCatalogue) -> None:
    install(catalogue.store, "x", "paper-sv-en")
    install(catalogue.store, "x", "opus-mt-de-en")
    (catalogue.store.get("opus-mt-de-en").snapshot_dir / "config.json").unlink()
    rows = {row.id: row for row in catalogue.table()}
    assert rows["paper-sv-en"] == (
        "paper-sv-en", "sv>en", "translation", "production", "CC0-1.0", "r, 0.0 MB",
    )  # fmt: skip
    assert rows["opus-mt-de-en"].installed == "damaged"
    assert (rows["opus-mt-ROMANCE-en"].languages, rows["opus-mt-ROMANCE-en"].installed) == (
        "fr,es,it,pt and 20 more>en",
        "no",
    )
    assert rows["distilbart-cnn-12-6"].languages == "en"
    assert catalogue.installed() == ["opus-mt-de-en", "paper-sv-en"]


def test_languages_are_shortened() -> None:
    assert languages_of(MARIAN) == "de>en"
    assert languages_of(BART) == "en"
    tokens = {"en": ">>eng<<", "fr": ">>fra<<"}
    many = like(MARIAN, source_languages=("de", "nl", "da"), target_languages=("en", "fr"), target_tokens=tokens)
    assert languages_of(many) == "de,nl,da>en,fr"


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["sv-en"], ["paper-sv-en"]),
        (["fr-en"], ["opus-mt-fr-en", "opus-mt-ROMANCE-en"]),
        (["nordic"], ["paper-sv-en", "opus-mt-de-en"]),
        (["demo-de-en", "nordic", "sv-en"], ["demo-de-en", "paper-sv-en", "opus-mt-de-en"]),
    ],
)
def test_the_table_can_be_narrowed(catalogue: ModelCatalogue, names: list[str], ids: list[str]) -> None:
    assert [row.id for row in catalogue.table(names)] == ids
    with pytest.raises(UnknownModel):
        catalogue.table(["nordick"])


def test_pairs_are_names_for_verify_and_remove(catalogue: ModelCatalogue) -> None:
    with pytest.raises(ModelNotInstalled, match="paper-sv-en is not installed"):
        catalogue.verify("sv-en")
    install(catalogue.store, "x", "paper-sv-en")
    assert catalogue.verify("sv-en").id == "paper-sv-en"
    assert catalogue.remove("sv-en") == "paper-sv-en"
    with pytest.raises(UnknownModel, match="did you mean 'paper-sv-en'"):
        catalogue.remove("paper-sv-em")


def test_what_is_installed_can_be_removed_after_its_spec_is_gone(catalogue: ModelCatalogue) -> None:
    install(catalogue.store, "x", "forgotten")
    assert catalogue.verify("forgotten").id == "forgotten"
    assert catalogue.remove("forgotten") == "forgotten"


def pretend_to_convert(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real conversion takes seconds and torch; tests/models/test_convert.py has it."""
    from tests.models.paper import pretend

    for function in ("pull", "import_path"):
        real = getattr(__import__("service.models.install", fromlist=[function]), function)
        monkeypatch.setattr(
            f"service.models.catalogue.{function}",
            lambda *args, real=real, **options: real(*args, converter=pretend, **options),
        )


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeHub]:
    snapshot = marian_snapshot(tmp_path / "remote")
    (snapshot / "tokenizer_config.json").unlink()
    files = {path.name: path.read_bytes() for path in snapshot.iterdir()}
    with serving(FakeHub("press/paper-sv-en", "a" * 40, files)) as running:
        yield running


@pytest.fixture
def online(tmp_path: Path, catalogue: ModelCatalogue, hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> ModelCatalogue:
    import huggingface_hub
    from huggingface_hub.utils import close_session

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("NO_PROXY", "*")
    close_session()
    pretend_to_convert(monkeypatch)
    return ModelCatalogue.open(
        tmp_path / "models", bundled=(), models_file=tmp_path / "own.toml", hub_endpoint=hub.endpoint, progress=Lines()
    )


def test_a_pair_is_pulled_and_kept_until_an_update(online: ModelCatalogue, hub: FakeHub) -> None:
    assert [model.manifest.revision for model in online.pull("sv-en")] == ["a" * 40]
    assert isinstance(online.progress, Lines)
    assert any("a" * 40 in line for line in online.progress.steps)
    hub.commit = "b" * 40
    assert [model.manifest.revision for model in online.pull("sv-en")] == ["a" * 40]
    assert [model.manifest.revision for model in online.pull("sv-en", update=True)] == ["b" * 40]


def test_a_pair_is_a_name_for_an_import(online: ModelCatalogue, tmp_path: Path) -> None:
    assert online.import_path(tmp_path / "remote", "sv-en").id == "paper-sv-en"
    with pytest.raises(UnknownModel, match="--as ID"):
        online.import_path(tmp_path / "remote")


def test_ensure_pulls_what_lacks_and_serves_what_is_there_without_a_hub(
    online: ModelCatalogue, catalogue: ModelCatalogue, hub: FakeHub
) -> None:
    with pytest.raises(HubUnreachable):
        catalogue.ensure("nordic")
    online.pull("sv-en")
    told = catalogue.ensure("nordic")
    assert "DEPESCHE_OFFLINE" in told and "serves the profile 'nordic': Swedish, and German." in told
    install(catalogue.store, "x", "opus-mt-de-en")
    assert catalogue.ensure("nordic") == "Depesche serves the profile 'nordic'."


def test_serving_is_in_the_order_of_the_profile_and_verified_when_asked(catalogue: ModelCatalogue) -> None:
    for model_id in ("opus-mt-de-en", "paper-sv-en"):
        install(catalogue.store, "x", model_id)
    choice = catalogue.choose("nordic")
    for engine in (None, "ctranslate2", "transformers"):
        assert [spec.id for spec, _ in catalogue.serving(choice, engine)] == ["paper-sv-en", "opus-mt-de-en"]
    weights = catalogue.store.get("paper-sv-en").ctranslate2_dir / "model.bin"
    weights.write_text("y" * 100)
    assert catalogue.serving(choice)
    with pytest.raises(ModelDamaged, match=r"model\.bin"):
        catalogue.serving(choice, "ctranslate2")
    catalogue.store.remove("paper-sv-en")
    assert [spec.id for spec, _ in catalogue.serving(choice, "ctranslate2")] == ["opus-mt-de-en"]
