"""What is installed is found cheaply, checked thoroughly, and survives a crash of an install at any moment."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.errors import ModelDamaged, ModelNotInstalled
from service.models import ModelStore, StoreUnusable
from service.models.manifest import FileDigest, Manifest, Origin, digest_file, digest_model

STEPS = ["synced", "moved", "written", "committed", "swept"]


class Crash(Exception):
    """The power went."""


def install(store: ModelStore, content: str, model_id: str = "toy") -> None:
    """Install two small files that say `content`."""
    with store.installing(model_id) as installation:
        (installation.snapshot / "config.json").write_text(content)
        (installation.converted / "model.bin").write_text(content * 100)
        installation.commit(
            revision_requested="r", revision="r", origin=Origin(kind="folder", name="toy"), converter={"c": "1"}
        )


def content(store: ModelStore, model_id: str = "toy") -> str:
    """What the verified model says; its two files must agree."""
    model = store.verify(model_id)
    text = (model.snapshot_dir / "config.json").read_text()
    assert (model.ctranslate2_dir / "model.bin").read_text() == text * 100
    return text


def test_install_then_get(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "models")
    with pytest.raises(ModelNotInstalled, match="depesche models pull toy"):
        store.get("toy")
    install(store, "first")
    model = store.get("toy")
    assert (content(store), model.bundled, [other.id for other in store.list()]) == ("first", False, ["toy"])
    assert model.manifest.files["snapshot/config.json"].size == 5
    assert store.is_installed("toy") and not store.is_installed("other")


def test_digest_tells_contents_apart(tmp_path: Path) -> None:
    digests: list[str] = []
    for text in ("first", "other", "first"):
        store = ModelStore(tmp_path / f"{len(digests)}")
        install(store, text)
        digests.append(store.get("toy").digest)
    assert digests[0] == digests[2] != digests[1]


def test_new_version_replaces_the_old_one(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    for text in ("first", "second", "second"):
        install(store, text)
        assert content(store) == text
        assert len(list((tmp_path / "toy").glob("v-*"))) == 1


def test_get_sees_missing_and_cut_files(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    install(store, "first")
    folder = store.get("toy").snapshot_dir.parent
    (folder / "ctranslate2/model.bin").write_text("cut")
    (folder / "snapshot/config.json").unlink()
    with pytest.raises(ModelDamaged) as caught:
        store.get("toy")
    assert "ctranslate2/model.bin: 3 bytes instead of 500" in str(caught.value)
    assert "snapshot/config.json: missing" in str(caught.value)
    assert not store.is_installed("toy") and not store.list()


def test_verify_sees_changed_and_added_files(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    install(store, "first")
    folder = store.get("toy").snapshot_dir
    (folder / "config.json").write_text("fyrst")
    (folder / "generation_config.json").write_text("{}")
    store.get("toy")
    with pytest.raises(ModelDamaged) as caught:
        store.verify("toy")
    assert "snapshot/config.json: content has changed" in str(caught.value)
    assert "snapshot/generation_config.json: not part of the model" in str(caught.value)


def spy_on_digests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read to be compared, as they are read."""
    read: list[str] = []

    def remember(path: Path) -> FileDigest:
        read.append(path.name)
        return digest_file(path)

    monkeypatch.setattr("service.models.verified.digest_file", remember)
    return read


def install_both(store: ModelStore, content: str) -> None:
    """Install a model with weights for both engines."""
    with store.installing("toy") as installation:
        for name in ("model.safetensors", "vocab.json"):
            (installation.snapshot / name).write_text(content)
        (installation.converted / "model.bin").write_text(content)
        origin = Origin(kind="folder", name="toy")
        installation.commit(revision_requested="r", revision="r", origin=origin, converter={})


def test_what_serving_reads_is_compared_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_both(ModelStore(tmp_path), "first")
    read = spy_on_digests(monkeypatch)
    assert ModelStore(tmp_path).verified("toy", "ctranslate2") == ModelStore(tmp_path).get("toy")
    assert sorted(read) == ["model.bin", "vocab.json"]
    ModelStore(tmp_path).verified("toy", "ctranslate2")
    assert len(read) == 2, "another process, too, knows what was compared"
    ModelStore(tmp_path).verified("toy", "transformers")
    assert read[2:] == ["model.safetensors"]
    install_both(ModelStore(tmp_path), "other")
    ModelStore(tmp_path).verified("toy", "ctranslate2")
    assert sorted(read[3:]) == ["model.bin", "vocab.json"]
    remembered = json.loads((tmp_path / ".verified.json").read_text())
    assert len(remembered) == 2, "what is gone is forgotten"


