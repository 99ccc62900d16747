"""The courier: carries one request to a witness and a bounded answer back, within a deadline.

The other side is not trusted: it may be down, slow, endless or a liar.  Redirects are not
followed and no proxy is asked; what comes back is for the caller to verify.
"""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from exchange.errors import BadField
from ledger.note import NOTE_MAX
from ledger.witness import Reply

DEADLINE: Final = 10.0  # seconds for one request, from the first byte to the last
REPLY_MAX: Final = NOTE_MAX  # bytes; cosignatures and notes are far below

Ask = Callable[[str, str, bytes], Reply]  # method, address and body


class Unreachable(OSError):
    """The other side did not answer, or not within bounds."""


def require_address(url: str) -> str:
    """Return a witness's address without its last slash, or raise `BadField`."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.query or parts.fragment or parts.username or not url.isascii():
        raise BadField("policy", f"{url[:200]!r} is not the http or https address of a witness")
    return url.rstrip("/")


def carry(method: str, url: str, body: bytes, *, seconds: float = DEADLINE) -> Reply:
    """Return the reply to one request, or raise `Unreachable` in words."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    late = threading.Event()
    opened: list[socket.socket] = []  # the connection forgets its own once it has the headers

    def cut() -> None:
        # A timeout of the socket starts anew with every byte; this one ends with the clock.
        late.set()
        for each in opened or filter(None, [connection.sock]):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(seconds, cut)
    clock.daemon = True
    clock.start()
    try:
        headers = {"User-Agent": "guapai", "Content-Type": "text/plain; charset=utf-8"}
        connection.connect()
        opened.append(connection.sock)
        connection.request(method, parts.path or "/", body or None, headers)
        response = connection.getresponse()
        data = response.read(REPLY_MAX + 1)
        if response.length and len(data) <= REPLY_MAX:
            raise http.client.IncompleteRead(data, response.length)
        content_type = response.headers.get("Content-Type", "")
    except (OSError, http.client.HTTPException, ValueError) as error:
        words = f"no answer within {seconds:g} s" if late.is_set() else _words(error)
        raise Unreachable(f"{parts.netloc}: {words}") from error
    finally:
        clock.cancel()
        connection.close()
        for each in opened:
            each.close()
    if late.is_set():
        raise Unreachable(f"{parts.netloc}: no answer within {seconds:g} s")
    if len(data) > REPLY_MAX:
        raise Unreachable(f"{parts.netloc}: the answer is over {REPLY_MAX} bytes")
    return Reply(response.status, content_type, data)


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"not an answer of HTTP ({type(error).__name__})"
