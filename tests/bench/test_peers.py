"""The systems that Depesche is compared with, as far as they can be tested without installing LibreTranslate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bench.peers import PEERS, argos_package, libretranslate_venv
from bench.peers.naive import BATCH_VARIABLE
from bench.peers.naive_app import create_app
from bench.peers.sentences import split
from bench.system import Model
from tests.committed import STORE
from tools.demo_models.corpus import read_pairs

# transformers recommends sacremoses, which changes nothing for these models.
pytestmark = pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")


def demo_model() -> Model:
    model = STORE.get("demo-de-en")
    return Model(model.id, model.snapshot_dir, model.ctranslate2_dir)


@pytest.fixture(scope="module", params=["1", "3"])
def client(request: pytest.FixtureRequest) -> Iterator[FlaskClient]:
    """The app that asks its model sentence by sentence, and in batches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(BATCH_VARIABLE, request.param)
        app = create_app(demo_model().snapshot)
    with app.test_client() as client:
        yield client


@pytest.mark.parametrize(
    ("paragraph", "sentences"),
    [
        ("", []),
        (" \t", []),
        ("Nein", ["Nein"]),
        (" Ja. Nein!  Warum? ", ["Ja.", "Nein!", "Warum?"]),
        ("Um 3.500 Euro stieg es um 12.30 Uhr. Gut.", ["Um 3.500 Euro stieg es um 12.30 Uhr.", "Gut."]),
    ],
)
def test_splits_at_marks_before_white_space(paragraph: str, sentences: list[str]) -> None:
    """White space between sentences is lost, nothing else."""
    assert split(paragraph) == sentences


def test_naive_app_translates_and_keeps_paragraphs(client: FlaskClient) -> None:
    """Sentences come back in their places, whatever goes through the model at once."""
    pairs = [pair for pair in read_pairs() if pair.source.endswith(".") and split(pair.source) == [pair.source]][:5]
    german, english = ([each.source for each in pairs], [each.target for each in pairs])
    text = f"{german[0]} {german[1]}\n\n{german[2]}\n{german[3]} {german[4]}\n"
    served = PEERS["naive"].served(demo_model(), 5000, Path("work"))
    answer = client.post(served.path, data=served.body(text, False), content_type="application/json")
    assert answer.status_code == 200
    expected = f"{english[0]} {english[1]}\n\n{english[2]}\n{english[3]} {english[4]}\n"
    assert served.text_of(answer.data) == expected


def test_naive_app_answers_an_empty_text(client: FlaskClient) -> None:
    """The model isn't asked for nothing."""
    assert client.post("/translate", json={"text": "\n"}).get_json() == {"text": "\n"}


def test_packs_a_model_for_argos(tmp_path: Path) -> None:
    """The files that Argos looks for, with the end of a sentence left to CTranslate2; packing again replaces them."""
    model = demo_model()
    for _ in range(2):
        package = argos_package.pack(model, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == [package.name]
    described = json.loads((package / "metadata.json").read_text(encoding="utf-8"))
    assert (described["type"], described["from_code"], described["to_code"]) == ("translate", "de", "en")
    assert json.loads((package / "model" / "config.json").read_text(encoding="utf-8"))["add_source_eos"] is True
    for name in ("model.bin", "shared_vocabulary.json"):
        assert (package / "model" / name).samefile(model.ctranslate2 / name)
    assert (package / "sentencepiece.model").read_bytes() == (model.snapshot / "source.spm").read_bytes()


def test_libretranslate_gets_the_pinned_torch() -> None:
    """So that no other build is drawn in. A file without the pins is refused."""
    assert libretranslate_venv.requirements("# x\nTorch==2\ngunicorn==3\n")[1:] == ["Torch==2", "gunicorn==3"]
    with pytest.raises(RuntimeError, match="torch"):
        libretranslate_venv.requirements("gunicorn==3")


def test_an_installed_environment_is_left_alone(tmp_path: Path) -> None:
    """The stamp of a finished installation is enough; nothing is run."""
    constraints = (Path(__file__).parents[2] / "constraints.txt").read_text(encoding="utf-8")
    (tmp_path / "installed.txt").write_text("\n".join(libretranslate_venv.requirements(constraints)), encoding="utf-8")
    libretranslate_venv.install(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["installed.txt"]


def test_libretranslate_is_started_on_the_loopback_interface_only(tmp_path: Path) -> None:
    """All that it writes lies under the work folder, and its body and answer are its own."""
    served = PEERS["libretranslate"].served(demo_model(), 5001, tmp_path)
    assert "127.0.0.1:5001" in served.command
    assert all(str(tmp_path) in served.environment[name] for name in ("HOME", "TMPDIR", "ARGOS_PACKAGES_DIR"))
    assert json.loads(served.body("Nein.", True)) == {"q": "Nein.", "source": "de", "target": "en", "format": "text"}
    assert served.text_of(b'{"translatedText": "No."}') == "No."
