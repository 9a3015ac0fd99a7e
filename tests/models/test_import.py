"""`import_path` takes folders, hub caches and archives, and refuses what doesn't fit the spec or isn't safe."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import stat
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.enums import Tier
from service.core.errors import ModelError, UnknownModel
from service.models import ConversionFailed, InvalidSnapshot, ModelSpec, ModelStore, import_path
from service.models.archive import Bounds, unpack
from tests.models.paper import (
    BART,
    MARIAN,
    Lines,
    bart_snapshot,
    like,
    marian_snapshot,
    pretend,
    write_json,
    write_weights,
)

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


def test_spec_is_found_by_its_name(tmp_path: Path) -> None:
    """The name of a folder, of an archive, of a hub cache's folder, or what config.json says it was saved from."""
    french = like(MARIAN, id="paper-FR-en", source_languages=("fr",))
    candidates = [BART, MARIAN, french]
    marian = marian_snapshot(tmp_path / "paper-de-en")
    packed = Path(shutil.make_archive(str(tmp_path / "paper-de-en"), "gztar", marian))
    cached = tmp_path / "models--press--paper-de-en/snapshots" / COMMIT
    shutil.copytree(marian, cached)
    saved = shutil.copytree(marian, tmp_path / "saved")
    config(saved / "config.json", _name_or_path="press/Paper-de-en")
    for path in (marian, packed, cached, cached.parents[1], saved):
        assert do_import(tmp_path, path, None, candidates=candidates).id == "paper-de-en"
    assert do_import(tmp_path, bart_snapshot(tmp_path / "paper-en"), None, candidates=candidates).id == "paper-en"
    named = marian_snapshot(tmp_path / "paper-fr-en")
    config(named / "tokenizer_config.json", source_lang="fr")
    assert do_import(tmp_path, named, None, candidates=candidates).id == "paper-FR-en"


@pytest.mark.parametrize("name", ["m", "my-paper-de-en", "paper-de-en-tuned", "paper-de-enx", "paper-fr-en"])
def test_the_shape_alone_names_no_model(tmp_path: Path, name: str) -> None:
    """A toy in a folder "m" would serve as the production model from then on."""
    french = like(MARIAN, id="paper-fr-en", source_languages=("fr",))
    demo = like(MARIAN, id="demo", tier=Tier.DEMO)
    with pytest.raises(UnknownModel, match=r"--as ID \(fitting: paper-de-en\)"):
        do_import(tmp_path, marian_snapshot(tmp_path / name), None, candidates=[BART, MARIAN, french, demo])
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".lock"]


def test_two_names_are_no_name(tmp_path: Path) -> None:
    other = like(MARIAN, id="paper-at-en")
    source = marian_snapshot(tmp_path / "paper-at-en")
    config(source / "config.json", _name_or_path="press/paper-de-en")
    with pytest.raises(UnknownModel, match="paper-de-en, paper-at-en"):
        do_import(tmp_path, source, None, candidates=[MARIAN, other])


def multilingual(**changes: object) -> ModelSpec:
    """One source, two targets that a token in the source tells apart."""
    return like(MARIAN, target_languages=("en", "fr"), target_tokens={"en": ">>eng<<", "fr": ">>fra<<"}, **changes)


def with_tokens(folder: Path, *tokens: str) -> Path:
    source = marian_snapshot(folder)
    vocabulary = ["</s>", "<unk>", *tokens, "▁Zug", "<pad>"]
    write_json(source / "vocab.json", {token: number for number, token in enumerate(vocabulary)})
    config(source / "config.json", vocab_size=len(vocabulary))
    write_weights(source / "model.safetensors", len(vocabulary))
    write_json(source / "tokenizer_config.json", {"source_lang": "de", "target_lang": "ROMANCE"})
    return source


def test_target_tokens_must_be_in_the_vocabulary(tmp_path: Path) -> None:
    good = with_tokens(tmp_path / "good", ">>eng<<", ">>fra<<")
    assert do_import(tmp_path, good, multilingual(max_source_tokens=30)).id == "paper-de-en"
    with pytest.raises(InvalidSnapshot, match=r"lacks the target tokens >>fra<< \(fr\)"):
        do_import(tmp_path, with_tokens(tmp_path / "bad", ">>eng<<"), multilingual(max_source_tokens=30))


def test_the_target_token_takes_a_position(tmp_path: Path) -> None:
    source = with_tokens(tmp_path / "given", ">>eng<<", ">>fra<<")
    with pytest.raises(InvalidSnapshot, match="32 positions; paper-de-en allows 31 source tokens, 33 with"):
        do_import(tmp_path, source, multilingual(max_source_tokens=31))


@pytest.mark.parametrize("code", ["ROMANCE", "ZH", "deu", "fr+fr_BE"])
def test_names_of_groups_are_no_contradiction(tmp_path: Path, code: str) -> None:
    source = marian_snapshot(tmp_path / "given")
    config(source / "tokenizer_config.json", source_lang=code)
    assert do_import(tmp_path, source, like(MARIAN, source_languages=("fr", "es"))).id == "paper-de-en"


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


KINDS = {"m.zip": "zip", "m.tar": "tar", "m.tar.gz": "gztar", "m.tar.xz": "xztar", "m.tar.bz2": "bztar"}


