"""Sheets: what cannot be priced or shared is not signed, and what one puts on file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from exchange.dossier import SheetDraft
from exchange.errors import (
    BadField,
    Conflict,
    DataDiffer,
    Forbidden,
    NotCompliant,
    NotFound,
    Refused,
)
from exchange.listing import ListingState
from exchange.ports import Floor
from exchange.records import read_stored, to_record
from exchange.services.publish_sample import draw_rows
from exchange.services.save_draft import draft_fault, draft_of, save_draft
from exchange.services.submit_sheet import check_sheet, sheet_of, submit_sheet
from exchange.specsheet import SpecSheet
from ledger.acts import SignedAct
from ledger.canonical import encode
from tests.exchange.floor import (
    DATA,
    DERIVATION,
    DERIVED,
    EVIDENCE,
    NOTICE,
    SHEET,
    YEAR,
    Hall,
    open_hall,
    shared,
    sheet,
)

OTHER_DATA = DATA.replace("6.1", "5.9")


def priced(amount: str | None, **changes: Any) -> dict[str, Any]:
    return {"mode": "one-off", "amount": amount, **changes}


def costs(*amounts: str) -> list[dict[str, str]]:
    return [{"activity": "collection", "amount": amount} for amount in amounts]


def limited(**changes: Any) -> dict[str, Any]:
    return {**SHEET["conditions"], **changes}


# What may be signed at all, of one exchange that nothing is written to.


@pytest.fixture(scope="module")
def floor_and_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hall, Path]]:
    with open_hall(tmp_path_factory.mktemp("sheets") / "exchange") as hall:
        hall.house.suspend(hall.participant("rival"), "licence ended")
        yield hall, hall.file()


def checked(known: tuple[Hall, Path], **changes: Any) -> None:
    hall, file = known
    check_sheet(sheet(**changes), data=file, name=file.name, floor=hall.floor)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"price": priced("0.00 CNY")},
        {"price": {"mode": "negotiated"}},
        {"costs": []},
        {"costs": costs("0.00 CNY")},
        {"conditions": limited(units=3)},
    ],
)
def test_a_sheet_may_ask_nothing_and_have_cost_nothing(
    floor_and_file: tuple[Hall, Path], changes: Mapping[str, Any]
) -> None:
    checked(floor_and_file, **changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"price": priced("-0.01 CNY")}, r"price\.amount: below zero"),
        ({"price": priced("1.00 USD")}, r"price\.amount: this exchange clears in CNY"),
        ({"price": priced("1.00 CNY", strategy="by-mood")}, r"price\.strategy: no 'by-mood'"),
        ({"price": {"mode": "plan"}}, r"price\.plan: a product sold by its plan alone"),
        ({"costs": costs("1.00 CNY", "-0.01 CNY")}, r"costs\.amount: below zero"),
        ({"costs": costs("1.00 CNY", "1.00 USD")}, r"costs\.amount: in another currency"),
        (
            {
                "conditions": limited(units=3),
                "price": priced("1.00 CNY", trial={"units": 1, "of": "rows"}),
            },
            r"conditions\.units: the number of uses is not limited",
        ),
    ],
)
def test_a_sheet_that_cannot_be_priced_is_refused_by_its_field(
    floor_and_file: tuple[Hall, Path], changes: Mapping[str, Any], words: str
) -> None:
    with pytest.raises(BadField, match=words):
        checked(floor_and_file, **changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"contact": "\u200b"}, "contact: has nothing in it that can be seen"),
        ({"use_cases": ["pilots", "gpj\u202eexe"]}, r"use_cases\.1: holds a character that turns"),
        ({"licence": "\x07"}, "licence: holds a control character"),
        ({"contact": "TODO a mailbox"}, "contact: still says TODO"),
    ],
)
def test_a_field_of_a_sheet_is_not_filled_with_what_nobody_sees(
    floor_and_file: tuple[Hall, Path], changes: Mapping[str, Any], words: str
) -> None:
    with pytest.raises(BadField, match=words):
        checked(floor_and_file, **changes)
    draft = SheetDraft("", "", "", to_record(sheet(**changes)))
    assert re.match(words, draft_fault(draft))
    assert draft_fault(replace(draft, content=SHEET)) == ""


def personal(**changes: Any) -> dict[str, Any]:
    return {"personal_data": {"contained": True, **changes}}


def lasting(start: str, end: str = "2026-01-04") -> dict[str, Any]:
    period = {"start": start, "end": end}
    return {"physical": {**SHEET["physical"], "period": period}}


MALFORMED: Final[list[tuple[dict[str, Any], str]]] = [
    *(
        (
            {"sources": [SHEET["sources"][0] | {"evidence": text}]},
            r"sources\.0\.evidence: the SHA-256",
        )
        for text in ("9999", "A" * 64, "g" * 64, "a" * 63, "１" * 64)
    ),
    (personal(impact_assessment="x"), r"personal_data\.impact_assessment: the SHA-256"),
    (personal(consent_evidence="yes"), r"personal_data\.consent_evidence: the SHA-256"),
    (personal(guardian_consent="asked"), r"personal_data\.guardian_consent: the SHA-256"),
    *(
        (lasting(text), r"physical\.period\.start: a date or an instant of ISO 8601")
        for text in (
            *("<script>", "soon", "2026-13", "2026-02-30", "2026-01-04T25", "2026-01-04 09:00"),
            *("20260104", "２０２６", "2026-1-4", "2026-01-04T09:00:00+8"),
        )
    ),
    (lasting("2026", "later"), r"physical\.period\.end: a date or an instant of ISO 8601"),
]


@pytest.mark.parametrize(("changes", "words"), MALFORMED)
def test_what_means_a_digest_or_a_moment_is_one(
    floor_and_file: tuple[Hall, Path], changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadField, match=words):
        checked(floor_and_file, **changes)
    malformed = sheet(**changes)
    assert re.match(words, draft_fault(SheetDraft("", "", "", to_record(malformed))))
    # One signed before anybody asked is read as it is.
    assert read_stored(SpecSheet, encode(to_record(malformed))) == malformed


@pytest.mark.parametrize(
    "changes",
    [
        {"sources": [SHEET["sources"][0] | {"evidence": ""}]},
        personal(consent_evidence="", impact_assessment="0" * 64),
        *map(
            lasting,
            (
                *("2026", "2026-01", "2026-01-04", "2024-02-29", "2026-01-04T09"),
                *("2026-01-04T09:00", "2026-01-04T09:00:00Z", "2026-01-04T09:00:00.125+08:00"),
            ),
        ),
    ],
)
def test_a_digest_may_be_left_out_and_a_moment_be_as_precise_as_one_cares(
    floor_and_file: tuple[Hall, Path], changes: dict[str, Any]
) -> None:
    checked(floor_and_file, **changes)


@pytest.mark.parametrize("name", ["\u200b", "gpj\u202eexe", "\x07"])
def test_a_sheet_signed_before_anybody_asked_for_what_is_seen_is_read_as_it_is(name: str) -> None:
    old = sheet(contact=name)
    assert read_stored(SpecSheet, encode(to_record(old))) == old


def test_proceeds_are_shared_by_the_rows_of_each_or_by_fixed_shares(
    floor_and_file: tuple[Hall, Path],
) -> None:
    """Shares that are fixed name no rows, which are then everybody's alike."""
    by_rows = shared(floor_and_file[0], supplier="QD", contributor="RZ")
    checked(floor_and_file, sharing=by_rows)
    fixed = [{"participant": each["participant"], "share": 1} for each in by_rows["contributors"]]
    checked(floor_and_file, sharing={"allocator": "fixed", "contributors": fixed})


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"supplier": "QD"}, "1 values of column station belong to no contributor"),
        ({"supplier": "QD", "contributor": "QD"}, r"contributors\.value: each contributor has"),
        ({"supplier": "QD", "rival": "RZ"}, "rival is suspended, not admitted"),
        ({"supplier": "QD", "house": "RZ"}, "the operator takes its fee and no share"),
    ],
)
def test_a_sheet_that_cannot_be_shared_is_refused(
    floor_and_file: tuple[Hall, Path], columns: Mapping[str, str], words: str
) -> None:
    with pytest.raises(BadField, match=words):
        checked(floor_and_file, sharing=shared(floor_and_file[0], **columns))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("contributor", "contributor is not a participant's id"),  # a handle may change hands
        ("PT-0000-0000-0000", "PT-0000-0000-0000 is not a participant's id"),
        ("", r"contributors\.participant: each contributor has its own"),
    ],
)
def test_who_shares_is_named_by_id_and_once(
    floor_and_file: tuple[Hall, Path], name: str, words: str
) -> None:
    sharing = shared(floor_and_file[0], supplier="QD", contributor="RZ")
    first, second = sharing["contributors"]
    second["participant"] = name or first["participant"]
    with pytest.raises(BadField, match=words):
        checked(floor_and_file, sharing=sharing)


