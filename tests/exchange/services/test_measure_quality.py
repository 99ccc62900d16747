from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from exchange.errors import NotCompliant
from exchange.expectations import Aspect
from exchange.listing import ListingState
from exchange.quality.measured import Measured
from exchange.services.assess_product import reviews_of
from exchange.services.list_product import judge
from exchange.services.measure_quality import measured_of
from exchange.specsheet import SpecSheet
from tests.exchange.floor import COMMENTS, Hall, sheet

KEPT: tuple[Mapping[str, Any], ...] = (
    {"check": "pattern", "column": "station", "pattern": "[A-Z]{2}"},
    {"check": "unique", "key": ["station", "time"]},
    {"check": "range", "column": "temperature", "minimum": -2, "maximum": 40},
    {"check": "gap", "column": "time", "seconds": 3600, "series": ["station"]},
    {"check": "lag", "column": "time", "seconds": 86400 * 366},
)
BROKEN: Mapping[str, Any] = {
    "check": "range",
    "column": "temperature",
    "maximum": "6.5",
    "at_least": "0.9",
}


def expecting(*told: Mapping[str, Any]) -> SpecSheet:
    return sheet(quality=list(told))


def report_of(hall: Hall, signed: SpecSheet, number: str) -> Measured | None:
    with hall.floor.read() as work:
        return measured_of(number, signed.digest, work.products.get(number).data, work)


def test_what_a_sheet_expects_is_counted_and_recorded_with_it(hall: Hall) -> None:
    number, signed = hall.register().number, expecting(*KEPT, BROKEN)
    product = hall.supplier.submit_sheet(number, signed)
    told = ["sheet.submitted", "sample.drawn", "quality.measured"]
    assert hall.kinds(f"product/{number}")[-3:] == told
    with hall.floor.read() as work:
        entry = work.chain.store.last(f"product/{number}")
        assert entry is not None
        assert entry.leaf.hex() == product.head
        assert (entry.facts["expected"], entry.facts["met"]) == (5, 4)
    report = report_of(hall, signed, number)
    assert report is not None
    assert report.rows == 6
    counted = [(each.place, each.numerator, each.denominator) for each in report.measurements]
    # The age of the newest row is another every day: it is no part of the report.
    assert counted == [(0, 6, 6), (1, 6, 6), (2, 6, 6), (3, 4, 4), (5, 4, 6)]


def test_a_sheet_that_expects_nothing_has_no_report(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    assert hall.kinds(f"product/{number}")[-2:] == ["sheet.submitted", "sample.drawn"]
    assert report_of(hall, sheet(), number) is None


def test_a_product_that_keeps_what_it_expects_lists_and_shows_each_count(hall: Hall) -> None:
    number = hall.list(expecting(*KEPT))
    product = hall.product()
    assert product.listing is ListingState.LISTED
    with hall.floor.read() as work:
        quality = judge(product, work=work, floor=hall.floor).quality
    assert quality.timeliness is not None
    assert [(part.place, part.kept) for part in quality.timeliness.parts] == [(3, True), (4, True)]
    assert quality.ocean_tests[0].flags is not None
    assert quality.ocean_tests[0].flags.passed == 4
    assert number == product.number


def test_an_expectation_that_the_data_does_not_keep_stops_the_listing(hall: Hall) -> None:
    number = hall.prepare(expecting(BROKEN))
    with pytest.raises(NotCompliant) as refused:
        hall.supplier.list(number)
    assert "Q-03" in refused.value.rules
    with hall.floor.read() as work:
        judged = judge(work.products.get(number), work=work, floor=hall.floor)
    review, quality = judged.review, judged.quality
    assert [finding.message for finding in review.blocking if finding.rule == "Q-03"] == [
        "accuracy: 0.6667 where the sheet says 0.9"
    ]
    assert quality.accuracy is not None
    assert (quality.accuracy.numerator, quality.accuracy.denominator) == (4, 6)


def test_an_expectation_of_a_column_that_is_not_there_stops_the_listing(hall: Hall) -> None:
    number = hall.prepare(expecting({"check": "not-missing", "column": "salinity"}))
    with pytest.raises(NotCompliant) as refused:
        hall.supplier.list(number)
    assert "Q-02" in refused.value.rules


def test_an_expectation_with_nothing_to_judge_is_not_taken_for_kept(hall: Hall) -> None:
    data = "a,b\n" + "1,\n" * 6
    described = [{"name": name, "meaning": name} for name in ("a", "b")]
    told = [{"check": "pattern", "column": "b", "pattern": "x"}]
    signed = sheet(content={"fields": described}, quality=told)
    number = hall.register("gaps.csv", data).number
    hall.supplier.submit_sheet(number, signed)
    with hall.floor.read() as work:
        review = judge(work.products.get(number), work=work, floor=hall.floor).review
    found = {finding.rule: finding.message for finding in review.findings}
    assert found["Q-01"] == "1 of what the sheet expects was not counted"


def test_counts_of_another_sheet_count_for_nothing(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, expecting(BROKEN))
    hall.supplier.submit_sheet(number, expecting(*KEPT))
    report = report_of(hall, expecting(*KEPT), number)
    assert report is not None
    assert [each.place for each in report.measurements] == [0, 1, 2, 3]
    assert hall.kinds(f"product/{number}").count("quality.measured") == 2


def test_the_report_is_held_back_until_an_expert_has_reviewed(hall: Hall) -> None:
    number = hall.register().number
    hall.supplier.submit_sheet(number, expecting(*KEPT))
    with hall.floor.read() as work:
        entry = next(work.chain.store.of_kind(f"product/{number}", "quality.measured"))
        assert entry.facts["report"] not in dict(work.records.public())
    hall.review(number)
    with hall.floor.read() as work:
        assert entry.facts["report"] in dict(work.records.public())


def test_an_expert_may_score_the_dimensions_one_by_one(hall: Hall) -> None:
    number = hall.prepare()
    scores = {Aspect.ACCURACY: "0.9", Aspect.TIMELINESS: "1"}
    hall.expert.review(number, "0.95", COMMENTS, dimensions=scores)
    with hall.floor.read() as work:
        entry = next(work.chain.store.of_kind(f"product/{number}", "quality.reviewed"))
        newest, *_ = reviews_of(hall.product(number), work)
    assert entry.facts["dimensions"] == ["accuracy 0.9", "timeliness 1"]
    assert newest.dimensions == {name: Decimal(given) for name, given in scores.items()}


def test_freshness_is_counted_on_the_day_that_somebody_looks(hall: Hall) -> None:
    week = {"check": "lag", "column": "time", "seconds": 7 * 86_400}
    number = hall.prepare(expecting(week))
    with hall.floor.read() as work:
        fresh = judge(work.products.get(number), work=work, floor=hall.floor).quality.timeliness
    hall.advance(days=14)
    with hall.floor.read() as work:
        stale = judge(work.products.get(number), work=work, floor=hall.floor).quality.timeliness
    assert fresh is not None
    assert stale is not None
    assert fresh.ratio == 1
    # Newest at 03:00 on the 4th, looked at from the beginning of the 19th.
    age = int(dt.timedelta(days=14, hours=21).total_seconds())
    assert (stale.numerator, stale.denominator) == (7 * 86_400, age)
