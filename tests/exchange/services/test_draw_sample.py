from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from exchange.errors import BadField, Forbidden
from exchange.gauge import Gauge
from exchange.inspection import discover_detectors, discover_readers, inspect
from exchange.profile import ColumnProfile, ColumnType, Profile, without_long_numbers
from exchange.quality.sampling import MASK, Drawn, draw
from exchange.records import to_record
from exchange.services.audit_provenance import export_bundle
from exchange.services.draw_sample import draw_sample
from exchange.services.publish_sample import sample_of, withheld
from exchange.services.register_product import profile_of
from ledger.canonical import encode
from ledger.entries import Entry
from ledger.view import newest
from tests.exchange.floor import DATA, DERIVATION, Hall, sheet

LONG = "n,level\n" + "".join(f"{n},{n % 17}\n" for n in range(500))
NAMES = ["王芳", "李强", "张伟", "刘洋", "陈静", "杨磊", "赵敏", "孙丽"]
STAFF = "姓名,phone,code,shift\n" + "".join(
    f"{name},1{30 + n}0000{n:04d},P{n:03d},{'day' if n % 2 else 'night'}\n"
    for n, name in enumerate(NAMES)
)


def described(text: str, *personal: str) -> list[dict[str, object]]:
    names = text.splitlines()[0].split(",")
    return [{"name": name, "meaning": name, "personal": name in personal} for name in names]


def ready(hall: Hall, text: str, *personal: str) -> str:
    number = hall.register("data.csv", text).number
    content = {"fields": described(text, *personal)}
    hall.supplier.submit_sheet(number, sheet(content=content))
    return number


def test_an_expert_is_shown_the_rows_that_the_notice_draws(hall: Hall) -> None:
    number = ready(hall, LONG)
    drawn = draw_sample(number, reader=hall.participant("expert"), floor=hall.floor)
    with hall.floor.read() as work:
        opened = newest(work.chain.store, f"product/{number}", "notice.opened")
        assert opened is not None
    assert drawn.notice == opened.leaf.hex()
    places = draw(drawn.notice, hall.product(number).data, 500)
    assert drawn.sample.places == places
    assert len(places) == 20
    # The n-th row of this file begins with n.
    assert [row[0] for row in drawn.sample.rows] == [str(place) for place in places]
    assert draw_sample(number, reader=hall.participant("assessor"), floor=hall.floor) == drawn


def test_what_is_shown_of_data_is_public_once_it_is_listed_and_no_sooner(hall: Hall) -> None:
    number = hall.prepare()
    product = hall.product(number)

    def public() -> frozenset[str]:
        with hall.floor.read() as work:
            return frozenset(work.records.public_names())

    with hall.floor.read() as work:
        found = sample_of(number, product.sheet or "", product.data, work)
    assert found is not None
    shown = {product.profile, found[1].facts["sample"]}
    assert not shown & public()
    hall.supplier.list(number)
    assert shown <= public()


def test_what_is_sensitive_is_masked_and_nothing_sensitive_is_left(hall: Hall) -> None:
    number = ready(hall, STAFF, "code")
    shown = draw_sample(number, reader=hall.participant("expert"), floor=hall.floor).sample
    assert {"姓名", "phone", "code"} <= set(shown.masked)
    for row in shown.rows:
        cells = dict(zip(shown.columns, row, strict=True))
        assert cells["姓名"] == cells["phone"] == cells["code"] == MASK
        assert cells["shift"] == MASK  # where there are persons, no text is shown


DIARY = "姓名,手机,note,level\n" + "".join(
    f"{name},13{n}1234{n:04d},{other}说水温{n}度,{n / 2}\n"
    for n, (name, other) in enumerate(zip(NAMES, (*NAMES[3:], *NAMES[:3]), strict=True))
)


