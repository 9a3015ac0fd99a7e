"""The model store: finds, checks and removes installed models, and opens the way for installing them.

On disk: `root/<id>/manifest.json` names the version folder beside it, which holds `snapshot/` and `ctranslate2/`.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.core.errors import ModelDamaged, ModelNotInstalled, StoreUnusable
from service.models.manifest import FileDigest, Manifest, digest_file
from service.models.spec import NAME
from service.models.staging import MANIFEST, STAGING_PREFIX, Installation, locked, sweep, sweep_versions
from service.models.verified import VerifiedFiles

DOWNLOADS = ".downloads"
VERIFIED = ".verified.json"
CERTAINTY = "certainty.json"
SHORTLIST, SHORTLIST_FILE = "shortlist.json", "ctranslate2/vmap.txt"

_UNREAD = {"ctranslate2": re.compile(r"snapshot/.*\.safetensors"), "transformers": re.compile(r"ctranslate2/.*")}
"""The files of a model that serving doesn't read, by engine: the weights that are there for the other one."""


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """An installed model. `snapshot_dir` is for transformers and tokenizers, `ctranslate2_dir` for CTranslate2.

    `digest` is one SHA-256 over all files; `bundled` tells that it came with the program.
    """

    id: str
    manifest: Manifest
    snapshot_dir: Path
    ctranslate2_dir: Path
    digest: str
    bundled: bool = False

    @property
    def certainty_file(self) -> Path:
        """Where it is kept how sure the model usually is. No part of the model: it may be missing, or be made anew."""
        return self.snapshot_dir.parent.parent / CERTAINTY

    @property
    def shortlist_file(self) -> Path:
        """What is known of the model's shortlist, which lies beside the weights. No part of the model, either."""
        return self.snapshot_dir.parent.parent / SHORTLIST

    def shortlist_record(self) -> dict[str, Any] | None:
        """What that file says of this version of the model; None where there is none, or of another."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            record: dict[str, Any] = json.loads(self.shortlist_file.read_text(encoding="utf-8"))
            if record["model"] == self.digest:
                return record
        return None


def _ignore(_: str) -> None: ...


class ModelStore:
    """Models under `root`, then those that came with the program under the `bundled` roots, which are only read.

    `on_step` hears the steps of an install; it is there for tests of crashes. `lock_seconds` is how long to wait for
    another process that is installing.
    """

    def __init__(
        self,
        root: Path,
        bundled: Sequence[Path] = (),
        *,
        on_step: Callable[[str], None] = _ignore,
        lock_seconds: float = 3600.0,
    ) -> None:
        self._root = root
        self._bundled = tuple(folder for folder in bundled if folder.resolve() != root.resolve())
        self._on_step = on_step
        self._lock_seconds = lock_seconds
        self._verified_files = VerifiedFiles(root / VERIFIED)

    @property
    def root(self) -> Path:
        """Where models are installed."""
        return self._root

    def get(self, model_id: str) -> InstalledModel:
        """The installed model. Looks at names and sizes of the files, not at their content (see `verify`).

        Raises ModelNotInstalled, or ModelDamaged naming the files that are missing or of the wrong size.
        """
        return self._checked(model_id, _quick_faults)

    def verified(self, model_id: str, engine: str) -> InstalledModel:
        """Like `get`, and the content of all files that `engine` ("ctranslate2", "transformers") reads is as recorded.

        A file is read once and then remembered, beside the store or, where that can't be written, by this object: as
        long as inode, size and times stay the same, asking again costs no reading. Raises ModelNotInstalled, or
        ModelDamaged naming the files.
        """

        def faults(folder: Path, manifest: Manifest) -> Sequence[str]:
            return _quick_faults(folder, manifest) or [
                f"{name}: content has changed"
                for name, digest in manifest.files.items()
                if not _UNREAD[engine].fullmatch(name) and not self._verified_files.matches(folder / name, digest)
            ]

        model = self._checked(model_id, faults)
        self._verified_files.save()
        return model

    def _checked(self, model_id: str, find_faults: Callable[[Path, Manifest], Sequence[str]]) -> InstalledModel:
        home = self._home(model_id)
        while True:
            manifest = _read(home, model_id)
            folder = home / manifest.directory
            faults = find_faults(folder, manifest)
            if not faults:
                bundled = home.parent != self._root
                return InstalledModel(
                    model_id, manifest, folder / "snapshot", folder / "ctranslate2", manifest.digest, bundled
                )
            # Another process may have replaced this version since its manifest was read.
            if _read(home, model_id).directory == manifest.directory:
                raise _damaged(model_id, faults)

    def manifest(self, model_id: str) -> Manifest | None:
        """What was recorded when `model_id` was installed, whatever became of its files; None where nothing was."""
        try:
            return _read(self._home(model_id), model_id)
        except (ModelNotInstalled, ModelDamaged):
            return None

    def is_installed(self, model_id: str) -> bool:
        """Whether `get` would return it. A damaged model isn't installed."""
        try:
            self.get(model_id)
        except (ModelNotInstalled, ModelDamaged):
            return False
        return True

    def verify(self, model_id: str) -> InstalledModel:
        """Read every file and compare its digest. Raises ModelNotInstalled, or ModelDamaged naming the files."""
        model = self.get(model_id)
        folder = model.snapshot_dir.parent
        expected = model.manifest.files
        faults = [f"{name}: content has changed" for name in expected if not _matches(folder / name, expected[name])]
        present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
        faults += [f"{name}: not part of the model" for name in sorted(present - expected.keys() - {SHORTLIST_FILE})]
        record = model.shortlist_record()
        if SHORTLIST_FILE in present and record is not None:
            found = digest_file(folder / SHORTLIST_FILE).sha256
            faults += [f"{SHORTLIST_FILE}: content has changed"] if found != record.get("digest") else []
        if faults:
            raise _damaged(model_id, faults)
        return model

    def remove(self, model_id: str) -> None:
        """Delete an installed model, damaged or not. Raises ModelNotInstalled, StoreUnusable."""
        home = self._home(model_id)
        if home.parent != self._root:
            raise StoreUnusable(f"{model_id} came with the program and can't be removed")
        with self._writing(), self._locked(lambda: None):
            (home / MANIFEST).unlink(missing_ok=True)
            (home / CERTAINTY).unlink(missing_ok=True)
            (home / SHORTLIST).unlink(missing_ok=True)
            sweep_versions(home, keep="")
            with contextlib.suppress(OSError):  # what else lies there isn't ours
                home.rmdir()

    @contextlib.contextmanager
    def installing(self, model_id: str, *, on_wait: Callable[[], None] = lambda: None) -> Iterator[Installation]:
        """Hold the store's lock and give a place to fill. Nothing changes unless the installation is committed.

        `on_wait` is called once if another process is installing. Raises StoreUnusable.
        """
        with self._writing():
            self._root.mkdir(parents=True, exist_ok=True)
            with self._locked(on_wait):
                sweep(self._root)
                staging = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=self._root))
                try:
                    yield Installation(self._root, model_id, staging, self._on_step)
                finally:
                    shutil.rmtree(staging, ignore_errors=True)

    def downloads(self, model_id: str, revision: str) -> Path:
        """The folder in which a download is kept until it is complete; those of other revisions are deleted."""
        folder = self._root / DOWNLOADS / f"{model_id}@{revision}"
        for other in folder.parent.glob(f"{model_id}@*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def list(self) -> Sequence[InstalledModel]:
        """All models that are installed and not damaged, by id."""
        ids = {
            home.name
            for root in (self._root, *self._bundled)
            if root.is_dir()
            for home in root.iterdir()
            if (home / MANIFEST).is_file()
        }
        return [self.get(model_id) for model_id in sorted(ids) if self.is_installed(model_id)]

    def _home(self, model_id: str) -> Path:
        if re.fullmatch(NAME, model_id):  # "../else" is no model of ours, whatever lies there
            for root in (self._root, *self._bundled):
                if (root / model_id / MANIFEST).is_file():
                    return root / model_id
        raise _not_installed(model_id)

    def _locked(self, on_wait: Callable[[], None]) -> contextlib.AbstractContextManager[None]:
        return locked(self._root, wait_seconds=self._lock_seconds, on_wait=on_wait)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Say what is wrong with the disk rather than which call it failed."""
        try:
            yield
        except OSError as error:
            place = f" ({error.filename})" if error.filename else ""
            raise StoreUnusable(f"can't use {self._root} for models: {error.strerror or error}{place}") from error


def _read(home: Path, model_id: str) -> Manifest:
    try:
        manifest = Manifest.from_json((home / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _not_installed(model_id) from None
    except (OSError, ValueError) as error:
        raise _damaged(model_id, [f"{MANIFEST}: {error}"]) from error
    if manifest.id != model_id:
        raise _damaged(model_id, [f"{MANIFEST}: it belongs to {manifest.id!r}"])
    return manifest


def _quick_faults(folder: Path, manifest: Manifest) -> Sequence[str]:
    faults = []
    for name, expected in manifest.files.items():
        try:
            size = (folder / name).stat().st_size
        except OSError:
            faults.append(f"{name}: missing")
            continue
        if size != expected.size:
            faults.append(f"{name}: {size} bytes instead of {expected.size}")
    return faults


def _matches(path: Path, expected: FileDigest) -> bool:
    try:
        return digest_file(path) == expected
    except OSError:  # unreadable sectors, or gone since `get` looked
        return False


def _not_installed(model_id: str) -> ModelNotInstalled:
    return ModelNotInstalled(
        f"{model_id} is not installed; `depesche models pull {model_id}` downloads it, "
        f"`depesche models import PATH` takes a local copy"
    )


def _damaged(model_id: str, faults: Sequence[str]) -> ModelDamaged:
    return ModelDamaged(f"{model_id} is damaged ({'; '.join(faults)}); pull or import it again")
