"""One connection as the worker's loop sees it: what has come of the next request, what is left of the answer, and how
long the caller may still take. Never waits, and knows no more of HTTP than where a request ends.
"""

from __future__ import annotations

import enum
import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from gunicorn.http.body import LengthReader
from gunicorn.workers.gthread import TConn

SILENT_SECONDS = 30.0
"""What a new connection may wait before its first byte. It costs a file descriptor, no thread."""

HEAD_SECONDS = 5.0
"""What the head of a request may take, from its first byte."""

BODY_SECONDS = ANSWER_SECONDS = 20.0
"""What a body may take to arrive, and an answer to be read, before the least rate counts."""

LEAST_RATE = 8192
"""Bytes per second that a caller must send, or read, on average from then on."""

LINGER_SECONDS = 2.0
"""How long a connection that we close is still read from, so that the caller gets the answer and not a reset."""

MOST_HEAD = 65536
"""Bytes of a request's head. The parser's own limits (one line, one field, number of fields) are stricter."""

MOST_CHUNKS = 10_000
"""Chunks of a body. Each costs work in the loop, and a body of 4 MiB in network packets has 3,000."""

_SLACK = 8192
"""Bytes beyond the largest body that are waited for, so that who reads one byte too many is told so and not starved."""

_PIECE = 65536
_BODY_PIECE = 4 * _PIECE
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")
_LENGTH = re.compile(rb"[0-9]{1,18}")


class Phase(enum.Enum):
    """Who is waited for: the caller's request, the application, the caller who reads, the caller who hangs up."""

    ARRIVING = enum.auto()
    WORKING = enum.auto()
    ANSWERING = enum.auto()
    LEAVING = enum.auto()


class Verdict(enum.Enum):
    """What to do with what has arrived."""

    WAIT = enum.auto()
    HAND_OVER = enum.auto()


class Arrival:
    """The bytes of the next request, and where it ends. Time is linear in the bytes, however they arrive.

    Only the end is looked for. What is faulty counts as ended, so that the parser sees it and refuses it; so does a
    body that is larger than `most_body` bytes, which the application refuses.
    """

    def __init__(self, most_body: int) -> None:
        self.bytes = bytearray()
        self._most_body = most_body
        self._begin()

    def _begin(self) -> None:
        self.head_end = 0
        self.awaits_continue = False
        self._end: int | None = None  # None while it isn't known
        self._searched = 0
        self._chunk = 0  # where the size of the next chunk stands, or will stand
        self._chunks = 0
        self._decoded = 0
        self._enough: int | None = None  # where a body in chunks has become too large

    def look(self) -> Verdict | HTTPStatus:
        """What to do now; a status where the request is refused before it is whole."""
        if not self.head_end:
            refusal = self._find_head()
            if refusal is not None:
                return refusal
        if self.head_end and self._end is None:
            self._find_last_chunk()
        return Verdict.HAND_OVER if self._end is not None and len(self.bytes) >= self._end else Verdict.WAIT

    def end_here(self) -> None:
        """Nothing more comes: what is there is the request."""
        self._end = len(self.bytes)

    def take(self) -> bytes:
        """Take the request out; what came after it stays and begins the next one."""
        end = len(self.bytes) if self._end is None else self._end
        taken = bytes(self.bytes[:end])
        del self.bytes[:end]
        self._begin()
        return taken

    def _find_head(self) -> HTTPStatus | None:
        if self.bytes and not (0x20 < self.bytes[0] < 0x7F or self.bytes[0] in b"\r\n"):
            return HTTPStatus.BAD_REQUEST  # TLS, mostly; it would wait for an answer
        end = self.bytes.find(b"\r\n\r\n", max(0, self._searched - 3))
        if end >= 0:
            self.head_end = self._searched = end + 4
            self._read_head()
        elif self.bytes.find(b"\n\n", max(0, self._searched - 1)) >= 0:
            self.end_here()  # lines end with CRLF: the parser says so
        elif len(self.bytes) > MOST_HEAD:
            one_line = self.bytes.find(b"\r\n", 2) < 0
            return HTTPStatus.REQUEST_URI_TOO_LONG if one_line else HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        else:
            self._searched = len(self.bytes)
        return None

    def _read_head(self) -> None:
        first, *lines = bytes(self.bytes[: self.head_end - 4]).lstrip(b"\r\n").split(b"\r\n")
        fields: dict[bytes, list[bytes]] = {b"content-length": [], b"transfer-encoding": [], b"expect": []}
        for line in lines:
            name, _, value = line.partition(b":")
            if (values := fields.get(name.lower())) is not None:
                values.append(value.strip().lower())
        lengths, codings, expected = fields.values()
        self._end = self.head_end
        if expected and expected != [b"100-continue"]:
            return
        if codings:
            if not lengths and codings[-1].rpartition(b",")[2].strip() == b"chunked":
                self._end = None
                self._chunk = self.head_end
        elif len(lengths) == 1 and _LENGTH.fullmatch(lengths[0]) and int(lengths[0]) <= self._most_body:
            self._end = self.head_end + int(lengths[0])
        whole = self._end is not None and len(self.bytes) >= self._end
        self.awaits_continue = bool(expected) and first.endswith(b"HTTP/1.1") and not whole

    def _find_last_chunk(self) -> None:
        while self._end is None and self._chunk < len(self.bytes):
            if self._enough is not None:
                break
            line_end = self.bytes.find(b"\r\n", max(self._chunk, self._searched - 1))
            self._searched = max(self._searched, len(self.bytes) if line_end < 0 else line_end)
            if line_end < 0:
                if len(self.bytes) - self._chunk > _SLACK:
                    self.end_here()
                return
            size = bytes(self.bytes[self._chunk : line_end]).partition(b";")[0].strip(b" \t")
            self._chunks += 1
            if not _CHUNK_SIZE.fullmatch(size) or self._chunks > MOST_CHUNKS:
                self.end_here()
            elif int(size, 16) == 0:
                self._find_end_of_trailers(line_end)
                return
            else:
                room = self._most_body + _SLACK - self._decoded
                if int(size, 16) > room:
                    self._enough = line_end + 2 + room
                self._decoded += int(size, 16)
                self._chunk = line_end + 2 + int(size, 16) + 2
        if self._end is None and self._enough is not None and len(self.bytes) >= self._enough:
            self.end_here()

    def _find_end_of_trailers(self, last: int) -> None:
        end = self.bytes.find(b"\r\n\r\n", max(last, self._searched - 3))
        self._searched = len(self.bytes) if end < 0 else end
        if end >= 0:
            self._end = end + 4
        elif len(self.bytes) - last > MOST_HEAD:
            self.end_here()
        else:
            self._chunks -= 1  # this line is read again when more has come
            self._searched = last


