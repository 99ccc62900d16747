"""Wishes carried out at the desks of a simulated market, each whole and at one instant.

A wish that a rule stops half way leaves nothing open: its order lapses, and a contract that
cannot be delivered is cancelled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from exchange.clearing import FEES, Line, available
from exchange.clearing.fees import TAX
from exchange.deals import DealTerms, Side
from exchange.desk import Desk
from exchange.errors import ExchangeError, InsufficientFunds
from exchange.services.file_scenario import Filing
from exchange.simulation.depth import Ending, Outcome, Wish
from exchange.simulation.full.company import Company
from exchange.simulation.full.gatekeeping import Gatekeeping, rules_of
from exchange.simulation.market import Way
from exchange.trading import TradeState
from ledger.acts import format_time
from pricing.errors import PricingError
from pricing.money import Money

CONFIRMED_WITHIN: Final = dt.timedelta(days=1)  # a deal, by its buyer
NO_MONEY: Final = "the money did not suffice"
NO_PAYMENT: Final = "the payment did not come in time"
NO_DELIVERY: Final = "the supplier could not deliver"
TOO_DEAR: Final = "too dear"
STOPPED: Final = "a rule stopped it"
_CONTRACT: Final = b"a contract made off the exchange\n"


@dataclass(slots=True)
class Under:
    """How far a wish has come: what is left of it when a rule stops it."""

    trade: str = ""
    offered: int = 0


@dataclass
class Dealing:
    """The trades of one market; `scenarios` are running ones by buyer and product."""

    company: Company
    gate: Gatekeeping
    scenarios: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)

    def carry_out(self, wish: Wish) -> Outcome:
        """Carry out one wish that is no bid."""
        company = self.company
        company.at(wish.day, wish.second)
        ways: dict[Way, Callable[[Wish, Under], Outcome]] = {
            Way.POSTED: self._posted,
            Way.NEGOTIATED: self._negotiated,
            Way.DEAL: self._deal,
        }
        first = company.size
        outcome = self.played(wish, ways[wish.way])
        return placed(outcome, first, company.size)

    def played(self, wish: Wish, play: Callable[[Wish, Under], Outcome]) -> Outcome:
        """Play a wish, and tell the rule that stopped it where one did."""
        under = Under()
        try:
            return play(wish, under)
        except (ExchangeError, PricingError) as error:
            short = isinstance(error, InsufficientFunds)
            rules = rules_of(error)
            self._undo(wish, under, NO_MONEY if short else STOPPED)
            ending = Ending.SHORT if short else Ending.REFUSED
            return Outcome(wish.number, ending, under.trade, under.offered, rule=" ".join(rules))

    def _posted(self, wish: Wish, under: Under) -> Outcome:
        buyer = self.company.desk(wish.buyer)
        scenario = self.scenario(wish)
        self.enter(wish, "quote")
        quote = buyer.quote(scenario).quote
        under.offered = quote.amount.minor
        if under.offered > wish.limit:
            return Outcome(wish.number, Ending.DECLINED, offered=under.offered)
        return self.perform(wish, quote.id, under)

    def _negotiated(self, wish: Wish, under: Under) -> Outcome:
        buyer, supplier = self.company.desk(wish.buyer), self._supplier(wish)
        scenario = self.scenario(wish)
        self.enter(wish, "negotiation")
        (talk,) = buyer.negotiate(scenario)
        if not talk.rounds:  # else it was offered before the process died
            self.enter(wish, "offer")
            supplier.offer_price(talk.id, Money(wish.offer))
        under.offered = wish.offer
        self.enter(wish, "answer")
        if wish.offer > wish.limit:
            buyer.end_negotiation(talk.id, TOO_DEAR)
            return Outcome(wish.number, Ending.DECLINED, offered=wish.offer)
        return self.perform(wish, buyer.accept_offer(talk.id).quote.id, under)

    def _deal(self, wish: Wish, under: Under) -> Outcome:
        company, buyer = self.company, self.company.desk(wish.buyer)
        under.offered = wish.offer
        if wish.offer > wish.limit:
            return Outcome(wish.number, Ending.DECLINED, offered=wish.offer)
        now = company.floor.clock()
        terms = DealTerms(
            side=Side.SUPPLIER,
            amount=Money(wish.offer),
            due=(now.date() + dt.timedelta(days=wish.due_days)).isoformat(),
            until=format_time(now + CONFIRMED_WITHIN),
            purpose=company.buyers_of(wish.buyer).purpose,
            cleared=company.market.house.netting_days > 0,
            product=self.gate.products[wish.product],
        )
        self.enter(wish, "deal")
        filed = self._supplier(wish).file_deal(buyer.participant, terms, _CONTRACT)
        under.trade = filed.id
        self.enter(wish, "confirmation")
        buyer.confirm_deal(filed.id)
        return Outcome(
            wish.number,
            Ending.FILED,
            filed.id,
            offered=wish.offer,
            amount=wish.offer,
            to_supplier=wish.offer,
        )

    def scenario(self, wish: Wish) -> str:
        """Return a running scenario of the buyer for the product, filing one if there is none."""
        company, key = self.company, (wish.buyer, wish.product)
        known, last = self.scenarios.get(key, ("", ""))
        if known and company.floor.clock().date().isoformat() <= last:
            return known
        self.enter(wish, "scenario")
        scenario, _ = company.desk(wish.buyer).file_scenario(self.filing(wish))
        if scenario.expires_on:
            self.scenarios[key] = scenario.id, scenario.expires_on.isoformat()
        return scenario.id

    def filing(self, wish: Wish) -> Filing:
        """Return what a buyer files for a product: the same for everybody of its population."""
        group = self.company.buyers_of(wish.buyer)
        return Filing(
            product=self.gate.products[wish.product],
            purpose=group.purpose,
            region=group.region,
            term_days=group.term_days,
            recipients=("own staff",),
            description=f"{group.purpose}, {group.name}",
        )

    def perform(self, wish: Wish, quote: str, under: Under) -> Outcome:
        """Order at a quote and go on to the settlement, or to where the wish fails.

        Done again, after the process died in it, this goes on with what is not done yet.
        """
        company, buyer = self.company, self.company.desk(wish.buyer)
        self.enter(wish, "order")
        supplier, trade = self._supplier(wish), buyer.order(quote).id
        under.trade = trade
        outcome = Outcome(wish.number, Ending.EXECUTED, trade, offered=under.offered)
        if wish.fails == "payment":
            self.enter(wish, "end")
            buyer.lapse(trade, NO_PAYMENT)
            return replace(outcome, ending=Ending.LAPSED)
        self.enter(wish, "contract")
        contracted = supplier.accept(trade)
        if wish.fails == "delivery":
            if contracted.state is TradeState.CONTRACTED:
                self.enter(wish, "end")
                company.operator.cancel(trade, NO_DELIVERY)
            return replace(outcome, ending=Ending.CANCELLED)
        self.enter(wish, "delivery")
        delivered = supplier.deliver(trade, company.workplace)
        if not delivered.accepted:
            received = company.workplace / trade
            self.enter(wish, "receipt")
            buyer.receive(trade, received)
            received.unlink()
        self.enter(wish, "settlement")
        settled, lines = company.operator.settle(trade)
        return _divided(replace(outcome, amount=settled.amount.minor), lines, supplier)

    def enter(self, wish: Wish, act: str) -> None:
        """Draw what follows from the stream of one act, whatever was done of those before it."""
        self.company.enter(f"wish {wish.number} {act}")

    def _supplier(self, wish: Wish) -> Desk:
        return self.company.desk(self.gate.offerings[wish.product].supplier)

    def _undo(self, wish: Wish, under: Under, reason: str) -> None:
        floor, operator = self.company.floor, self.company.operator
        if not under.trade.startswith("TR-"):
            return
        with floor.read() as work:
            state = work.trades.get(under.trade).state
        self.enter(wish, "end")
        if state is TradeState.ORDERED:
            operator.lapse(under.trade, reason)
        elif state is TradeState.CONTRACTED:
            operator.cancel(under.trade, reason)

    # Between two days.

    def to_record(self) -> list[Any]:
        """Return the running scenarios as a record."""
        return [[*key, *told] for key, told in self.scenarios.items()]

    def read(self, record: Sequence[Any]) -> None:
        """Take the running scenarios from a record."""
        self.scenarios = {(buyer, product): (key, last) for buyer, product, key, last in record}


def _divided(outcome: Outcome, lines: Sequence[Line], supplier: Desk) -> Outcome:
    fee = sum(line.amount.minor for line in lines if line.account in {FEES, TAX})
    account = available(supplier.participant.id)
    own = sum(line.amount.minor for line in lines if line.account == account)
    others = sum(line.amount.minor for line in lines) - fee - own
    return replace(outcome, fee=fee, to_supplier=own, to_contributors=others)


def placed(outcome: Outcome, first: int, size: int) -> Outcome:
    """Return an outcome with the places of the entries from `first` on, if there are any."""
    return replace(outcome, first_entry=first, last_entry=size - 1) if size > first else outcome
