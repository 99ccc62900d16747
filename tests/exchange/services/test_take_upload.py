"""Uploads on the floor: whose they are, what uses them, and when they go; over both stores."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.errors import Conflict, DataDiffer, Forbidden, NotFound
from exchange.lapsing import Lapsing
from exchange.services.register_product import register_product
from exchange.services.take_upload import (
    append_part,
    end_upload,
    lend_upload,
    open_upload,
    upload_of,
    uploads_of,
)
from ledger.acts import SignedAct
from tests.exchange.floor import DATA, OPERATOR, PASSPHRASE, Hall, open_hall

BYTES = DATA.encode()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "admitted", request.param) as opened:
        yield opened


def whole(hall: Hall, data: bytes = BYTES) -> str:
    """Send a file in two parts, and return its name."""
    supplier = hall.participant("supplier")
    name = open_upload(len(data), by=supplier, floor=hall.floor).name
    append_part(name, 0, data[:9], by=supplier, floor=hall.floor)
    append_part(name, 9, data[9:], by=supplier, floor=hall.floor)
    return name


def claim(hall: Hall, data: bytes = BYTES) -> SignedAct:
    facts = {
        "data": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "rights": ["holding"],
        "sources": ["produced"],
        "evidence": [],
        "parents": [],
    }
    return hall.desk("supplier")._sign("product.registered", None, facts)


def files(hall: Hall) -> list[str]:
    return sorted(path.name for path in (hall.folder / "vault").rglob("*") if path.is_file())


def age(hall: Hall, seconds: float) -> None:
    for path in (hall.folder / "vault" / ".uploads").iterdir():
        then = path.stat().st_mtime - seconds
        os.utime(path, (then, then))


def test_an_act_uses_an_upload_up(hall: Hall) -> None:
    supplier, signed = hall.participant("supplier"), claim(hall)
    name = whole(hall)
    with lend_upload(name, signed, by=supplier, floor=hall.floor) as path:
        product = register_product(signed, path, name="a.csv", floor=hall.floor)
    assert files(hall) == [product.data]
    assert uploads_of(supplier, floor=hall.floor) == []
    with lend_upload(name, signed, by=supplier, floor=hall.floor) as path:  # the same act again
        assert register_product(signed, path, name="a.csv", floor=hall.floor) == product
    other = claim(hall, b"other")
    with (
        pytest.raises(NotFound, match="it was used or taken back"),
        lend_upload(name, other, by=supplier, floor=hall.floor),
    ):
        raise AssertionError
    forged = SignedAct(signed.act, bytes(64))
    with (
        pytest.raises(Conflict, match="under another signature"),
        lend_upload(name, forged, by=supplier, floor=hall.floor),
    ):
        raise AssertionError


def test_what_is_refused_leaves_the_upload_and_nothing_else(hall: Hall) -> None:
    supplier, name = hall.participant("supplier"), whole(hall)
    signed = claim(hall, b"other bytes")
    with (
        pytest.raises(DataDiffer),
        lend_upload(name, signed, by=supplier, floor=hall.floor) as path,
    ):
        register_product(signed, path, name="a.csv", floor=hall.floor)
    assert files(hall) == [f"{supplier.id}.{name}.{len(BYTES)}"]
    assert upload_of(name, by=supplier, floor=hall.floor).offset == len(BYTES)
    end_upload(name, by=supplier, floor=hall.floor)
    assert files(hall) == []


def test_suppliers_alone_open_and_fill_one(hall: Hall) -> None:
    name = open_upload(9, by=hall.participant("supplier"), floor=hall.floor).name
    for who in ("buyer", "assessor", OPERATOR[0]):
        with pytest.raises(Forbidden):
            open_upload(9, by=hall.participant(who), floor=hall.floor)
        with pytest.raises(Forbidden):
            append_part(name, 0, b"x", by=hall.participant(who), floor=hall.floor)


def test_what_has_ended_goes_with_the_job_and_when_the_house_is_unlocked(hall: Hall) -> None:
    seconds = hall.venue.settings.upload_seconds
    for go in (
        Lapsing(lambda: hall.floor, seconds=60).round,
        lambda: hall.venue.unlock(PASSPHRASE),
    ):
        whole(hall)
        age(hall, seconds - 60)
        go()
        assert len(files(hall)) == 1
        age(hall, 120)
        go()
        assert files(hall) == []
