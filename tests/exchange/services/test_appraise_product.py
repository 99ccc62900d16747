from __future__ import annotations

from decimal import Decimal

import pytest

from exchange.errors import Forbidden
from exchange.services.appraise_product import appraise_product
from exchange.services.record_activity import Done
from pricing.errors import BadInput, UnknownPlugin
from pricing.evidence import Evidence, Range, Scene
from pricing.money import Money
from pricing.record import Replayed, replay
from tests.exchange.floor import Hall
from tests.pricing.conftest import Register, register

__all__ = ["register"]


def work_on(hall: Hall, cost: str, activity: str = "collect", by: str = "supplier") -> str:
    day = hall.floor.clock().date().isoformat()
    done = Done(activity, f"{day}T00:00:00Z", f"{day}T01:00:00Z", Money.parse(cost), "on the water")
    return hall.desk(by).record_activity(hall.number, done).head


def test_what_the_life_cycle_cost_is_appraised_line_by_line_with_its_entries(hall: Hall) -> None:
    hall.list()
    leaves = [work_on(hall, "8000 CNY"), work_on(hall, "2000 CNY", "clean")]
    supplier = hall.participant("supplier")
    appraised = appraise_product(hall.number, ["cost"], reader=supplier, floor=hall.floor)
    appraisal, record = appraised.found["cost"]
    lines = [line for line in appraisal.indicators if line.source.startswith("entry ")]
    assert sorted(line.source for line in lines) == sorted(f"entry {leaf}" for leaf in leaves)
    assert {line.effect for line in lines} == {"+ 8,000.00 CNY", "+ 2,000.00 CNY"}
    assert replay(record) is Replayed.BIT_FOR_BIT


def test_the_cost_of_an_activity_that_was_withdrawn_counts_no_more(hall: Hall) -> None:
    hall.list()
    hall.grant()
    hall.advance(days=1)
    wrong, _ = work_on(hall, "8000 CNY"), work_on(hall, "2000 CNY", "clean")
    theirs = work_on(hall, "700 CNY", "label", by="contributor")
    contributor = hall.participant("contributor")
    appraise_product(hall.number, ["cost"], reader=contributor, floor=hall.floor)
    hall.supplier.withdraw_activity(hall.number, wrong, "of another product")
    hall.contributor.withdraw_activity(hall.number, theirs, "never done")
    supplier = hall.participant("supplier")
    appraised = appraise_product(hall.number, ["cost"], reader=supplier, floor=hall.floor)
    lines = [x for x in appraised.found["cost"][0].indicators if x.source.startswith("entry ")]
    assert [line.effect for line in lines] == ["+ 2,000.00 CNY"]
    with pytest.raises(Forbidden, match="appraised for its supplier"):
        appraise_product(hall.number, reader=contributor, floor=hall.floor)


def test_without_a_recorded_cost_the_sheet_speaks(hall: Hall) -> None:
    hall.list()
    supplier = hall.participant("supplier")
    appraised = appraise_product(hall.number, ["cost"], reader=supplier, floor=hall.floor)
    assert "+ 5,000.00 CNY" in {one.effect for one in appraised.found["cost"][0].indicators}


def test_a_quote_never_tells_what_the_life_cycle_cost(hall: Hall) -> None:
    hall.list()
    before = hall.buyer.quote(hall.scenario())
    work_on(hall, "8000 CNY")
    after = hall.buyer.quote(hall.scenario())
    assert after.appraisal == before.appraisal


@pytest.mark.parametrize("handle", ["buyer", "assessor", "contributor"])
def test_who_may_not_know_the_costs_gets_no_appraisal(hall: Hall, handle: str) -> None:
    hall.list()
    work_on(hall, "8000 CNY")
    with pytest.raises(Forbidden, match="appraised for its supplier"):
        appraise_product(hall.number, reader=hall.participant(handle), floor=hall.floor)


def test_every_appraiser_answers_or_says_what_it_lacks(hall: Hall) -> None:
    hall.list()
    supplier = hall.participant("supplier")
    appraised = appraise_product(hall.number, reader=supplier, floor=hall.floor)
    assert "cost" in appraised.found
    assert not appraised.found.keys() & appraised.lacking.keys()
    assert "scenes" in appraised.lacking["income"]


def test_scenes_of_income_come_from_the_appraiser_and_measured_figures_do_not(hall: Hall) -> None:
    hall.list()
    supplier = hall.participant("supplier")
    sure = Range(Decimal("0.1"), Decimal("0.2"), Decimal("0.3"))
    year = (Money.parse("10000 CNY"),) * 3
    scene = Scene("fishing forecast", year, sure, sure, "contract of 2026")
    appraised = appraise_product(
        hall.number, ["income"], more=Evidence(scenes=(scene,)), reader=supplier, floor=hall.floor
    )
    # 20 % of 10,000 a year, at 20 %: 2,000 · (1/1.2 + 1/1.44 + 1/1.728).
    assert appraised.found["income"][0].mid == Money.parse("4212.96 CNY")
    with pytest.raises(BadInput, match="quality: the exchange has its own"):
        appraise_product(
            hall.number, more=Evidence(quality=Decimal(1)), reader=supplier, floor=hall.floor
        )


def test_an_unknown_appraiser_is_named(hall: Hall) -> None:
    hall.list()
    supplier = hall.participant("supplier")
    with pytest.raises(UnknownPlugin, match="oracle"):
        appraise_product(hall.number, ["oracle"], reader=supplier, floor=hall.floor)


def test_an_error_of_an_appraiser_is_no_evidence_that_it_lacks(
    hall: Hall, register: Register
) -> None:
    hall.list()
    register("appraisers", clumsy="tests.pricing.strangers:ClumsyAppraiser")
    supplier = hall.participant("supplier")
    with pytest.raises(TypeError):
        appraise_product(hall.number, ["clumsy"], reader=supplier, floor=hall.floor)


def test_a_parameter_that_somebody_must_state_is_named(hall: Hall, register: Register) -> None:
    hall.list()
    register("appraisers", demanding="tests.pricing.strangers:DemandingAppraiser")
    supplier = hall.participant("supplier")
    appraised = appraise_product(hall.number, ["demanding"], reader=supplier, floor=hall.floor)
    assert appraised.lacking == {"demanding": "demanding: rate is missing"}
