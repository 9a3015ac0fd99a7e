"""The manifest of an installed model: what it is, where it came from, and every file's digest.

Reads the files that it digests, and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from service.models.faults import fault, faults

VERSION_FOLDER = re.compile(r"v-[0-9a-f]{12}(-[0-9]{1,4})?")
"""Names of version folders. Clean-up deletes nothing that is called otherwise."""


class _Record(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class FileDigest(_Record):
    """A file's SHA-256 in hex and its size in bytes."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)


class Origin(_Record):
    """Where a model came from.

    `name` is a repository or a file name without its folder; `sha256` is the digest of an archive; `endpoint` the
    hub's address.
    """

    kind: Literal["hub", "folder", "archive"]
    name: str
    sha256: str | None = None
    endpoint: str | None = None


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise fault(f"file {name!r} lies outside of the model's folder")
    return name


def _some_files(files: dict[str, FileDigest]) -> dict[str, FileDigest]:
    if not files:
        raise fault("no files")
    return files


def _version_folder(name: str) -> str:
    if not VERSION_FOLDER.fullmatch(name):
        raise fault(f"{name!r} is no version folder")
    return name


class Manifest(_Record):
    """What is installed under one id.

    `revision_requested` is what the spec asked for, `revision` what is there: a commit (40 hex digits) or, for an
    import of unknown revision, "local-" and the first digits of the weights' SHA-256. `directory` is the version
    folder beside the manifest; `files` has the path below it of every file. `converter` maps library to version;
    `created` is a time in ISO 8601.
    """

    schema_version: Literal[1] = 1
    id: str
    revision_requested: str
    revision: str
    origin: Origin
    converter: dict[str, str]
    created: str
    directory: Annotated[str, AfterValidator(_version_folder)]
    files: Annotated[dict[Annotated[str, AfterValidator(_inside)], FileDigest], AfterValidator(_some_files)]

    @property
    def digest(self) -> str:
        """One SHA-256 for the whole model."""
        return digest_model(self.files)

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files.values())

    def to_json(self) -> str:
        """The manifest as it is stored."""
        return self.model_dump_json(indent=2, exclude_none=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read what `to_json` wrote. Raises ValueError with the reason in one line."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            found = faults(error, lambda _: ())
            raise ValueError("; ".join(": ".join(filter(None, (".".join(at), why))) for at, why in found)) from error


def digest_file(path: Path) -> FileDigest:
    """Read `path` once. Raises OSError."""
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return FileDigest(sha256=sha256, size=stream.tell())


def digest_tree(folder: Path) -> dict[str, FileDigest]:
    """The digest of every file below `folder`, by its path relative to it with "/" between the parts."""
    return {
        path.relative_to(folder).as_posix(): digest_file(path) for path in sorted(folder.rglob("*")) if path.is_file()
    }


def digest_model(files: Mapping[str, FileDigest]) -> str:
    """One SHA-256 over the names and digests of all files: it changes whenever any of them does."""
    lines = sorted((name, digest.sha256) for name, digest in files.items())
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