def test_no_text_stands_in_public_beside_persons_whom_a_detector_may_have_missed(
    hall: Hall,
) -> None:
    number = ready(hall, DIARY)
    product = hall.product(number)
    with hall.floor.read() as work:
        found = sample_of(number, product.sheet or "", product.data, work)
        assert found is not None
        public = work.records.get(found[1].facts["sample"]).decode()
    assert {"姓名", "手机", "note"} == set(found[0].sample.masked)
    assert not any(name in public for name in NAMES)
    assert found[0].sample.rows[0][-1] != MASK  # a measurement is nobody's


def test_no_text_is_shown_of_what_holds_persons_by_its_sheet(hall: Hall) -> None:
    profile = hall.floor.examine(*_file(hall, "remark,level\ncalm,1.5\nrough,2.5\n"), ())[0]
    said = sheet(personal_data={"contained": True, "classes": ["communication"], "subjects": 2})
    assert withheld(sheet(), profile) == set()
    assert withheld(said, profile) == {"remark"}


def _file(hall: Hall, text: str) -> tuple[Path, str]:
    path = hall.venue.folder / "data.csv"
    path.write_text(text)
    return path, path.name


PATIENTS = "姓名,性别,出生年份,乡镇,shift\n" + "".join(
    f"{name},{'男女'[n % 2]},{1950 + n},{'崂山区沙子口街道' if n % 2 else '即墨区田横镇'},day\n"
    for n, name in enumerate(NAMES)
)


def recorded(hall: Hall, number: str) -> tuple[Drawn, Entry]:
    product = hall.product(number)
    with hall.floor.read() as work:
        found = sample_of(number, product.sheet or "", product.data, work)
    assert found is not None
    return found


def test_the_sheet_has_a_sample_whose_digest_stands_on_the_chain(hall: Hall) -> None:
    number = ready(hall, LONG)
    drawn, entry = recorded(hall, number)
    assert drawn == draw_sample(number, reader=hall.participant("expert"), floor=hall.floor)
    assert entry.actor == hall.participant("house").id
    written = hashlib.sha256(encode(to_record(drawn))).hexdigest()
    assert entry.facts["sample"] == drawn.digest == written
    assert entry.facts["rows"] == 20


def test_rows_and_profile_go_into_a_bundle_once_their_product_is_listed(
    hall: Hall, tmp_path: Path
) -> None:
    number = hall.prepare()
    named = {hall.product(number).profile, recorded(hall, number)[1].facts["sample"]}
    assert not named & _exported(hall, tmp_path / "before")
    hall.supplier.list(number)
    assert named <= _exported(hall, tmp_path / "after")


def _exported(hall: Hall, folder: Path) -> set[str]:
    return {path.name for path in export_bundle(folder, floor=hall.floor)}


CARDS = "ref,counted,time_ms,level\n" + "".join(
    f"{140059358196556 + n * 97},{10**9 + n},{1767225600000 + n * 60000},{n / 2}\n"
    for n in range(60)
)


def test_the_least_and_the_greatest_of_long_numbers_are_on_no_record(hall: Hall) -> None:
    number = hall.register("data.csv", CARDS).number
    with hall.floor.read() as work:
        kept = work.records.get(hall.product(number).profile).decode()
        columns = {each.name: each for each in profile_of(hall.product(number), work).columns}
    assert "140059358196556" not in kept
    assert columns["ref"].minimum is columns["ref"].maximum is columns["ref"].mean is None
    assert (columns["ref"].quartiles, columns["ref"].histogram) == ((), ())
    assert columns["level"].minimum == "0"


