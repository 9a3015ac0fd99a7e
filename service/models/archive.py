"""Takes wanted files out of .zip and .tar archives that may be hostile. Writes nothing outside of the target folder.

Only plain files are ever written, and only under names the caller asked for; an archive that holds anything else than
plain files and folders inside of itself is refused as a whole. What an archive can cost is bounded: bytes unpacked,
wanted or not, entries, and the memory for what stands between the files.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from service.core.errors import InvalidSnapshot

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2")
_CHUNK = 1 << 18
_ZIP_ENTRY = 512  # bytes in a zip's directory: 46 and a name
_DAMAGE = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,  # bz2's and gzip's way to say it
    NotImplementedError,
    struct.error,
    LookupError,
    ArithmeticError,
)
"""What the libraries raise on damaged archives."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an archive may hold: entries, and bytes of wanted files once they are unpacked.

    All that is unpacked, wanted or not, may have `slack` bytes and `ratio` times the archive's size: weights hardly
    shrink, a vocabulary to a quarter, and zeros to a thousandth (a file of 8 MB unpacked for half a minute). What
    stands between two files, names above all, may have `header` bytes: tarfile keeps it in memory, whatever its size
    is said to be (2 MB made 2.1 GB). Linux allows 64 KiB of extended attributes, which tar stores there.
    """

    entries: int = 10_000
    bytes: int = 16 * 1024**3
    slack: int = 256 * 1024**2
    ratio: int = 20
    header: int = 256 * 1024

    def all_bytes(self, path: Path) -> int:
        """Bytes that the archive may unpack to in all."""
        return self.slack + self.ratio * path.stat().st_size


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
    most = left = min(bounds.bytes, bounds.all_bytes(path))
    entries = (_zip_entries if path.name.lower().endswith(".zip") else _tar_entries)(path, bounds)
    for count, entry in enumerate(entries, start=1):
        if count > bounds.entries:
            raise InvalidSnapshot(f"{path.name} has more than {bounds.entries} entries")
        place = _safe_place(path, entry)
        if entry.kind != "file" or place.name not in wanted:
            continue
        destination = target / place
        destination.parent.mkdir(parents=True, exist_ok=True)
        with _create(path, destination, entry) as out:
            for chunk in _content(path, entry):
                left -= len(chunk)
                if left < 0:
                    raise InvalidSnapshot(f"{path.name} unpacks to more than {most} bytes")
                out.write(chunk)


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


def _content(path: Path, entry: _Entry) -> Iterator[bytes]:
    with _reading(path):
        source = entry.open()
    assert source is not None, "plain files have content"
    with source:
        while True:
            with _reading(path):
                chunk = source.read(_CHUNK)
            if not chunk:
                return
            yield chunk


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Say of the archive what goes wrong while it is read, and only then: a full disk is no damage."""
    try:
        yield
    except _DAMAGE as error:
        raise InvalidSnapshot(f"{path.name} is damaged or no archive of a known kind: {error}") from error
    except (RuntimeError, ValueError) as error:  # zipfile's way to say that a password is needed; nonsense in headers
        raise InvalidSnapshot(f"{path.name} can't be unpacked: {error}") from error


def _zip_entries(path: Path, bounds: Bounds) -> Iterator[_Entry]:
    with _ZipFile(path, most=max(bounds.entries * _ZIP_ENTRY, _CHUNK)) as file:
        with _reading(path):
            packed = zipfile.ZipFile(file)
        for info in packed.infolist():
            yield _Entry(info.filename, _zip_kind(info), lambda info=info: packed.open(info))  # type: ignore[misc]


