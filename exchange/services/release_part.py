"""Parts of an escrow: paid out one by one, each for what one entry of the chain has earned.

Whatever earns money by and by uses this: deliveries in parts, periods of a subscription, metered
use.  A basis earns one part, so that releasing it again moves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from exchange.clearing import FEES, Line, account_subject, available, release
from exchange.clearing.fees import lines_of_exchange
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import record_for_house
from exchange.services.execute_trade import terms_of
from exchange.services.publish_fees import schedule_of
from exchange.services.share_proceeds import share
from exchange.services.submit_sheet import sheet_of
from exchange.specsheet import SpecSheet
from exchange.trading import Terms, Trade
from ledger.canonical import encode
from ledger.entries import Entry
from pricing.money import Money

SUPPLIER_ALONE: Final = encode({"rule": "the supplier alone"})  # where nothing was divided


@dataclass(frozen=True, slots=True)
class Division:
    """Who is paid what out of one amount, and the canonical record of how that came about."""

    lines: tuple[Line, ...]
    allocation: bytes

    @property
    def subjects(self) -> list[str]:
        """The accounts that are paid, as subjects of the chain."""
        mine = available("")
        paid = [line.account for line in self.lines if line.account.startswith(mine)]
        return [account_subject(account.removeprefix(mine)) for account in paid]


def divide(
    trade: Trade,
    amount: Money,
    *,
    work: UnitOfWork,
    floor: Floor,
    beside: Sequence[Division] = (),
    alone: bool = False,
) -> Division:
    """Divide an amount of a trade as its contract says: the fee, the supplier, contributors.

    Bounds of a fee hold for a price once, so `beside` are the parts of it that are paid out with
    this one, before it; `alone` is an amount that is a price by itself, as a further period's is.
    `work` is a unit that only reads, since it may read the whole file; terms and bytes are frozen.
    Raises `BadField` where the sheet's sharing cannot be carried out.
    """
    terms = terms_of(trade.terms, work)
    product = work.products.get(trade.product)
    sheet = sheet_of(replace(product, sheet=terms.sheet), work)  # the sheet of the contract
    lines, proceeds = charge(trade, terms, amount, work, beside=beside, alone=alone)
    return divided(lines, proceeds, terms, sheet, product.file, floor=floor)


def divided(
    lines: Sequence[Line],
    proceeds: Money,
    terms: Terms,
    sheet: SpecSheet,
    file: str,
    *,
    floor: Floor,
) -> Division:
    """Divide what the exchange's lines leave as the sheet of a contract says; `file` is a name.

    Raises `BadField` where the sheet's sharing cannot be carried out.
    """
    if sheet.sharing is None:
        own = Line(available(terms.supplier), proceeds, "proceeds of the supplier")
        return Division((*lines, own), SUPPLIER_ALONE)
    allocation, made = share(
        proceeds,
        sheet.sharing,
        floor.vault.check(terms.data),
        file,
        documents={"sheet": terms.sheet, "data": terms.data},
        floor=floor,
    )
    what = f"share of the proceeds: {allocation.basis}"
    shares = [Line(available(part.owner), part.part, what) for part in allocation.shares]
    return Division((*lines, *shares), encode(made.to_record()))


def charge(
    trade: Trade,
    terms: Terms,
    amount: Money,
    work: UnitOfWork,
    *,
    beside: Sequence[Division] = (),
    alone: bool = False,
) -> tuple[list[Line], Money]:
    """Return the exchange's lines out of an amount of a trade, and what is left for others.

    See `divide` for the others.
    """
    if not terms.fees:
        return lines_of_exchange(amount, mode=terms.mode, fee_ppm=terms.fee_ppm)
    schedule = schedule_of(terms.fees, work)
    if alone:
        return lines_of_exchange(amount, mode=terms.mode, fee_ppm=terms.fee_ppm, schedule=schedule)
    lines = [line for entry in parts_of(trade, work) for line in entry.facts["lines"]]
    taken = sum(line["amount"]["minor"] for line in lines if line["account"] == FEES)
    with_it = [line for division in beside for line in division.lines]
    before = trade.released + sum(line.amount.minor for line in with_it)
    taken += sum(line.amount.minor for line in with_it if line.account == FEES)
    return lines_of_exchange(
        amount,
        mode=terms.mode,
        fee_ppm=terms.fee_ppm,
        schedule=schedule,
        before=Money(before, amount.currency),
        taken=Money(taken, amount.currency),
    )


def release_part(
    trade: Trade,
    amount: Money,
    basis: Entry,
    division: Division,
    *,
    work: UnitOfWork,
    floor: Floor,
    part: int | None = None,
) -> Trade:
    """Pay a part of a trade's escrow out for what `basis` has earned; return the trade.

    `division` is that of `amount`, see `divide`; `part` is the next number unless it is given.
    The part that empties the escrow executes the trade.  A basis that was paid for changes
    nothing.  Raises `Refused` for an amount not above zero or of more than is held, and where
    the basis earns nothing in this trade.
    """
    paid = parts_of(trade, work)
    if any(entry.facts["basis"] == basis.leaf.hex() for entry in paid):
        return trade
    moved = trade.paid_out(amount)
    numbers = [entry.facts["part"] for entry in paid]
    facts = {
        "part": part if part is not None else max(numbers, default=0) + 1,
        "amount": amount.to_record(),
        "lines": [line.to_record() for line in division.lines],
        "allocation": work.records.put(division.allocation, public=True),
        "basis": basis.leaf.hex(),
    }
    work.chain.store.reserve(*division.subjects)
    subject = f"trade/{trade.id}"
    entry = record_for_house("settlement.part", subject, facts, work=work, floor=floor)
    work.accounts.post(release(trade.id, entry, division.lines))
    released = moved.at(entry)
    work.trades.put(released)
    return released


def parts_of(trade: Trade, work: UnitOfWork) -> Sequence[Entry]:
    """Return the parts that were paid out of a trade's escrow, oldest first."""
    newest_first = work.chain.store.of_kind(f"trade/{trade.id}", "settlement.part")
    return list(newest_first)[::-1]
