"""The money of a contract after its conclusion: parts, refunds, awards and reversals.

Everything that leaves an escrow comes to what was put into it, and everything that goes back to a
buyer afterwards comes to no more than was paid out.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger import agreements
from ledger.agreements import held
from ledger.entries import Entry
from ledger.fees import most_kept
from ledger.view import Broken, View, newest

# What earns a part of a price.  An entry of another subject must name the trade in its facts.
EARNS: frozenset[str] = frozenset({"delivery.received", "delivery.deemed", "usage.billed"})


def part_of_escrow(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a part above zero, of what is held still, and a part number not used before."""
    if agreements.agreed(view, entry.subject) is None:
        return  # the kind's needs say so
    yield from _within_escrow(entry, view)
    for part in view.of_kind(entry.subject, "settlement.part"):
        if part.facts["part"] == entry.facts["part"]:
            yield Broken("part", f"part {entry.facts['part']} was paid at {part.named}")


def _within_escrow(entry: Entry, view: View) -> Iterator[Broken]:
    basis = agreements.agreed(view, entry.subject)
    if basis is None:
        return
    amount, unit = entry.facts["amount"], basis.facts["amount"]["currency"]
    if amount["currency"] != unit or not amount["minor"]:
        yield Broken("money", f"a part is above zero, in {unit}")
    left = held(view, entry.subject)
    if amount["minor"] > left:
        yield Broken("escrow", f"{left} are held for {entry.subject}, the part is of more")


def part_earned(entry: Entry, view: View) -> Iterator[Broken]:
    """Require as `basis` an entry of or about this trade that earns money, and earned none yet."""
    basis = view.by_leaf(entry.facts["basis"])
    if basis is None or basis.kind not in EARNS:
        kinds = " or ".join(sorted(EARNS))
        yield Broken("basis", f"a part is earned by an earlier {kinds}")
        return
    about = f"trade/{basis.facts.get('trade', '')}"
    if entry.subject not in {basis.subject, about}:
        yield Broken("basis", f"{basis.named} is not about {entry.subject}")
    for part in view.of_kind(entry.subject, "settlement.part"):
        if part.facts["basis"] == entry.facts["basis"]:
            yield Broken("basis", f"{basis.named} earned part {part.facts['part']} already")


def all_that_is_held(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that `amount` is all that the trade's escrow holds."""
    basis = agreements.agreed(view, entry.subject)
    left = held(view, entry.subject)
    if basis and (
        agreements.minor(entry) != left
        or entry.facts["amount"]["currency"] != basis.facts["amount"]["currency"]
    ):
        yield Broken("escrow", f"{left} are held for {entry.subject}, the entry moves another sum")


def to_the_buyer(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that `to` is the buyer."""
    buyer = agreements.buyer_of(view, entry.subject)
    if entry.facts["to"] != buyer:
        yield Broken("party", f"what is given back goes to the buyer, {buyer}")


def refund_within(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an amount above zero: out of the escrow while it holds, else out of what was paid."""
    trade = entry.subject
    if agreements.agreed(view, trade) is None:
        return  # the kind's needs say so
    if held(view, trade):
        yield from _within_escrow(entry, view)
        mine = {f"escrow/{trade.partition('/')[2]}": agreements.minor(entry)}
        if _taken(entry) != mine:
            yield Broken("money", "a refund comes out of the escrow while that holds anything")
        return
    yield from taken_back(entry, view)


def taken_back(entry: Entry, view: View) -> Iterator[Broken]:
    """Require no more than was paid out, fees returned in proportion and the supplier the rest."""
    trade, amount = entry.subject, agreements.minor(entry)
    left = sum(agreements.lines_paid(view, trade).values()) - agreements.given_back(view, trade)
    if not 0 < amount <= left:
        yield Broken("money", f"{left} of what was paid for {trade} can be given back")
        return
    if _taken(entry) != agreements.sources(view, trade, amount):
        yield Broken("money", "fees are returned in proportion, and the supplier gives the rest")


def _taken(entry: Entry) -> dict[str, int]:
    taken: dict[str, int] = {}
    for line in entry.facts["lines"]:
        taken[line["account"]] = taken.get(line["account"], 0) + line["amount"]["minor"]
    return taken


def awarded(entry: Entry, view: View) -> Iterator[Broken]:
    """Require no more than the award left to be reversed."""
    award = newest(view, entry.subject, "trade.arbitrated")
    if award is None:
        return  # the kind's needs say so
    done = sum(agreements.minor(each) for each in view.of_kind(entry.subject, "trade.reversed"))
    left = award.facts["reversal"]["minor"] - done
    if agreements.minor(entry) > left:
        yield Broken("money", f"{left} of the award are left to be reversed")


def award_within(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a `reversal` of no more than was paid out and not given back yet."""
    trade = entry.subject
    left = sum(agreements.lines_paid(view, trade).values()) - agreements.given_back(view, trade)
    reversal, unit = entry.facts["reversal"], entry.facts["amount"]["currency"]
    if reversal["minor"] > left or reversal["currency"] != unit:
        yield Broken("money", f"{left} of what was paid for {trade} can be reversed")


def award_lines(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the exchange takes no fee but of what does not go to the buyer."""
    buyer = f"participant/{agreements.buyer_of(view, entry.subject)}"
    shares = _taken(entry)
    sold = sum(minor for account, minor in shares.items() if account != buyer)
    most = most_kept(entry, sold, view)
    kept = sum(
        minor
        for account, minor in shares.items()
        if not newest(view, account, "participant.admitted")
    )
    if kept > most:
        yield Broken("money", f"{kept} go to nobody admitted, the fee on {sold} is {most}")


def overdue(entry: Entry, view: View) -> Iterator[Broken]:
    """Require what was due, not delivered in time; the money is that of the part, or all held.

    Without parts it is due until the use right ends.
    """
    trade = entry.subject
    if agreements.agreed(view, trade) is None:
        return  # the kind's needs say so
    due = agreements.parts(view, trade)
    if not due:
        yield from all_that_is_held(entry, view)
        if any(agreements.accepted(view, trade)):
            yield Broken("order", f"{trade} was delivered and accepted")
        when = agreements.use_until(view, trade)
    else:
        closed = agreements.parts_closed(view, trade)
        if entry.facts.get("part") != closed + 1 or closed >= len(due):
            yield Broken("part", f"part {closed + 1} of {len(due)} is the next of {trade}")
            return
        price, left = due[closed]["amount"], held(view, trade)
        if entry.facts["amount"] != {**price, "minor": min(price["minor"], left)}:
            yield Broken("money", f"part {closed + 1} costs another sum, or {left} are held")
        when = due[closed]["due"]
    if entry.time <= when:
        yield Broken("expiry", f"it is due until {when}")
    made = newest(view, trade, "delivery.made")
    if made and made.facts.get("part") == entry.facts.get("part"):
        yield Broken("order", f"it was delivered at {made.named}: answer that, or dispute it")
