"""Brings models into the store: `pull` from the hub, `import_path` from a local folder or archive.

Both check the files against the spec, convert them, and install them in one atomic step. They raise nothing but
ModelError and its children.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from service.core.errors import (
    HubUnreachable,
    InvalidModelSpec,
    InvalidSnapshot,
    ModelDamaged,
    ModelNotInstalled,
    UnknownModel,
)
from service.models import archive, snapshot
from service.models.convert import Converter, convert
from service.models.hub import WITHOUT_HUB, Hub
from service.models.manifest import Manifest, Origin, digest_file
from service.models.progress import Progress, Silent
from service.models.spec import COME_ALONG, COMMIT_HASH, ModelSpec
from service.models.staging import Installation
from service.models.store import InstalledModel, ModelStore


def pull(
    spec: ModelSpec,
    store: ModelStore,
    *,
    offline: bool = False,
    force: bool = False,
    update: bool = False,
    hub: Hub | None = None,
    progress: Progress | None = None,
    converter: Converter = convert,
) -> InstalledModel:
    """Install `spec` from the hub, where it isn't installed at the revision that the spec asks for.

    A spec that names a branch is satisfied by the commit that was behind it when it was installed, and stays with that
    commit, also when it is repaired or downloaded again: `update` looks for a newer one. `force` downloads what is
    installed already. `offline` never opens a connection. Raises HubUnreachable (known within 5 seconds),
    InvalidModelSpec, InvalidSnapshot, ConversionFailed, StoreUnusable.
    """
    progress = progress or Silent()
    present = _present(spec, store)
    update = update and not spec.pinned
    if present is not None and not force and not update and (offline or _is_current(spec, present.manifest)):
        revision = present.manifest.revision
        progress.step(f"{spec.id} is installed already, revision {revision}{_branch(spec)}")
        return present
    if spec.repository is None:
        raise InvalidModelSpec(f"{spec.id} has no hub repository: it comes with Depesche or through an import")
    if offline:
        state = "is not installed" if present is None else "can't be downloaded again"
        raise HubUnreachable(f"{spec.id} {state}, and the network may not be used (DEPESCHE_OFFLINE); {WITHOUT_HUB}")
    hub = hub or Hub()
    revision = spec.revision if update else _recorded(spec, store) or spec.revision
    progress.step(f"asking {hub.endpoint} for {spec.repository} at {revision}")
    listing = hub.resolve(spec.repository, revision)
    if COMMIT_HASH.fullmatch(revision) and listing.commit != revision:
        raise InvalidModelSpec(f"the hub resolved revision {revision} to {listing.commit}")
    if revision != listing.commit:
        progress.step(f"{spec.repository}: {revision} is revision {listing.commit}")
        if present is not None and not force and present.manifest.revision == listing.commit:
            progress.step(f"{spec.id} is installed already, and {revision} has nothing newer")
            return present
    names = snapshot.choose_files(spec.tokenizer, listing.files, f"{spec.repository} at {listing.commit}")
    with store.installing(spec.id, on_wait=lambda: progress.step(_WAITING)) as installation:
        folder = store.downloads(spec.id, listing.commit)
        for name in names:
            file = hub.download(
                spec.repository,
                listing.commit,
                name,
                folder,
                lambda done, total, name=name: progress.transferred(name, done, total),  # type: ignore[misc]
            )
            _take(file, installation.snapshot / name)
        origin = Origin(kind="hub", name=spec.repository, endpoint=hub.endpoint)
        _finish(spec, installation, listing.commit, origin, progress, converter)
        shutil.rmtree(folder, ignore_errors=True)
    return store.get(spec.id)


def import_path(
    spec: ModelSpec | None,
    path: Path,
    store: ModelStore,
    *,
    candidates: Iterable[ModelSpec] = (),
    progress: Progress | None = None,
    converter: Converter = convert,
) -> InstalledModel:
    """Install a snapshot folder, a hub cache's folder, or an archive of either, as the model of `spec`.

    Without `spec`, the one of `candidates` is taken whose id is the name of the folder or archive, or stands in
    config.json. The source is left as it is. Raises InvalidSnapshot, UnknownModel (no candidate is named, or several
    are), ConversionFailed, StoreUnusable.
    """
    progress = progress or Silent()
    path = path.absolute()
    if not path.exists():
        raise InvalidSnapshot(f"{path} doesn't exist")
    if path.is_file() and not archive.is_archive(path):
        raise InvalidSnapshot(
            f"{path.name}: known kinds of archive are {', '.join(archive.SUFFIXES)}; unpack others first"
        )
    with store.installing("" if spec is None else spec.id, on_wait=lambda: progress.step(_WAITING)) as installation:
        if path.is_file():
            progress.step(f"unpacking {path.name}")
            wanted = frozenset().union(*(snapshot.known_files(kind) for kind in snapshot.MODEL_TYPES))
            archive.unpack(path, installation.incoming, wanted)
            root, commit = snapshot.find_root(installation.incoming)
            origin = Origin(kind="archive", name=path.name, sha256=digest_file(path).sha256)
        else:
            root, commit = snapshot.find_root(path)
            origin = Origin(kind="folder", name=path.name)
        spec = spec or _guess(candidates, root, path.name)
        installation.model_id = spec.id
        available = {entry.name for entry in root.iterdir() if entry.is_file()}
        for name in snapshot.choose_files(spec.tokenizer, available, path.name):
            shutil.copyfile(root / name, installation.snapshot / name)
        _finish(spec, installation, commit, origin, progress, converter)
    return store.get(spec.id)


_WAITING = "another process is changing the models; waiting for it"


def _finish(
    spec: ModelSpec,
    installation: Installation,
    commit: str | None,
    origin: Origin,
    progress: Progress,
    converter: Converter,
) -> None:
    snapshot.check(spec, installation.snapshot)
    progress.step(f"converting {spec.id} for CTranslate2")
    versions = converter(installation.snapshot, installation.converted)
    snapshot.check(spec, installation.snapshot)  # again, for weights that have become safetensors
    weights = digest_file(installation.snapshot / snapshot.SAFETENSORS)
    revision = commit or f"local-{weights.sha256[:12]}"
    installation.commit(revision_requested=spec.revision, revision=revision, origin=origin, converter=versions)
    progress.step(f"installed {spec.id}, revision {revision}")


def _present(spec: ModelSpec, store: ModelStore) -> InstalledModel | None:
    """The installed model if it is usable; a damaged one is there to be replaced."""
    try:
        return store.get(spec.id)
    except (ModelNotInstalled, ModelDamaged):
        return None


def _is_current(spec: ModelSpec, manifest: Manifest) -> bool:
    if spec.repository is None:
        return True
    return spec.revision == (manifest.revision if spec.pinned else manifest.revision_requested)


def _recorded(spec: ModelSpec, store: ModelStore) -> str | None:
    """The commit that an earlier pull found behind the branch of `spec`, even if its files are damaged by now."""
    manifest = store.manifest(spec.id)
    if manifest is None or spec.pinned or manifest.revision_requested != spec.revision:
        return None
    same = manifest.origin.kind == "hub" and manifest.origin.name == spec.repository
    return manifest.revision if same and COMMIT_HASH.fullmatch(manifest.revision) else None


def _branch(spec: ModelSpec) -> str:
    """What to add where a branch may have moved on since the revision was installed."""
    if spec.repository is None or spec.pinned:
        return ""
    return f" (`--update` looks for a newer one of {spec.revision!r})"


def _take(source: Path, target: Path) -> None:
    """A second name for a downloaded file, so that an install that fails keeps its download; a copy if need be."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _guess(candidates: Iterable[ModelSpec], root: Path, name: str) -> ModelSpec:
    """The candidate that the path or config.json names, if the snapshot is of its kind and languages.

    The kind alone is never enough: a toy in a folder "m" has the shape of every production model, and would answer in
    its place from then on.
    """
    config = snapshot.read_json(root / "config.json") if (root / "config.json").exists() else {}
    model_type = config.get("model_type")
    if model_type is None:
        raise InvalidSnapshot(f"{name} holds no model: there is no config.json that names a model_type")
    fitting = [
        spec
        for spec in candidates
        if snapshot.MODEL_TYPES[spec.tokenizer] == model_type and not snapshot.language_contradiction(spec, root)
    ]
    cache = root.parent.parent.name if root.parent.name == "snapshots" else ""
    words = _words(name, root.name, cache, config.get("_name_or_path"))
    named = [spec for spec in fitting if spec.id.casefold() in words]
    if len(named) == 1:
        return named[0]
    ids = ", ".join(spec.id for spec in named or fitting if spec.tier not in COME_ALONG or spec in named)
    raise UnknownModel(f"{name} is a {model_type!r} model; say which one it is with --as ID (fitting: {ids or 'none'})")


def _words(*hints: object) -> set[str]:
    """The names in paths such as "Helsinki-NLP/opus-mt-de-en", "models--Helsinki-NLP--opus-mt-de-en", "x.tar.gz"."""
    texts = [hint.casefold() for hint in hints if isinstance(hint, str)]
    words = {word for text in texts for word in re.split(r"[/\\\s]+|--", text)}
    return words | {word.removesuffix(suffix) for word in words for suffix in archive.SUFFIXES}
