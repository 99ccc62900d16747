"""Surveillance over a real exchange: what it reads from the store, and what it finds there."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner, Result

from exchange.cli import main
from exchange.services import watch_market as watching
from exchange.services.watch_market import watch_market
from exchange.trading import Trade, TradeState
from tests.exchange.floor import Hall


def bought(hall: Hall, handle: str, scenario: str) -> Trade:
    """Play a whole trade of a buyer, under a scenario of its own."""
    desk = hall.desk(handle)
    trade = hall.supplier.accept(desk.order(desk.quote(scenario).quote.id).id)
    hall.supplier.deliver(trade.id, hall.folder.parent)
    desk.receive(trade.id, hall.folder.parent / f"{trade.id}.csv")
    return hall.house.settle(trade.id)[0]


def guapai(hall: Hall, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(hall.folder), "surveillance", *words])


def test_buyers_that_buy_again_what_they_hold_are_found(listed: Hall) -> None:
    trades = []
    for handle in ("buyer", "rival"):
        listed.deposit(handle)
        scenario = listed.scenario(handle)
        trades += [bought(listed, handle, scenario) for _ in range(4)]
    listed.buyer.quote(listed.scenario())  # an offer that nobody took
    found = watch_market(floor=listed.floor)
    assert (found.trades, found.offers, found.cut, found.since) == (8, 9, False, "")
    (alert,) = found.alerts
    assert (alert.pattern, alert.way) == ("wash", "ring")
    assert alert.suppliers == (listed.participant("supplier").handle,)
    assert sorted(alert.buyers) == sorted(listed.participant(h).handle for h in ("buyer", "rival"))
    assert sorted(alert.trades) == sorted(trade.id for trade in trades)
    assert alert.kinds == ("海洋",)
    assert alert.facts["needless"] == pytest.approx(6 / 8)
    # An alert decides nothing: whom it names goes on trading.
    size = listed.size
    watch_market(floor=listed.floor)
    assert listed.size == size
    assert bought(listed, "buyer", listed.scenario()).state is TradeState.EXECUTED
    said = guapai(listed)
    assert said.exit_code == 0, said.output
    assert "9 trades and 10 offers: 1 alerts" in said.stdout
    assert "Possible wash trades" in said.stdout
    assert "guapai show " in said.stderr
    told = json.loads(guapai(listed, "--json", "--lang", "zh").stdout)
    assert told["alerts"][0]["title"] == "疑似对敲:关联买家"


def test_only_what_was_ordered_and_quoted_from_a_day_on_is_read(listed: Hall) -> None:
    listed.deposit()
    scenario = listed.scenario()
    bought(listed, "buyer", scenario)
    listed.advance(days=3)
    later = bought(listed, "buyer", scenario)
    day = dt.date.fromisoformat(later.ordered_at[:10])
    assert (found := watch_market(day, floor=listed.floor)).since == f"{day}T00:00:00Z"
    assert (found.trades, found.offers) == (1, 1)
    with listed.floor.read() as work:
        assert [t.id for t in work.trades.executed("", 9)] != [later.id]
        # The newest ones stay where there are too many.
        assert [t.id for t in work.trades.executed("", 1)] == [later.id]
        assert [q.id for q in work.quotes.open_until("", 1)] == [later.quote]
    assert "0 trades and 0 offers: 0 alerts" in guapai(listed, "--since", "2030-01-01").stdout


def test_what_is_left_out_is_said(listed: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "ROWS_MAX", 1)
    listed.buyer.quote(listed.scenario())
    assert watch_market(floor=listed.floor).cut


def test_an_order_that_was_not_executed_is_no_trade(listed: Hall) -> None:
    listed.deposit()
    listed.contract()
    found = watch_market(floor=listed.floor)
    assert (found.trades, found.offers) == (0, 1)


def test_a_day_that_is_none_is_refused(listed: Hall) -> None:
    done = guapai(listed, "--since", "yesterday")
    assert done.exit_code == 2
    assert "--since" in done.stderr
