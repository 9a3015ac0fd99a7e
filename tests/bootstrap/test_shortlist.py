"""Making a shortlist: from what, when it is used, and what becomes of it afterwards."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from service.bootstrap import shortlist
from service.bootstrap.shortlist import Measured, describe, make_shortlist, shortlist_of, switch_off
from service.core.errors import ModelError
from service.engines.shortlist import FILE
from service.models.catalogue import ModelCatalogue
from service.models.progress import Silent
from service.models.spec import ModelSpec
from service.models.store import InstalledModel, ModelStore
from tools.demo_models.corpus import read_pairs

GOOD = Measured(sentences=400, identical=0.9, chrf=98.0, score_difference=-0.001, alone=0.95, speed=1.5)


class Remembering(Silent):
    """Keeps what was counted."""

    def __init__(self) -> None:
        self.counts: list[int] = []

    def counted(self, name: str, done: int, total: int) -> None:
        self.counts.append(done)


@pytest.fixture
def demo(tmp_path: Path) -> tuple[ModelSpec, InstalledModel]:
    """A demo model in a store of its own."""
    shutil.copytree("model_cache/demo-de-en", tmp_path / "demo-de-en")
    catalogue = ModelCatalogue.open(tmp_path, bundled=())
    return catalogue.specs.model("demo-de-en"), ModelStore(tmp_path).get("demo-de-en")


@pytest.fixture(scope="module")
def text() -> str:
    return " ".join(pair.source for pair in read_pairs())


def test_a_list_is_harvested_measured_and_used(demo: tuple[ModelSpec, InstalledModel], text: str) -> None:
    spec, model = demo
    assert shortlist_of(model) == ""
    measured = make_shortlist(spec, model, [text], Silent())
    assert measured.sentences >= 100
    assert 0 <= measured.identical <= 1
    assert 0 <= measured.alone <= 1
    record = json.loads(model.shortlist_file.read_text())
    assert record["on"] is (measured.objection is None)
    assert bool(shortlist_of(model)) is record["on"]
    assert describe(model) is not None
    switch_off(model)
    assert shortlist_of(model) == ""
    assert describe(model) is None
    assert not (model.ctranslate2_dir / FILE).exists()


def test_a_list_that_is_not_the_measured_one_or_of_another_model_is_not_used(
    demo: tuple[ModelSpec, InstalledModel], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, model = demo
    monkeypatch.setattr(shortlist, "_measure", lambda *_: GOOD)
    make_shortlist(spec, model, [text], Silent())
    assert shortlist_of(model)
    file = model.ctranslate2_dir / FILE
    content = file.read_bytes()
    file.write_bytes(content + b"x\ty\n")
    assert shortlist_of(model) == ""
    file.write_bytes(content)
    assert shortlist_of(model)
    record = json.loads(model.shortlist_file.read_text())
    model.shortlist_file.write_text(json.dumps({**record, "model": "another"}))
    assert shortlist_of(model) == ""
    model.shortlist_file.write_text("{")
    assert shortlist_of(model) == ""


@pytest.mark.parametrize(
    ("change", "word"), [({"chrf": 80.0}, "chrF"), ({"score_difference": -0.1}, "likely"), ({"speed": 0.9}, "faster")]
)
def test_a_list_that_harms_stays_off_and_says_why(
    demo: tuple[ModelSpec, InstalledModel],
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, float],
    word: str,
) -> None:
    spec, model = demo
    bad = Measured(**{**{name: getattr(GOOD, name) for name in Measured.__slots__}, **change})
    monkeypatch.setattr(shortlist, "_measure", lambda *_: bad)
    assert make_shortlist(spec, model, [text], Silent()).objection is not None
    assert shortlist_of(model) == ""
    known = describe(model)
    assert known is not None
    assert known["on"] is False
    assert word in str(known["why"])


def test_an_interrupted_harvest_goes_on_where_it_was(
    demo: tuple[ModelSpec, InstalledModel], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, model = demo
    monkeypatch.setattr(shortlist, "_CHUNK", 50)
    monkeypatch.setattr(shortlist, "_measure", lambda *_: GOOD)
    whole = Remembering()
    make_shortlist(spec, model, [text], whole)
    expected = (model.ctranslate2_dir / FILE).read_bytes()

    class Interrupted(Exception):
        pass

    def interrupt(*_: object) -> Measured:
        raise Interrupted

    monkeypatch.setattr(shortlist, "_measure", interrupt)
    with pytest.raises(Interrupted):
        make_shortlist(spec, model, [text], Silent())
    monkeypatch.setattr(shortlist, "_measure", lambda *_: GOOD)
    again = Remembering()
    make_shortlist(spec, model, [text], again)
    assert len(again.counts) == 1 < len(whole.counts)
    assert (model.ctranslate2_dir / FILE).read_bytes() == expected
    third = Remembering()  # what was finished is begun anew
    make_shortlist(spec, model, [text], third)
    assert third.counts == whole.counts


def test_without_text_a_model_that_does_not_know_its_target_language_is_refused(
    demo: tuple[ModelSpec, InstalledModel],
) -> None:
    spec, model = demo
    shutil.copy(model.snapshot_dir / "source.spm", model.snapshot_dir / "target.spm")
    with pytest.raises(ModelError, match="--text"):
        make_shortlist(spec, model, [], Silent())


def test_only_marian_models_have_one(demo: tuple[ModelSpec, InstalledModel]) -> None:
    spec, model = demo
    with pytest.raises(ModelError, match="Marian"):
        make_shortlist(spec.model_copy(update={"tokenizer": "byte_level"}), model, [], Silent())
