"""A marine ranch's observations sold by use: listed, tried, metered, contested, billed, audited."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np

from exchange.formats.sheet_file import load_sheet
from exchange.records import read_record
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.bill_usage import bill_due, bill_usage
from exchange.services.quote_plan import Wish
from exchange.services.replay_prices import replay_bundle
from exchange.specsheet import Price
from exchange.trading import TradeState, TradingMode, period_end
from ledger.acts import format_time
from ledger.audit import audit
from ledger.checkpoint import VerifierKey
from pricing.billing.terms import MONTH
from pricing.money import Money
from pricing.record import Replayed
from samples.generate import ranch
from tests.exchange.floor import Hall
from tests.exchange.services.plans import at, calls
from tests.meta.sources import ROOT

# A hundred free queries a month, then 2 yuan each, 1 yuan beyond the first fifty; found ones only.
PLAN = {
    "tariff": "usage",
    "parameters": {
        "billed": "hits",
        "free_units": 100,
        "ladder": {
            "tiers": [
                {"above": 0, "rate": {"amount": "2.00 CNY"}},
                {"above": 50, "rate": {"amount": "1.00 CNY"}},
            ]
        },
        "period_max": "300.00 CNY",
    },
}
BUDGET = Money(50_000)
WEEK = dt.timedelta(days=7)
CAST = {"qingdao-ocean": "supplier", "ranch-cooperative": "contributor"}


def test_a_ranch_sells_by_use_and_a_stranger_audits_the_bills(hall: Hall, tmp_path: Path) -> None:
    hall.advance(days=30)  # the winter that it observed is over
    file = tmp_path / "observations.parquet"
    ranch(file, np.random.default_rng(7))
    written, evidence = load_sheet(
        ROOT / "samples" / "marine-ranch" / "sheet.toml",
        identify=lambda handle: hall.participant(CAST[handle]).id,
    )
    price = read_record(
        Price, {"mode": "plan", "plan": PLAN, "trial": {"units": 20, "of": "queries"}}
    )
    number = hall.supplier.register(file, written, evidence).number
    hall.supplier.submit_sheet(number, replace(written, price=price), evidence)
    hall.attest(number)
    hall.review(number)
    hall.advance(seconds=3_600)
    hall.supplier.list(number)
    hall.number = number
    hall.deposit()
    scenario = hall.scenario(purpose=written.conditions.purposes[0])

    tried = _contract(hall, scenario, Wish(mode=TradingMode.TRIAL))
    hall.advance(hours=1)
    hall.supplier.meter(tried, calls(hall, 20))
    bought = _contract(hall, scenario, Wish(budget=BUDGET))
    began = hall.floor.clock()
    for batch, count in enumerate((60, 90, 70)):
        hall.advance(days=5)
        hall.supplier.meter(bought, calls(hall, count, missed=5, name=f"batch-{batch}"))
    hall.buyer.contest(bought, 3, "our own log has 20 queries that day")
    hall.house.decide(bought, 3, "struck", "the supplier's log shows a loop")
    first, second = (period_end(began, MONTH, months) for months in (1, 2))
    at(hall, format_time(first + WEEK))
    (bill,) = bill_usage(bought, floor=hall.floor).bills
    assert bill.amount == "100.00 CNY"  # 150 found, 100 of them free

    hall.supplier.meter(bought, calls(hall, 400, name="a storm"))
    at(hall, format_time(second + WEEK))
    bills = bill_usage(bought, floor=hall.floor).bills
    assert bills[1].amount == "300.00 CNY"  # the month's maximum
    hall.buyer.end_usage(bought, "the season is over")
    hall.advance(days=8)
    closed = {found.trade.id: found for found in bill_due(floor=hall.floor).billed}
    assert closed.keys() == {tried, bought}
    assert {found.trade.state for found in closed.values()} == {TradeState.EXECUTED}
    assert hall.balance("buyer") == 1_000_000 - 40_000
    assert hall.balance("supplier") + hall.balance("contributor") == 40_000 - 1_000
    assert hall.balance("contributor") == 11_700  # thirty parts of a hundred
    assert reconcile(floor=hall.floor).faults == ()

    export_bundle(tmp_path / "bundle", floor=hall.floor)
    key = VerifierKey.parse(str(hall.floor.log_key))
    report = audit(tmp_path / "bundle", key=key)
    assert report.findings == []
    assert report.kinds["usage.billed"] == len(bills) + 2
    replayed = replay_bundle(tmp_path / "bundle", bought)
    assert {each.outcome for each in replayed} == {Replayed.BIT_FOR_BIT}


def _contract(hall: Hall, scenario: str, wish: Wish) -> str:
    quote = hall.buyer.quote_plan(scenario, wish).quote
    return hall.supplier.accept(hall.buyer.order(quote.id).id).id