class AnsweringSocket(socket.socket):
    """A socket whose `sendall` never waits for the caller: what is sent is kept until `flush` gets rid of it."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
        self.unsent = bytearray()

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Keep `data` for `flush`."""
        self.unsent += data

    def flush(self) -> int:
        """Send what can be sent without waiting; how many bytes that were. Raises OSError when the caller is gone."""
        flushed = 0
        with suppress(BlockingIOError):
            while self.unsent:
                with memoryview(self.unsent) as view:
                    sent = self.send(view, socket.MSG_DONTWAIT)
                del self.unsent[:sent]
                flushed += sent
        return flushed


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection and its clock. Times are on `time.monotonic()`."""

    sock: AnsweringSocket
    parser: Any

    def __init__(self, cfg: Any, accepted: socket.socket, client: Any, server: Any, most_body: int) -> None:
        super().__init__(cfg, AnsweringSocket(accepted), client, server)
        self.initialized = True  # a parser is made for each request, over bytes instead of the socket
        self.arrival = Arrival(most_body)
        self.watched = 0  # the events that the poller waits for
        self.held = 0  # bytes in memory, as the worker counted them last
        self.reusable = False
        self.ended = False  # the caller sends no more
        self._given = 0
        self._request = b""
        self._starved = False
        self.enter(Phase.ARRIVING, SILENT_SECONDS)

    def enter(self, phase: Phase, seconds: float) -> None:
        """Begin a phase that may last `seconds`, and longer where bytes move."""
        self.phase = phase
        self.since = time.monotonic()
        self.moved = 0
        self.deadline = self.since + seconds

    @property
    def begun(self) -> bool:
        """Whether something of the next request is there."""
        return self.phase is Phase.ARRIVING and bool(self.arrival.bytes)

    def receive(self) -> Verdict | HTTPStatus:
        """Read what is there. Raises OSError when the caller is gone."""
        try:
            data = self.sock.recv(_BODY_PIECE if self.arrival.head_end else _PIECE)
        except BlockingIOError:
            return Verdict.WAIT
        if not data:
            self.ended = True
            self.arrival.end_here()
            return Verdict.HAND_OVER
        if not self.arrival.bytes:
            self.enter(Phase.ARRIVING, HEAD_SECONDS)
        self.arrival.bytes += data
        return self.progress(len(data))

    def progress(self, received: int = 0) -> Verdict | HTTPStatus:
        """Look at what has arrived, with `received` new bytes, and set the clock accordingly."""
        in_body = bool(self.arrival.head_end)
        verdict = self.arrival.look()
        if self.arrival.head_end and not in_body:
            self.enter(Phase.ARRIVING, BODY_SECONDS)
        elif in_body:
            self.move(received)
        if self.arrival.awaits_continue and verdict is Verdict.WAIT:
            self.arrival.awaits_continue = False
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.sock.flush()
        return verdict

    def move(self, moved: int) -> None:
        """Bytes came in or went out: that earns the caller time."""
        self.moved += moved
        self.deadline += moved / LEAST_RATE

    def rate(self, now: float) -> float:
        """Bytes per second in this phase."""
        return self.moved / max(now - self.since, 0.1)

    def pieces(self) -> Iterator[bytes]:
        """The whole request that has arrived, for gunicorn's parser, which is never made to wait for more."""
        self._request = self.arrival.take()
        self._given = 0
        self._starved = False
        while self._given < len(self._request):
            begin = self._given
            self._given = min(begin + _PIECE, len(self._request))
            yield self._request[begin : self._given]
        self._starved = True

    def agreed(self) -> bool:
        """Whether the parser found the request's end where we did. Otherwise nobody knows where the next one begins."""
        body = self.parser.mesg.body
        left = len(self._request) - self._given + len(self.parser.unreader.buf.getbuffer())
        if body.failed or self._starved:
            return False
        if isinstance(body.reader, LengthReader):
            return bool(body.reader.length == left)
        return body.reader.parser is None and left == 0

    def done(self) -> None:
        """The application has answered: free the request."""
        self.parser = None
        self._request = b""
