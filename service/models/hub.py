"""Fetches files of pinned revisions from the model hub through huggingface_hub's client. Knows no specs and no store.

Downloads are done here rather than by `snapshot_download`, which (2.x) begins an interrupted file again from zero and
trusts what arrives: these continue where they stopped, also after a crash, and are compared with the hub's digests.
"""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.core.errors import HubUnreachable, InvalidModelSpec, InvalidSnapshot

WITHOUT_HUB = (
    "`depesche models import PATH` installs a local copy, and the profiles 'starter' and 'demo' need no network"
)
WAY_OUT = f"{WITHOUT_HUB}; DEPESCHE_OFFLINE=1 keeps Depesche from trying"
_CHUNK = 1 << 18
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository at one commit: its hash (40 hex digits) and the names of its files."""

    commit: str
    files: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Remote:
    url: str
    etag: str
    size: int | None


class Hub:
    """The model hub at `endpoint`; None means huggingface_hub's own default, which HF_ENDPOINT changes.

    Whether it answers is known within `probe_seconds`. A download that breaks is taken up again after
    `backoff_seconds`, then twice that, and so on, five times without progress in all.
    """

    def __init__(
        self, endpoint: str | None = None, *, probe_seconds: float = 4.5, backoff_seconds: float = 1.0
    ) -> None:
        self._endpoint = endpoint.rstrip("/") if endpoint else None
        self._probe_seconds = probe_seconds
        self._backoff_seconds = backoff_seconds

    @property
    def endpoint(self) -> str:
        """The address in use."""
        from huggingface_hub import constants  # noqa: PLC0415

        return self._endpoint or str(constants.ENDPOINT)

    def resolve(self, repository: str, revision: str) -> Listing:
        """The commit behind `revision`, and its files. It is the first call, and also tells whether the hub answers.

        Raises HubUnreachable, or InvalidModelSpec when the hub knows no such repository or revision.
        """
        from huggingface_hub import HfApi  # noqa: PLC0415

        api = HfApi(endpoint=self.endpoint)
        # The client's timeout holds for each step of a connection, and name resolution has none: hence the thread.
        timeout = self._probe_seconds * 0.9
        info = self._within_probe(
            lambda: self._asking(
                f"{repository}@{revision}", lambda: api.model_info(repository, revision=revision, timeout=timeout)
            )
        )
        return Listing(str(info.sha), frozenset(sibling.rfilename for sibling in info.siblings or ()))

    def download(
        self, repository: str, commit: str, name: str, folder: Path, on_bytes: Callable[[int, int | None], None]
    ) -> Path:
        """Fetch the file `name` into `folder`, continuing a partial one, and check its digest.

        `on_bytes` hears how many bytes of how many are here. A file that is there already is not fetched again.
        Raises HubUnreachable, or InvalidSnapshot when what arrived isn't what the hub announced.
        """
        target = folder / name
        if target.exists():
            return target
        remote = self._patiently(name, lambda: self._remote(repository, commit, name), lambda: 0)
        partial = folder / f"{name}.{hashlib.sha256(remote.etag.encode()).hexdigest()[:12]}.part"
        try:
            self._patiently(name, lambda: _append(remote, partial, on_bytes), lambda: _size(partial))
        except HubUnreachable as error:
            raise HubUnreachable(
                f"{error}; the same command continues {name} at byte {_size(partial)} of {remote.size or 'unknown'}"
            ) from error
        _check(name, partial, remote)
        return partial.rename(target)

    def _patiently(self, what: str, ask: Callable[[], Any], position: Callable[[], int]) -> Any:
        """Ask again when the connection breaks, unless that happens too often without `position` moving on."""
        failures = 0
        while True:
            before = position()
            try:
                return self._asking(what, ask)
            except HubUnreachable:
                failures = 1 if position() > before else failures + 1
                if failures >= _ATTEMPTS:
                    raise
                time.sleep(self._backoff_seconds * 2 ** (failures - 1))

    def _remote(self, repository: str, commit: str, name: str) -> _Remote:
        from huggingface_hub import get_hf_file_metadata, hf_hub_url  # noqa: PLC0415

        url = hf_hub_url(repository, name, revision=commit, endpoint=self.endpoint)
        found = get_hf_file_metadata(url, endpoint=self.endpoint)
        return _Remote(url, found.etag or commit, found.size)

    def _within_probe(self, ask: Callable[[], Any]) -> Any:
        """What `ask` returns or raises, or HubUnreachable when it takes too long."""
        outcome: list[Any] = []
        failure: list[Exception] = []

        def work() -> None:
            try:
                outcome.append(ask())
            except Exception as error:  # raised again by the caller's thread
                failure.append(error)

        thread = threading.Thread(target=work, name="hub-probe", daemon=True)
        thread.start()
        thread.join(self._probe_seconds)
        if failure:
            raise failure[0]
        if not outcome:
            raise self._unreachable(f"no answer within {self._probe_seconds:g} s")
        return outcome[0]

    def _asking(self, what: str, ask: Callable[[], Any]) -> Any:
        """What `ask` returns, with the client's errors as ours."""
        from huggingface_hub import errors  # noqa: PLC0415

        try:
            return ask()
        except errors.OfflineModeIsEnabled as error:
            raise self._unreachable("HF_HUB_OFFLINE is set") from error
        except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError, errors.EntryNotFoundError) as error:
            raise InvalidModelSpec(f"{self.endpoint} has no {what}, or doesn't show it to everybody") from error
        except errors.HfHubHTTPError as error:
            raise self._unreachable(f"it answers with status {error.response.status_code} for {what}") from error
        except _connection_errors() as error:
            raise self._unreachable(_cause(error)) from error

    def _unreachable(self, cause: str) -> HubUnreachable:
        return HubUnreachable(f"the model hub at {self.endpoint} can't be used: {cause}; {WAY_OUT}")


