"""Moves over contracts: silence, parts, refunds, disputes and their awards, other terms, ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from exchange.amendments import Changes, PartOffer
from exchange.services.release_due import deem_accepted, release_due
from pricing.money import Money
from tests.exchange.floor import PRICE

if TYPE_CHECKING:
    from tests.exchange.market import Market


def _party(market: Market, trade: str) -> str:
    """Draw a party of a trade, and once in a while somebody else."""
    found = market.hall.trade(trade)
    return str(market.some((found.buyer, found.buyer, found.supplier, found.supplier, "rival")))


def _handle(market: Market, party: str) -> str:
    with market.hall.floor.read() as work:
        known = {each.id: each.handle for each in work.participants.all()}
    return known.get(party, party)


def amend(market: Market) -> None:
    """Propose another price, term, time to answer or delivery in parts."""
    trade = market.a_trade(lambda trade: trade.held.minor)
    price = market.hall.trade(trade).amount.minor
    other = Money(market.chance.randrange(1, 2 * PRICE.minor))
    half = Money(price // 2)
    ways = (
        Changes(amount=other),
        Changes(term_days=market.some((1, 7, 30, 365))),
        Changes(acceptance_seconds=market.some((1, 3_600, 86_400))),
        Changes(parts=(PartOffer(half, 40, 1), PartOffer(Money(price) - half, market.rest, 2))),
    )
    handle = _handle(market, _party(market, trade))
    market.hall.desk(handle).propose(trade, market.some((*ways, ways[-1], ways[-1])))
    market.proposals.append(trade)


def answer_amendment(market: Market) -> None:
    """Accept or decline what was proposed."""
    trade = market.proposals[-1] if market.proposals else market.some(market.trades)
    desk = market.hall.desk(_handle(market, _party(market, trade)))
    if market.chance.random() < 0.8:
        desk.accept_amendment(trade)
    else:
        desk.decline_amendment(trade, "not so")


def fall_silent(market: Market) -> None:
    """Let a buyer's time to answer pass, or nearly, and deem its delivery accepted."""
    trade = market.a_trade(lambda trade: trade.answer_until and trade.delivery == "made")
    until = market.hall.trade(trade).answer_until
    if until and market.chance.random() < 0.8:
        last = dt.datetime.fromisoformat(until)
        market.clock.now = max(market.clock.now, last + dt.timedelta(seconds=market.some((0, 1))))
    deem_accepted(trade, floor=market.hall.floor)


def release(market: Market) -> None:
    """Run the job that does what time has made due."""
    release_due(floor=market.hall.floor)


def refund(market: Market) -> None:
    amount = Money(market.chance.randrange(1, PRICE.minor))
    trade = market.a_trade(lambda trade: trade.held.minor or trade.released)
    market.hall.supplier.refund(trade, amount, "a gap in it")


def claim(market: Market) -> None:
    trade = market.a_trade(lambda trade: trade.part and trade.delivery == "due")
    due = market.clock() + dt.timedelta(days=market.some((0, 1, 2)))
    market.clock.now = due
    market.hall.desk(_handle(market, market.hall.trade(trade).buyer)).claim_refund(trade)


def dispute(market: Market) -> None:
    trade = market.a_trade(lambda trade: trade.grant_until)
    market.hall.desk(_handle(market, _party(market, trade))).dispute_trade(trade, "it is not so")


def end_dispute(market: Market) -> None:
    """Withdraw a dispute, or divide what is held and take back what was paid."""
    trade = market.a_trade(lambda trade: trade.disputed)
    if market.chance.random() < 0.3:
        market.hall.desk(_handle(market, _party(market, trade))).undispute(trade, "it is so")
        return
    found = market.hall.trade(trade)
    back = market.chance.randint(0, found.held.minor)
    reversal = market.chance.randint(0, found.released)
    market.hall.house.arbitrate(
        trade, back=found.money(back), reversal=found.money(reversal), reasons="half and half"
    )


def end(market: Market) -> None:
    trade = market.a_trade(lambda trade: trade.grant_until)
    cause = market.some(("notice", "notice", "breach", "late", "suspended", "unlawful"))
    market.hall.desk(_handle(market, _party(market, trade))).end(trade, cause, "enough")


def retire(market: Market) -> None:
    trade = market.a_trade(lambda trade: trade.state in ("ended", "cancelled", "executed"))
    market.hall.house.retire(trade, "it is over")


def wait_long(market: Market) -> None:
    """Let days pass, or a month."""
    market.clock.advance(dt.timedelta(days=market.some((1, 1, 2, 5, 31))))


MOVES: Final[dict[str, Callable[[Market], None]]] = {
    move.__name__: move
    for move in (
        amend,
        answer_amendment,
        fall_silent,
        release,
        refund,
        claim,
        dispute,
        end_dispute,
        end,
        retire,
        wait_long,
    )
}
WEIGHTS: Final[dict[str, int]] = dict.fromkeys(MOVES, 3) | {
    "amend": 6,
    "answer_amendment": 8,
    "release": 1,
    "end": 2,
    "retire": 1,
    "wait_long": 1,
}
