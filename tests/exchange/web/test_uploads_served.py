"""A file larger than any request, through a served exchange that is stopped half way."""

from __future__ import annotations

import hashlib
import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exchange.web.access import UPLOAD_MAX
from exchange.web.client import PART, Answer, Client, Problem, Request, over_http
from tests.exchange.floor import Hall, open_hall
from tests.exchange.web.test_witness import free_port, running

SIZE = 150 << 20  # bytes
ROW = "2026-01-{day:02d}T{hour:02d}:00:00Z,{value:06d}.5,{pad}\n"


@pytest.fixture(params=["sqlite", "postgresql"])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "admitted", request.param) as opened:
        opened.venue.close()
        yield opened


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A table of so many bytes, and no row like another."""
    path, written = tmp_path / "large.csv", 0
    with path.open("w") as file:
        written += file.write("time,value,pad\n")
        for number in range(1 << 30):
            row = ROW.format(day=number % 28 + 1, hour=number % 24, value=number, pad="x" * 200)
            written += file.write(row)
            if written > SIZE:
                return path
    raise AssertionError


@contextmanager
def served(hall: Hall, port: int) -> Iterator[None]:
    def answers() -> bool:
        try:
            return bool(Client(f"http://127.0.0.1:{port}").get("/health").json)
        except (OSError, http.client.HTTPException):
            return False

    with running("-C", hall.folder, "serve", "--port", port, until=answers):
        yield


def client(hall: Hall, port: int, send: Callable[[Request], Answer] = over_http) -> Client:
    return Client(
        f"http://127.0.0.1:{port}",
        participant="supplier",
        signer=hall.keys["supplier"].signing,
        send=send,
    )


def peak(hall: Hall) -> int:
    """Return the most memory that a process serving this exchange ever had, in bytes."""
    found = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if str(hall.folder) in (folder / "cmdline").read_text():
                status = (folder / "status").read_text()
                found = max(found, int(status.split("VmHWM:")[1].split()[0]) << 10)
        except (OSError, IndexError):
            continue
    return found


@pytest.mark.slow
def test_a_large_file_is_registered_though_the_server_stops_half_way(
    hall: Hall, large: Path
) -> None:
    port, sent = free_port(), []

    class Stopped(Exception):
        """The sender's process ends."""

    def half(request: Request) -> Answer:
        if request.method == "PATCH":
            sent.append(request)
            if len(sent) > SIZE // PART // 2:
                raise Stopped
        return over_http(request)

    with served(hall, port), large.open("rb") as file, pytest.raises(Stopped):
        client(hall, port, half).upload(file)
    with served(hall, port), large.open("rb") as file:
        sender = client(hall, port)
        (standing,) = sender.get("/uploads").json
        assert 0 < standing["offset"] < SIZE
        before = peak(hall)
        name = sender.upload(file, upload=standing["upload"])
        assert sender.get(f"/uploads/{name}").json["offset"] == large.stat().st_size
        assert peak(hall) - before < 8 * PART
        digest = hashlib.sha256(large.read_bytes()).hexdigest()
        facts = {
            "data": digest,
            "bytes": large.stat().st_size,
            "rights": ["holding"],
            "sources": ["produced"],
            "evidence": [],
            "parents": [],
        }
        act = sender.act("product.registered", None, facts)
        body = act | {"name": "large.csv", "upload": name}
        assert sender.post("/products", body).json["data"] == digest
        assert sender.get("/uploads").json == []
    kept = [path.name for path in (hall.folder / "vault").rglob("*") if path.is_file()]
    assert kept == [digest]


@pytest.mark.slow
def test_a_client_reads_why_a_request_is_too_large(hall: Hall) -> None:
    """It sends all of it first, as clients do."""
    port = free_port()
    with served(hall, port):
        sender = client(hall, port)
        act = sender.act("listing.requested", None, {})
        with pytest.raises(Problem) as refused:
            sender.post("/products", act, files=[("file", bytes(3 * UPLOAD_MAX))])
    assert refused.value.code == "request_entity_too_large"
    assert "POST /api/v1/uploads" in str(refused.value)
