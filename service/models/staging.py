"""Puts a model into the store in steps of which each leaves either the old or the new state usable. Reads no models.

A version folder is filled under `.staging-…`, moved beside the manifest, and counts from the moment on which
`manifest.json` is replaced. What a crash leaves behind is swept by the next install.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from service.core.errors import StoreUnusable
from service.models.manifest import VERSION_FOLDER, Manifest, Origin, digest_model, digest_tree

MANIFEST = "manifest.json"
STAGING_PREFIX = ".staging-"
LOCK = ".lock"
_NEW_MANIFEST = ".manifest.json.new"
_POLL_SECONDS = 0.1


class Installation:
    """A model on its way into the store: fill `snapshot` and `converted`, then `commit`.

    `incoming` is room for raw material that isn't kept; `model_id` may change until the commit. `on_step` hears the
    name of each step of the commit once it is done; tests crash there.
    """

    def __init__(self, root: Path, model_id: str, staging: Path, on_step: Callable[[str], None]) -> None:
        self._root = root
        self.model_id = model_id
        self._version = staging / "version"
        self._on_step = on_step
        self.snapshot = self._version / "snapshot"
        self.converted = self._version / "ctranslate2"
        self.incoming = staging / "incoming"
        for folder in (self.snapshot, self.converted, self.incoming):
            folder.mkdir(parents=True)

    def commit(self, *, revision_requested: str, revision: str, origin: Origin, converter: Mapping[str, str]) -> None:
        """Make the filled folders the installed model, and delete the version that was there before."""
        files = digest_tree(self._version)
        _sync_tree(self._version)
        self._on_step("synced")
        home = self._root / self.model_id
        home.mkdir(exist_ok=True)
        directory = _free_name(home, f"v-{digest_model(files)[:12]}")
        self._version.rename(home / directory)
        _sync(home)
        _sync(self._root)
        self._on_step("moved")
        manifest = Manifest(
            id=self.model_id,
            revision_requested=revision_requested,
            revision=revision,
            origin=origin,
            converter=dict(converter),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            directory=directory,
            files=files,
        )
        new = home / _NEW_MANIFEST
        new.write_text(manifest.to_json(), encoding="utf-8")
        _sync(new)
        self._on_step("written")
        new.replace(home / MANIFEST)
        _sync(home)
        self._on_step("committed")
        sweep_versions(home, keep=directory)
        self._on_step("swept")


def _free_name(home: Path, name: str) -> str:
    """`name`, or `name` with a number: the same files may be installed again to repair damaged ones."""
    candidate, count = name, 1
    while (home / candidate).exists():
        count += 1
        candidate = f"{name}-{count}"
    return candidate


def sweep(root: Path) -> None:
    """Delete what crashed installs left behind. Only for the holder of the lock."""
    for path in root.iterdir():
        if path.name.startswith(STAGING_PREFIX):
            shutil.rmtree(path, ignore_errors=True)
        elif path.is_dir() and not path.name.startswith("."):
            keep = _directory_in_use(path)
            if keep is not None:
                sweep_versions(path, keep=keep)


def sweep_versions(home: Path, *, keep: str) -> None:
    """Delete the version folders of one model except `keep`. Leaves everything else alone: it may be the user's."""
    (home / _NEW_MANIFEST).unlink(missing_ok=True)
    for path in home.iterdir():
        if path.name != keep and VERSION_FOLDER.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)


def _directory_in_use(home: Path) -> str | None:
    """The version folder that counts, "" when there is none, None when that can't be told."""
    try:
        return Manifest.from_json((home / MANIFEST).read_text(encoding="utf-8")).directory
    except FileNotFoundError:
        return ""
    except (OSError, ValueError):
        return None


@contextlib.contextmanager
def locked(root: Path, *, wait_seconds: float, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the store's lock, which dies with the process. Raises StoreUnusable after `wait_seconds` of waiting."""
    with (root / LOCK).open("a") as stream:
        give_up = time.monotonic() + wait_seconds
        told = False
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    raise StoreUnusable(f"another process is changing the models in {root}; try again later") from None
                if not told:
                    on_wait()
                    told = True
                time.sleep(_POLL_SECONDS)
        yield


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    """Bring a file's content, or a folder's entries, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
