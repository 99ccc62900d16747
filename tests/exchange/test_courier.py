"""Requests to servers that drip, never end, send elsewhere, or speak something else."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from exchange.courier import REPLY_MAX, Unreachable, carry
from ledger.witness import Reply

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@contextmanager
def server(*pieces: bytes, pause: float = 0.0, forever: bytes = b"") -> Iterator[str]:
    """Serve one connection: the pieces, one after a pause each, then `forever` without end."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(20)

    def serve() -> None:
        with suppress(OSError), listening.accept()[0] as connection:
            connection.recv(65_536)
            for piece in pieces:
                time.sleep(pause)
                connection.sendall(piece)
            while forever:
                time.sleep(pause)
                connection.sendall(forever)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/add-checkpoint"
    finally:
        thread.join()
        listening.close()


def test_an_answer_is_carried_as_it_is() -> None:
    with server(OK + b"Content-Length: 3\r\n\r\nabc") as url:
        assert carry("POST", url, b"old 0\n") == Reply(200, "text/plain", b"abc")
    with server(b"HTTP/1.1 409 Conflict\r\nContent-Type: text/x.tlog.size\r\n\r\n7\n") as url:
        assert carry("POST", url, b"") == Reply(409, "text/x.tlog.size", b"7\n")


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    with server(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n") as url:
        assert carry("GET", url, b"").status == 302


def test_an_endless_answer_is_cut_off() -> None:
    words = f"over {REPLY_MAX} bytes"
    endless = server(OK + b"\r\n", forever=b"x" * 65_536)
    with endless as url, pytest.raises(Unreachable, match=words):
        carry("POST", url, b"")


@pytest.mark.parametrize("first", [OK + b"\r\n", OK, b""])
def test_a_dripping_answer_ends_with_the_deadline(first: bytes) -> None:
    words = r"no answer within 0\.3 s"
    with server(first, pause=0.02, forever=b"x") as url, pytest.raises(Unreachable, match=words):
        carry("POST", url, b"", seconds=0.3)


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", OK + b"Content-Length: 9\r\n\r\nabc"])
def test_what_is_not_an_answer_is_none(answer: bytes) -> None:
    with server(answer) as url, pytest.raises(Unreachable, match=r"127\.0\.0\.1"):
        carry("POST", url, b"")


def test_nobody_at_home_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match="Connection refused"):
        carry("POST", f"http://127.0.0.1:{port}/", b"")
    with pytest.raises(Unreachable):
        carry("POST", "http://no-such-host.invalid/", b"")