# What a sheet puts on file.


def signed_for(hall: Hall, number: str, of: SpecSheet, **facts: str) -> SignedAct:
    named = {
        "sheet": of.digest,
        "data": hall.product(number).data,
        "grade": str(of.grade),
        "purposes": list(of.conditions.purposes),
    }
    return hall.act("supplier", "sheet.submitted", f"product/{number}", named | facts)


def test_a_sheet_gives_a_product_its_name_and_ends_the_draft(hall: Hall) -> None:
    number, supplier = hall.register().number, hall.participant("supplier")
    with pytest.raises(BadField, match="has no spec sheet yet"), hall.floor.read() as work:
        sheet_of(hall.product(number), work)
    save_draft(number, {"basic": {"name": "水温"}}, by=supplier, floor=hall.floor)
    named = sheet(basic={**SHEET["basic"], "name": "水温，两站"})
    product = hall.supplier.submit_sheet(number, named)
    assert product == hall.product(number)
    assert (product.name, product.sheet) == ("水温，两站", named.digest)
    assert product.listing is ListingState.REGISTERED
    with pytest.raises(NotFound, match="no draft is saved"):
        draft_of(number, to=supplier, floor=hall.floor)
    with hall.floor.read() as work:
        assert sheet_of(product, work) == named
        assert named.digest in {digest for digest, _ in work.records.public()}
        entry = next(work.chain.store.of_kind(f"product/{number}", "sample.drawn"))
    assert product.head == entry.leaf.hex()


