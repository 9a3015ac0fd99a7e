"""A model hub on a loopback port: the three routes a pull needs, ranges, digests as ETags, and faults on demand."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


@dataclass
class FakeHub:
    """One repository. `requests` remembers (method, path, Range header) of everything that was asked.

    Its `branches` are at `commit`; `older` commits hold the same files.

    Faults: `dead_from` ends every answer at that byte of a file, `wrong_digest` announces another one, `ranges` off
    answers every request with the whole file, `status` answers everything with that status.
    """

    repository: str
    commit: str
    files: dict[str, bytes]
    branches: tuple[str, ...] = ("main",)
    older: tuple[str, ...] = ()
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    dead_from: int | None = None
    wrong_digest: str | None = None
    ranges: bool = True
    status: int | None = None
    endpoint: str = ""

    def fetched(self) -> set[str]:
        """Names of the files that were fetched, not only looked at."""
        return {path.rpartition("/")[2] for method, path, _ in self.requests if method == "GET" and "/resolve/" in path}

    def ranges_of(self, name: str) -> list[str]:
        """The Range headers of the requests for a file."""
        return [asked for method, path, asked in self.requests if method == "GET" and path.endswith(f"/{name}")]

    def etag(self, name: str) -> str:
        """SHA-256 for weights, as the hub does for large files, and Git's blob hash for the others."""
        content = self.files[name]
        if name == self.wrong_digest:
            return "0" * 64
        if name.endswith((".safetensors", ".bin", ".spm")):
            return hashlib.sha256(content).hexdigest()
        return hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()


@contextmanager
def serving(hub: FakeHub) -> Iterator[FakeHub]:
    """Serve `hub` on a free port and set its `endpoint`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing on standard error."""

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, body: bool) -> None:
            path = unquote(self.path.partition("?")[0])
            hub.requests.append((self.command, path, self.headers.get("Range", "")))
            known = (hub.commit, *hub.older, *hub.branches)
            if hub.status:
                self._send(hub.status, b"{}", {}, body)
            elif path.startswith("/api/models/"):
                if path in [f"/api/models/{hub.repository}/revision/{name}" for name in known]:
                    siblings = [{"rfilename": name} for name in hub.files]
                    asked = path.rpartition("/")[2]
                    sha = asked if asked in hub.older else hub.commit
                    info = {"id": hub.repository, "sha": sha, "siblings": siblings, "tags": [], "private": False}
                    self._send(200, json.dumps(info).encode(), {"Content-Type": "application/json"}, body)
                elif path.startswith(f"/api/models/{hub.repository}/"):
                    self._send(404, b"{}", {"X-Error-Code": "RevisionNotFound"}, body)
                else:
                    self._send(404, b"{}", {"X-Error-Code": "RepoNotFound"}, body)
            else:
                repository, _, rest = path.partition("/resolve/")
                commit, _, name = rest.partition("/")
                if repository != f"/{hub.repository}" or commit not in (hub.commit, *hub.older):
                    name = ""
                if name not in hub.files:
                    self._send(404, b"", {"X-Error-Code": "EntryNotFound"}, body)
                else:
                    self._file(name, body)

        def _file(self, name: str, body: bool) -> None:
            content, start, status = hub.files[name], 0, 200
            headers = {"ETag": f'"{hub.etag(name)}"', "X-Repo-Commit": hub.commit}
            asked = self.headers.get("Range")
            if asked and hub.ranges:
                start = int(asked.removeprefix("bytes=").rstrip("-"))
                if start >= len(content):
                    self._send(416, b"", {}, body)
                    return
                status = 206
                headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            end = len(content) if hub.dead_from is None else max(start, hub.dead_from)
            self._send(status, content[start:], headers, body, send_until=end - start)

        def _send(
            self, status: int, content: bytes, headers: dict[str, str], body: bool, send_until: int | None = None
        ) -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if body:
                self.wfile.write(content[:send_until])
                if send_until is not None and send_until < len(content):
                    self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    hub.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
