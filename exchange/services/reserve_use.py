"""Reserving a use: whether one is free to be had alone, and the note of it on the product.

Two contracts over one product whose purposes, regions and days meet can stand beside each other
only if neither is exclusive.  The check reads what is there; that it stays so until the contract
is recorded is for `hold_product` on the one side and the ledger's rules on the other.
"""

from __future__ import annotations

from exchange.clearing import account_subject
from exchange.errors import Refused
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.scenarios import Scenario
from exchange.services.acting import record_for_house
from exchange.trading import Trade
from ledger.acts import format_time
from ledger.agreements import over_at_once
from ledger.entries import Entry
from ledger.exclusive import last_day, reservations, reserved_for
from ledger.places import places_meet


def require_use_free(
    product: Product,
    wanted: Scenario,
    *,
    exclusive: bool,
    work: UnitOfWork,
    floor: Floor,
    besides: str = "",
) -> None:
    """Raise `Refused` where a contract has the wanted use alone, or, if `exclusive`, at all.

    A use counts to the end of its last day.  The trade `besides` does not count.
    """
    store, now = work.chain.store, format_time(floor.clock())
    purpose, region = wanted.purpose, wanted.region
    for noted in reservations(store, product.number, now):
        if noted.facts["trade"] != besides and reserved_for(noted, purpose, region):
            raise Refused(
                f"{product.number}: the use {purpose!r} in {region} is another's alone until"
                f" {last_day(store, noted.facts['trade'])}, by contract {noted.facts['trade']}"
            )
    if not exclusive:
        return
    for trade in work.trades.of_product(product.number):
        over = trade.grant_until is None or trade.grant_until[:10] < now[:10]
        if over or trade.id == besides or over_at_once(store, f"trade/{trade.id}"):
            continue
        scenario = work.scenarios.get(trade.scenario)
        if scenario.purpose == purpose and places_meet([scenario.region], [region]):
            raise Refused(
                f"{product.number}: the use {purpose!r} in {region} cannot be exclusive before"
                f" {trade.grant_until}, when contract {trade.id} ends"
            )


def hold_product(trade: Trade, work: UnitOfWork) -> None:
    """Let no contract over the product be concluded beside this one till the transaction ends.

    The buyer's account is held first: every contract holds it before it looks at the product.
    """
    work.chain.store.reserve(account_subject(trade.buyer), f"product/{trade.product}")


def reserve_use(trade: Trade, contract: Entry, *, work: UnitOfWork, floor: Floor) -> None:
    """Note on the product that an exclusive contract gives its use to one buyer alone.

    The region is the one that was filed, of which a limited scenario gives a part.
    """
    facts = {
        "trade": trade.id,
        "contract": contract.leaf.hex(),
        "purposes": list(contract.facts["purposes"]),
        "regions": [work.scenarios.get(trade.scenario).region],
        "until": contract.facts["until"],
    }
    subject = f"product/{trade.product}"
    entry = record_for_house("use.reserved", subject, facts, work=work, floor=floor)
    work.products.put(work.products.get(trade.product).at(entry))