def _append(remote: _Remote, partial: Path, on_bytes: Callable[[int, int | None], None]) -> None:
    """Fetch what `partial` lacks. Begins again when the server doesn't do ranges, or doesn't like this one."""
    from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status  # noqa: PLC0415

    here = _size(partial)
    if here and here == remote.size:
        return
    headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
    if here:
        headers["Range"] = f"bytes={here}-"
    with get_session().stream("GET", remote.url, headers=headers, timeout=20.0, follow_redirects=True) as response:
        if response.status_code == 416:
            partial.unlink()
            raise ConnectionError("the server refused to continue the file")
        hf_raise_for_status(response)
        continues = response.status_code == 206
        done = here if continues else 0
        with partial.open("ab" if continues else "wb") as stream:
            on_bytes(done, remote.size)
            for chunk in response.iter_bytes():  # unbuffered: what has arrived is kept when the connection breaks
                stream.write(chunk)
                done += len(chunk)
                on_bytes(done, remote.size)
    if remote.size is not None and done < remote.size:
        raise ConnectionError(f"the connection ended after {done} of {remote.size} bytes")


def _check(name: str, partial: Path, remote: _Remote) -> None:
    """Compare with the digest the hub announced: SHA-256 for large files, Git's blob SHA-1 for the others."""
    size = partial.stat().st_size
    if len(remote.etag) == 64:
        digest = hashlib.sha256()
    elif len(remote.etag) == 40:
        digest = hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
    else:
        digest = None
    if digest is not None:
        with partial.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    if (remote.size is not None and size != remote.size) or (digest is not None and digest.hexdigest() != remote.etag):
        partial.unlink()
        raise InvalidSnapshot(f"{name} arrived damaged (its digest isn't the one the hub announced); pull again")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _connection_errors() -> tuple[type[Exception], ...]:
    """What huggingface_hub's HTTP client raises when there is no connection: httpx in 1.x, httpx2 in 2.x."""
    from huggingface_hub.utils import get_session  # noqa: PLC0415

    client = sys.modules[type(get_session()).__module__.partition(".")[0]]
    return (client.HTTPError, ConnectionError, TimeoutError)


def _cause(error: Exception) -> str:
    """The error in one line; the innermost cause says more than "all connection attempts failed"."""
    innermost: BaseException = error
    while innermost.__cause__ is not None or innermost.__context__ is not None:
        innermost = innermost.__cause__ or innermost.__context__ or innermost
    text = str(innermost).strip() or str(error).strip()
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
