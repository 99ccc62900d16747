"""What becomes of a contract's escrow, part by part: what was agreed, paid out, and is held still.

A trade is settled as a whole, or in parts: each part is earned by one entry, its basis, and all
of them together come to no more than the contract put into escrow.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.entries import Entry
from ledger.view import Broken, View, newest

# What earns a part of a price.  An entry of another subject must name the trade in its facts.
EARNS: frozenset[str] = frozenset({"delivery.received", "usage.billed"})


def held(view: View, trade: str) -> int:
    """Return what a trade's escrow holds, in minor units of its price; zero without a contract."""
    contract = newest(view, trade, "trade.contracted")
    if contract is None or newest(view, trade, "settlement.executed"):
        return 0
    if newest(view, trade, "trade.cancelled") or newest(view, trade, "usage.closed"):
        return 0
    paid = sum(part.facts["amount"]["minor"] for part in view.of_kind(trade, "settlement.part"))
    left: int = contract.facts["amount"]["minor"] - paid
    return left


def part_of_escrow(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a part above zero, of what is held still, and a part number not used before."""
    contract = newest(view, entry.subject, "trade.contracted")
    if contract is None:
        return  # the kind's needs say so
    amount, agreed = entry.facts["amount"], contract.facts["amount"]
    if amount["currency"] != agreed["currency"] or not amount["minor"]:
        yield Broken("money", f"a part is above zero, in {agreed['currency']}")
    left = held(view, entry.subject)
    if amount["minor"] > left:
        yield Broken("escrow", f"{left} are held for {entry.subject}, the part is of more")
    for part in view.of_kind(entry.subject, "settlement.part"):
        if part.facts["part"] == entry.facts["part"]:
            yield Broken("part", f"part {entry.facts['part']} was paid at {part.named}")


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