@pytest.mark.parametrize(
    ("low", "high", "unit", "standard", "kept"),
    [
        ("0", "99999999", None, None, True),
        ("0", "100000000", None, None, False),
        ("-100000000", "5", None, None, False),
        ("0.5", "13800138000", None, None, True),
        ("0", "13800138000", "milliseconds since 1970-01-01", None, True),
        ("0", "13800138000", "count", None, True),
        ("0", "13800138000", None, "time", True),
        ("0", "13800138000", None, "number_of_observations", True),
        ("0", "13800138000", "kg", None, False),
    ],
)
def test_long_whole_numbers_keep_their_spread_where_they_are_times_or_counts(
    low: str, high: str, unit: str | None, standard: str | None, *, kept: bool
) -> None:
    column = ColumnProfile(
        "n", ColumnType.INTEGER, 9, 0, 9, unit, standard, minimum=low, maximum=high
    )
    profile = Profile("a", "csv", "text/csv", None, None, 1, "", 9, "", 0, (column,))
    (shown,) = without_long_numbers(profile).columns
    assert (shown.minimum, shown.maximum) == ((low, high) if kept else (None, None))


def test_no_further_notice_draws_other_rows_of_the_same_data(listed: Hall) -> None:
    number, (first, _) = listed.number, recorded(listed, listed.number)
    listed.supplier.change(number, None, "its source was named wrongly", sources=["derived"])
    assert listed.kinds(f"product/{number}").count("notice.opened") == 2
    listed.supplier.submit_sheet(number, sheet(sources=[DERIVATION]))
    again, entry = recorded(listed, number)
    assert again.sheet != first.sheet
    assert (again.notice, again.sample) == (first.notice, first.sample)
    assert again.digest == entry.facts["sample"] != first.digest


@pytest.mark.parametrize("grade", ["important", "core"])
def test_of_important_and_core_data_no_value_is_shown(hall: Hall, grade: str) -> None:
    number = hall.register("data.csv", LONG).number
    hall.supplier.submit_sheet(number, sheet(content={"fields": described(LONG)}, grade=grade))
    drawn, _ = recorded(hall, number)
    assert {cell for row in drawn.sample.rows for cell in row} == {MASK}


def test_who_is_not_named_is_not_singled_out_by_the_rest(hall: Hall) -> None:
    drawn, _ = recorded(hall, ready(hall, PATIENTS))
    assert set(drawn.sample.masked) == {"姓名", "性别", "出生年份", "乡镇", "shift"}


@pytest.mark.parametrize("text", [STAFF, PATIENTS])
def test_our_own_detectors_find_nothing_in_a_sample_written_to_a_file(
    hall: Hall, text: str
) -> None:
    shown = recorded(hall, ready(hall, text))[0].sample
    path = hall.file("sample.csv", "")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([shown.columns, *shown.rows])
    found = inspect(path, readers=discover_readers(), detectors=discover_detectors())
    assert not [each for each in found.sensitive if each.certain]


def test_what_slips_through_unmasked_is_found_in_the_sample_again(hall: Hall) -> None:
    path = hall.file("staff.csv", STAFF)
    shown = Gauge().show(path, "staff.csv", range(8), ())
    assert {"姓名", "phone"} <= set(shown.masked)
    flat = "".join(cell or "" for row in shown.rows for cell in row)
    assert "王芳" not in flat
    assert "130000" not in flat


def test_a_missing_cell_stays_missing_and_a_long_one_is_cut(hall: Hall) -> None:
    path = hall.file("cells.csv", f"a,b\n,{'x' * 300}\n2,y\n")
    shown = Gauge().show(path, "cells.csv", (0,), ())
    assert shown.rows == ((None, "x" * 200 + "…"),)


@pytest.mark.parametrize("who", ["supplier", "buyer", "house", "insider", "valuer"])
def test_a_sample_is_for_independent_experts_and_assessors(hall: Hall, who: str) -> None:
    number = ready(hall, DATA)
    with pytest.raises(Forbidden):
        draw_sample(number, reader=hall.participant(who), floor=hall.floor)


def test_there_is_no_sample_before_there_is_a_sheet_to_review(hall: Hall) -> None:
    number = hall.register().number
    with pytest.raises(BadField, match="no spec sheet"):
        draw_sample(number, reader=hall.participant("expert"), floor=hall.floor)