def test_a_sheet_signed_once_is_put_on_file_once(hall: Hall) -> None:
    number = hall.register().number
    signed = signed_for(hall, number, sheet())
    product, size = submit_sheet(signed, sheet(), floor=hall.floor), hall.size
    hall.advance(days=1)  # far too late for another act
    assert submit_sheet(signed, sheet(), floor=hall.floor) == product
    assert hall.size == size


class Meanwhile:
    """A floor on which something happens while the rows of the sample are drawn."""

    def __init__(self, hall: Hall, happens: Any) -> None:
        def show(*told: Any) -> Any:
            happens()
            return hall.floor.show(*told)

        self.floor: Floor = replace(hall.floor, show=show)


def test_who_is_suspended_while_the_rows_are_drawn_puts_nothing_on_file(hall: Hall) -> None:
    number, supplier = hall.register().number, hall.participant("supplier")
    floor = Meanwhile(hall, lambda: hall.house.suspend(supplier, "a court says so")).floor
    with pytest.raises(Forbidden, match="supplier is suspended and may not act"):
        submit_sheet(signed_for(hall, number, sheet()), sheet(), floor=floor)
    assert hall.product(number).sheet is None


def test_a_sheet_that_is_recorded_while_its_rows_are_drawn_is_recorded_once(hall: Hall) -> None:
    number = hall.register().number
    signed = signed_for(hall, number, sheet())
    floor = Meanwhile(hall, lambda: submit_sheet(signed, sheet(), floor=hall.floor)).floor
    assert submit_sheet(signed, sheet(), floor=floor) == hall.product(number)
    assert hall.kinds(f"product/{number}").count("sheet.submitted") == 1


def test_rows_that_were_drawn_of_the_data_before_a_change_show_nothing_of_the_next(
    listed: Hall,
) -> None:
    """Not even where the sheet was signed for the data that comes."""
    number, file = listed.number, listed.file("newer.csv", OTHER_DATA)
    coming = hashlib.sha256(OTHER_DATA.encode()).hexdigest()
    signed = signed_for(listed, number, sheet(), data=coming)
    floor = Meanwhile(listed, lambda: listed.supplier.change(number, file, "corrected")).floor
    with pytest.raises(DataDiffer, match="is registered over other bytes"):
        submit_sheet(signed, sheet(), floor=floor)
    assert (listed.product().data, listed.product().sheet) == (coming, None)


def test_another_sheet_takes_a_product_off_the_board(listed: Hall) -> None:
    listed.supplier.submit_sheet(listed.number, sheet(contact="another@supplier.example"))
    assert listed.product().listing is ListingState.SUSPENDED


def test_a_sheet_is_held_to_the_claim_and_its_sources_to_what_stands(listed: Hall) -> None:
    number = listed.number
    collected = sheet(sources=[SHEET["sources"][0] | {"code": "public-collection"}])
    with pytest.raises(BadField, match=r"sources\.code: public-collection: not named"):
        listed.supplier.submit_sheet(number, collected)
    sources = ("public-collection",)
    listed.supplier.change(number, None, "collected, not made", [EVIDENCE], sources=sources)
    with pytest.raises(BadField, match=r"sources\.code: produced: not named at registration"):
        listed.supplier.submit_sheet(number, sheet())
    assert listed.supplier.submit_sheet(number, collected).sheet == collected.digest


