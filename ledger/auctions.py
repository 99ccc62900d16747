"""Auctions: bids in time, commitments opened right, winners and payments within the bids.

What a mechanism decides is computed again from its pricing record, which needs the library that
has it.  Here stands what holds whatever the mechanism is: which bids stood, that nobody won who
did not bid, and that no winner pays more than its bid and nobody else pays.  What becomes of each
deposit afterwards is in `ledger.deposits`.  Times count to their last second.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from ledger.acts import format_time, parse_time
from ledger.commitments import commitment
from ledger.entries import Entry
from ledger.errors import BadProof, NotCanonical
from ledger.note import from_base64
from ledger.registry import supplier_of
from ledger.view import Broken, View, newest, operator_of, roles_of

TO_CONCLUDE: Final = dt.timedelta(days=1)  # what a winner's order leaves its supplier
BIDS_MAX = 100  # in one auction: what every built-in mechanism clears in a moment


def bid_value(auction: str, bidder: str, amount: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return what a bid commits to; auction and bidder are in it, so that nobody copies a bid."""
    return {"auction": auction, "bidder": bidder, "amount": amount}


def outlasting(open_until: str) -> str:
    """Return until when the scenario of a bid lasts at least: a day more than the openings."""
    return format_time(parse_time(open_until, "open_until") + TO_CONCLUDE)


def opens(made: str, field: str, value: Any, salt: str) -> bool:  # noqa: ANN401 - JSON
    """Whether a value and a salt, in base 64, open a commitment."""
    try:
        return commitment(field, value, from_base64(salt)) == made
    except (BadProof, NotCanonical, ValueError):
        return False


def bids_of(view: View, auction: str) -> list[Entry]:
    """Return the bids of an auction in the order in which they were placed."""
    return list(view.of_kind(auction, "bid.placed"))[::-1]


def openings_of(view: View, auction: str) -> dict[str, Entry]:
    """Return the openings of an auction's bids, by the leaf hashes of the bids."""
    return {entry.facts["bid"]: entry for entry in view.of_kind(auction, "bid.opened")}


def runs_out(view: View, bid: Entry) -> bool:
    """Whether the buyer withdrew the scenario of its bid."""
    return newest(view, f"scenario/{bid.facts['scenario']}", "scenario.withdrawn") is not None


def in_default(view: View, suspended: Entry) -> bool:
    """Whether a participant was suspended for its own default, declared since it was admitted."""
    admissions = view.of_kind(suspended.subject, "participant.admitted")
    admitted = next((each for each in admissions if each.version < suspended.version), None)
    account = suspended.subject.replace("participant/", "account/", 1)
    return any(
        admitted is not None and admitted.time <= declared.time <= suspended.time
        for declared in view.of_kind(account, "default.declared")
    )


def shut_out(view: View, bidder: str, start: str, end: str) -> bool:
    """Whether others kept a bidder suspended at any time after `start` and until `end`."""
    subject, readmitted = f"participant/{bidder}", None
    acts = [*view.of_kind(subject, "participant.suspended")]
    acts += view.of_kind(subject, "participant.admitted")
    for act in sorted(acts, key=lambda each: each.version, reverse=True):
        if act.kind == "participant.admitted":
            readmitted = act
        elif (
            act.time <= end
            and (readmitted is None or readmitted.time > start)
            and not in_default(view, act)
        ):
            return True
    return False


def standing_bids(view: View, auction: str, at: str, log: str) -> list[Entry]:
    """Return the bids that the mechanism is asked about: opened, by a buyer that still may.

    The scenario runs and its buyer is admitted.
    """
    openings = openings_of(view, auction)
    found = []
    for bid in bids_of(view, auction):
        approved = newest(view, f"scenario/{bid.facts['scenario']}", "scenario.approved")
        runs = approved is not None and at <= approved.facts["until"] and not runs_out(view, bid)
        if bid.leaf.hex() in openings and runs and "buyer" in roles_of(view, bid.actor, log):
            found.append(bid)
    return found


def forfeited_bids(view: View, auction: str) -> list[Entry]:
    """Return the bids whose deposit is forfeited at the clearing.

    They were not opened, or the buyer withdrew their scenario afterwards.  A buyer that others
    suspended while bids were opened could not open its bid, and loses nothing by that.
    """
    openings, opened = openings_of(view, auction), newest(view, auction, "auction.opened")

    def left_sealed(bid: Entry) -> bool:
        if opened is None or bid.leaf.hex() in openings:
            return False
        start, end = opened.facts["bids_until"], opened.facts["open_until"]
        admitted = newest(view, f"participant/{bid.actor}", "participant.admitted")
        buys = admitted is not None and "buyer" in admitted.facts["roles"]
        return buys and not shut_out(view, bid.actor, start, end)

    return [bid for bid in bids_of(view, auction) if left_sealed(bid) or runs_out(view, bid)]


