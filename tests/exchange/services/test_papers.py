"""Papers of identities and licences: who is shown them, how long they are kept, what is left."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from exchange.errors import BadField, Forbidden, NotFound, Refused
from exchange.participants import LicenceClass
from exchange.services.audit_provenance import export_bundle
from exchange.services.erase_record import ErasureState, entry_of
from exchange.services.keep_papers import PAPER_MAX, Paper, paper_bytes, papers_behind
from exchange.settings import FILE
from exchange.trading import TradeState
from exchange.venue import Venue
from ledger.audit import audit
from ledger.note import to_base64
from tests.exchange.floor import Hall, open_hall

SCAN, OTHER = b"\xff a scan of the business licence", b"an authorisation"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "admitted", request.param) as opened:
        yield opened


@pytest.fixture
def contracted(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "contracted") as opened:
        yield opened


def sha(paper: bytes) -> str:
    return hashlib.sha256(paper).hexdigest()


def verified(hall: Hall, handle: str, *papers: bytes) -> str:
    """Verify somebody over papers, and return the leaf hash of the entry."""
    until = hall.today + dt.timedelta(days=9_000)
    hall.house.verify(hall.participant(handle), papers, signatory="李四", until=until)
    return newest(hall, handle, "identity.verified")


def licensed(hall: Hall, handle: str, paper: bytes, days: int = 30) -> str:
    hall.house.license(
        hall.participant(handle),
        LicenceClass.EXPERT,
        number="1",
        issuer="a court",
        until=hall.today + dt.timedelta(days=days),
        document=paper,
    )
    return newest(hall, handle, "licence.recorded")


def newest(hall: Hall, handle: str, kind: str) -> str:
    subject = f"participant/{hall.participant(handle).id}"
    with hall.floor.read() as work:
        return next(work.chain.store.of_kind(subject, kind)).leaf.hex()


def kept(hall: Hall, handle: str) -> dict[str, list[bool]]:
    """Return of each paper of a participant, the newest entry first, whether it is kept."""
    found: dict[str, list[bool]] = {}
    with hall.floor.read() as work:
        for paper in papers_behind(hall.participant(handle), work):
            found.setdefault(paper.digest, []).append(paper.kept)
    return found


def read(hall: Hall, paper: bytes, about: str, by: str) -> bytes:
    return paper_bytes(sha(paper), about, to=hall.participant(by), floor=hall.floor)


def asked(hall: Hall, leaf: str, field: str = "documents") -> Callable[[], ErasureState]:
    """Ask for an erasure as the operator; return what tries to carry it out."""
    request = hall.house.request_erasure(leaf, [field], "the dealings are over").request
    return lambda: hall.house.execute_erasure(request).state


def stored(hall: Hall) -> bytes:
    """Return all bytes of an SQLite store and its log of changes."""
    return b"".join(path.read_bytes() for path in sorted(hall.folder.glob("exchange.sqlite3*")))


def days(hall: Hall, number: int) -> None:
    hall.venue._opened["house"] = replace(hall.floor.house, papers_days=number)
    hall.venue.__dict__.pop("floor")


# Kept, and for whom.


def test_a_paper_is_shown_to_its_participant_and_the_operator(hall: Hall) -> None:
    leaf = verified(hall, "rival", SCAN, OTHER, SCAN)
    for by in ("rival", "house"):
        assert read(hall, SCAN, "rival", by) == SCAN
        assert read(hall, OTHER, "rival", by) == OTHER
    with hall.floor.read() as work:
        found = papers_behind(hall.participant("rival"), work)
        assert {sha(SCAN), sha(OTHER)} == {each.digest for each in found if each.entry == leaf}
        assert found[0] == Paper(leaf, "identity.verified", min(sha(SCAN), sha(OTHER)), kept=True)
        with pytest.raises(NotFound):
            work.records.get(sha(SCAN))
    for by in ("buyer", "assessor"):
        with pytest.raises(Forbidden, match=f"papers of rival are not open to {by}"):
            read(hall, SCAN, "rival", by)
    for digest in ("0" * 64, "", sha(b"another")):
        with pytest.raises(NotFound, match="of rival is kept"):
            paper_bytes(digest, "rival", to=hall.participant("rival"), floor=hall.floor)
    with pytest.raises(NotFound):
        read(hall, SCAN, "buyer", "buyer")


def test_a_paper_too_large_is_refused(hall: Hall) -> None:
    with pytest.raises(BadField, match=f"over {PAPER_MAX} bytes"):
        verified(hall, "rival", bytes(PAPER_MAX + 1))


# Erased.


def test_an_erased_paper_is_gone_and_its_digest_stands(hall: Hall, tmp_path: Path) -> None:
    days(hall, 0)
    old = verified(hall, "rival", SCAN)
    verified(hall, "rival", OTHER)
    erase = asked(hall, old)
    hall.advance(seconds=1)
    assert erase() is ErasureState.EXECUTED
    assert (kept(hall, "rival")[sha(SCAN)], kept(hall, "rival")[sha(OTHER)]) == ([False], [True])
    with pytest.raises(NotFound, match="of rival is kept"):
        read(hall, SCAN, "rival", "rival")
    assert read(hall, OTHER, "rival", "house") == OTHER
    with hall.floor.read() as work:
        assert entry_of(old, work).facts["documents"] == [sha(SCAN)]
        done = next(work.chain.store.of_kind(f"erasure/{old}", "erasure.executed"))
        assert done.facts["commitments"] == [to_base64(bytes.fromhex(sha(SCAN)))]
    for disclose in (False, True):
        folder = tmp_path / f"bundle {disclose}"
        export_bundle(folder, floor=hall.floor, disclose=disclose)
        report = audit(folder, key=hall.floor.log_key)
        assert (report.findings, report.committed["erased"]) == ([], 1)
    with pytest.raises(Refused, match="was erased already"):
        hall.house.request_erasure(old, ["documents"], "again")


def test_the_same_scan_behind_two_entries_is_two_papers(hall: Hall) -> None:
    days(hall, 0)
    old = verified(hall, "rival", SCAN)
    verified(hall, "rival", SCAN)
    hall.advance(seconds=1)
    asked(hall, old)()
    assert kept(hall, "rival")[sha(SCAN)] == [True, False]
    assert read(hall, SCAN, "rival", "rival") == SCAN


def test_nothing_of_an_erased_paper_is_left_in_the_file(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "admitted", "sqlite") as hall:
        days(hall, 0)
        old = verified(hall, "rival", SCAN)
        verified(hall, "rival", OTHER)
        with hall.venue._work_sql(writing=False) as work:
            query = text(
                "SELECT k.key, k.salt, p.ciphertext FROM ledger_private p "
                "JOIN ledger_private_key k ON k.leaf = p.leaf AND k.field = p.field "
                "WHERE p.leaf = :leaf AND p.field LIKE 'paper:%'"
            )
            secret = work.confidential._session.connection().execute(query, {"leaf": old}).one()
        assert all(part in stored(hall) for part in secret)
        assert SCAN not in stored(hall)  # never in the clear
        hall.advance(seconds=1)
        asked(hall, old)()
        assert not any(part in stored(hall) for part in secret)


# How long.


def test_papers_of_who_is_admitted_are_kept(hall: Hall) -> None:
    days(hall, 0)
    erase = asked(hall, verified(hall, "rival", SCAN))
    with pytest.raises(Refused, match="rival is admitted on this: suspend it first"):
        erase()
    hall.house.suspend(hall.participant("rival"), "it asked for it")
    assert erase() is ErasureState.EXECUTED


def test_papers_are_kept_for_their_days_after_the_suspension(hall: Hall) -> None:
    days(hall, 30)
    hall.advance(days=40)
    leaf = newest(hall, "rival", "identity.verified")
    erase = asked(hall, leaf)
    hall.house.suspend(hall.participant("rival"), "it asked for it")
    hall.advance(days=29)
    until = (hall.floor.clock() + dt.timedelta(days=1)).date()
    words = f"papers_days: papers are kept for 30 days .* these until {until}"
    with pytest.raises(Refused, match=words):
        erase()
    hall.advance(days=1)
    assert erase() is ErasureState.EXECUTED


def test_papers_that_were_replaced_are_kept_for_their_days_after_that(hall: Hall) -> None:
    days(hall, 30)
    old = newest(hall, "rival", "identity.verified")
    hall.advance(days=40)
    verified(hall, "rival", OTHER)
    erase = asked(hall, old)
    hall.advance(days=20)
    verified(hall, "rival", SCAN)  # the first that came after counts
    with pytest.raises(Refused, match="papers_days"):
        erase()
    hall.advance(days=10)
    assert erase() is ErasureState.EXECUTED


def test_who_was_never_admitted_is_kept_for_the_days_since(hall: Hall) -> None:
    """An identity that was verified, and a suspension of long before."""
    days(hall, 30)
    hall.house.suspend(hall.participant("rival"), "for a while")
    hall.advance(days=40)
    erase = asked(hall, verified(hall, "rival", SCAN))
    with pytest.raises(Refused, match="papers_days"):
        erase()
    hall.advance(days=30)
    assert erase() is ErasureState.EXECUTED


def test_a_dealing_under_the_papers_holds_them(contracted: Hall) -> None:
    hall = contracted
    days(hall, 30)
    old = newest(hall, "buyer", "identity.verified")
    hall.advance(seconds=1)
    verified(hall, "buyer", SCAN)
    erase = asked(hall, old)
    hall.advance(days=40)
    with pytest.raises(Refused, match=f"trade {hall.made} was made under these papers"):
        erase()
    hall.house.cancel(hall.made, "nothing came")
    with pytest.raises(Refused, match="papers_days"):
        erase()
    hall.advance(days=30)
    assert erase() is ErasureState.EXECUTED


def test_a_dealing_under_later_papers_holds_none_before(contracted: Hall) -> None:
    hall = contracted
    days(hall, 30)
    hall.house.cancel(hall.made, "nothing came")
    old = newest(hall, "buyer", "identity.verified")
    hall.advance(seconds=1)
    verified(hall, "buyer", SCAN)
    hall.advance(seconds=1)
    hall.made = ""
    later = hall.order()
    hall.advance(days=31)
    assert asked(hall, old)() is ErasureState.EXECUTED
    assert hall.trade(later.id).state is TradeState.ORDERED


def test_a_licence_is_kept_until_it_has_ended_and_for_its_days(hall: Hall) -> None:
    days(hall, 30)
    leaf = licensed(hall, "expert", SCAN, days=20)
    erase = asked(hall, leaf, "document")
    with pytest.raises(Refused, match="withdraw it first"):
        erase()
    hall.advance(days=40)
    with pytest.raises(Refused, match="papers_days"):
        erase()
    hall.advance(days=12)
    assert erase() is ErasureState.EXECUTED
    assert kept(hall, "expert")[sha(SCAN)] == [False]


def test_a_licence_that_was_taken_back_is_kept_for_its_days_from_then(hall: Hall) -> None:
    days(hall, 30)
    leaf = licensed(hall, "expert", SCAN, days=2_000)
    erase = asked(hall, leaf, "document")
    hall.house.withdraw_licence(hall.participant("expert"), leaf, "lost")
    hall.advance(days=29)
    with pytest.raises(Refused, match="papers_days"):
        erase()
    hall.advance(days=1)
    assert erase() is ErasureState.EXECUTED


def test_the_days_come_from_the_settings(hall: Hall) -> None:
    assert hall.floor.house.papers_days == 1_096
    replace(hall.venue.settings, papers_days=7).save(hall.folder / FILE)
    with Venue.open(hall.folder) as venue:
        assert venue.floor.house.papers_days == 7


def test_its_participant_asks_and_nobody_else(hall: Hall) -> None:
    leaf = newest(hall, "rival", "identity.verified")
    assert hall.rival.request_erasure(leaf, ["documents"], "mine").state == "requested"
    with pytest.raises(Forbidden):
        hall.buyer.request_erasure(leaf, ["documents"], "not mine")
    with pytest.raises(Refused, match="has no commitment to document"):
        hall.rival.request_erasure(leaf, ["document"], "of no licence")
