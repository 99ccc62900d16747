"""What a contract has become: what was agreed last, what is held, paid, disputed, and until when.

Everything is read from the entries of the trade, by the exchange and by an auditor alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ledger.acts import format_time, parse_time
from ledger.entries import Entry
from ledger.grades import CORE
from ledger.modes import BY_USE, mode_of
from ledger.registry import lineage_of
from ledger.subscriptions import quote_of, served_until
from ledger.view import View, newest

_CLOSES = ("settlement.executed", "trade.cancelled", "trade.arbitrated", "usage.closed")
_PAYS = ("settlement.executed", "settlement.part", "trade.arbitrated")
_GIVES_BACK = ("refund.made", "trade.reversed")


def agreed(view: View, trade: str) -> Entry | None:
    """Return the entry that says what is agreed: the contract, or the amendment accepted last."""
    return newest(view, trade, "amendment.accepted") or newest(view, trade, "trade.contracted")


def buyer_of(view: View, trade: str) -> str | None:
    """Return who ordered."""
    order = newest(view, trade, "trade.ordered")
    return order.actor if order else None


def seller_of(view: View, trade: str) -> str | None:
    """Return who contracted as the supplier."""
    contract = newest(view, trade, "trade.contracted")
    return contract.actor if contract else None


# Money.


def held(view: View, trade: str) -> int:
    """Return what a trade's escrow holds, in minor units of its price; zero without a contract."""
    basis = agreed(view, trade)
    if basis is None or any(newest(view, trade, kind) for kind in _CLOSES):
        return 0
    if ended_at_once(view, trade):
        return 0
    return _undrawn(view, trade, basis)


def _undrawn(view: View, trade: str, basis: Entry) -> int:
    """Return what parts, refunds and claims have left of a price."""
    left = minor(basis)
    left -= sum(minor(part) for part in view.of_kind(trade, "settlement.part"))
    left -= sum(minor(refund) for refund in view.of_kind(trade, "refund.claimed"))
    refunds = view.of_kind(trade, "refund.made")
    return left - sum(minor(refund) for refund in refunds if from_escrow(refund))


def minor(entry: Entry) -> int:
    """Return the amount of an entry in minor units."""
    amount: int = entry.facts["amount"]["minor"]
    return amount


def from_escrow(entry: Entry) -> bool:
    """Whether a refund comes out of the trade's escrow, and not out of what was paid."""
    name = entry.subject.partition("/")[2]
    return any(line["account"] == f"escrow/{name}" for line in entry.facts["lines"])


def lines_paid(view: View, trade: str) -> dict[str, int]:
    """Return what each account but the buyer's was paid out of the escrow, in minor units."""
    back = f"participant/{buyer_of(view, trade)}"
    paid: dict[str, int] = {}
    for kind in _PAYS:
        for entry in view.of_kind(trade, kind):
            for line in entry.facts["lines"]:
                if line["account"] != back:
                    account = line["account"]
                    paid[account] = paid.get(account, 0) + line["amount"]["minor"]
    return paid


def given_back(view: View, trade: str) -> int:
    """Return what the buyer got back after it was paid out, in minor units."""
    entries = (entry for kind in _GIVES_BACK for entry in view.of_kind(trade, kind))
    return sum(minor(entry) for entry in entries if not from_escrow(entry))


def sources(view: View, trade: str, amount: int) -> dict[str, int]:
    """Return who gives how much of an amount that goes back to the buyer after it was paid out.

    The exchange returns its fees in proportion, rounded half to even over everything given back
    so far, so that nothing of a fee is left once everything is; the supplier gives the rest.
    Contributors keep what they were paid: the supplier answers for what it sold.
    """
    paid = lines_paid(view, trade)
    total, before = sum(paid.values()), given_back(view, trade)
    taken = {
        account: _share(fee, before + amount, total) - _share(fee, before, total)
        for account, fee in sorted(paid.items())
        if not account.startswith("participant/")
    }
    taken[f"participant/{seller_of(view, trade)}"] = amount - sum(taken.values())
    return {account: given for account, given in taken.items() if given}


