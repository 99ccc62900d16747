"""Deposits of bids that won: kept until the contract is concluded, and whose they are otherwise.

A winner stands by its bid until the supplier has concluded the contract.  What keeps it from that
by its own doing costs the deposit, which goes to the supplier; what others did costs it nothing:
not the supplier that does not conclude, nor the exchange that suspends or revokes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ledger.acts import format_time, opened_subject_of_basis, parse_time, trade_of_quote
from ledger.auctions import TO_CONCLUDE, in_default, shut_out
from ledger.entries import Entry
from ledger.merchants import identity_of
from ledger.registry import lineage_of
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
    contract, until the order lapses, or until the quote has ended.  What happens after the quote
    counts for nothing, so that it is all the same when somebody asks.
    """
    name = opened_subject_of_basis(bid.leaf.hex())
    quote = newest(view, f"quote/{name}", "price.quoted")
    if quote is None:
        own = own_lapse(view, bid, cleared)
        return Fate(FORFEITED, own) if own else Fate(RETURNED, "its use was not permitted")
    trade, until = f"trade/{trade_of_quote(name)}", quote.facts["until"]
    if newest(view, trade, "trade.contracted"):
        return Fate("", "the contract let its deposit go")
    if time <= until and not newest(view, trade, "trade.lapsed"):
        return Fate("", f"its quote runs until {until}")
    return _fate_at_end(view, bid, cleared, quote)


def _fate_at_end(view: View, bid: Entry, cleared: Entry, quote: Entry) -> Fate:
    """Return what becomes of the deposit of a winner without a contract, as of its quote's end."""
    until = quote.facts["until"]
    trade = f"trade/{trade_of_quote(quote.subject.partition('/')[2])}"
    order, lapse = newest(view, trade, "trade.ordered"), newest(view, trade, "trade.lapsed")
    lapsed_by = lapse.actor if lapse and lapse.time <= until else None
    if lapsed_by == bid.actor:
        return Fate(FORFEITED, "its buyer let the order lapse")
    excuse = _excuse(view, bid, cleared, until)
    if excuse:
        return Fate(RETURNED, excuse)
    own = _own_doing(view, bid, cleared, until)
    if order is None or own:
        return Fate(FORFEITED, own or "won and not ordered in time")
    if lapsed_by is None and order.time > last_order(view, bid, quote):
        return Fate(FORFEITED, "ordered too late for its supplier to conclude")
    return Fate(RETURNED, "ordered and paid for, and not concluded by the supplier")


def last_order(view: View, bid: Entry, quote: Entry) -> str:
    """Return until when a winner may order and leave its supplier the time to conclude.

    That is a day before nobody can conclude any more, or half of the time where that is shorter:
    the quote has ended then, the scenario, or the time of the buyer's verified identity.
    """
    approved = newest(view, f"scenario/{bid.facts['scenario']}", "scenario.approved")
    verified = newest(view, f"participant/{bid.actor}", "identity.verified")
    ends = [quote.facts["until"]]
    ends += [approved.facts["until"]] if approved else []
    ends += [f"{verified.facts['until']}T23:59:59Z"] if verified else []
    start, end = parse_time(quote.time, "quoted"), parse_time(min(ends), "until")
    return format_time(end - min(TO_CONCLUDE, (end - start) / 2))


def own_lapse(view: View, bid: Entry, cleared: Entry) -> str:
    """Say by what its buyer kept itself from a quote at the clearing; empty where it did not.

    That is an identity that was verified at the bid and whose time is over: its buyer knew the day
    and was to renew it.  A revoked scenario goes first, and so does another sheet, a rule pack or
    a document gone since the bid: that is what others did.
    """
    product, scenario = f"product/{bid.facts['product']}", f"scenario/{bid.facts['scenario']}"
    if newest(view, scenario, "scenario.revoked") or _between(
        view, product, "sheet.submitted", bid
    ):
        return ""
    if _rules_changed(view, bid, bid):
        return ""
    verified = identity_of(view, bid.actor, bid.time[:10])
    if verified and not identity_of(view, bid.actor, cleared.time[:10]):
        return f"the verification of its buyer ended on {verified.facts['until']}"
    return ""


def _excuse(view: View, bid: Entry, cleared: Entry, end: str) -> str:
    """Say what others did since the clearing that keeps a winner from a contract; empty if nothing.

    It counts whatever the winner did besides, but for an order that it let lapse itself.
    """
    product, scenario = f"product/{bid.facts['product']}", f"scenario/{bid.facts['scenario']}"
    if any(_between(view, product, "listing.delisted", cleared, end)) or any(
        not _disputed_by(view, bid.actor, gone) and not _back(view, gone, end)
        for gone in _between(view, product, "listing.suspended", cleared, end)
    ):
        return "the product left the board"
    if any(_between(view, scenario, "scenario.revoked", cleared, end)):
        return "its scenario was revoked"
    if shut_out(view, bid.actor, cleared.time, end):
        return "its buyer was suspended"
    return _rules_changed(view, bid, cleared, end)


