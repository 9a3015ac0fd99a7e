"""The manifest of an installed model: what it is, where it came from, and every file's digest. Touches no disk."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from service.models.digests import FileDigest, digest_model

SCHEMA_VERSION = 1
VERSION_FOLDER = re.compile(r"v-[0-9a-f]{12}(-[0-9]{1,4})?")
"""Names of version folders. Clean-up deletes nothing that is called otherwise."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a model came from: `kind` is "hub", "folder" or "archive".

    `name` is a repository or a file name without its folder; `sha256` is the digest of an archive; `endpoint` the
    hub's address.
    """

    kind: str
    name: str
    sha256: str | None = None
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is installed under one id.

    `revision_requested` is what the spec asked for, `revision` what is there: a commit (40 hex digits) or, for an
    import of unknown revision, "local-" and the first digits of the weights' SHA-256. `directory` is the version
    folder beside the manifest; `files` has the path below it of every file. `converter` maps library to version.
    """

    id: str
    revision_requested: str
    revision: str
    origin: Origin
    converter: Mapping[str, str]
    created: str
    directory: str
    files: Mapping[str, FileDigest]

    @property
    def digest(self) -> str:
        """One SHA-256 for the whole model."""
        return digest_model(self.files)

    def to_json(self) -> str:
        """The manifest as it is stored."""
        data = {"schema_version": SCHEMA_VERSION, **asdict(self)}
        data["origin"] = {key: value for key, value in asdict(self.origin).items() if value is not None}
        return json.dumps(data, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read what `to_json` wrote. Raises ValueError with the reason."""
        data = json.loads(text)
        if not isinstance(data, dict):
            raise ValueError("not a JSON object")
        if data.get("schema_version") != SCHEMA_VERSION:
            raise ValueError(f"schema version {data.get('schema_version')!r}, this program reads {SCHEMA_VERSION}")
        directory = _text(data, "directory")
        if not VERSION_FOLDER.fullmatch(directory):
            raise ValueError(f"directory {directory!r} is no version folder")
        origin = _object(data, "origin")
        return cls(
            id=_text(data, "id"),
            revision_requested=_text(data, "revision_requested"),
            revision=_text(data, "revision"),
            origin=Origin(_text(origin, "kind"), _text(origin, "name"), origin.get("sha256"), origin.get("endpoint")),
            converter={str(key): str(value) for key, value in _object(data, "converter").items()},
            created=_text(data, "created"),
            directory=directory,
            files=_files(_object(data, "files")),
        )


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str):
        raise ValueError(f"{key} is missing")
    return value


def _object(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    if not isinstance(value, dict):
        raise ValueError(f"{key} is missing")
    return value


def _files(data: dict[str, Any]) -> dict[str, FileDigest]:
    files = {}
    for name, entry in data.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise ValueError(f"file {name!r} lies outside of the model's folder")
        sha256, size = (entry.get("sha256"), entry.get("size")) if isinstance(entry, dict) else (None, None)
        if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256) or not isinstance(size, int):
            raise ValueError(f"file {name!r} has no digest and size")
        files[name] = FileDigest(sha256, size)
    if not files:
        raise ValueError("no files")
    return files