def _tar_entries(path: Path, bounds: Bounds) -> Iterator[_Entry]:
    with path.open("rb") as file, _decompressed(file) as stream:
        source = _Forward(path, stream, bounds, seeks=stream is file)
        with _reading(path):
            archive = tarfile.TarFile(fileobj=cast("IO[bytes]", source))
        while True:
            with _reading(path), source.header():
                member = archive.next()
            if member is None:
                with _reading(path):
                    source.drain()
                return
            # Else all are kept, each with a copy of what a global header says.
            archive.members.clear()  # type: ignore[attr-defined]
            yield _Entry(member.name, _tar_kind(member), lambda member=member: archive.extractfile(member))  # type: ignore[misc]


_COMPRESSIONS: dict[bytes, Callable[[IO[bytes]], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
}


@contextmanager
def _decompressed(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """The tar inside of `file`, by what it begins with; `file` itself where it isn't compressed."""
    start = file.read(6)
    file.seek(0)
    opener = next((opener for magic, opener in _COMPRESSIONS.items() if start.startswith(magic)), None)
    if opener is None:
        yield file
    else:
        with opener(file) as stream:
            yield stream


class _Forward:
    """A tar as tarfile reads it: forward only, and no further than the bounds allow."""

    def __init__(self, path: Path, stream: IO[bytes], bounds: Bounds, *, seeks: bool) -> None:
        self._name, self._stream, self._seeks, self._bounds = path.name, stream, seeks, bounds
        self._allowed = bounds.all_bytes(path)
        self._position = 0
        self._header_left: int | None = bounds.header

    @contextmanager
    def header(self) -> Iterator[None]:
        """What is read meanwhile is a header, with all that belongs to it, and bounded as such."""
        self._header_left = self._bounds.header
        yield
        self._header_left = None

    def tell(self) -> int:
        """How many bytes have been read or skipped."""
        return self._position

    def read(self, size: int) -> bytes:
        """Like a file's. Raises InvalidSnapshot, ReadError."""
        if size < 0:  # numbers in headers may be negative; to a file that means all of it
            raise tarfile.ReadError("a negative size")
        if self._header_left is not None:
            self._header_left -= size
            if self._header_left < 0:
                raise InvalidSnapshot(f"{self._name} has a header of more than {self._bounds.header} bytes")
        data = self._stream.read(size)
        self._advance(len(data))
        return data

    def seek(self, position: int) -> None:
        """Skip up to `position`. Raises InvalidSnapshot, ReadError."""
        size = position - self._position
        if size < 0:
            raise tarfile.ReadError("it leads back to where it was read already")
        self._advance(size)
        if self._seeks:
            self._stream.seek(size, 1)
            return
        while size:
            skipped = len(self._stream.read(min(size, _CHUNK)))
            if not skipped:
                raise tarfile.ReadError("unexpected end of data")
            size -= skipped

    def drain(self) -> None:
        """Read on to the end, where compressed files have their checksums: tarfile takes rubbish for the end."""
        self._header_left = None
        while not self._seeks and self.read(_CHUNK):
            pass

    def _advance(self, size: int) -> None:
        self._position += size
        if self._position > self._allowed:
            raise InvalidSnapshot(f"{self._name} unpacks to more than {self._allowed} bytes")


class _ZipFile(io.FileIO):
    """The file of a zip, which is read in small pieces but for its directory; that is refused when it is too large."""

    def __init__(self, path: Path, *, most: int) -> None:
        super().__init__(path)
        self._archive, self._most = path.name, most

    def read(self, size: int | None = -1, /) -> bytes:
        """Like FileIO's. Raises InvalidSnapshot."""
        wanted = self._most + 1 if size is None or size < 0 else size
        if wanted <= self._most:
            return super().read(wanted)
        data = super().read(self._most + 1)
        if len(data) > self._most:
            raise InvalidSnapshot(f"{self._archive} has a directory of more than {self._most} bytes")
        return data


def _zip_kind(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16  # the Unix mode; 0 when the archive comes from elsewhere
    if stat.S_ISLNK(mode):
        return "link"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "device"
    return "folder" if info.filename.endswith("/") else "file"


def _tar_kind(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return "link"
    if member.isdir():
        return "folder"
    return "file" if member.isreg() else "device"
