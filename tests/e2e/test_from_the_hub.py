"""From a hub to an answer, as `make serve` goes; the demo weights stand in for those of the production model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.models.specs import load_specs
from tests.e2e.server import ROOT, Server
from tests.e2e.test_operations import run
from tests.models.fake_hub import FakeHub, serving

SPEC = load_specs().model("opus-mt-de-en")
ONLY_THE_TRANSLATOR = '[profiles.newsroom]\ndescription = "the translator alone"\nmodels = ["opus-mt-de-en"]\n'


@pytest.fixture
def settings(home: Path) -> dict[str, str]:
    home.mkdir()
    (home / "models.toml").write_text(ONLY_THE_TRANSLATOR, encoding="utf-8")
    return {
        "DEPESCHE_PROFILE": "auto",
        "DEPESCHE_MODELS_FILE": str(home / "models.toml"),
        "DEPESCHE_MODEL_CACHE": str(home / "models"),
        "NO_PROXY": "*",
    }


def remote_files() -> dict[str, bytes]:
    """The demo translator's snapshot, as a repository of the hub would hold it."""
    home = ROOT / "model_cache" / "demo-de-en"
    manifest = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
    return {path.name: path.read_bytes() for path in (home / manifest["directory"] / "snapshot").iterdir()}


def test_a_reachable_hub_serves_production_on_the_first_start(
    home: Path, settings: dict[str, str], pairs: list[tuple[str, str]]
) -> None:
    assert SPEC.repository
    with serving(FakeHub(SPEC.repository, SPEC.revision, remote_files())) as hub:
        first = run(home, "models", "ensure", DEPESCHE_OFFLINE="0", DEPESCHE_HUB_ENDPOINT=hub.endpoint, **settings)
        asked = len(hub.requests)
        second = run(home, "models", "ensure", DEPESCHE_OFFLINE="0", DEPESCHE_HUB_ENDPOINT=hub.endpoint, **settings)
        assert len(hub.requests) == asked, "what is installed needs no network"
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert first.stdout == second.stdout == "Depesche serves the profile 'newsroom'.\n"
    with Server(home, **settings) as server:
        answer = server.translate([source for source, _ in pairs[:10]], source_lang="de")
    assert [translation["text"] for translation in answer["translations"]] == [target for _, target in pairs[:10]]
    assert answer["models"][0]["revision"] == SPEC.revision
    assert answer["models"][0]["tier"] == "production"


def test_an_archive_from_a_usb_stick_serves_too(home: Path, settings: dict[str, str]) -> None:
    """The air-gapped newsroom: import, verify, serve, remove."""
    import tarfile

    folder = home / "opus-mt-de-en"
    folder.mkdir()
    for name, content in remote_files().items():
        (folder / name).write_bytes(content)
    with tarfile.open(home / "opus-mt-de-en.tar.gz", "w:gz") as archive:
        archive.add(folder, "opus-mt-de-en")
    result = run(home, "models", "import", "opus-mt-de-en.tar.gz", **settings)
    assert result.returncode == 0, result.stderr
    assert run(home, "models", "verify", "opus-mt-de-en", **settings).returncode == 0
    with Server(home, **settings) as server:
        assert server.translate("Nein.", source_lang="de")["translations"][0]["text"] == "No."
    whole = settings | {"DEPESCHE_MODELS_FILE": "", "DEPESCHE_PROFILE": "newsroom"}
    partly = run(home, "models", "ensure", **whole)
    assert (partly.returncode, "'newsroom'" in partly.stdout) == (0, True), "the translator alone can serve"
    weights = next((home / "models" / "opus-mt-de-en").glob("v-*/snapshot/model.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"?")
    damaged = run(home, "models", "verify", "opus-mt-de-en", **settings)
    assert (damaged.returncode, "model.safetensors" in damaged.stderr) == (1, True)
    assert run(home, "models", "remove", "opus-mt-de-en", **settings).returncode == 0
    assert "opus-mt-de-en is not installed" in run(home, "models", "verify", "opus-mt-de-en", **settings).stderr
