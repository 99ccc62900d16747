"""Papers that lay among the records are moved to where they can be erased, and back again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from exchange.services.keep_papers import paper_bytes, papers_behind
from exchange.store import schema
from tests.exchange.floor import EVIDENCE, Hall, open_hall
from tests.exchange.store.test_schema import downgrade

SCAN = b"\xff a scan"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "admitted", request.param) as opened:
        yield opened


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def records(engine: Engine) -> dict[str, bytes]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT digest, data FROM record WHERE NOT public")).all()
    return {digest: bytes(data) for digest, data in found}


def sealed(engine: Engine) -> list[Any]:
    query = "SELECT leaf, field FROM ledger_private WHERE field LIKE 'paper:%' ORDER BY leaf, field"
    with engine.connect() as connection:
        return list(connection.execute(text(query)).all())


def kept(hall: Hall) -> list[tuple[str, str, bool]]:
    with hall.floor.read() as work:
        found = papers_behind(hall.participant("rival"), work)
    return [(each.entry, each.digest, each.kept) for each in found]


def test_papers_are_moved_and_what_else_names_them_keeps_its_own(hall: Hall) -> None:
    rival, until = hall.participant("rival"), hall.today + dt.timedelta(days=9)
    hall.house.verify(rival, [SCAN, EVIDENCE], signatory="李四", until=until)
    hall.house.verify(rival, [SCAN], signatory="李四", until=until)
    hall.register()  # with the same document as its evidence
    *_, (first, first_scan, _) = kept(hall)  # the scan of its admission, which others have too
    hall.house.suspend(rival, "it asked for it")
    hall.advance(days=2_000)
    request = hall.house.request_erasure(first, ["documents"], "over").request
    hall.house.execute_erasure(request)
    (newest, *_), *_ = kept(hall)
    request = hall.house.request_erasure(newest, ["signatory"], "over").request
    hall.house.execute_erasure(request)  # of what is beside papers, and takes none with it
    told, engine = kept(hall), hall.venue._engine(writing=True)
    assert (first, first_scan, False) in told
    assert sha(SCAN) not in records(engine)

    downgrade(engine, "0009")
    assert records(engine)[sha(SCAN)] == SCAN
    assert not sealed(engine)
    schema.migrate(engine)

    assert kept(hall) == told  # what was erased does not come back with what others have
    after = records(engine)
    assert not {sha(SCAN), first_scan} & set(after)
    assert after[sha(EVIDENCE)] == EVIDENCE
    house = hall.participant("house")
    for paper in (SCAN, EVIDENCE):
        assert paper_bytes(sha(paper), "rival", to=house, floor=hall.floor) == paper


def test_a_paper_that_was_lost_counts_as_erased(hall: Hall) -> None:
    rival, until = hall.participant("rival"), hall.today + dt.timedelta(days=9)
    hall.house.verify(rival, [SCAN], signatory="李四", until=until)
    (entry, digest, _), *others = kept(hall)
    engine = hall.venue._engine(writing=True)
    downgrade(engine, "0009")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM record WHERE digest = :digest"), {"digest": digest})
    schema.migrate(engine)
    assert kept(hall) == [(entry, digest, False), *others]