def test_changed_content_is_found_when_it_is_read(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    install_both(store, "first")
    store.verified("toy", "ctranslate2")
    weights = store.get("toy").ctranslate2_dir / "model.bin"
    before = weights.stat()
    weights.write_text("fyrst")
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a careful copy would leave it
    for again in (store, ModelStore(tmp_path)):
        with pytest.raises(ModelDamaged, match=r"ctranslate2/model\.bin: content has changed"):
            again.verified("toy", "ctranslate2")
    store.verified("toy", "transformers")
    weights.write_text("first")
    store.verified("toy", "ctranslate2")


def test_missing_files_are_found_by_verified_too(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    install_both(store, "first")
    (store.get("toy").snapshot_dir / "model.safetensors").unlink()
    with pytest.raises(ModelDamaged, match=r"model\.safetensors: missing"):
        store.verified("toy", "ctranslate2")


@pytest.mark.parametrize("remembered", ["{", "[]", '{"a": 1}', '{"a": [[1, 2], "x"]}', "null"])
def test_a_memory_that_makes_no_sense_is_forgotten(tmp_path: Path, remembered: str) -> None:
    store = ModelStore(tmp_path)
    install_both(store, "first")
    (tmp_path / ".verified.json").write_text(remembered)
    assert store.verified("toy", "ctranslate2").id == "toy"


def test_where_nothing_can_be_written_the_store_remembers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bundled models of a container, and a model folder that doesn't exist."""
    install_both(ModelStore(tmp_path / "bundled"), "first")
    read = spy_on_digests(monkeypatch)
    store = ModelStore(tmp_path / "nowhere", bundled=(tmp_path / "bundled",))
    for _ in range(2):
        assert store.verified("toy", "ctranslate2").bundled
    assert len(read) == 2 and not (tmp_path / "nowhere").exists()


def test_names_never_lead_out_of_the_store(tmp_path: Path) -> None:
    install(ModelStore(tmp_path / "other"), "first")
    store = ModelStore(tmp_path / "models")
    for act in (store.get, store.remove, store.verify):
        with pytest.raises(ModelNotInstalled):
            act("../other/toy")
    assert content(ModelStore(tmp_path / "other")) == "first"


def test_damaged_model_is_repaired_by_the_same_install(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    install(store, "first")
    (store.get("toy").snapshot_dir / "config.json").unlink()
    install(store, "first")
    assert content(store) == "first"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.update(schema_version=2),
        lambda data: data.update(id="other"),
        lambda data: data.update(directory="../elsewhere"),
        lambda data: data.pop("files"),
        lambda data: data["files"].update({"../../secret": {"sha256": "0" * 64, "size": 1}}),
        lambda data: data["files"].update({"/etc/hostname": {"sha256": "0" * 64, "size": 1}}),
        lambda data: data["files"].update({"vocab.json": {"sha256": "0" * 63, "size": 1}}),
        lambda data: data["files"].update({"vocab.json": {"sha256": "0" * 64, "size": "1"}}),
        lambda data: data["files"].clear(),
        lambda data: data.update(origin="hub"),
        lambda data: data.update(surprise=1),
    ],
)
def test_manifest_that_cannot_be_trusted_is_damage(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    store = ModelStore(tmp_path)
    install(store, "first")
    path = tmp_path / "toy/manifest.json"
    data = json.loads(path.read_text())
    damage(data)
    path.write_text(json.dumps(data))
    with pytest.raises(ModelDamaged, match=r"manifest\.json"):
        store.get("toy")


def test_bundled_models_are_found_last_and_stay(tmp_path: Path) -> None:
    bundled = tmp_path / "bundled"
    install(ModelStore(bundled), "came along")
    store = ModelStore(tmp_path / "models", [bundled])
    assert store.get("toy").bundled and content(store) == "came along"
    with pytest.raises(StoreUnusable, match="came with the program"):
        store.remove("toy")
    install(store, "own")
    assert not store.get("toy").bundled and content(store) == "own"
    store.remove("toy")
    assert content(store) == "came along"


def test_remove_takes_damaged_models_and_leaves_strange_files(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    install(store, "first")
    (store.get("toy").snapshot_dir / "config.json").unlink()
    (tmp_path / "toy/notes.txt").write_text("mine")
    store.remove("toy")
    assert [path.name for path in (tmp_path / "toy").iterdir()] == ["notes.txt"]
    with pytest.raises(ModelNotInstalled):
        store.remove("toy")


@pytest.mark.parametrize("before", [None, "old"])
@pytest.mark.parametrize("step", STEPS)
def test_failure_after_any_step_leaves_old_or_new(tmp_path: Path, before: str | None, step: str) -> None:
    quiet = ModelStore(tmp_path)
    if before:
        install(quiet, before)

    def crash(done: str) -> None:
        if done == step:
            raise Crash

    with pytest.raises(Crash):
        install(ModelStore(tmp_path, on_step=crash), "new")
    if step in ("committed", "swept"):
        assert content(quiet) == "new"
    elif before:
        assert content(quiet) == before
    else:
        assert not quiet.is_installed("toy")
    install(quiet, "next")
    assert content(quiet) == "next"
    assert_no_leftovers(tmp_path)


def assert_no_leftovers(root: Path) -> None:
    assert not list(root.glob(".staging-*"))
    assert sorted(path.name for path in (root / "toy").iterdir() if not path.name.startswith("v-")) == ["manifest.json"]
    assert len(list((root / "toy").glob("v-*"))) == 1


CHILD = """
import os, signal, sys
from pathlib import Path
from service.models import ModelStore
from tests.models.test_store import install
root, texts, fatal = Path(sys.argv[1]), sys.argv[2].split(","), sys.argv[3]
def on_step(done):
    if done == fatal:
        os.kill(os.getpid(), signal.SIGKILL)
store = ModelStore(root, on_step=on_step)
print("ready", flush=True)
while True:
    for text in texts:
        install(store, text)
"""


def child(root: Path, texts: str, fatal: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(root), texts, fatal]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


@pytest.mark.parametrize("step", STEPS)
def test_kill_after_any_step_leaves_old_or_new(tmp_path: Path, step: str) -> None:
    """Unlike an exception, a kill runs no clean-up: staging stays behind, and the next install sweeps it."""
    store = ModelStore(tmp_path)
    install(store, "old")
    with child(tmp_path, "new", step) as process:
        assert process.wait() == -signal.SIGKILL
    assert content(store) == ("new" if step in ("committed", "swept") else "old")
    install(store, "next")
    assert content(store) == "next"
    assert_no_leftovers(tmp_path)


def test_kill_at_random_moments_leaves_a_whole_model(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    install(store, "aaaa")
    moments = random.Random(7)
    for _ in range(6):
        with child(tmp_path, "aaaa,bbbbbb,cc", "never") as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(moments.uniform(0, 0.05))
            process.kill()
        assert content(store) in ("aaaa", "bbbbbb", "cc")
    install(store, "next")
    assert_no_leftovers(tmp_path)


def test_readers_never_see_a_gap_while_versions_change(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    install(store, "aaaa")
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            for text in ("bbbbbb", "cc"):
                install(store, text)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(300):
            store.get("toy")
    finally:
        stop.set()
        writer.join()


def test_sweep_leaves_what_it_does_not_know(tmp_path: Path) -> None:
    """Users keep snapshots in the same folder, to import them."""
    (tmp_path / "my-model").mkdir()
    (tmp_path / "my-model/config.json").write_text("mine")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/manifest.json").write_text("{")
    (tmp_path / "broken/v-0123456789ab").mkdir()
    install(ModelStore(tmp_path), "first")
    assert (tmp_path / "my-model/config.json").read_text() == "mine"
    assert (tmp_path / "broken/v-0123456789ab").exists()


def test_second_installer_waits_for_the_first(tmp_path: Path) -> None:
    waiting = threading.Event()
    order: list[str] = []

    def second() -> None:
        with ModelStore(tmp_path).installing("toy", on_wait=waiting.set):
            order.append("second")

    with ModelStore(tmp_path).installing("toy"):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(10)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_second_installer_gives_up_in_the_end(tmp_path: Path) -> None:
    with (
        ModelStore(tmp_path).installing("toy"),
        pytest.raises(StoreUnusable, match="another process"),
        ModelStore(tmp_path, lock_seconds=0).installing("toy"),
    ):
        pass


def test_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreUnusable, match="can't use"):
        install(ModelStore(tmp_path / "file/models"), "first")


def test_full_disk_is_reported_and_changes_nothing(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    install(store, "first")
    with pytest.raises(StoreUnusable, match="No space left"), store.installing("toy"):
        raise OSError(28, "No space left on device")
    assert content(store) == "first"


def test_read_only_root_serves(tmp_path: Path) -> None:
    """Containers mount it so; reading takes no lock and writes nothing."""
    install(ModelStore(tmp_path), "first")
    shutil.rmtree(tmp_path / ".lock", ignore_errors=True)
    (tmp_path / ".lock").unlink(missing_ok=True)
    assert content(ModelStore(tmp_path)) == "first"
    assert not (tmp_path / ".lock").exists()


FILES = st.dictionaries(
    st.text(st.characters(codec="utf-8", exclude_characters="\\/"), min_size=1).filter(lambda name: name != ".."),
    st.builds(FileDigest, sha256=st.from_regex(r"[0-9a-f]{64}", fullmatch=True), size=st.integers(0, 2**40)),
    min_size=1,
)


@settings(deadline=None, max_examples=50)
@given(files=FILES)
def test_manifest_survives_its_file_format(files: dict[str, FileDigest]) -> None:
    manifest = Manifest(
        id="toy",
        revision_requested="main",
        revision="f" * 40,
        origin=Origin(kind="hub", name="a/b", endpoint="https://hub"),
        converter={"c": "1"},
        created="now",
        directory="v-0123456789ab",
        files=files,
    )
    assert Manifest.from_json(manifest.to_json()) == manifest


def test_committed_manifests_are_written_as_they_are_read() -> None:
    found = list((Path(__file__).parents[2] / "model_cache").glob("*/manifest.json"))
    assert found
    for path in found:
        text = path.read_text(encoding="utf-8")
        assert Manifest.from_json(text).to_json() == text


@settings(deadline=None, max_examples=50)
@given(files=FILES, other=FILES)
def test_model_digest_differs_exactly_when_files_do(files: dict[str, FileDigest], other: dict[str, FileDigest]) -> None:
    same = {name: digest.sha256 for name, digest in files.items()} == {n: d.sha256 for n, d in other.items()}
    assert (digest_model(files) == digest_model(other)) is same
    assert digest_model(dict(reversed(files.items()))) == digest_model(files)
