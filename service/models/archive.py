"""Takes wanted files out of .zip and .tar archives that may be hostile. Writes nothing outside of the target folder.

Only plain files are ever written, and only under names the caller asked for; an archive that holds anything else than
plain files and folders inside of itself is refused as a whole.
"""

from __future__ import annotations

import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from service.core.errors import InvalidSnapshot

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an archive may hold: entries, and bytes of wanted files once they are unpacked."""

    entries: int = 10_000
    bytes: int = 16 * 1024**3


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: str  # "file", "folder", or what it is instead
    open: Callable[[], IO[bytes] | None]


def is_archive(path: Path) -> bool:
    """Whether the name is that of an archive this module reads."""
    return path.name.lower().endswith(SUFFIXES)


def unpack(path: Path, target: Path, wanted: Collection[str], bounds: Bounds | None = None) -> None:
    """Write the files of archive `path` whose last name is in `wanted` below `target`, keeping their folders.

    Raises InvalidSnapshot when the archive is damaged, unsafe, or over the bounds.
    """
    bounds = bounds or Bounds()
    left = bounds.bytes
    try:
        for count, entry in enumerate(_entries(path), start=1):
            if count > bounds.entries:
                raise InvalidSnapshot(f"{path.name} has more than {bounds.entries} entries")
            place = _safe_place(path, entry)
            if entry.kind != "file" or place.name not in wanted:
                continue
            source = entry.open()
            assert source is not None, "plain files have content"
            destination = target / place
            destination.parent.mkdir(parents=True, exist_ok=True)
            with source, _create(path, destination, entry) as out:
                while chunk := source.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise InvalidSnapshot(f"{path.name} unpacks to more than {bounds.bytes} bytes")
                    out.write(chunk)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError) as error:
        raise InvalidSnapshot(f"{path.name} is damaged or no archive of a known kind: {error}") from error
    except RuntimeError as error:  # zipfile's way to say that a password is needed
        raise InvalidSnapshot(f"{path.name} can't be unpacked: {error}") from error


def _safe_place(path: Path, entry: _Entry) -> PurePosixPath:
    place = PurePosixPath(entry.name)
    if place.is_absolute() or ".." in place.parts or any(mark in entry.name for mark in ("\\", "\0", ":")):
        raise InvalidSnapshot(f"{path.name} is not safe to unpack: {entry.name!r} leads out of the archive")
    if entry.kind not in ("file", "folder"):
        raise InvalidSnapshot(
            f"{path.name} is not safe to unpack: {entry.name!r} is a {entry.kind}; "
            "pack plain files (`tar --dereference` follows links)"
        )
    return place


def _create(path: Path, destination: Path, entry: _Entry) -> IO[bytes]:
    try:
        return destination.open("xb")
    except FileExistsError:
        raise InvalidSnapshot(f"{path.name} holds {entry.name!r} twice") from None


def _entries(path: Path) -> Iterator[_Entry]:
    if path.name.lower().endswith(".zip"):
        with zipfile.ZipFile(path) as packed:
            for info in packed.infolist():
                yield _Entry(info.filename, _zip_kind(info), lambda info=info: packed.open(info))  # type: ignore[misc]
    else:
        with tarfile.open(path, "r:*") as archive:
            for member in archive:
                yield _Entry(member.name, _tar_kind(member), lambda member=member: archive.extractfile(member))  # type: ignore[misc]


def _zip_kind(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16  # the Unix mode; 0 when the archive comes from elsewhere
    if stat.S_ISLNK(mode):
        return "link"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "device"
    return "folder" if info.is_dir() else "file"


def _tar_kind(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return "link"
    if member.isdir():
        return "folder"
    return "file" if member.isreg() else "device"