def _share(fee: int, part: int, whole: int) -> int:
    return round(Fraction(fee * part, whole)) if whole else 0


def periods_held(view: View, trade: str) -> list[int]:
    """Return the numbers of a subscription's further periods whose fees are held, in order."""
    subject = f"subscription/{trade.partition('/')[2]}"
    paid = {
        entry.facts["period"]
        for kind in ("subscription.settled", "subscription.refunded")
        for entry in view.of_kind(subject, kind)
    }
    charged = (entry.facts["period"] for entry in view.of_kind(subject, "subscription.renewed"))
    return sorted(number for number in charged if number not in paid)


# Time.


def use_until(view: View, trade: str) -> str:
    """Return when the use right ends; empty without one.

    That is as agreed or renewed last, or as ended: by a party, with a period's fee given back, by
    the operator's cancelling, or by an award that leaves nothing that would pay for more.
    """
    until, cut = _said_until(view, trade), cut_short(view, trade)
    return min(until, cut.time) if cut else until


def cut_short(view: View, trade: str) -> Entry | None:
    """Return what has ended the use right for want of its price; None while it may run.

    The operator has cancelled the contract, refunds have emptied its escrow before anything was
    paid, or an award has divided what bills were to be taken from or given the whole price back.
    A refund empties it only while no further period's fee is held, and none is charged afterwards;
    beside and after an award a period is a use of its own.
    """
    cancelled = newest(view, trade, "trade.cancelled") or emptied(view, trade)
    if cancelled or not newest(view, trade, "trade.arbitrated"):
        return cancelled
    award = award_of_budget(view, trade)
    if award or not undone(view, trade):
        return award
    return newest(view, trade, "trade.arbitrated")


def emptied(view: View, trade: str) -> Entry | None:
    """Return the refund with which all of a price went back out of escrow, nothing being paid."""
    found = [newest(view, trade, kind) for kind in ("refund.made", "refund.claimed")]
    last = max((each for each in found if each), key=lambda each: each.version, default=None)
    basis = agreed(view, trade)
    if last is None or basis is None or any(newest(view, trade, kind) for kind in _PAYS):
        return None
    return None if _undrawn(view, trade, basis) else last


def award_of_budget(view: View, trade: str) -> Entry | None:
    """Return the award that divided the escrow of a trade that is billed by use."""
    award = newest(view, trade, "trade.arbitrated")
    quote = quote_of(view, trade) if award and minor(award) else None
    return award if quote and mode_of(quote) in BY_USE else None


def _said_until(view: View, trade: str) -> str:
    basis, ended = agreed(view, trade), newest(view, trade, "trade.ended")
    if ended:
        return str(ended.facts["at"])
    stopped = newest(view, f"usage/{trade.partition('/')[2]}", "usage.ended")
    if stopped:
        return str(stopped.facts["until"])
    further = renewed(view, trade)
    if further:
        return served_until(view, further)
    return str(basis.facts["until"]) if basis else ""


def ended_at_once(view: View, trade: str) -> bool:
    """Whether a party has ended it without notice."""
    return any(entry.facts["cause"] != "notice" for entry in view.of_kind(trade, "trade.ended"))


def renewed(view: View, trade: str) -> Entry | None:
    """Return what charged the last further period of a subscription; None without one."""
    return newest(view, f"subscription/{trade.partition('/')[2]}", "subscription.renewed")


def undone(view: View, trade: str) -> bool:
    """Whether an award gives the buyer the whole price back, be it paid already or not.

    A further period that was charged is a use of its own, which goes on.
    """
    basis, award = agreed(view, trade), newest(view, trade, "trade.arbitrated")
    if basis is None or award is None or not minor(basis) or renewed(view, trade):
        return False
    done = sum(minor(entry) for entry in view.of_kind(trade, "trade.reversed"))
    owed: int = award.facts["reversal"]["minor"] - done
    return sum(lines_paid(view, trade).values()) <= given_back(view, trade) + owed