OTHER = sheet(sources=[SHEET["sources"][0] | {"statement": "other words"}])


def test_a_claim_that_was_rejected_takes_no_sheet(hall: Hall) -> None:
    number = hall.register().number
    hall.rival.object(number, "the buoys are ours")
    hall.house.close_objection(number, "upheld", "they are")
    size = hall.size
    with pytest.raises(Refused, match=f"{number}: its registration is rejected, and no sheet"):
        hall.supplier.submit_sheet(number, sheet())
    assert (hall.size, hall.product(number).sheet) == (size, None)


def test_a_registration_that_was_cancelled_takes_no_sheet(listed: Hall) -> None:
    listed.supplier.cancel_registration(listed.number, "the buoys are gone")
    with pytest.raises(Refused, match="its registration is cancelled, and no sheet is taken"):
        listed.supplier.submit_sheet(listed.number, OTHER)


def test_a_registration_whose_term_is_over_takes_a_sheet_once_it_is_renewed(listed: Hall) -> None:
    listed.advance(days=listed.floor.house.registration_days)
    until, supplier = listed.today + YEAR, listed.participant("supplier")
    listed.house.verify(supplier, [b"a business licence"], signatory="李四", until=until)
    listed.supplier.submit_sheet(listed.number, OTHER)  # in its last second
    listed.advance(seconds=1)
    with pytest.raises(NotCompliant, match=r"its registration ended on .*; it can be renewed"):
        listed.supplier.submit_sheet(listed.number, sheet())
    listed.supplier.renew(listed.number)
    assert listed.supplier.submit_sheet(listed.number, sheet()).sheet == sheet().digest


def test_what_was_given_with_one_sheet_serves_the_next(hall: Hall) -> None:
    number, permit = hall.register().number, b"the permit"
    digest = hashlib.sha256(permit).hexdigest()
    named = sheet(approvals={"permit": digest})
    with pytest.raises(BadField, match=r"approvals\.permit: the document .* was never given"):
        hall.supplier.submit_sheet(number, named)
    hall.supplier.submit_sheet(number, named, [permit])
    again = sheet(approvals={"permit": digest, "note": "renewed"})
    assert hall.supplier.submit_sheet(number, again).sheet == again.digest
    with hall.floor.read() as work:
        assert digest not in {name for name, _ in work.records.public()}


# What a sheet inherits.


def child_of(hall: Hall, parent: str) -> str:
    """Register what the supplier derives from a product of its own."""
    file = hall.file("derived.csv", DERIVED)
    derived = sheet(sources=[DERIVATION])
    return hall.supplier.register(file, derived, [EVIDENCE], parents=[parent]).number


def test_what_has_no_sheet_yet_asks_nothing_of_what_comes_from_it(hall: Hall) -> None:
    parent = hall.register().number
    hall.advance(seconds=NOTICE)
    child = child_of(hall, parent)
    derived = sheet(sources=[DERIVATION])
    assert hall.supplier.submit_sheet(child, derived).sheet == derived.digest


def test_a_sheet_that_outgrows_leaves_alone_what_is_on_no_board(hall: Hall) -> None:
    parent = hall.register().number
    hall.advance(seconds=NOTICE)
    child = child_of(hall, parent)
    hall.supplier.submit_sheet(child, sheet(sources=[DERIVATION]))
    hall.supplier.submit_sheet(parent, sheet(grade="general-3"))
    assert hall.product(child).listing is ListingState.REGISTERED
    assert "listing.suspended" not in hall.kinds(f"product/{child}")


def test_a_sheet_that_was_counted_over_data_inspected_anew_meanwhile_is_refused(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = hall.register().number
    draw = draw_rows

    def inspected_meanwhile(*asked: Any, **named: Any) -> Any:
        with hall.floor.write() as work:
            product = work.products.get(number)
            anew = work.records.put(b"another profile", public=False)
            work.products.put(replace(product, profile=anew))
        return draw(*asked, **named)

    monkeypatch.setattr("exchange.services.submit_sheet.draw_rows", inspected_meanwhile)
    size = hall.size
    with pytest.raises(Conflict, match=f"{number} was inspected anew meanwhile"):
        hall.supplier.submit_sheet(number, sheet())
    assert hall.size == size
