"""A server whose clients send half of what they promise, or hold on, and one that answers."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from exchange.web.arriving import (
    AT_ONCE,
    BODY_MAX,
    FLOOR,
    HANG_UP,
    HEAD_MAX,
    LINE_MAX,
    SILENCE,
    Arrival,
    Farewell,
    OutOfBounds,
    WitnessWorker,
)
from ledger.witness import REQUEST_MAX
from tests.exchange.floor import open_hall
from tests.exchange.web.test_witness import free_port, running

HEAD = b"POST /api/v1/products HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"


Arrived = Callable[[bytes], Arrival]


@pytest.fixture
def arrived() -> Iterator[Arrived]:
    """Begin a request at the time 0, with these bytes."""
    with ExitStack() as stack:

        def began(sent: bytes) -> Arrival:
            arrival = stack.enter_context(closing(Arrival(0)))
            arrival.take(sent, 0)
            return arrival

        yield began


# One request.


@pytest.mark.parametrize("step", [1, 7, len(HEAD), 1_000])
def test_a_request_is_whole_with_the_last_byte_it_promised(step: int, arrived: Arrived) -> None:
    arrival, sent = arrived(b""), HEAD + b"0123456789"
    for at in range(0, len(sent), step):
        assert not arrival.whole
        arrival.take(sent[at : at + step], 0)
    assert arrival.whole
    assert not arrival.over
    arrival.file.seek(0)
    assert arrival.file.read() == sent
    arrival.take(b"G", 0)
    assert arrival.over


def test_a_request_without_a_body_is_whole_with_its_headers(arrived: Arrived) -> None:
    assert arrived(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").whole
    assert not arrived(b"GET / HTTP/1.1\r\nHost: x\r\n").whole


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"x" * LINE_MAX, 414),
        (b"GET /" + b"x" * LINE_MAX + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * (HEAD_MAX // 6), 431),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (BODY_MAX + 1), 413),
    ],
)
def test_what_is_out_of_bounds_is_a_problem(sent: bytes, status: int, arrived: Arrived) -> None:
    with pytest.raises(OutOfBounds) as refused:
        arrived(sent)
    head, _, body = refused.value.response.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert f"Content-Length: {len(body)}".encode() in head
    problem = json.loads(body)
    assert problem["status"] == status
    assert set(problem) == {"type", "title", "status", "detail", "code", "rules"}


def test_a_witness_is_asked_little() -> None:
    asking = b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: %d\r\n\r\n"
    with closing(Arrival(0, WitnessWorker.most)) as arrival:
        arrival.take(asking % REQUEST_MAX, 0)
    with closing(Arrival(0, WitnessWorker.most)) as arrival:
        with pytest.raises(OutOfBounds, match=f"{REQUEST_MAX} bytes at most") as refused:
            arrival.take(asking % (REQUEST_MAX + 1), 0)
        assert refused.value.status == 400


def test_the_longest_line_headers_and_body_come_in(arrived: Arrived) -> None:
    line = b"GET /" + b"x" * (LINE_MAX - 14) + b" HTTP/1.1"
    assert len(line) == LINE_MAX
    assert arrived(line + b"\r\n\r\n").whole
    assert not arrived(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % BODY_MAX).whole


def test_who_is_silent_or_too_slow_is_late(arrived: Arrived) -> None:
    silent = arrived(HEAD)
    assert not silent.late(SILENCE)
    assert silent.late(SILENCE + 0.1)
    steady = arrived(HEAD)
    for second in range(1, 60):  # half of what is asked
        steady.take(b"x" * (FLOOR // 2), second)
        assert steady.late(second) == (second > SILENCE + steady.have / FLOOR)
    assert steady.late(59)
    fast = arrived(HEAD)
    for second in range(1, 60):
        fast.take(b"x" * FLOOR, second)
        assert not fast.late(second)


def test_who_does_not_hang_up_is_left() -> None:
    idle = Farewell(0, patience=SILENCE)
    assert not idle.late(HANG_UP)
    assert idle.late(HANG_UP + 0.1)
    dripping = Farewell(0, patience=SILENCE)
    for second in range(1, 20):
        dripping.take(b"x", second)
    assert dripping.late(19)


# A server.


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with open_hall(tmp_path_factory.mktemp("served") / "exchange", "admitted", "sqlite") as hall:
        hall.venue.close()
        at = free_port()

        def answers() -> bool:
            try:
                return health(at) == "ok"
            except OSError:
                return False

        with running("-C", hall.folder, "serve", "--port", at, until=answers):
            yield at
            began = time.monotonic()
        assert time.monotonic() < began + 20


def health(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/api/v1/health")
        found: dict[str, str] = json.load(connection.getresponse())
    finally:
        connection.close()
    return found["status"]


def held(stack: ExitStack, port: int, sent: bytes) -> socket.socket:
    sock = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
    sock.sendall(sent)
    return sock


def answer(sock: socket.socket) -> tuple[int, Any]:
    response = http.client.HTTPResponse(sock)
    response.begin()
    assert response.headers["Content-Type"] == "application/problem+json"
    return response.status, json.load(response)


@pytest.mark.slow
def test_requests_that_are_half_sent_silence_nobody(port: int) -> None:
    """More of each sort than there are threads, by nobody who is known."""
    large = b"POST /api/v1/products HTTP/1.1\r\nHost: x\r\nContent-Length: 60000000\r\n\r\nabc"
    forged = large.replace(b"Host: x", b"Host: x\r\nSignature: guapai=:AAAA:")
    with ExitStack() as stack:
        began = time.monotonic()
        halves = [b"GET /api/v1/he", b"GET / HTTP/1.1\r\nHost: x\r\nAccept: ", large, forged]
        socks = [held(stack, port, half) for half in halves for _ in range(12)]
        for _ in range(12):
            held(stack, port, b"")
        while time.monotonic() < began + SILENCE - 2:
            asked = time.monotonic()
            assert health(port) == "ok"
            assert time.monotonic() < asked + 2
            time.sleep(0.5)
        for sock in socks:
            status, problem = answer(sock)
            assert (status, problem["code"]) == (408, "request_timeout")
        assert SILENCE - 2 < time.monotonic() - began < SILENCE + 8
        assert health(port) == "ok"


@pytest.mark.slow
def test_who_is_answered_and_does_not_hang_up_silences_nobody(port: int) -> None:
    asking = b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with ExitStack() as stack:
        socks = [held(stack, port, asking) for _ in range(12)]
        for sock in socks:
            assert sock.recv(12) == b"HTTP/1.1 200"
        asked = time.monotonic()
        assert health(port) == "ok"
        assert time.monotonic() < asked + 1


@pytest.mark.slow
def test_a_refusal_of_what_is_too_large_is_read(port: int) -> None:
    """Also by a client that sends all of it before it reads."""
    with ExitStack() as stack:
        size = BODY_MAX + (16 << 20)
        head = b"POST /api/v1/products HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size
        sock = held(stack, port, head)
        for _ in range(0, size, 1 << 20):
            sock.sendall(bytes(1 << 20))
        status, problem = answer(sock)
        assert (status, problem["code"]) == (413, "request_entity_too_large")
        line = b"GET /" + b"x" * LINE_MAX + b" HTTP/1.1\r\n\r\n"
        assert answer(held(stack, port, line))[0] == 414


@pytest.mark.slow
def test_a_connection_serves_one_request_after_another(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.connect()
    first = connection.sock
    for body in (b"", b"x" * (3 * AT_ONCE)):  # in memory, and on the disk
        connection.request("POST", "/api/v1/tokens", body)
        response = connection.getresponse()
        assert response.status == 401
        response.read()
    for path in ("/", "/api/v1/health"):
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.status == 200
        assert response.read()
    assert connection.sock is first
    connection.close()


@pytest.mark.slow
def test_who_waits_to_be_told_to_go_on_is_told(port: int) -> None:
    with ExitStack() as stack:
        head = b"POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
        sock = held(stack, port, head + b"Content-Length: 4\r\n\r\n")
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"null")
        assert answer(sock)[0] == 401  # http.client skips what else it is told meanwhile


@pytest.mark.slow
def test_what_comes_ahead_of_an_answer_is_asked_again(port: int) -> None:
    asking = b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n"
    with ExitStack() as stack:
        sock = held(stack, port, asking * 2)
        told = b""
        while piece := sock.recv(4_096):
            told += piece
        assert told.count(b"HTTP/1.1 200") == 1