def _own_doing(view: View, bid: Entry, cleared: Entry, end: str) -> str:
    """Say what a winner did itself since the clearing that keeps it from a contract."""
    product, scenario = f"product/{bid.facts['product']}", f"scenario/{bid.facts['scenario']}"
    withdrawn = newest(view, scenario, "scenario.withdrawn")
    if withdrawn and withdrawn.time <= end:
        return "its scenario was withdrawn"
    suspended = _between(view, product, "listing.suspended", cleared, end)
    if any(_disputed_by(view, bid.actor, gone) for gone in suspended):
        return "its buyer disputed the product"
    suspended = _between(view, f"participant/{bid.actor}", "participant.suspended", cleared, end)
    if any(in_default(view, each) for each in suspended):
        return "its buyer was suspended in default"
    return ""


def _rules_changed(view: View, bid: Entry, start: Entry, end: str = "") -> str:
    """Say that the rules changed, or what they rest on: a document that was there at the start.

    Not one that the bidder has attached or taken back itself.
    """
    if any(_between(view, f"exchange/{bid.log}", "pack.adopted", start, end)):
        return "another rule pack was adopted"
    for kind in ("document.withdrawn", "document.rejected"):
        for gone in _between(view, f"product/{bid.facts['product']}", kind, start, end):
            attached = view.by_leaf(gone.facts["attachment"])
            if attached is None or attached.time > start.time:
                continue
            if bid.actor not in {gone.actor, attached.actor}:
                return "a document of the product was taken away"
    return ""


# Disputes.


def _disputes_behind(view: View, suspended: Entry) -> Iterator[Entry]:
    """Yield the disputes that took a product off the board, over it or what it comes from.

    A dispute suspends what is listed at once, so it is one since the product was last listed.
    """
    listings = view.of_kind(suspended.subject, "listing.published")
    listed = next((each for each in listings if each.version < suspended.version), None)
    for subject in lineage_of(view, suspended.subject):
        for dispute in view.of_kind(subject, "dispute.opened"):
            if subject == suspended.subject:
                since = listed is None or listed.version < dispute.version < suspended.version
            else:
                since = listed is None or listed.time <= dispute.time <= suspended.time
            if since:
                yield dispute


def _disputed_by(view: View, bidder: str, suspended: Entry) -> bool:
    """Whether a product left the board by its bidder's dispute, and nobody found for the bidder."""
    return any(
        dispute.actor == bidder and _outcome(view, dispute) not in {"cancelled", "transferred"}
        for dispute in _disputes_behind(view, suspended)
    )


def _back(view: View, suspended: Entry, end: str) -> bool:
    """Whether a dispute that came to nothing left the winner a day to order, as it was quoted."""
    disputes = [*_disputes_behind(view, suspended)]
    if not disputes or any(_outcome(view, each) not in {"dismissed", ""} for each in disputes):
        return False
    latest = format_time(parse_time(end, "until") - TO_CONCLUDE)
    sheets = _between(view, suspended.subject, "sheet.submitted", suspended)
    listings = view.of_kind(suspended.subject, "listing.published")
    back = any(each.version > suspended.version and each.time <= latest for each in listings)
    return back and not any(sheets)


def _outcome(view: View, dispute: Entry) -> str:
    """Return how a dispute was decided; empty where it was not, or was withdrawn."""
    for decided in view.of_kind(dispute.subject, "dispute.decided"):
        if decided.facts["dispute"] == dispute.leaf.hex():
            outcome: str = decided.facts["outcome"]
            return outcome
    return ""


def _between(view: View, subject: str, kind: str, start: Entry, end: str = "") -> list[Entry]:
    """Return the entries of a kind since one entry, until a time if there is one."""
    found = view.of_kind(subject, kind)
    return [each for each in found if each.time >= start.time and (not end or each.time <= end)]


# Rules.


def deposit_due(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a deposit that is set aside still, and that it is due so: whole, to the supplier.

    One that is forfeited was of a bid not opened or withdrawn, or of a winner that kept itself
    from the contract; one that is returned was of a winner that others kept from it.
    """
    cleared = newest(view, entry.subject, "auction.cleared")
    bid, leaf = view.by_leaf(entry.facts["bid"]), entry.facts["bid"]
    if cleared is None or bid is None or (bid.kind, bid.subject) != ("bid.placed", entry.subject):
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
        yield from _to_supplier(entry, bid, view)


def _to_supplier(entry: Entry, bid: Entry, view: View) -> Iterator[Broken]:
    """Require the deposit for who opened the auction, also where the product has passed on."""
    opened = newest(view, entry.subject, "auction.opened")
    told = [(line["account"], line["amount"]) for line in entry.facts["lines"]]
    if opened and told != [(f"participant/{opened.actor}", bid.facts["deposit"])]:
        yield Broken("money", "a forfeited deposit goes to the supplier, whole")
