"""Requests on their way in: none takes a thread before all of it is there.

The threads that serve are few, and gunicorn's would wait in one for every byte that a client
holds back.  Here the worker's own loop takes in what arrives, on disk where it is much, and hands
a request to a thread when it is whole.  What falls silent, comes too slowly or is out of bounds
is answered with a problem and let go, whoever sent it; so are clients that do not hang up.

Responses are written by the threads.  How many connections one address may hold, and how fast it
may come again, is for a proxy in front to say.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import IO, Any, ClassVar, Final

from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]
from gunicorn.http.unreader import SocketUnreader  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from exchange.web.access import UPLOAD_MAX
from ledger.witness import REQUEST_MAX

SILENCE: Final = 10.0  # seconds without a byte
FLOOR: Final = 16 << 10  # bytes a second, once the first ten seconds are over
LINE_MAX: Final = 4_094  # characters of a request line; gunicorn's own limit
HEAD_MAX: Final = 64 << 10  # bytes of a request's line and headers
BODY_MAX: Final = UPLOAD_MAX + (1 << 20)  # what is longer no route takes: it is told unread
ROOM: Final = 2 << 30  # bytes of all requests on their way
AT_ONCE: Final = 64 << 10  # bytes read at a time, and of a request that is kept in memory
HANG_UP: Final = 2.0  # seconds that a client has to close a connection that is over
_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECT: Final = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_FULL: Final = "too much is being sent at once: try again"
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class OutOfBounds(Exception):
    """A request that is not taken in: the status that says why."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail

    @property
    def response(self) -> bytes:
        """The problem (RFC 9457), with its headers."""
        phrase = self.status.phrase
        code = phrase.lower().replace(" ", "_").replace("-", "_")
        body = json.dumps(
            {
                "type": f"urn:guapai:problem:{code}",
                "title": phrase,
                "status": int(self.status),
                "detail": self.detail,
                "code": code,
                "rules": [],
            }
        )
        head = (
            f"HTTP/1.1 {int(self.status)} {phrase}\r\nConnection: close\r\n"
            f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return (head + body).encode()


@dataclass(frozen=True, slots=True)
class Most:
    """How many bytes the longest body has, and how one that is longer is refused, unread."""

    body: int
    status: HTTPStatus
    words: str


OF_THE_EXCHANGE: Final = Most(
    BODY_MAX,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    f"no request has more than {UPLOAD_MAX} bytes: a larger file comes in parts,"
    " POST /api/v1/uploads",
)
# What a witness is asked is malformed where it is longer: tlog-witness has 400 for it.
OF_A_WITNESS: Final = Most(
    REQUEST_MAX, HTTPStatus.BAD_REQUEST, f"a request has {REQUEST_MAX} bytes at most"
)


class Arrival:
    """One request as far as it has come."""

    def __init__(self, now: float, most: Most = OF_THE_EXCHANGE) -> None:
        self._most = most
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(AT_ONCE)  # noqa: SIM115 - see `close`
        self.began = self.last = now
        self.have = 0
        self.expects = False  # whether the client waits to be told to go on
        self._head = bytearray()
        self._need: int | None = None  # bytes, once the headers say so

    @property
    def whole(self) -> bool:
        """Whether all of it is there."""
        return self._need is not None and self.have >= self._need

    @property
    def over(self) -> bool:
        """Whether more is there than the one request."""
        return self._need is not None and self.have > self._need

    def take(self, data: bytes, now: float) -> None:
        """Keep what has come, or raise `OutOfBounds`."""
        self.last = now
        self.have += len(data)
        self.file.write(data)
        if self._need is None:
            self._head += data
            self._read_head()

    def _read_head(self) -> None:
        line = bytes(self._head).partition(b"\r\n")[0]
        if len(line) > LINE_MAX:
            words = f"a request line has {LINE_MAX} characters at most"
            raise OutOfBounds(HTTPStatus.REQUEST_URI_TOO_LONG, words)
        end = self._head.find(_END)
        if end < 0:
            if len(self._head) > HEAD_MAX:
                words = f"the headers of a request have {HEAD_MAX} bytes at most"
                raise OutOfBounds(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, words)
            return
        head = bytes(self._head[: end + 2])
        self._head.clear()
        if _CHUNKED.search(head):
            words = "Content-Length: a request says how long its body is"
            raise OutOfBounds(HTTPStatus.LENGTH_REQUIRED, words)
        found = _LENGTH.search(head)
        length = int(found[1]) if found else 0
        if length > self._most.body:
            raise OutOfBounds(self._most.status, self._most.words)
        self._need = end + len(_END) + length
        self.expects = not self.whole and bool(_EXPECT.search(head))

    def close(self) -> None:
        """Forget it, once it was answered or will not be."""
        self.file.close()

    def late(self, now: float) -> bool:
        """Whether it has been silent for too long, or is too slow as a whole."""
        return now > self.last + SILENCE or now > self.began + SILENCE + self.have / FLOOR


class Farewell:
    """A connection that is over: what the client still sends is read and thrown away.

    To close before it has read the answer would lose the answer.
    """

    def __init__(self, now: float, *, patience: float) -> None:
        self.began = self.last = now
        self.have = 0
        self._patience = patience

    def take(self, data: bytes, now: float) -> None:
        """Throw away what has come."""
        self.last = now
        self.have += len(data)

    def close(self) -> None:
        """Nothing of it was kept."""

    def late(self, now: float) -> bool:
        """Whether the client has had time enough to close."""
        most = self.began + self._patience + self.have / FLOOR
        return now > min(self.last + HANG_UP, most) or self.have > ROOM


class _Arrived(SocketUnreader):  # type: ignore[misc]
    """Gives gunicorn a request that is there, and never waits for more."""

    def __init__(self, conn: Any, arrival: Arrival) -> None:  # noqa: ANN401 - gunicorn's
        super().__init__(conn.sock)
        self.arrival = arrival
        arrival.file.seek(0)

    def chunk(self, size_hint: int | None = None) -> bytes:
        size = min(max(size_hint or 0, AT_ONCE), self.max_body_chunk)
        return self.arrival.file.read(size)


class ArrivingWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, whose threads get requests that are whole."""

    most: ClassVar[Most] = OF_THE_EXCHANGE

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - gunicorn's
        super().__init__(*given, **named)
        self._coming: dict[Any, Arrival | Farewell] = {}

    def enqueue_req(self, conn: TConn) -> None:
        """Wait for a request in the loop: gunicorn calls this for all that may send one."""
        self._watch(conn, Arrival(time.monotonic(), self.most))

    def _watch(self, conn: TConn, what: Arrival | Farewell) -> None:
        try:
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._comes, conn))
        except (OSError, ValueError):
            what.close()
            self._drop(conn)
        else:
            self._coming[conn] = what

    def _comes(self, conn: TConn, _: socket.socket) -> None:
        what = self._coming[conn]
        try:
            data = conn.sock.recv(AT_ONCE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._unwatch(conn).close()
            self._drop(conn)
            return
        try:
            what.take(data, time.monotonic())
            if isinstance(what, Arrival):
                self._took(conn, what)
        except OutOfBounds as error:
            self._refuse(conn, error)
        except OSError:  # no room on the disk, or no file to be had
            self._refuse(conn, OutOfBounds(HTTPStatus.SERVICE_UNAVAILABLE, _FULL))

    def _took(self, conn: TConn, arrival: Arrival) -> None:
        if arrival.whole:
            self._unwatch(conn)
            conn.data_ready = True
            conn.parser = RequestParser(self.cfg, conn.sock, conn.client)
            conn.parser.unreader = _Arrived(conn, arrival)
            super().enqueue_req(conn)
            return
        if arrival.have > AT_ONCE and sum(each.have for each in self._arrivals()) > ROOM:
            raise OutOfBounds(HTTPStatus.SERVICE_UNAVAILABLE, _FULL)
        if arrival.expects:
            arrival.expects = False
            with suppress(OSError):
                conn.sock.send(_CONTINUE)

    def _arrivals(self) -> Iterator[Arrival]:
        return (each for each in self._coming.values() if isinstance(each, Arrival))

    def _unwatch(self, conn: TConn) -> Arrival | Farewell:
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        return self._coming.pop(conn)

    def _refuse(self, conn: TConn, error: OutOfBounds) -> None:
        """Say why, and let the client read it."""
        self._unwatch(conn).close()
        with suppress(OSError):
            conn.sock.send(error.response)
        self._say_farewell(conn, patience=SILENCE)

    def _say_farewell(self, conn: TConn, *, patience: float) -> None:
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(conn)
        else:
            self._watch(conn, Farewell(time.monotonic(), patience=patience))

    def _drop(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Let go of what is late: gunicorn calls this at every turn of its loop."""
        now = time.monotonic()
        late = [(conn, what) for conn, what in self._coming.items() if what.late(now)]
        if not self.alive:  # nor wait, when it stops, for who has not begun to ask
            late += [each for each in self._coming.items() if not each[1].have]
        for conn, what in dict(late).items():
            if isinstance(what, Arrival) and what.have:
                words = "the request came too slowly, or not to its end"
                self._refuse(conn, OutOfBounds(HTTPStatus.REQUEST_TIMEOUT, words))
            else:
                self._unwatch(conn).close()
                self._drop(conn)

    def handle(self, conn: TConn) -> Any:  # noqa: ANN401 - gunicorn's
        """Answer a request that is there, in a thread; then nothing of it is kept."""
        arrival = conn.parser.unreader.arrival
        try:
            # What came behind it, ahead of its answer, is not kept: the client sends it again.
            return super().handle(conn) and not arrival.over
        finally:
            arrival.close()

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """Keep a connection for the next request, or take leave of it without waiting for it."""
        kept = not fs.cancelled() and fs.exception() is None and fs.result()
        if kept:
            super().finish_request(conn, fs)
        else:
            self._say_farewell(conn, patience=HANG_UP)


class WitnessWorker(ArrivingWorker):
    """The same for a witness, whose requests are small."""

    most = OF_A_WITNESS