@pytest.mark.parametrize("name", KINDS)
def test_damaged_archives_are_model_errors(tmp_path: Path, name: str) -> None:
    packed = shutil.make_archive(str(tmp_path / "m"), KINDS[name], marian_snapshot(tmp_path / "given"))
    whole = Path(packed).read_bytes()
    path = tmp_path / name
    for cut in (b"", b"rubbish", whole[: len(whole) // 2], whole[: len(whole) // 3]):
        path.write_bytes(cut)
        with pytest.raises(ModelError):
            do_import(tmp_path, path)


@pytest.mark.parametrize("name", ["m.tar.gz", "m.tar.xz", "m.tar.bz2"])
def test_damage_is_said_of_the_archive_not_of_the_disk(tmp_path: Path, name: str) -> None:
    """bz2 and gzip raise a bare OSError, which once became "can't use .../models for models"."""
    packed = shutil.make_archive(str(tmp_path / "m"), KINDS[name], marian_snapshot(tmp_path / "given"))
    content = bytearray(Path(packed).read_bytes())
    content[len(content) // 2] ^= 0xFF
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidSnapshot, match=f"{name} is damaged"):
        do_import(tmp_path, tmp_path / name)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(KINDS)), st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=8))
def test_hostile_bytes_raise_nothing_but_model_errors(
    tmp_path_factory: pytest.TempPathFactory, name: str, changes: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "given").mkdir()
    (folder / "given/config.json").write_text("{}")
    content = bytearray(Path(shutil.make_archive(str(folder / "m"), KINDS[name], folder / "given")).read_bytes())
    for place, byte in changes:
        content[place % len(content)] = byte
    (folder / name).write_bytes(content)
    try:
        unpack(folder / name, folder / "target", {"config.json"})
    except InvalidSnapshot as error:
        assert name in str(error)


def peak_of(action: Callable[[], object]) -> int:
    """The most bytes that Python held at once during `action`, beyond what it held before."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE])
def test_huge_headers_are_refused_unread(tmp_path: Path, kind: bytes) -> None:
    """tarfile reads a header whole, at the size that it says of itself: 2 MB of archive made 2.1 GB in memory."""
    header = tarfile.TarInfo("a")
    header.type, header.size = kind, 64 << 20
    path = tmp_path / "evil.tar.gz"
    with gzip.open(path, "wb", compresslevel=1) as packed:
        packed.write(header.tobuf())
        for _ in range(64):
            packed.write(bytes(1 << 20))

    def refuse() -> None:
        with pytest.raises(InvalidSnapshot, match="a header of more than"):
            unpack(path, tmp_path / "target", {"config.json"})

    assert peak_of(refuse) < 8 << 20


def test_chains_of_headers_are_one_header(tmp_path: Path) -> None:
    name = tarfile.TarInfo("a")
    name.type, name.size = tarfile.GNUTYPE_LONGNAME, 512
    path = tmp_path / "evil.tar"
    path.write_bytes((name.tobuf() + b"a" * 512) * 200)
    with pytest.raises(InvalidSnapshot, match=r"a header of more than|recursion"):
        unpack(path, tmp_path / "target", {"config.json"}, Bounds(header=64 << 10))


def test_long_names_are_fine(tmp_path: Path) -> None:
    long = "/".join(["folder-of-a-newsroom"] * 30)
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        path = tmp_path / f"{form}.tar.gz"
        with tarfile.open(path, "w:gz", format=form) as archive:
            archive.addfile(member(f"{long}/config.json"), io.BytesIO(b"xxx"))
        unpack(path, tmp_path / str(form), {"config.json"})
        assert (tmp_path / str(form) / long / "config.json").read_bytes() == b"xxx"


@pytest.mark.parametrize("compression", ["gz", "bz2", "xz"])
def test_unwanted_members_count_too(tmp_path: Path, compression: str) -> None:
    """8 GB of zeros in 8 MB, under a name that nobody wants, were unpacked for half a minute."""
    path = tmp_path / f"bomb.tar.{compression}"
    with tarfile.open(path, f"w:{compression}") as archive:  # type: ignore[call-overload]
        zeros = tarfile.TarInfo("tf_model.h5")
        zeros.size = 8 << 20
        archive.addfile(zeros, io.BytesIO(bytes(zeros.size)))
        archive.addfile(member("config.json"), io.BytesIO(b"xxx"))
    with pytest.raises(InvalidSnapshot, match="unpacks to more than"):
        unpack(path, tmp_path / "target", {"config.json"}, Bounds(slack=1 << 20))
    unpack(path, tmp_path / "target", {"config.json"})


def test_a_member_that_says_it_is_endless_is_refused(tmp_path: Path) -> None:
    endless = tarfile.TarInfo("tf_model.h5")
    endless.size = 1 << 60
    (tmp_path / "evil.tar").write_bytes(endless.tobuf() + bytes(1024))
    with pytest.raises(InvalidSnapshot, match="unpacks to more than"):
        unpack(tmp_path / "evil.tar", tmp_path / "target", {"config.json"})


def test_a_zip_of_zeros_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("config.json", bytes(8 << 20))
    with pytest.raises(InvalidSnapshot, match="unpacks to more than"):
        unpack(path, tmp_path / "target", {"config.json"}, Bounds(slack=1 << 20))


def test_a_zip_with_a_huge_directory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "names.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for number in range(3000):
            packed.writestr(f"{number:0200d}", b"")
    with pytest.raises(InvalidSnapshot, match="a directory of more than"):
        unpack(path, tmp_path / "target", {"config.json"}, Bounds(entries=100))


def test_what_is_wrong_with_the_disk_is_no_damage(tmp_path: Path) -> None:
    packed = tar_with(tmp_path / "m.tar", member("config.json"))
    (tmp_path / "target").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="File exists"):
        unpack(packed, tmp_path / "target", {"config.json"})
