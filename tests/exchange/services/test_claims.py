"""Claims: what is looked at before the file is, what is kept, and when a claim is confirmed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from exchange.delivery import Staged
from exchange.errors import (
    Conflict,
    DataDiffer,
    InsufficientFunds,
    NotFound,
    NoticeRunning,
    Unreadable,
)
from exchange.ports import Floor
from exchange.registration import Product, RegistrationState
from exchange.services.find_similar import similar_of
from exchange.services.register_product import (
    _delivered,
    confirm_registration,
    discard_unused,
    profile_of,
    register_product,
)
from exchange.vault import FileVault
from ledger.acts import SignedAct, format_time
from tests.exchange.floor import DATA, EVIDENCE, NOTICE, Hall, open_hall, sheet
from tests.exchange.services.test_charge_service import charging
from tests.exchange.services.test_lifecycle import THREE, amend

NAME = "李四的水温.csv"


def claimed(hall: Hall, handle: str = "supplier", data: str = DATA, **changes: Any) -> SignedAct:
    facts = {
        "data": hashlib.sha256(data.encode()).hexdigest(),
        "bytes": len(data.encode()),
        "rights": ["holding"],
        "sources": ["produced"],
        "evidence": [hashlib.sha256(EVIDENCE).hexdigest()],
        "parents": [],
    }
    return hall.act(handle, "product.registered", None, facts | changes)


def registered(
    hall: Hall, signed: SignedAct, *, file: Path | None = None, floor: Floor | None = None
) -> Product:
    return register_product(
        signed, file or hall.file(), name=NAME, floor=floor or hall.floor, evidence=[EVIDENCE]
    )


def count(hall: Hall) -> int:
    with hall.floor.read() as work:
        return len(work.products.all())


# What is kept.


def test_a_claim_is_on_file_whole_and_names_nobody_by_its_file(hall: Hall) -> None:
    signed, now = claimed(hall), hall.floor.clock()
    product = registered(hall, signed)
    assert product == hall.product(product.number)
    assert (product.supplier, product.file) == (hall.participant("supplier").id, NAME)
    assert (product.data, product.bytes) == (signed.act.facts["data"], signed.act.facts["bytes"])
    assert product.name == "data.csv"
    assert product.registered_at == format_time(now)
    assert product.notice_until == format_time(now + dt.timedelta(seconds=NOTICE))
    assert product.registration is RegistrationState.ON_NOTICE
    assert hall.vault() == {product.data}
    subject = f"product/{product.number}"
    assert hall.kinds(subject) == ["product.registered", "inspection.recorded", "notice.opened"]
    with hall.floor.read() as work:
        (notice,) = work.chain.store.of_kind(subject, "notice.opened")
        profile = profile_of(product, work)
        public = {digest for digest, _ in work.records.public()}
        kept = work.versions.get(product.number, product.data)
        assert work.fingerprints.get(product.number, product.data)
    assert product.head == notice.leaf.hex()
    assert (profile.data, profile.rows, profile.name) == (product.data, 6, "data.csv")
    assert (kept.file, kept.profile) == (NAME, product.profile)
    assert product.profile not in public  # before anybody has looked at it
    assert hashlib.sha256(EVIDENCE).hexdigest() not in public


def test_a_claim_made_again_is_the_same_claim(hall: Hall) -> None:
    signed = claimed(hall)
    product, size = registered(hall, signed), hall.size
    hall.advance(days=1)  # far too late for another act
    nowhere = hall.folder / "nowhere.csv"  # nor is the file wanted again
    assert registered(hall, signed, file=nowhere) == product
    assert hall.size == size


def test_data_like_its_own_of_before_is_like_nothing_else(listed: Hall) -> None:
    listed.supplier.change(
        listed.number, listed.file("newer.csv", DATA.replace("6.1", "5.9")), "corrected"
    )
    with listed.floor.read() as work:
        assert similar_of(listed.product(), work) == ()
    assert "similarity.found" not in listed.kinds(f"product/{listed.number}")


# What is looked at before the file.


def test_who_claims_what_is_registered_or_cannot_pay_is_told_before_the_file_is_read(
    hall: Hall,
) -> None:
    nowhere = hall.folder / "nowhere.csv"
    with pytest.raises(NotFound, match=f"^{NAME}: no such file"):  # and not where it was looked for
        registered(hall, claimed(hall), file=nowhere)
    hall.register()
    with pytest.raises(Conflict, match="the same bytes are registered as GP-"):
        registered(hall, claimed(hall, "contributor"), file=nowhere)
    charging(hall, registration=5_000)
    with pytest.raises(InsufficientFunds, match="for the registration"):
        registered(hall, claimed(hall, "contributor", DATA[:-1]), file=nowhere)


# What happens while the file is examined, and at the last.


def during(hall: Hall, happens: Callable[[], object]) -> Floor:
    """Return a floor on which something happens while a file is examined."""

    def examine(path: Path, name: str, no_fill_value: Collection[str]) -> Any:
        happens()
        return hall.floor.examine(path, name, no_fill_value)

    return replace(hall.floor, examine=examine)


def test_the_same_bytes_registered_meanwhile_stand_with_who_was_first(hall: Hall) -> None:
    floor = during(hall, lambda: hall.contributor.register(hall.file(), sheet(), [EVIDENCE]))
    with pytest.raises(Conflict, match="the same bytes are registered as GP-"):
        registered(hall, claimed(hall), floor=floor)
    assert count(hall) == 1
    assert hall.vault() == {hashlib.sha256(DATA.encode()).hexdigest()}  # the first one's file stays


def test_a_claim_that_is_recorded_meanwhile_is_recorded_once(hall: Hall) -> None:
    signed = claimed(hall)
    product = registered(hall, signed, floor=during(hall, lambda: registered(hall, signed)))
    assert product == hall.product(product.number)
    assert count(hall) == 1
    assert hall.vault() == {product.data}


class FullVault(FileVault):
    """A vault that fails once the file has its place."""

    def keep(self, staged: Staged) -> None:
        super().keep(staged)
        raise OSError("no space left on device")


def test_nothing_is_kept_of_a_file_whose_registration_fails_at_the_last(hall: Hall) -> None:
    floor = replace(hall.floor, vault=FullVault(hall.folder / "vault"))
    with pytest.raises(OSError, match="no space left"):
        registered(hall, claimed(hall), floor=floor)
    assert (count(hall), hall.vault()) == (0, set())


@pytest.mark.parametrize("facts", [{"bytes": 1}, {"data": "0" * 64}])
def test_nothing_is_kept_of_a_file_that_is_not_the_one_claimed(
    hall: Hall, facts: dict[str, Any]
) -> None:
    with pytest.raises(DataDiffer, match="the claim is over other bytes"):
        registered(hall, claimed(hall, **facts))
    assert hall.vault() == set()


def test_nothing_is_kept_of_a_file_that_cannot_be_read(hall: Hall) -> None:
    data = DATA + "QD\n"  # a row that is short of columns
    with pytest.raises(Unreadable):
        registered(hall, claimed(hall, data=data), file=hall.file(data=data))
    assert (count(hall), hall.vault()) == (0, set())


def test_a_file_is_discarded_unless_a_product_or_a_delivery_stands_on_it(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        wanted = hall.vault()
        assert wanted == {hall.product().data, hall.trade(hall.made).sealed}
        stray = hall.floor.vault.stage(hall.file("stray.csv", "who,count\na,1\n"))
        hall.floor.vault.keep(stray)
        for digest in (*wanted, stray.digest):
            discard_unused(digest, floor=hall.floor)
        assert hall.vault() == wanted


def test_the_sealed_files_of_earlier_parts_are_kept(tmp_path: Path) -> None:
    """Their buyer may still fetch them, though the trade names the newest alone."""
    with open_hall(tmp_path / "exchange", "contracted") as hall:
        amend(hall, hall.trade(hall.made), parts=THREE)
        hall.supplier.deliver(hall.made, hall.folder.parent)
        hall.buyer.receive(hall.made, tmp_path / "first.csv")
        hall.supplier.deliver(hall.made, hall.folder.parent)
        wanted = hall.vault()
        assert len(wanted) == 3  # the data, and two parts of it
        for digest in wanted:
            discard_unused(digest, floor=hall.floor)
        assert hall.vault() == wanted


def test_only_deliveries_that_may_be_a_file_are_asked_for_it(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        sealed = hall.trade(hall.made).sealed
        assert sealed
        with hall.floor.write() as work:
            assert [trade.id for trade in work.trades.of_file(sealed)] == [hall.made]
            assert work.trades.of_file(hall.product().data) == []
            assert work.versions.holds(hall.product().data)
            assert not work.versions.holds(sealed)
            work.trades.put(replace(hall.trade(hall.made), part=1))
            assert [trade.id for trade in work.trades.of_file("0" * 64)] == [hall.made]


# When a claim is confirmed.


def confirmed(hall: Hall, number: str) -> Product:
    with hall.floor.write() as work:
        return confirm_registration(work.products.get(number), work=work, floor=hall.floor)


def test_a_claim_is_confirmed_with_the_last_second_of_its_notice_and_once(hall: Hall) -> None:
    number = hall.register().number
    hall.advance(seconds=NOTICE - 1)
    with pytest.raises(NoticeRunning, match="the public notice runs until"):
        confirmed(hall, number)
    hall.advance(seconds=1)
    product, size = confirmed(hall, number), hall.size
    assert product == hall.product(number) == confirmed(hall, number)
    assert product.registration is RegistrationState.CONFIRMED
    days = dt.timedelta(days=hall.floor.house.registration_days)
    assert product.registered_until == format_time(hall.floor.clock() + days)
    assert hall.size == size


def test_no_notice_that_runs_out_confirms_a_claim_that_is_objected_to(hall: Hall) -> None:
    number = hall.register().number
    hall.rival.object(number, "the buoys are ours")
    hall.advance(seconds=2 * NOTICE)
    with pytest.raises(NoticeRunning, match="an objection to the claim is open"):
        confirmed(hall, number)


def test_a_claim_that_is_disputed_is_confirmed_by_no_notice(listed: Hall) -> None:
    """It was confirmed before, and the dispute alone decides whether it stays so."""
    listed.rival.dispute(listed.number, "the buoys are ours")
    size = listed.size
    assert confirmed(listed, listed.number).registration is RegistrationState.DISPUTED
    assert listed.product().registration is RegistrationState.DISPUTED
    assert listed.size == size


@pytest.mark.parametrize(
    ("sealed", "parts", "kept"),
    [
        ("a", (), True),
        ("a", ("b",), True),
        ("b", ("a",), True),
        ("b", ("b", "a"), True),
        ("b", (), False),
        ("b", ("b",), False),
    ],
)
def test_a_file_of_a_delivery_or_of_a_part_is_kept(
    sealed: str,
    parts: tuple[str, ...],
    kept: bool,  # noqa: FBT001 - parametrised
) -> None:
    made = [SimpleNamespace(facts={"sealed": part}) for part in parts]
    work: Any = SimpleNamespace(
        trades=SimpleNamespace(of_file=lambda _: [SimpleNamespace(id="TR-1", sealed=sealed)]),
        chain=SimpleNamespace(store=SimpleNamespace(of_kind=lambda *_: made)),
    )
    assert _delivered("a", work) is kept
