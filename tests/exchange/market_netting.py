"""Moves off the exchange: deals filed, a guarantee fund, and cycles that some cannot pay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from exchange.deals import DealTerms, Side
from exchange.participants import Role, Standing
from exchange.services.close_cycle import close_cycle
from pricing.money import Money
from tests.exchange.floor import PRICE, welcome

if TYPE_CHECKING:
    from tests.exchange.market import Market

DEBTORS: Final = {"rival": 8 * PRICE.minor, "buyer": PRICE.minor}  # the most of one deal
CREDITORS: Final = ("supplier", "contributor")
SUSPENDED: Final = {
    "rival": Role.BUYER,
    "buyer": Role.BUYER,
    "contributor": Role.SUPPLIER,
}


def file_deal(market: Market) -> None:
    """File a deal, by either side; a debtor may owe far more than it has."""
    hall = market.hall
    debtor, creditor = market.some(DEBTORS), market.some(CREDITORS)
    side = market.some((Side.BUYER, Side.SUPPLIER))
    by, to = (debtor, creditor) if side is Side.BUYER else (creditor, debtor)
    terms = DealTerms(
        side=side,
        amount=Money(market.chance.randrange(1, DEBTORS[debtor])),
        due=(hall.today + dt.timedelta(days=market.some((0, 0, 1)))).isoformat(),
        until=f"{hall.today + dt.timedelta(days=3)}T00:00:00Z",
        purpose="research",
    )
    deal = hall.desk(by).file_deal(hall.participant(to), terms, b"the contract")
    market.deals.append((deal.id, by, to))


def answer_deal(market: Market) -> None:
    """Confirm, decline or end a deal, on whichever side it may be."""
    name, by, to = market.some(market.deals)
    if market.chance.random() < 0.6:
        name, by, to = market.deals[-1]
    desk = market.hall.desk(to if market.chance.random() < 0.8 else by)
    match market.some(("confirm",) * 8 + ("decline", "end")):
        case "confirm":
            desk.confirm_deal(name)
        case "decline":
            desk.decline_deal(name, "not ours")
        case _:
            desk.end_deal(name, "it came to nothing")


def guarantee(market: Market) -> None:
    """Put money into the fund, or take it back."""
    desk = market.hall.desk(market.some((*DEBTORS, *CREDITORS)))
    amount = Money(market.chance.randrange(1, PRICE.minor))
    (desk.contribute if market.chance.random() < 0.7 else desk.take_back)(amount)


def close(market: Market) -> None:
    """Close the cycle of the day, and mostly go on to the next."""
    close_cycle(market.hall.today, floor=market.hall.floor)
    if market.chance.random() < 0.8:
        market.clock.advance(dt.timedelta(days=1))


def readmit(market: Market) -> None:
    """Admit whoever was suspended over a default: refused until it is cured."""
    for handle, role in SUSPENDED.items():
        participant = market.hall.participant(handle)
        if participant.standing is Standing.SUSPENDED:
            if market.chance.random() < 0.5:
                market.hall.deposit(handle, Money(4 * PRICE.minor))
            welcome(market.hall.house, participant, sorted(participant.roles or {role}))


MOVES: Final[dict[str, Callable[[Market], None]]] = {
    move.__name__: move for move in (file_deal, answer_deal, guarantee, close, readmit)
}
WEIGHTS: Final[dict[str, int]] = {
    "file_deal": 6,
    "answer_deal": 6,
    "guarantee": 3,
    "close": 3,
    "readmit": 4,
}