def over_at_once(view: View, trade: str) -> bool:
    """Whether the use right is over before its time: cancelled, ended at once, or undone."""
    cancelled = newest(view, trade, "trade.cancelled") is not None
    return cancelled or ended_at_once(view, trade) or undone(view, trade)


def answer_until(view: View, trade: str) -> str | None:
    """Return the last second in which the buyer may answer a delivery; None without a window.

    A dispute that was withdrawn lets the window begin again, and so does a delivery that was
    withheld and comes back within reach, unless it was fetched or accepted before it did.
    """
    basis, made = agreed(view, trade), newest(view, trade, "delivery.made")
    seconds = basis.facts.get("acceptance_seconds", 0) if basis else 0
    if made is None or not seconds:
        return None
    start = made.time
    withdrawn = newest(view, trade, "trade.undisputed")
    if withdrawn and withdrawn.version > made.version:
        start = withdrawn.time
    start = max(start, _within_reach_again(view, trade, made))
    return format_time(parse_time(start, "time") + dt.timedelta(seconds=seconds))


def fetched(view: View, trade: str, made: Entry) -> Iterator[Entry]:
    """Yield the accesses that handed out the very file of a delivery."""
    for access in view.of_kind(f"access/{trade.partition('/')[2]}", "access.granted"):
        if access.facts["sealed"] == made.facts["sealed"]:
            yield access


def _within_reach_again(view: View, trade: str, made: Entry) -> str:
    """Return when a delivery last came back that its buyer had not seen by then; empty if never."""
    back = [time for time in _returns(view, trade) if time > made.time]
    if not back:
        return ""
    answers = (entry for entry in accepted(view, trade) if entry.version > made.version)
    seen = min((e.time for e in (*fetched(view, trade, made), *answers)), default=max(back))
    return max((time for time in back if time <= seen), default="")


def _returns(view: View, trade: str) -> Iterator[str]:
    """Yield when what a trade sells was listed, a dispute over its line ended, or it left core.

    Each undoes what `access.granted` is withheld for.
    """
    ordered = newest(view, trade, "trade.ordered")
    if ordered is None:
        return
    subject = f"product/{ordered.facts['product']}"
    yield from (entry.time for entry in view.of_kind(subject, "listing.published"))
    for each in lineage_of(view, subject):
        for kind in ("dispute.decided", "dispute.withdrawn"):
            yield from (entry.time for entry in view.of_kind(each, kind))
    for later, earlier in pairwise(view.of_kind(subject, "grade.set")):  # newest first
        if earlier.facts["grade"] == CORE != later.facts["grade"]:
            yield later.time


# Parts of a delivery.


def parts(view: View, trade: str) -> list[Mapping[str, Any]]:
    """Return the parts that were agreed on, each with its amount, data and due time."""
    basis = agreed(view, trade)
    return list(basis.facts.get("parts", ())) if basis else []


def parts_closed(view: View, trade: str) -> int:
    """Count the parts that were received, deemed received, or given up for their money."""
    kinds = ("delivery.received", "delivery.deemed", "refund.claimed")
    return sum(1 for kind in kinds for entry in view.of_kind(trade, kind) if "part" in entry.facts)


def accepted(view: View, trade: str) -> Iterator[Entry]:
    """Yield the answers that accept a delivery, by receipt or by silence."""
    for kind in ("delivery.received", "delivery.deemed"):
        yield from view.of_kind(trade, kind)


# Disputes and amendments.


def dispute_open(view: View, trade: str) -> Entry | None:
    """Return the dispute over a trade that is open."""
    return _open(view, trade, "trade.disputed", ("trade.undisputed", "trade.arbitrated"))


def proposal_open(view: View, trade: str) -> Entry | None:
    """Return the amendment that was proposed and is neither accepted nor declined."""
    ends = ("amendment.accepted", "amendment.declined")
    return _open(view, trade, "amendment.proposed", ends)


def _open(view: View, trade: str, kind: str, ends: tuple[str, ...]) -> Entry | None:
    opened = newest(view, trade, kind)
    if opened is None:
        return None
    for each in ends:
        closed = newest(view, trade, each)
        if closed and closed.version > opened.version:
            return None
    return opened
