"""Registration types on the floor: changed, passed on, renewed, cancelled, disputed; activities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.errors import (
    BadField,
    Conflict,
    DataDiffer,
    ExchangeError,
    Forbidden,
    IllegalTransition,
    NotCompliant,
    NotFound,
    NoticeRunning,
    Refused,
)
from exchange.listing import ListingState
from exchange.registration import RegistrationState
from exchange.services import object_to_claim
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.dispute_registration import disputes_over
from exchange.services.lapse_listings import lapse_listings
from exchange.services.list_product import require_listed
from exchange.services.measure_quality import measured_of
from exchange.services.record_activity import Done, activities_of, withdraw_activity
from exchange.services.register_product import confirm_registration, profile_of, term_end
from exchange.services.registration_history import history_of
from exchange.services.renew_registration import (
    cancel_registration,
    renew_registration,
    require_registered,
)
from ledger.acts import format_time, parse_time
from ledger.audit import audit
from ledger.view import newest
from pricing.money import Currency, Money
from tests.exchange.floor import (
    DATA,
    DERIVED,
    EVIDENCE,
    NOTICE,
    OPERATOR,
    SHEET,
    Hall,
    open_hall,
    sheet,
)
from tests.exchange.services.test_charge_service import charging

NEWER = DATA + "RZ,2026-01-04T02:00:00Z,119.63,35.43,7.1\n"
JUDGMENT = b"the court orders the registration to be transferred\n"


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "listed") as hall:
        yield hall


def changed(hall: Hall, data: str = NEWER) -> str:
    """Register other data and return its digest."""
    return hall.supplier.change(hall.number, hall.file("newer.csv", data), "another hour").data


def relist(hall: Hall, handle: str = "supplier") -> None:
    """Sign a sheet, have it assessed and reviewed, and list the product again."""
    rows = len(DATA.splitlines()) - 1 + (hall.product().bytes > len(DATA.encode()))
    declared = sheet(physical=SHEET["physical"] | {"rows": rows})
    hall.desk(handle).submit_sheet(hall.number, declared, [EVIDENCE])
    hall.attest()
    hall.review()
    hall.desk(handle).list(hall.number)


def audits(hall: Hall, folder: Path) -> None:
    assert not reconcile(floor=hall.floor).faults
    export_bundle(folder / "bundle", floor=hall.floor)
    assert audit(folder / "bundle").findings == []


# What stands apart in a column, which its supplier alone knows to be a value.

APART = "station,level\n" + "".join(f"QD,{-999 if n % 3 == 0 else n / 10}\n" for n in range(12))
READ, MEANT = "its 4 cells are read as missing", "the supplier declares that its 4 cells are values"


def how_read(hall: Hall, number: str) -> str:
    """Return what the profile that stands says of the values that stand apart."""
    with hall.floor.read() as work:
        profile = profile_of(hall.product(number), work)
        kept = work.versions.get(number, profile.data).profile
    assert kept == hall.product(number).profile
    (remark,) = profile.remarks
    level = profile.columns[1]
    assert (level.missing, level.minimum) == ((4, "0.1") if READ in remark else (0, "-999"))
    return remark.removeprefix("column level: -999 stands apart and repeats; ")


def test_a_supplier_says_with_its_claim_that_what_stands_apart_is_a_value(
    hall: Hall, tmp_path: Path
) -> None:
    file = hall.file("levels.csv", APART)
    with pytest.raises(BadField, match=r"no_fill_value: levels\.csv has no column depth"):
        hall.supplier.register(file, no_fill_value=["depth"])
    assert hall.kinds("product/") == []
    number = hall.supplier.register(file, no_fill_value=["level"]).number
    assert how_read(hall, number) == MEANT
    with hall.floor.read() as work:
        claim = next(work.chain.store.of_kind(f"product/{number}", "product.registered"))
    assert claim.facts["no_fill_value"] == ["level"]
    # What a sheet expects is counted in the same cells.
    expected = {"check": "range", "column": "level", "minimum": 0}
    told = sheet(quality=[expected], content={"fields": [{"name": "level", "meaning": "水位"}]})
    hall.supplier.submit_sheet(number, told, [EVIDENCE])
    with hall.floor.read() as work:
        report = measured_of(number, told.digest, hall.product(number).data, work)
    assert report is not None
    assert [(each.numerator, each.denominator) for each in report.measurements] == [(8, 12)]
    audits(hall, tmp_path)


def test_data_is_inspected_anew_where_its_supplier_says_so_later(
    hall: Hall, tmp_path: Path
) -> None:
    number = hall.supplier.register(hall.file("levels.csv", APART)).number
    hall.advance(seconds=NOTICE)
    with hall.floor.write() as work:
        confirm_registration(work.products.get(number), work=work, floor=hall.floor)
    expected = {"check": "range", "column": "level", "minimum": 0}
    told = sheet(quality=[expected], content={"fields": [{"name": "level", "meaning": "水位"}]})
    counts = []
    for columns in ((), ["level"]):
        if columns:
            hall.supplier.change(number, None, "it is a code", no_fill_value=columns)
        hall.supplier.submit_sheet(number, told, [EVIDENCE])
        with hall.floor.read() as work:
            report = measured_of(number, told.digest, hall.product(number).data, work)
        assert report is not None
        counts += [(each.numerator, each.denominator) for each in report.measurements]
    # The same sheet over the same data is counted by how it is read now.
    assert counts == [(8, 8), (8, 12)]
    assert how_read(hall, number) == MEANT
    hall.advance(seconds=NOTICE)
    with hall.floor.write() as work:
        confirm_registration(work.products.get(number), work=work, floor=hall.floor)
    # Other data, and other particulars, are read as the data before until its supplier says else.
    hall.supplier.change(number, hall.file("more.csv", APART + "QD,0.5\n"), "another row")
    assert how_read(hall, number) == MEANT
    hall.advance(seconds=NOTICE)
    with hall.floor.write() as work:
        confirm_registration(work.products.get(number), work=work, floor=hall.floor)
    hall.supplier.change(number, None, "it is a fill value", no_fill_value=())
    assert how_read(hall, number) == READ
    audits(hall, tmp_path)


def test_a_declaration_objected_to_with_success_leaves_the_data_as_it_was_read(
    hall: Hall, tmp_path: Path
) -> None:
    number = hall.supplier.register(hall.file("levels.csv", APART)).number
    hall.advance(seconds=NOTICE)
    with hall.floor.write() as work:
        confirm_registration(work.products.get(number), work=work, floor=hall.floor)
    hall.supplier.change(number, None, "it is a code", no_fill_value=["level"])
    hall.rival.object(number, "no water stands at -999 m")
    hall.house.close_objection(number, "upheld", "it does not")
    assert how_read(hall, number) == READ
    audits(hall, tmp_path)


# Changes.


def test_other_data_goes_on_notice_and_the_product_leaves_the_board(market: Hall) -> None:
    number, old = market.number, market.product().data
    new = changed(market)
    product = market.product()
    assert product.registration is RegistrationState.ON_NOTICE
    assert product.listing is ListingState.SUSPENDED
    assert (product.data, product.sheet) == (new, None)
    assert {old, new} <= market.vault()
    kinds = market.kinds(f"product/{number}")
    at = kinds.index("registration.changed")
    assert kinds[at - 1] == "listing.suspended"
    assert kinds[at + 1] == "inspection.recorded"
    assert kinds[-1] == "notice.opened"
    with pytest.raises(ExchangeError):
        market.supplier.list(number)


def test_changed_data_is_listed_again_after_its_notice_under_a_new_sheet(
    market: Hall, tmp_path: Path
) -> None:
    changed(market)
    market.advance(seconds=NOTICE)
    relist(market)
    product = market.product()
    assert product.listing is ListingState.LISTED
    assert product.registration is RegistrationState.CONFIRMED
    audits(market, tmp_path)


def test_a_change_objected_to_with_success_leaves_what_was_confirmed(
    market: Hall, tmp_path: Path
) -> None:
    old = market.product()
    changed(market)
    market.rival.object(market.number, "those are our rows")
    product = market.house.close_objection(market.number, "upheld", "they are")
    assert product.registration is RegistrationState.CONFIRMED
    assert (product.data, product.file, product.profile) == (old.data, old.file, old.profile)
    relist(market)
    audits(market, tmp_path)


def test_the_bytes_of_a_version_stay_taken_and_a_change_names_its_own_file(market: Hall) -> None:
    old = market.file()
    changed(market)
    with pytest.raises(Conflict):
        market.contributor.register(old)
    with pytest.raises(IllegalTransition):  # it is on notice already
        changed(market, NEWER + "RZ,2026-01-04T03:00:00Z,119.64,35.44,7.2\n")


def test_particulars_change_without_a_file_and_a_change_of_nothing_is_refused(
    market: Hall,
) -> None:
    with pytest.raises(Refused, match="nothing would be changed"):
        market.supplier.change(market.number, None, "no reason", [EVIDENCE])
    assert market.product().listing is ListingState.LISTED  # nothing half done
    product = market.supplier.change(
        market.number,
        None,
        "bought as well",
        [EVIDENCE],
        sources=("produced", "bought-on-exchange"),
    )
    assert product.registration is RegistrationState.ON_NOTICE
    assert product.data == market.product().data


def test_a_change_names_sources_that_a_sheet_may_name(market: Hall) -> None:
    words = "act.facts.sources: 'purchased' is none of produced, public-collection"
    for file in (None, market.file("x.csv", NEWER)):
        size = market.size
        with pytest.raises(BadField, match=words):
            market.supplier.change(market.number, file, "bought", sources=("produced", "purchased"))
        assert (market.size, market.product().listing) == (size, ListingState.LISTED)


def test_nobody_changes_another_s_product_or_leaves_documents_out(market: Hall) -> None:
    with pytest.raises(Forbidden):
        market.contributor.change(market.number, market.file("x.csv", NEWER), "mine")
    with pytest.raises(Forbidden):
        market.contributor.change(market.number, None, "mine")
    facts = {
        "data": market.product().data,
        "bytes": market.product().bytes,
        "sources": ["produced"],
        "evidence": ["0" * 64],
        "parents": [],
        "reason": "no document",
    }
    from exchange.services.change_registration import change_registration  # noqa: PLC0415

    signed = market.act("supplier", "registration.changed", f"product/{market.number}", facts)
    with pytest.raises(DataDiffer, match="evidence"):
        change_registration(signed, None, name="x.csv", floor=market.floor)
    other = market.act(
        "supplier",
        "registration.changed",
        f"product/{market.number}",
        facts | {"data": "1" * 64, "evidence": []},
    )
    with pytest.raises(Refused, match="with its file"):
        change_registration(other, None, name="x.csv", floor=market.floor)


def test_what_was_bought_is_delivered_after_a_change(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "contracted") as hall:
        old = hall.product().data
        changed(hall)
        with pytest.raises(ExchangeError):
            hall.deliver()  # the product is off the board: the gate opens anew first
        hall.advance(seconds=NOTICE)
        relist(hall)
        hall.deliver()
        target = tmp_path / "received.csv"
        hall.buyer.receive(hall.made, target)
        assert target.read_text() == DATA
        assert hall.product().data != old
        audits(hall, tmp_path)


# Transfer.


def test_a_registration_passes_to_who_takes_it_and_is_listed_under_its_own_sheet(
    market: Hall, tmp_path: Path
) -> None:
    grant = market.grant("rival")
    taker = market.participant("contributor")
    market.supplier.offer(market.number, taker, 7, b"sold")
    product = market.contributor.take_over(market.number)
    assert (product.supplier, product.sheet) == (taker.id, None)
    assert product.listing is ListingState.SUSPENDED
    with pytest.raises(Forbidden):
        market.supplier.submit_sheet(market.number, sheet())
    market.contributor.revoke(market.number, grant, "we grant ourselves")
    relist(market, "contributor")
    audits(market, tmp_path)


def test_an_offer_is_nobody_else_s_to_take(market: Hall) -> None:
    with pytest.raises(NotFound, match="offered to nobody"):
        market.contributor.take_over(market.number)
    market.supplier.offer(market.number, market.participant("contributor"), 7)
    with pytest.raises(ExchangeError):
        market.rival.take_over(market.number)
    market.advance(days=8)
    with pytest.raises(Refused, match="the offer ended"):
        market.contributor.take_over(market.number)
    with pytest.raises(Forbidden):
        market.contributor.offer(market.number, market.participant("supplier"), 7)


# Term.


def test_a_registration_that_has_ended_is_off_the_board_until_it_is_renewed(market: Hall) -> None:
    days = market.floor.house.registration_days
    assert [*lapse_listings(floor=market.floor).suspended] == []
    renewed = market.supplier.renew(market.number)
    assert renewed.registered_until is not None
    market.advance(days=days + 1)
    with pytest.raises(NotCompliant, match="its registration ended on"):
        market.scenario()
    (lapsed,) = lapse_listings(floor=market.floor).suspended
    assert (lapsed.number, lapsed.listing) == (market.number, ListingState.SUSPENDED)
    with pytest.raises(Refused, match="at most"):
        market.supplier.renew(market.number, days + 1)
    with pytest.raises(Forbidden):
        market.contributor.renew(market.number)
    with pytest.raises(Refused, match="ended at"):
        market.grant()
    market.supplier.renew(market.number, 30)
    market.grant()


def test_a_renewal_runs_from_the_day_that_it_is_signed(market: Hall) -> None:
    before = market.product().registered_until
    market.advance(days=1)
    renewed = market.supplier.renew(market.number)
    assert renewed == market.product()
    assert (before or "") < (renewed.registered_until or "")


def test_a_registration_is_renewed_once_by_one_act_and_for_no_longer_than_the_house_gives(
    market: Hall,
) -> None:
    subject, longest = f"product/{market.number}", term_end(market.floor)
    beyond = format_time(parse_time(longest, "until") + dt.timedelta(seconds=1))
    with pytest.raises(Refused, match=r"act\.facts\.until: this house registers for .* at most"):
        renew_registration(
            market.act("supplier", "registration.renewed", subject, {"until": beyond}),
            floor=market.floor,
        )
    signed = market.act("supplier", "registration.renewed", subject, {"until": longest})
    renewed = renew_registration(signed, floor=market.floor)
    assert renewed == market.product()
    assert renewed.registered_until == longest
    size = market.size
    market.advance(days=1)  # far too late for another act
    assert renew_registration(signed, floor=market.floor) == renewed
    assert market.size == size


def test_a_registration_runs_with_its_last_second(market: Hall) -> None:
    product = market.product()
    claim = replace(product, registered_until=None)  # before its notice has run there is no term
    require_registered(claim, floor=market.floor)
    market.advance(days=market.floor.house.registration_days)
    last = replace(product, registered_until=format_time(market.floor.clock()))
    require_registered(last, floor=market.floor)
    market.advance(seconds=1)
    with pytest.raises(NotCompliant, match="its registration ended on"):
        require_registered(last, floor=market.floor)
    with (
        market.floor.read() as work,
        pytest.raises(NotCompliant, match="its registration ended on"),
    ):
        require_listed(last, work=work, floor=market.floor)


# Cancellation.


def test_what_was_never_listed_is_cancelled_and_not_delisted(hall: Hall) -> None:
    number = hall.register().number
    hall.advance(seconds=NOTICE)
    hall.supplier.grant(number, hall.terms())  # which confirms it
    cancelled = hall.supplier.cancel_registration(number, "a double")
    assert cancelled == hall.product(number)
    assert cancelled.listing is ListingState.REGISTERED
    assert "listing.delisted" not in hall.kinds(f"product/{number}")


def test_what_is_suspended_is_delisted_with_its_registration(market: Hall) -> None:
    """It would come back with the next verdict otherwise."""
    market.house.suspend_listing(market.number, "a complaint")
    cancelled = market.house.cancel_registration(market.number, "by order")
    assert cancelled == market.product()
    assert cancelled.listing is ListingState.DELISTED
    assert "listing.delisted" in market.kinds(f"product/{market.number}")


def test_a_registration_is_cancelled_once_by_one_act(market: Hall) -> None:
    facts = {"reason": "the buoys are gone"}
    signed = market.act("supplier", "registration.cancelled", f"product/{market.number}", facts)
    cancelled, size = cancel_registration(signed, floor=market.floor), market.size
    market.advance(days=1)  # far too late for another act
    assert cancel_registration(signed, floor=market.floor) == cancelled
    assert market.size == size


def test_a_supplier_owes_nothing_once_its_delivery_is_accepted(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        with pytest.raises(Refused, match=f"trade {hall.made} is still to be delivered"):
            hall.supplier.cancel_registration(hall.number, "enough")
        hall.receive()
        cancelled = hall.supplier.cancel_registration(hall.number, "enough")
        assert cancelled.registration is RegistrationState.CANCELLED


def test_a_cancelled_registration_leaves_the_board_and_the_bytes_to_others(
    market: Hall, tmp_path: Path
) -> None:
    market.grant()
    with pytest.raises(Forbidden):
        market.contributor.cancel_registration(market.number, "not mine")
    product = market.supplier.cancel_registration(market.number, "the buoys are gone")
    assert product.registration is RegistrationState.CANCELLED
    assert product.listing is ListingState.DELISTED
    with pytest.raises(IllegalTransition):
        market.supplier.cancel_registration(market.number, "again")
    again = market.contributor.register(market.file())
    assert again.number != market.number
    audits(market, tmp_path)


def test_a_supplier_that_owes_a_delivery_cannot_cancel(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "contracted") as hall:
        with pytest.raises(Refused, match="still to be delivered"):
            hall.supplier.cancel_registration(hall.number, "enough")
        assert hall.product().listing is ListingState.LISTED
        hall.house.cancel_registration(hall.number, "by order")
        with pytest.raises(ExchangeError):
            hall.deliver()


def test_a_supplier_that_owes_nothing_of_this_product_can_cancel(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "contracted") as hall:
        other = hall.register("other.csv", DATA.replace("6.1", "5.9")).number
        hall.advance(seconds=NOTICE)
        hall.supplier.grant(other, hall.terms())  # which confirms it
        cancelled = hall.supplier.cancel_registration(other, "a double")  # owes of the first alone
        assert cancelled.registration is RegistrationState.CANCELLED
        hall.house.cancel(hall.made, "the buyer is gone")
        cancelled = hall.supplier.cancel_registration(hall.number, "enough")
        assert cancelled.registration is RegistrationState.CANCELLED


def test_a_claim_on_notice_is_taken_back_and_its_bytes_are_free(hall: Hall, tmp_path: Path) -> None:
    number = hall.register().number
    for other in (hall.contributor, hall.house):
        with pytest.raises(Forbidden):
            other.cancel_registration(number, "not theirs")
    product = hall.supplier.cancel_registration(number, "registered without its parent")
    assert product == hall.product(number)
    assert (product.registration, product.listing) == (
        RegistrationState.CANCELLED,
        ListingState.REGISTERED,
    )
    with pytest.raises(Refused, match="no sheet is taken"):
        hall.supplier.submit_sheet(number, sheet())
    with pytest.raises(IllegalTransition):
        hall.rival.object(number, "those are our rows")
    hall.advance(seconds=NOTICE)
    with pytest.raises(ExchangeError):
        hall.supplier.list(number)
    with pytest.raises(ExchangeError):
        hall.supplier.grant(number, hall.terms())
    assert hall.product(number) == product  # no notice that runs out confirms it
    mine = hall.register()
    hall.supplier.cancel_registration(mine.number, "not ours after all")
    theirs = hall.contributor.register(hall.file(), sheet(), [EVIDENCE])
    assert len({number, mine.number, theirs.number}) == 3
    assert "similarity.found" not in hall.kinds(f"product/{theirs.number}")
    assert "registration.cancelled" in hall.kinds(f"product/{number}")
    audits(hall, tmp_path)


def test_an_objection_is_decided_before_its_claim_is_taken_back(hall: Hall, tmp_path: Path) -> None:
    number = hall.register().number
    hall.rival.object(number, "those are our rows")
    for who in (hall.supplier, hall.house):
        with pytest.raises(IllegalTransition, match="is open, and is decided first"):
            who.cancel_registration(number, "never mind")
    hall.house.close_objection(number, "dismissed", "they are not")
    cancelled = hall.supplier.cancel_registration(number, "never mind")
    assert cancelled.registration is RegistrationState.CANCELLED
    audits(hall, tmp_path)


def test_no_objection_keeps_another_out(hall: Hall, tmp_path: Path) -> None:
    number = hall.register().number
    hall.contributor.object(number, "a sham")
    hall.rival.object(number, "those are our rows")
    with pytest.raises(Refused, match="once: an objection of"):
        hall.rival.object(number, "once more")
    hall.advance(seconds=NOTICE + 1)
    dismissed = hall.house.close_objection(number, "dismissed", "nothing in it")
    assert dismissed.registration is RegistrationState.OBJECTED
    with (
        pytest.raises(NoticeRunning, match="an objection to the claim is open"),
        hall.floor.write() as work,
    ):
        confirm_registration(dismissed, work=work, floor=hall.floor)
    upheld = hall.house.close_objection(number, "upheld", "they are")
    assert upheld.registration is RegistrationState.REJECTED
    audits(hall, tmp_path)


def test_an_objection_is_withdrawn_by_who_filed_it_and_the_notice_goes_on(
    hall: Hall, tmp_path: Path
) -> None:
    number = hall.register().number
    for objector in (hall.contributor, hall.rival):
        objector.object(number, "those are our rows")
    with hall.floor.read() as work:
        subject = f"product/{number}"
        filed = next(work.chain.store.of_kind(subject, "objection.filed")).leaf.hex()
    facts = {"objection": filed, "reason": "not mine"}
    with pytest.raises(NotFound, match=r"no objection to .* is open of yours"):
        hall.buyer.withdraw_objection(number, "not mine")
    for other in ("contributor", OPERATOR[0]):
        signed, _ = hall.commit(other, "objection.withdrawn", subject, facts, {})
        with pytest.raises(Refused, match=r"needs objection\.filed"):
            object_to_claim.withdraw_objection(signed, floor=hall.floor)
    mine, _ = hall.commit("rival", "objection.withdrawn", subject, facts, {})
    left = object_to_claim.withdraw_objection(mine, floor=hall.floor)
    assert left.registration is RegistrationState.OBJECTED
    assert object_to_claim.withdraw_objection(mine, floor=hall.floor) == left  # the same act
    with pytest.raises(NotFound):
        hall.rival.withdraw_objection(number, "once more")
    gone = hall.contributor.withdraw_objection(number, "settled")
    assert gone.registration is RegistrationState.ON_NOTICE
    with hall.floor.read() as work:
        assert disputes_over(gone, work) == 0
        told = [each.entry.kind for each in history_of(number, work) if each.type == "objection"]
    assert told == ["objection.filed"] * 2 + ["objection.withdrawn"] * 2
    with pytest.raises(ExchangeError):
        hall.house.close_objection(number, "upheld", "they are")
    signed, openings = hall.commit(
        OPERATOR[0],
        "objection.closed",
        subject,
        {"objection": filed, "outcome": "dismissed"},
        {"grounds": "moot"},
    )
    hall.rival.object(number, "ours after all")
    with pytest.raises(Refused, match="the objection was withdrawn at"):
        object_to_claim.close_objection(signed, openings, floor=hall.floor)
    hall.rival.withdraw_objection(number, "not ours after all")
    hall.advance(seconds=NOTICE + 1)
    with hall.floor.write() as work:
        confirmed = confirm_registration(work.products.get(number), work=work, floor=hall.floor)
    assert confirmed.registration is RegistrationState.CONFIRMED
    audits(hall, tmp_path)


def test_an_objection_that_is_upheld_ends_the_others(market: Hall, tmp_path: Path) -> None:
    number = market.number
    changed(market)
    for objector in (market.rival, market.contributor):
        objector.object(number, "those are our rows")
    stands = market.house.close_objection(number, "upheld", "they are")
    assert stands.registration is RegistrationState.CONFIRMED
    with market.floor.read() as work:
        left = next(work.chain.store.of_kind(f"product/{number}", "objection.filed"))
        assert disputes_over(stands, work) == 0
    facts = {"objection": left.leaf.hex(), "outcome": "dismissed"}
    signed, openings = market.commit(
        OPERATOR[0], "objection.closed", f"product/{number}", facts, {"grounds": "moot"}
    )
    with pytest.raises(Refused, match="the objection ended when another one was upheld"):
        object_to_claim.close_objection(signed, openings, floor=market.floor)
    changed(market, NEWER + "RZ,2026-01-04T03:00:00Z,119.64,35.44,7.2\n")
    assert market.product().registration is RegistrationState.ON_NOTICE
    audits(market, tmp_path)


def test_what_was_paid_for_a_claim_is_not_given_back_with_it(hall: Hall, tmp_path: Path) -> None:
    charging(hall, registration=5_000)
    hall.deposit("supplier", Money(20_000))
    number = hall.register().number
    paid = hall.balance("supplier")
    assert paid < 20_000
    hall.supplier.cancel_registration(number, "a double")
    assert hall.balance("supplier") == paid
    hall.register()
    assert hall.balance("supplier") == 2 * paid - 20_000  # and asked again of the next claim
    audits(hall, tmp_path)


def test_a_registration_whose_change_is_on_notice_is_cancelled_whole(
    market: Hall, tmp_path: Path
) -> None:
    changed(market)
    cancelled = market.house.cancel_registration(market.number, "by order")
    assert (cancelled.registration, cancelled.listing) == (
        RegistrationState.CANCELLED,
        ListingState.DELISTED,
    )
    for data in (DATA, NEWER):
        market.contributor.register(market.file(data=data))
    audits(market, tmp_path)


# Disputes.


def test_a_dispute_takes_a_product_off_the_board_and_what_was_derived_from_it(
    market: Hall, tmp_path: Path
) -> None:
    market.grant()
    parent, child = market.number, market.derive()
    product = market.rival.dispute(parent, "the buoys are ours")
    assert product.registration is RegistrationState.DISPUTED
    assert product.listing is ListingState.SUSPENDED
    for frozen in (
        market.grant,
        lambda: market.supplier.change(parent, market.file("n.csv", NEWER), "more"),
        lambda: market.supplier.offer(parent, market.participant("contributor"), 7),
        lambda: market.supplier.cancel_registration(parent, "gone"),
    ):
        with pytest.raises(ExchangeError):
            frozen()
    with pytest.raises(NotCompliant) as found:
        market.supplier.list(parent)
    assert "S-10" in found.value.rules
    with pytest.raises(NotFound):
        market.contributor.withdraw_dispute(parent, "not mine")
    assert (
        market.rival.withdraw_dispute(parent, "settled").registration is RegistrationState.CONFIRMED
    )
    market.supplier.list(parent)
    audits(market, tmp_path)
    assert market.product(child).listing is ListingState.REGISTERED


def test_two_disputes_freeze_until_both_are_closed(market: Hall) -> None:
    market.rival.dispute(market.number, "ours")
    market.buyer.dispute(market.number, "no, ours")
    with pytest.raises(Forbidden):
        market.supplier.dispute(market.number, "mine")
    first = market.house.decide_dispute(market.number, "dismissed", "it is not")
    assert first.registration is RegistrationState.DISPUTED
    second = market.house.decide_dispute(market.number, "dismissed", "nor is it")
    assert second.registration is RegistrationState.CONFIRMED
    assert market.product() == second


def test_a_dispute_is_decided_by_cancelling(market: Hall, tmp_path: Path) -> None:
    market.rival.dispute(market.number, "ours")
    product = market.house.decide_dispute(market.number, "cancelled", "it is")
    assert product == market.product()
    assert product.registration is RegistrationState.CANCELLED
    assert product.listing is ListingState.DELISTED
    audits(market, tmp_path)


def test_a_dispute_is_decided_by_the_order_of_a_court(market: Hall, tmp_path: Path) -> None:
    market.buyer.dispute(market.number, "it belongs to the cooperative")
    taker = market.participant("contributor")
    with pytest.raises(Refused, match="the document that orders it"):
        market.house.decide_dispute(market.number, "transferred", "so ordered", to=taker)
    product = market.house.decide_dispute(
        market.number, "transferred", "so ordered", to=taker, order=JUDGMENT
    )
    assert (product.supplier, product.registration) == (taker.id, RegistrationState.CONFIRMED)
    audits(market, tmp_path)


def test_a_claim_on_notice_is_objected_to_and_not_disputed(hall: Hall) -> None:
    number = hall.register().number
    with pytest.raises(IllegalTransition):
        hall.rival.dispute(number, "ours")


# Activities.


def done(hall: Hall, **changes: object) -> Done:
    now = hall.floor.clock().date().isoformat()
    plain: dict[str, object] = {
        "activity": "clean",
        "start": f"{now}T00:00:00Z",
        "until": f"{now}T01:00:00Z",
        "cost": Money(12_300),
        "description": "spikes removed",
    }
    return Done(**plain | changes)  # type: ignore[arg-type]


def test_an_activity_is_told_to_all_and_its_cost_to_the_parties_alone(
    market: Hall, tmp_path: Path
) -> None:
    market.supplier.record_activity(market.number, done(market, activity="collect"))
    with pytest.raises(Refused, match="had no right to process"):
        market.contributor.record_activity(market.number, done(market))
    market.grant()
    with pytest.raises(Refused, match=r"had no right to process .* when the activity began"):
        market.contributor.record_activity(market.number, done(market))  # it was before the grant
    market.advance(days=1)
    market.contributor.record_activity(market.number, done(market, cost=Money(700)))
    ids = {name: market.participant(name).id for name in ("supplier", "contributor", "rival")}
    with market.floor.read() as work:
        seen = {
            name: [each.cost for each in activities_of(market.number, work, reader=reader)]
            for name, reader in {**ids, "nobody": ""}.items()
        }
        first = activities_of(market.number, work)[0].to_record()
    assert seen["supplier"] == [Money(12_300), Money(700)]
    assert seen["contributor"] == [None, Money(700)]
    assert seen["rival"] == seen["nobody"] == [None, None]
    assert (first["activity"], first["cost"], first["description"]) == ("collect", None, None)
    audits(market, tmp_path)


def test_a_processor_tells_after_its_grant_what_it_did_under_it(
    market: Hall, tmp_path: Path
) -> None:
    grant = market.grant()
    market.advance(days=1)
    worked = done(market, cost=Money(700))
    market.supplier.revoke(market.number, grant, "the work is done")
    market.advance(days=1)
    with pytest.raises(Refused, match=r"had no right to process .* when the activity began"):
        market.contributor.record_activity(market.number, done(market))
    market.contributor.record_activity(market.number, worked)
    with market.floor.read() as work:
        (told,) = activities_of(market.number, work)
    assert told.entry.actor == market.participant("contributor").id
    audits(market, tmp_path)
    market.house.suspend(market.participant("contributor"), "its papers ended")
    with pytest.raises(ExchangeError):
        market.contributor.record_activity(market.number, worked)


def test_what_was_recorded_in_error_is_withdrawn_and_stays_told(
    market: Hall, tmp_path: Path
) -> None:
    leaf = market.supplier.record_activity(market.number, done(market)).head
    with pytest.raises(Refused, match=r"needs activity\.recorded"):
        market.contributor.withdraw_activity(market.number, leaf, "not mine")
    subject, facts = f"product/{market.number}", {"activity": leaf, "reason": "of another product"}
    signed, _ = market.commit("supplier", "activity.withdrawn", subject, facts, {})
    product = withdraw_activity(signed, floor=market.floor)
    assert withdraw_activity(signed, floor=market.floor) == product  # the same act once more
    with pytest.raises(Refused, match="once: the activity was withdrawn"):
        market.supplier.withdraw_activity(market.number, leaf, "indeed")
    with market.floor.read() as work:
        (told,) = activities_of(market.number, work, reader=market.participant("supplier").id)
    assert (told.entry.leaf.hex(), told.cost) == (leaf, Money(12_300))
    assert told.to_record()["withdrawn"] == {
        "time": format_time(market.floor.clock()),
        "reason": "of another product",
        "entry": product.head,
    }
    audits(market, tmp_path)


def test_a_cost_is_an_amount_and_not_below_zero(market: Hall) -> None:
    with pytest.raises(BadField, match="cost: below zero"):
        market.supplier.record_activity(market.number, done(market, cost=Money(-1)))
    with pytest.raises(BadField, match="cost: in another currency than CNY"):
        market.supplier.record_activity(market.number, done(market, cost=Money(500, Currency.USD)))


def test_what_goes_in_is_the_product_or_what_it_comes_from(market: Hall, tmp_path: Path) -> None:
    other = market.contributor.register(market.file("o.csv", "a,b\n1,2\n3,4\n")).number
    with pytest.raises(Refused, match=f"{other} goes in, and is no parent"):
        market.supplier.record_activity(market.number, done(market, inputs=(other,)))
    market.supplier.record_activity(market.number, done(market, inputs=(market.number,)))
    market.grant()
    file = market.file("derived.csv", DERIVED)
    child = market.contributor.register(file, parents=[market.number]).number
    market.advance(seconds=1)
    with market.floor.read() as work:
        held = newest(work.chain.store, f"product/{child}", "product.registered")
    assert held is not None
    worked = done(market, start=held.time, until=held.time, inputs=(market.number,))
    market.contributor.record_activity(child, worked)
    audits(market, tmp_path)
