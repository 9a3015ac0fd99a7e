"""`import_path` takes folders, hub caches and archives, and refuses what doesn't fit the spec or isn't safe."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from service.core.errors import ModelError, UnknownModel
from service.models import ConversionFailed, InvalidSnapshot, ModelSpec, ModelStore, import_path
from service.models.archive import Bounds, unpack
from tests.models.paper import BART, MARIAN, Lines, bart_snapshot, marian_snapshot, pretend, write_json, write_weights

COMMIT = "89abcdef0123456789abcdef0123456789abcdef"


def do_import(tmp_path: Path, path: Path, spec: ModelSpec | None = MARIAN, **options):  # type: ignore[no-untyped-def]
    return import_path(spec, path, ModelStore(tmp_path / "models"), converter=pretend, **options)


def test_folder_is_installed_with_only_what_is_needed(tmp_path: Path) -> None:
    source = marian_snapshot(tmp_path / "given")
    (source / "tf_model.h5").write_text("other framework")
    (source / "partners.json").write_text("{}")
    lines = Lines()
    model = do_import(tmp_path, source, progress=lines)
    assert sorted(path.name for path in model.snapshot_dir.iterdir()) == [
        "config.json", "model.safetensors", "source.spm", "target.spm", "tokenizer_config.json", "vocab.json",
    ]  # fmt: skip
    weights = (source / "model.safetensors").read_bytes()
    assert (model.ctranslate2_dir / "model.bin").read_bytes() == weights
    assert model.manifest.revision == f"local-{hashlib.sha256(weights).hexdigest()[:12]}"
    assert (model.manifest.revision_requested, model.manifest.origin.name) == (MARIAN.revision, "given")
    assert model.manifest.converter == {"pretend": "1"}
    assert lines.steps[-1] == f"installed paper-de-en, revision {model.manifest.revision}"
    assert str(tmp_path) not in model.manifest.to_json()
    ModelStore(tmp_path / "models").verify("paper-de-en")


def test_bart_with_its_mask_beyond_the_embeddings_is_fine(tmp_path: Path) -> None:
    assert do_import(tmp_path, bart_snapshot(tmp_path / "given"), BART).id == "paper-en"


def test_nested_folder_and_hub_cache_are_understood(tmp_path: Path) -> None:
    marian_snapshot(tmp_path / "outer/inner")
    do_import(tmp_path, tmp_path / "outer")
    cache = tmp_path / "cache/models--press--paper-de-en"
    blobs = marian_snapshot(cache / "blobs")
    (cache / "snapshots" / COMMIT).mkdir(parents=True)
    for blob in blobs.iterdir():
        (cache / "snapshots" / COMMIT / blob.name).symlink_to(blob)
    for path in (cache.parent, cache, cache / "snapshots" / COMMIT):
        model = do_import(tmp_path, path)
        assert model.manifest.revision == COMMIT
        assert not any(file.is_symlink() for file in model.snapshot_dir.iterdir())


def test_several_cached_snapshots_need_a_choice(tmp_path: Path) -> None:
    for commit in (COMMIT, "f" * 40):
        marian_snapshot(tmp_path / "cache/snapshots" / commit)
    with pytest.raises(InvalidSnapshot, match="several snapshots"):
        do_import(tmp_path, tmp_path / "cache")


@pytest.mark.parametrize("kind", ["zip", "tar", "gztar", "xztar", "bztar"])
@pytest.mark.parametrize("nested", [False, True])
def test_archives_are_unpacked_and_their_digest_recorded(tmp_path: Path, kind: str, nested: bool) -> None:
    marian_snapshot(tmp_path / "given/inner" if nested else tmp_path / "given")
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), kind, tmp_path / "given"))
    model = do_import(tmp_path, packed)
    assert model.manifest.origin.sha256 == hashlib.sha256(packed.read_bytes()).hexdigest()
    assert (model.manifest.origin.kind, model.manifest.origin.name) == ("archive", packed.name)
    assert {path.name for path in (tmp_path / "models").iterdir()} == {".lock", "paper-de-en"}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["vocab.json", "source.spm"], "given lacks vocab.json, source.spm"),
        (["model.safetensors"], "given lacks model.safetensors or pytorch_model.bin"),
        (["config.json"], "given lacks config.json"),
    ],
)
def test_missing_files_are_listed(tmp_path: Path, names: list[str], said: str) -> None:
    source = marian_snapshot(tmp_path / "given")
    for name in names:
        (source / name).unlink()
    with pytest.raises(InvalidSnapshot, match=said):
        do_import(tmp_path, source)


def config(path: Path, **changes: object) -> None:
    data = json.loads(path.read_text())
    write_json(path, data | changes)


CONTRADICTIONS: dict[str, Callable[[Path], object]] = {
    "model_type 'bart'|needs 'marian'|describes a 'bart'": lambda f: config(f / "config.json", model_type="bart"),
    "different models": lambda f: config(f / "config.json", vocab_size=6),
    "a number of its own": lambda f: config(f / "vocab.json", extra=0),
    "lacks <pad>": lambda f: write_json(f / "vocab.json", {"</s>": 0, "<unk>": 1, "a": 2, "b": 3, "c": 4}),
    "16 positions": lambda f: config(f / "config.json", max_position_embeddings=16),
    "separate vocabularies": lambda f: config(f / "config.json", share_encoder_decoder_embeddings=False),
    "target_lang 'fr'": lambda f: config(f / "tokenizer_config.json", target_lang="fr"),
    "4 embeddings": lambda f: write_weights(f / "model.safetensors", 4),
    "not complete": lambda f: (f / "model.safetensors").write_bytes((f / "model.safetensors").read_bytes()[:-1]),
    "not a safetensors file": lambda f: (f / "model.safetensors").write_bytes(b"no header"),
    "Git LFS pointer": lambda f: (f / "source.spm").write_text("version https://git-lfs.github.com/spec/v1\n"),
    "vocab.json can't be read": lambda f: (f / "vocab.json").write_text("{"),
    "config.json is not a JSON object": lambda f: (f / "config.json").write_text("[]"),
}


@pytest.mark.parametrize("said", CONTRADICTIONS)
def test_contradictions_are_refused_and_leave_nothing(tmp_path: Path, said: str) -> None:
    source = marian_snapshot(tmp_path / "given")
    CONTRADICTIONS[said](source)
    with pytest.raises(InvalidSnapshot, match=said):
        do_import(tmp_path, source)
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".lock"]


def test_failed_conversion_leaves_the_old_model(tmp_path: Path) -> None:
    source = marian_snapshot(tmp_path / "given")
    before = do_import(tmp_path, source)

    def fail(snapshot: Path, output: Path) -> dict[str, str]:
        raise ConversionFailed("no")

    with pytest.raises(ConversionFailed):
        import_path(MARIAN, marian_snapshot(tmp_path / "new", fill=1), ModelStore(tmp_path / "models"), converter=fail)
    assert ModelStore(tmp_path / "models").verify("paper-de-en") == before


def test_spec_is_found_by_what_the_snapshot_is(tmp_path: Path) -> None:
    starter, demo = (replace(MARIAN, id=tier, tier=tier) for tier in ("starter", "demo"))
    other = replace(MARIAN, id="paper-fr-en")
    marian = marian_snapshot(tmp_path / "given")
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", marian))
    for path in (marian, packed):
        assert do_import(tmp_path, path, None, candidates=[BART, MARIAN, starter, demo]).id == "paper-de-en"
    assert do_import(tmp_path, bart_snapshot(tmp_path / "b"), None, candidates=[BART, MARIAN]).id == "paper-en"
    with pytest.raises(UnknownModel, match="paper-de-en, paper-fr-en"):
        do_import(tmp_path, marian, None, candidates=[MARIAN, other])
    named = marian.rename(tmp_path / "paper-fr-en")
    assert do_import(tmp_path, named, None, candidates=[MARIAN, other]).id == "paper-fr-en"


def test_folder_that_is_no_model_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    with pytest.raises(InvalidSnapshot, match="holds no model"):
        do_import(tmp_path, tmp_path / "given", None, candidates=[MARIAN])


def test_path_must_exist_and_be_of_a_known_kind(tmp_path: Path) -> None:
    with pytest.raises(InvalidSnapshot, match="doesn't exist"):
        do_import(tmp_path, tmp_path / "none.zip")
    (tmp_path / "model.tar.zst").write_bytes(b"")
    with pytest.raises(InvalidSnapshot, match="unpack others first"):
        do_import(tmp_path, tmp_path / "model.tar.zst")


def tar_with(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"x" * member.size))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, 3 if kind == tarfile.REGTYPE else 0
    return info


@pytest.mark.parametrize(
    "hostile",
    [
        member("../config.json"),
        member("a/../../config.json"),
        member("/tmp/config.json"),
        member("C:/config.json"),
        member("a\\..\\config.json"),
        member("config.json", tarfile.SYMTYPE, "/etc/passwd"),
        member("config.json", tarfile.LNKTYPE, "vocab.json"),
        member("other", tarfile.SYMTYPE, ".."),
        member("config.json", tarfile.CHRTYPE),
        member("config.json", tarfile.FIFOTYPE),
    ],
    ids=lambda info: f"{info.name} {info.type!r}",
)
def test_hostile_tar_is_refused(tmp_path: Path, hostile: tarfile.TarInfo) -> None:
    packed = tar_with(tmp_path / "evil.tar", member("vocab.json"), hostile)
    with pytest.raises(InvalidSnapshot, match="not safe"):
        unpack(packed, tmp_path / "in/target", {"config.json", "vocab.json"})
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} <= {"evil.tar", "vocab.json"}


def test_hostile_zip_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("config.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    for name, info in (("up", zipfile.ZipInfo("../config.json")), ("link", link)):
        path = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr(info, "/etc/passwd")
        with pytest.raises(InvalidSnapshot, match="not safe"):
            unpack(path, tmp_path / "target", {"config.json"})
    assert not (tmp_path / "target").exists() and not (tmp_path / "config.json").exists()


def test_archive_is_bounded(tmp_path: Path) -> None:
    packed = tar_with(tmp_path / "big.tar", member("a/config.json"), member("b/config.json"), member("c"))
    with pytest.raises(InvalidSnapshot, match="more than 5 bytes"):
        unpack(packed, tmp_path / "one", {"config.json"}, Bounds(bytes=5))
    with pytest.raises(InvalidSnapshot, match="more than 2 entries"):
        unpack(packed, tmp_path / "two", {"config.json"}, Bounds(entries=2))
    unpack(packed, tmp_path / "three", {"config.json"}, Bounds(entries=3, bytes=6))


def test_same_name_twice_is_refused(tmp_path: Path) -> None:
    packed = tar_with(tmp_path / "twice.tar", member("config.json"), member("./config.json"))
    with pytest.raises(InvalidSnapshot, match="twice"):
        unpack(packed, tmp_path / "target", {"config.json"})


@pytest.mark.parametrize("name", ["m.zip", "m.tar", "m.tar.gz", "m.tar.xz"])
def test_damaged_archives_are_model_errors(tmp_path: Path, name: str) -> None:
    kind = {"m.zip": "zip", "m.tar": "tar", "m.tar.gz": "gztar", "m.tar.xz": "xztar"}[name]
    whole = Path(shutil.make_archive(str(tmp_path / "m"), kind, marian_snapshot(tmp_path / "given"))).read_bytes()
    path = tmp_path / name
    for cut in (b"", b"rubbish", whole[: len(whole) // 2], whole[: len(whole) // 3]):
        path.write_bytes(cut)
        with pytest.raises(ModelError):
            do_import(tmp_path, path)
