"""Deposits of bids that won: kept until the contract is concluded, and whose they are otherwise.

A winner stands by its bid until the supplier has concluded the contract.  What keeps it from that
by its own doing costs the deposit, which goes to the supplier; what others did costs it nothing:
not the supplier that does not conclude, nor the exchange that suspends or revokes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ledger.acts import opened_subject_of_basis, trade_of_quote
from ledger.auctions import runs_out
from ledger.entries import Entry
from ledger.merchants import identity_of
from ledger.registry import supplier_of
from ledger.view import Broken, View, newest

FORFEITED: Final = "bid.forfeited"
RETURNED: Final = "bid.returned"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a winner's deposit is due for: an entry of `kind`, none while it is kept; and why."""

    kind: str
    why: str


def fate_of(view: View, bid: Entry, cleared: Entry, time: str) -> Fate:
    """Return what becomes, at a time, of the deposit of a bid that won.

    Without a quote its use was not permitted at the clearing, and with one it is kept until a
    contract, until the order lapses, or until the quote has ended.
    """
    name = opened_subject_of_basis(bid.leaf.hex())
    quote = newest(view, f"quote/{name}", "price.quoted")
    if quote is None:
        own = own_lapse(view, bid, cleared)
        return Fate(FORFEITED, own) if own else Fate(RETURNED, "its use was not permitted")
    trade = f"trade/{trade_of_quote(name)}"
    if newest(view, trade, "trade.contracted"):
        return Fate("", "the contract let its deposit go")
    if time <= quote.facts["until"] and not newest(view, trade, "trade.lapsed"):
        return Fate("", f"its quote runs until {quote.facts['until']}")
    excuse = _excuse(view, bid, cleared)
    return Fate(RETURNED, excuse) if excuse else _fate_of_order(view, bid, trade)


def _fate_of_order(view: View, bid: Entry, trade: str) -> Fate:
    lapse = newest(view, trade, "trade.lapsed")
    if newest(view, trade, "trade.ordered") is None:
        return Fate(FORFEITED, "won and not ordered in time")
    if lapse and lapse.actor == bid.actor:
        return Fate(FORFEITED, "its buyer let the order lapse")
    if runs_out(view, bid):
        return Fate(FORFEITED, "its scenario was withdrawn")
    return Fate(RETURNED, "ordered and paid for, and not concluded by the supplier")


def own_lapse(view: View, bid: Entry, cleared: Entry) -> str:
    """Say by what its buyer kept itself from a quote at the clearing; empty where it did not.

    That is an identity that was verified at the bid and whose time is over: its buyer knew the day
    and was to renew it.  Another sheet or rule pack since the bid is what others did.
    """
    product, exchange = f"product/{bid.facts['product']}", f"exchange/{bid.log}"
    if _since(view, product, "sheet.submitted", bid) or _since(view, exchange, "pack.adopted", bid):
        return ""
    verified = identity_of(view, bid.actor, bid.time[:10])
    if verified and not identity_of(view, bid.actor, cleared.time[:10]):
        return f"the verification of its buyer ended on {verified.facts['until']}"
    return ""


def _excuse(view: View, bid: Entry, cleared: Entry) -> str:
    """Say what others did since the clearing that keeps a winner from a contract; empty if nothing.

    It counts whatever the winner did besides.
    """
    product, scenario = f"product/{bid.facts['product']}", f"scenario/{bid.facts['scenario']}"
    done = (
        (product, "listing.suspended", "the product left the board"),
        (product, "listing.delisted", "the product left the board"),
        (scenario, "scenario.revoked", "its scenario was revoked"),
        (f"participant/{bid.actor}", "participant.suspended", "its buyer was suspended"),
    )
    for subject, kind, words in done:
        if _since(view, subject, kind, cleared):
            return words
    return ""


def _since(view: View, subject: str, kind: str, start: Entry) -> bool:
    found = newest(view, subject, kind)
    return found is not None and found.time >= start.time


# Rules.


def deposit_due(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a deposit that is set aside still, and that it is due so: whole, to the supplier.

    One that is forfeited was of a bid not opened or withdrawn, or of a winner that kept itself
    from the contract; one that is returned was of a winner that others kept from it.
    """
    cleared = newest(view, entry.subject, "auction.cleared")
    bid, leaf = view.by_leaf(entry.facts["bid"]), entry.facts["bid"]
    if cleared is None or bid is None or bid.subject != entry.subject:
        return  # the kind's needs say so
    for kind in (FORFEITED, RETURNED):
        if any(other.facts["bid"] == leaf for other in view.of_kind(entry.subject, kind)):
            yield Broken("once", f"the deposit was dealt with by {kind}")
    if leaf in cleared.facts["winners"]:
        fate = fate_of(view, bid, cleared, entry.time)
        if fate.kind != entry.kind:
            yield Broken("auction", f"the deposit is not due so: {fate.why}")
    elif entry.kind == RETURNED:
        yield Broken("auction", "the clearing has dealt with this deposit")
    elif leaf not in cleared.facts["forfeited"]:
        yield Broken("auction", "the bid was opened, and lost: the clearing let its deposit go")
    if entry.kind == FORFEITED:
        supplier = supplier_of(view, f"product/{bid.facts['product']}")
        told = [(line["account"], line["amount"]) for line in entry.facts["lines"]]
        if told != [(f"participant/{supplier}", bid.facts["deposit"])]:
            yield Broken("money", "a forfeited deposit goes to the supplier, whole")
