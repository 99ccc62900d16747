"""Plans on a sheet: read by their field, said in words, and bought in the mode they take."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from exchange.completeness import FIELDS
from exchange.errors import BadField
from exchange.formats.spec_sheet.plan_words import plan_words
from exchange.formats.spec_sheet.record import json_schema
from exchange.plans import check_plan, mode_of, period_of, plan_remarks, read_plan
from exchange.records import read_record, to_record
from exchange.specsheet import Price, PriceMode, WrittenPlan
from exchange.trading import TradingMode
from pricing.billing.terms import MONTH, Term, TermUnit
from pricing.money import Money
from tests.exchange.floor import sheet

FLAT = {"tiers": [{"above": 0, "rate": {"amount": "0.50 CNY"}}]}
YEAR = {"count": 1, "unit": "year"}
BY_CALL: dict[str, Any] = {"tariff": "per-call", "parameters": {"ladder": FLAT, "billed": "hits"}}
BY_MONTH: dict[str, Any] = {
    "tariff": "subscription",
    "parameters": {"fee": "300.00 CNY", "period": {"count": 1, "unit": "month"}},
}
# The second pack of a published menu, dearer by a cent than the smaller ones that make it up.
PACKS: dict[str, Any] = {
    "tariff": "package",
    "parameters": {
        "packs": [
            {"units": 100, "price": "10.00 CNY"},
            {"units": 200, "price": "20.01 CNY"},
        ],
        "validity": YEAR,
    },
}


def priced(plan: dict[str, Any], **others: Any) -> Price:
    return read_record(Price, {"mode": "plan", "plan": plan} | others)


def test_a_plan_is_read_from_its_written_form() -> None:
    plan = read_plan(WrittenPlan(**BY_MONTH))
    assert (plan.name, plan.tariff.fee) == ("subscription", Money(30_000))  # type: ignore[attr-defined]
    assert (mode_of(plan), period_of(plan)) == (TradingMode.SUBSCRIPTION, MONTH)
    by_call = read_plan(WrittenPlan(**BY_CALL))
    assert (mode_of(by_call), period_of(by_call)) == (TradingMode.USAGE, MONTH)
    long = read_plan(WrittenPlan("usage", {"ladder": FLAT, "period": YEAR}))
    assert period_of(long) == Term(1, TermUnit.YEAR)


def test_a_sheet_without_a_plan_has_the_digest_it_always_had() -> None:
    assert "plan" not in to_record(sheet())["price"]


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ({"tariff": "by-mood"}, "price.plan.tariff"),
        ({"tariff": "per-call"}, "price.plan.parameters"),
        ({"tariff": "per-call", "parameters": {"ladder": 3}}, "price.plan.parameters.ladder"),
        (
            {"tariff": "per-call", "parameters": {"ladder": FLAT, "billed": "misses"}},
            "price.plan.parameters.billed",
        ),
        (
            {"tariff": "subscription", "parameters": {"fee": "1.5", "period": YEAR}},
            "price.plan.parameters.fee",
        ),
        (
            {
                "tariff": "subscription",
                "parameters": {"fee": "1.00 CNY", "period": YEAR, "day_units": 0},
            },
            "price.plan.parameters.day_units",
        ),
        (
            {"tariff": "subscription", "parameters": {"fee": "1.00 USD", "period": YEAR}},
            "price.plan.parameters",
        ),
        ({"tariff": "one-off", "parameters": {"amount": "1.00 CNY"}}, "price.plan.tariff"),
        ({"tariff": "free-trial", "parameters": {"trial": {"units": 3}}}, "price.plan.tariff"),
    ],
)
def test_a_plan_out_of_order_is_refused_by_its_field(plan: dict[str, Any], field: str) -> None:
    with pytest.raises(BadField) as caught:
        check_plan(priced(plan))
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("price", "field"),
    [
        ({"mode": "plan"}, "price.plan"),
        ({"mode": "free", "plan": BY_CALL}, "price.plan"),
        ({"mode": "plan", "plan": BY_CALL, "amount": "1.00 CNY"}, "price.amount"),
    ],
)
def test_mode_and_plan_do_not_deny_one_another(price: dict[str, Any], field: str) -> None:
    with pytest.raises(BadField) as caught:
        check_plan(read_record(Price, price))
    assert caught.value.field == field


def test_a_menu_with_a_gap_is_remarked_on_and_stands() -> None:
    check_plan(priced(PACKS))
    assert plan_remarks(priced(PACKS)) == (
        "200 units for 1 year costs 20.01 CNY; 2 × 100 units for 1 year cost 20.00 CNY",
    )
    assert plan_remarks(priced(BY_CALL)) == plan_remarks(Price(PriceMode.NEGOTIATED)) == ()


@pytest.mark.parametrize(
    ("plan", "language", "said"),
    [
        (BY_CALL, "zh", ["按次计费", "0.50 CNY / 次", "查得计费"]),
        (BY_CALL, "en", ["per call", "0.50 CNY a unit", "only queries that find something"]),
        (BY_MONTH, "zh", ["包期订阅", "300.00 CNY", "1 个月"]),
        (
            PACKS,
            "en",
            [
                *("packs", "100 units 10.00 CNY; 200 units 20.01 CNY", "1 year"),
                "only queries that find something",
            ],
        ),
        ({"tariff": "by-mood", "parameters": {"a": 1}}, "en", ['by-mood {"a": 1}']),
    ],
)
def test_a_plan_is_said_in_words(plan: dict[str, Any], language: str, said: list[str]) -> None:
    lines = plan_words(WrittenPlan(**plan), language)
    assert [line.text for line in lines] == said


def test_the_schema_and_the_count_of_fields_know_a_plan() -> None:
    record = json.loads(json.dumps(to_record(sheet(price={"mode": "plan", "plan": BY_CALL}))))
    found = json_schema()
    within = {"$defs": found["$defs"], **found["$defs"]["Price"]}
    validator = jsonschema.Draft202012Validator(within)
    validator.validate(record["price"])
    assert not validator.is_valid(record["price"] | {"plan": {"tariff": 3}})
    (price,) = (each for each in FIELDS if each.code == "P1")
    assert "price.plan" in price.how
