"""What people complain about elsewhere, each answered by name; docs/why.md has the table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError

from exchange.amendments import Changes
from exchange.clearing import EscrowState, escrow
from exchange.errors import ExchangeError, NoScenario, Refused, TermsDiffer
from exchange.services import settle
from exchange.services.access_delivery import access_delivery
from exchange.services.audit_provenance import reconcile
from exchange.services.execute_trade import terms_of
from exchange.trading import Trade, TradeState
from exchange.web.client import Problem
from tests.exchange.floor import DEPOSIT, PRICE, QUOTE, Hall, sheet
from tests.exchange.web.town import Town


class Fault(Exception):
    """Something broke between two statements."""


@contextmanager
def breaking_after(writes: int) -> Iterator[list[str]]:
    """Let so many writing statements through and break the next, or else the commit."""
    seen: list[str] = []

    def before(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.split(None, 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            if len(seen) >= writes:
                raise Fault(statement)
            seen.append(statement)

    def commit(_: Any) -> None:
        if len(seen) == writes and writes >= 0:
            raise Fault("commit")

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "commit", commit)


def granted(hall: Hall, trade: Trade) -> tuple[Any, ...]:
    """Return everything that a contract consists of: state, escrow, use right, money, entry."""
    found = hall.trade(trade.id)
    with hall.floor.read() as work:
        held = work.accounts.balance(escrow(trade.id)).minor
    contracted = "trade.contracted" in hall.kinds(f"trade/{trade.id}")
    return (found.state, found.escrow, bool(found.grant_until), held, contracted)


def fetch(hall: Hall, trade: Trade) -> None:
    """Fetch the sealed file as its buyer does."""
    access_delivery(trade.id, by=trade.buyer, floor=hall.floor)


NEITHER = (TradeState.ORDERED, EscrowState.NONE, False, 0, False)
BOTH = (TradeState.CONTRACTED, EscrowState.HELD, True, PRICE.minor, True)


def test_fiware_bae_45_paid_but_never_given_access(listed: Hall) -> None:
    """Break the acceptance after each of its statements: there is neither or both, never one."""
    trade = listed.order()
    broken = 0
    while True:
        with breaking_after(broken) as seen:
            try:
                listed.supplier.accept(trade.id)
            except (Fault, ExchangeError):
                assert len(seen) == broken
            else:  # there was no statement left to break
                break
        assert granted(listed, trade) == NEITHER
        assert listed.balance("buyer") == DEPOSIT.minor
        broken += 1
        assert broken < 100
    assert broken > 5  # the entry, the journal, two postings, two balances, the trade
    assert granted(listed, trade) == BOTH
    assert listed.balance("buyer") == (DEPOSIT - PRICE).minor
    assert reconcile(floor=listed.floor).faults == ()


@pytest.mark.parametrize(
    "change",
    [
        "state = 'contracted'",
        "state = 'contracted', escrow = 'held'",
        "state = 'contracted', grant_until = '2027-01-01T00:00:00Z'",
        "released = minor + 1",
        "released = minor, refunded = 1",
    ],
)
def test_fiware_bae_45_the_store_itself_allows_no_contract_without_escrow(
    listed: Hall, change: str
) -> None:
    trade = listed.order()
    with (
        pytest.raises(IntegrityError, match="CHECK"),
        listed.venue._engine(writing=True).begin() as connection,
    ):
        connection.execute(text(f"UPDATE trade SET {change}"))  # noqa: S608 - constants
    assert granted(listed, trade) == NEITHER


def test_ocean_provider_580_the_publisher_changes_paid_terms_afterwards(listed: Hall) -> None:
    """A sheet of other terms makes an open order void and changes no contract."""
    waiting = listed.order()
    concluded = listed.contract()
    with listed.floor.read() as work:
        before = terms_of(concluded.terms, work)
    dearer = sheet(price={"mode": "one-off", "amount": "9999.00 CNY"})
    listed.supplier.submit_sheet(listed.number, dearer)
    with pytest.raises(ExchangeError):
        listed.supplier.accept(waiting.id)
    assert listed.trade(waiting.id).state is TradeState.ORDERED
    listed.attest()
    listed.review()
    listed.supplier.list(listed.number)
    with pytest.raises(TermsDiffer, match="has changed since order"):
        listed.supplier.accept(waiting.id)
    with listed.floor.read() as work:
        assert terms_of(listed.trade(concluded.id).terms, work) == before
    made = listed.supplier.deliver(concluded.id, listed.folder.parent)
    listed.buyer.receive(made.id, listed.folder.parent / "as-agreed.csv")
    _, lines = settle.settle(made.id, floor=listed.floor)
    assert sum(line.amount.minor for line in lines) == PRICE.minor


def test_ocean_provider_580_one_signature_amends_nothing(listed: Hall) -> None:
    trade = listed.contract()
    listed.supplier.propose(trade.id, Changes(amount=PRICE + PRICE))
    present = listed.trade(trade.id)
    assert (present.terms, present.amount) == (trade.terms, PRICE)
    assert listed.balance("buyer") == (DEPOSIT - PRICE).minor


@pytest.mark.parametrize("stage", ["quote", "order", "contract", "delivery", "download"])
def test_edc_5377_and_1127_expiry_is_respected(listed: Hall, stage: str) -> None:
    if stage == "quote":
        scenario = listed.scenario()
        listed.advance(days=4_000)
        with pytest.raises((NoScenario, Refused, ExchangeError)):
            listed.buyer.quote(scenario)
        return
    if stage == "order":
        quote = listed.buyer.quote(listed.scenario()).quote
        listed.advance(seconds=QUOTE)
        listed.advance(seconds=1)
        with pytest.raises(Refused, match=f"quote {quote.id} ended at"):
            listed.buyer.order(quote.id)
        return
    if stage == "contract":
        trade = listed.order()
        listed.advance(seconds=QUOTE + 1)
        with pytest.raises(Refused, match="ended with its quote at"):
            listed.supplier.accept(trade.id)
        return
    trade = listed.contract() if stage == "delivery" else listed.trade_all()
    listed.advance(days=365, seconds=1)
    if stage == "delivery":
        with pytest.raises(Refused, match="the use right ended at"):
            listed.supplier.deliver(trade.id, listed.folder.parent)
    else:
        with pytest.raises(ExchangeError, match="outside its policy"):
            fetch(listed, trade)


def test_tractusx_sig_release_777_an_agreement_cannot_be_ended(listed: Hall) -> None:
    """Both parties can end one, with a reason for everybody to read, and it is retired at last."""
    trade = listed.trade_all()
    ended = listed.supplier.end(trade.id, "breach", "the data was passed on")
    assert ended.state is TradeState.ENDED
    retired = listed.house.retire(trade.id, "nothing is left to do")
    assert retired.state is TradeState.RETIRED
    subject = f"trade/{trade.id}"
    with listed.floor.read() as work:
        view = work.chain.store
        reasons = [
            next(view.of_kind(subject, kind)).facts["reason"]
            for kind in ("trade.ended", "trade.retired")
        ]
    assert reasons == ["the data was passed on", "nothing is left to do"]
    with pytest.raises(Refused, match="there is no contract to fetch under"):
        fetch(listed, retired)


def test_dataspaceconnector_930_clearing_records_are_out_of_reach(tmp_path: Path) -> None:
    """Over HTTP each party reads every movement of its own money, and nobody else's."""
    town = Town.found(tmp_path / "exchange").listed(tmp_path)
    town.desk("tide-data").accept(town.trade)
    town.desk("tide-data").deliver(town.trade, tmp_path)
    town.desk("harbour").receive(town.trade, tmp_path / "bought.csv")
    settle.settle(town.trade, floor=town.venue.floor)
    paid = town.client("harbour").get(f"/trades/{town.trade}").json
    lines = {line["account"]: line["amount"]["minor"] for line in paid["lines"]}
    assert sum(lines.values()) == paid["amount"]["minor"]
    for handle, what, minor in (
        ("harbour", "escrow of", -paid["amount"]["minor"]),
        ("tide-data", "settlement of", lines[f"participant/{town.people['tide-data'].id}"]),
    ):
        mine = town.people[handle].id
        account = town.client(handle).get(f"/accounts/{mine}").json
        (found,) = [each for each in account["journals"] if what in each["what"]]
        assert found["amount"]["minor"] == minor
        with town.venue.floor.read() as work:
            entry = work.chain.store.by_leaf(found["entry"])
        assert entry is not None
        assert entry.subject == f"trade/{town.trade}"
        for other in town.people:
            if other not in {handle, "newcomer"}:
                with pytest.raises(Problem, match="open to its owner alone"):
                    town.client(other).get(f"/accounts/{mine}")
    town.venue.close()