# Rules.


def auction_opened(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require at least one licence, one alone if exclusive, a deposit, and times in their order."""
    facts = entry.facts
    if facts["supply"] < 1 or (facts["exclusive"] and facts["supply"] != 1):
        yield Broken("auction", "an auction is of one licence or more, of one if exclusive")
    if facts["deposit"]["minor"] <= 0 or facts["deposit"]["currency"] != facts["currency"]:
        yield Broken("money", f"a deposit is above zero, in {facts['currency']}")
    if not entry.time < facts["bids_until"] < facts["open_until"]:
        yield Broken("expiry", "bids are taken until a time to come, and opened until a later one")


def bid_in_time(entry: Entry, view: View) -> Iterator[Broken]:
    """Require one bid of a bidder before the bids close, and a scenario that outlasts the opening.

    It does by a day, for a contract.  At most 100 bids are taken.
    """
    opened = _opened(entry, view)
    if opened is None:
        return  # the kind's needs say so
    if entry.time > opened.facts["bids_until"]:
        yield Broken("expiry", f"bids were taken until {opened.facts['bids_until']}")
    placed = bids_of(view, entry.subject)
    if any(bid.actor == entry.actor for bid in placed):
        yield Broken("once", f"{entry.actor} has placed its bid")
    if len(placed) >= BIDS_MAX:
        yield Broken("auction", f"{BIDS_MAX} bids were taken")
    approved = newest(view, f"scenario/{entry.facts['scenario']}", "scenario.approved")
    if approved and approved.facts["until"] < outlasting(opened.facts["open_until"]):
        yield Broken("expiry", f"the scenario ends at {approved.facts['until']}, too early")


def bid_opened(entry: Entry, view: View) -> Iterator[Broken]:
    """Require amount and salt of the commitment, above zero, once, while bids are opened."""
    opened, facts = _opened(entry, view), entry.facts
    bid = view.by_leaf(facts["bid"])
    if opened is None or bid is None or bid.kind != "bid.placed":
        return  # the kind's needs say so
    yield from _while_opening(entry, opened)
    if facts["bid"] in openings_of(view, entry.subject):
        yield Broken("once", "the bid was opened before")
    if facts["amount"]["minor"] <= 0 or facts["amount"]["currency"] != opened.facts["currency"]:
        yield Broken("money", f"a bid is above zero, in {opened.facts['currency']}")
    value = bid_value(entry.subject.partition("/")[2], entry.actor, facts["amount"])
    if not opens(bid.facts["sealed"], "bid", value, facts["salt"]):
        yield Broken("commitment", "amount and salt are not what the bid committed to")


def reserve_opened(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the reserve that the auction committed to, in its currency, while bids are opened."""
    opened = _opened(entry, view)
    if opened is None:
        return  # the kind's needs say so
    yield from _while_opening(entry, opened)
    if entry.facts["amount"]["currency"] != opened.facts["currency"]:
        yield Broken("money", f"the auction is in {opened.facts['currency']}")
    yield from _committed(entry, opened, "reserve", "amount")


def seed_opened(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the seed that the auction committed to, while bids are opened."""
    opened = _opened(entry, view)
    if opened is None:
        return  # the kind's needs say so
    yield from _while_opening(entry, opened)
    yield from _committed(entry, opened, "seed", "seed")


def auction_cleared(entry: Entry, view: View) -> Iterator[Broken]:
    """Require every bid that stands as `bids`, in order, after the openings closed.

    The product is still of who opened the auction.  Winners are among them and no more than
    licences; a committed seed was opened; `forfeited` are the bids that were not opened, by who
    could, or whose scenario was withdrawn.
    """
    opened, facts = _opened(entry, view), entry.facts
    if opened is None:
        return  # the kind's needs say so
    if supplier_of(view, f"product/{opened.facts['product']}") != opened.actor:
        yield Broken("party", f"the product passed to another than {opened.actor}")
    if entry.time <= opened.facts["open_until"]:
        yield Broken("expiry", f"bids are opened until {opened.facts['open_until']}")
    if "seed" in opened.facts and not newest(view, entry.subject, "auction.seed_opened"):
        yield Broken("auction", "the seed was not opened: nothing can be drawn")
    standing = standing_bids(view, entry.subject, entry.time, entry.log)
    if facts["bids"] != [bid.leaf.hex() for bid in standing]:
        yield Broken("auction", "the bids cleared are not those that stand, in their order")
    if facts["forfeited"] != [bid.leaf.hex() for bid in forfeited_bids(view, entry.subject)]:
        yield Broken("auction", "what is forfeited is not what was left unopened or withdrawn")
    winners = facts["winners"]
    if len(set(winners)) != len(winners) or not set(winners) <= set(facts["bids"]):
        yield Broken("auction", "a winner did not bid, or wins twice")
    if len(winners) > opened.facts["supply"]:
        yield Broken("auction", f"{len(winners)} win {opened.facts['supply']} licences")


def payments_within_bids(entry: Entry, view: View) -> Iterator[Broken]:
    """Require one line a winner, in their order, at most its bid and at least an opened reserve."""
    opened, lines = _opened(entry, view), entry.facts.get("payments", [])
    if opened is None:
        return  # the kind's needs say so
    winners = [view.by_leaf(leaf) for leaf in entry.facts["winners"]]
    accounts = [f"participant/{bid.actor}" for bid in winners if bid]
    if [line["account"] for line in lines] != accounts:
        yield Broken("money", "the payments are not those of the winners")
        return
    openings = openings_of(view, entry.subject)
    reserve = newest(view, entry.subject, "auction.reserve_opened")
    least = reserve.facts["amount"]["minor"] if reserve else 0
    for bid, line in zip(winners, lines, strict=True):
        shown = openings.get(bid.leaf.hex()) if bid else None
        paid = line["amount"]
        if shown is None or paid["currency"] != opened.facts["currency"]:
            yield Broken("money", f"{line['account']} pays in another currency than it bid")
        elif not least <= paid["minor"] <= shown.facts["amount"]["minor"]:
            yield Broken("money", f"{line['account']} pays more than its bid, or below the reserve")


def auction_cancellable(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the operator, or the supplier who opened it while bids are still taken."""
    opened = _opened(entry, view)
    if opened is None or entry.actor == operator_of(view, entry.log):
        return
    if entry.actor != opened.actor:
        yield Broken("party", f"{entry.subject} is not an auction of {entry.actor}")
    if entry.time > opened.facts["bids_until"]:
        yield Broken("auction", "the bids are closed: the operator alone cancels")


def price_of_auction(entry: Entry, view: View) -> Iterator[Broken]:
    """Require of an auction's price the clearing and a bid that won as `basis`, and its payment."""
    if entry.facts.get("mode") != "auction":
        return
    basis = [view.by_leaf(leaf) for leaf in entry.facts.get("basis", [])]
    kinds = [found.kind if found else "" for found in basis]
    if kinds != ["auction.cleared", "bid.placed"]:
        yield Broken("mode", "an auction's price rests on its clearing and a bid")
        return
    cleared, bid = basis
    if cleared is None or bid is None or cleared.subject != bid.subject:
        yield Broken("mode", "the bid is of another auction")
        return
    opened = newest(view, cleared.subject, "auction.opened")
    account = f"participant/{bid.actor}"
    paid = [
        line["amount"] for line in cleared.facts.get("payments", []) if line["account"] == account
    ]
    facts = entry.facts
    told = (facts["product"], facts["scenario"], facts["buyer"], facts.get("exclusive", False))
    due = (
        bid.facts["product"],
        bid.facts["scenario"],
        bid.actor,
        bool(opened and opened.facts["exclusive"]),
    )
    won = bid.leaf.hex() in cleared.facts["winners"]
    if not won or paid != [facts["amount"]] or told != due:
        yield Broken("mode", f"the quote is not what {cleared.subject} came to")
    if facts["pricing"] != cleared.facts["pricing"]:
        yield Broken("mode", "the quote names another record than the clearing")


def _while_opening(entry: Entry, opened: Entry) -> Iterator[Broken]:
    start, end = opened.facts["bids_until"], opened.facts["open_until"]
    if not start < entry.time <= end:
        yield Broken("expiry", f"it is opened after {start}, until {end}")


def _committed(entry: Entry, opened: Entry, field: str, fact: str) -> Iterator[Broken]:
    made = opened.facts.get(field, "")
    if not opens(made, field, entry.facts[fact], entry.facts["salt"]):
        yield Broken("commitment", f"{fact} and salt are not the {field} that was committed to")


def _opened(entry: Entry, view: View) -> Entry | None:
    return newest(view, entry.subject, "auction.opened")
