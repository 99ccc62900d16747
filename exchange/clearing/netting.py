"""Multilateral netting (多边净额清算): many obligations become one position a party and currency.

Obligations that come as rows are netted one by one in plain integers; those that come as arrays of
party numbers in numpy, to the same nets.  No amount is ever a float, and none can overflow: an
amount or a net beyond what an entry holds is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exchange.errors import BadField
from ledger.waterfall import net_positions
from pricing.money import MINOR_MAX, Currency, Money

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Row = tuple[
    str, str, str, int
]  # payer, payee, currency and minor units, as `ledger.waterfall.Owed`
BULK: Final = 20_000  # rows; below it, importing numpy costs more than it saves
_TOO_MUCH: Final = "the net of a party is more than an entry can hold"
_HALF: Final = 27  # bits: 2^36 halves of an amount below 2^53 sum up within 64 bits


@dataclass(frozen=True, slots=True)
class Position:
    """The net of one party in one currency: above zero it receives, below zero it pays."""

    party: str
    net: Money


def positions(obligations: Iterable[Row]) -> list[Position]:
    """Return one position a party and currency, sorted by these, zeros included.

    From `BULK` rows on they are netted as columns.  Raises `BadField` for an amount that is not
    above zero, or beyond what an entry holds, for a party that owes itself, and for a net beyond
    that bound.
    """
    rows = list(obligations)
    nets = _in_columns(rows) if len(rows) >= BULK else _one_by_one(rows)
    return [Position(party, Money(net, Currency(of))) for (party, of), net in nets]


def _one_by_one(rows: Sequence[Row]) -> Iterable[tuple[tuple[str, str], int]]:
    for payer, payee, _, minor in rows:
        if not 0 < minor <= MINOR_MAX:
            raise BadField("minor", f"{minor} is not from 1 to {MINOR_MAX}")
        if payer == payee:
            raise BadField("payee", f"{payee} owes itself")
    nets = net_positions(rows)
    if any(abs(net) > MINOR_MAX for net in nets.values()):
        raise BadField("minor", _TOO_MUCH)
    return nets.items()


def _in_columns(rows: Sequence[Row]) -> Iterable[tuple[tuple[str, str], int]]:
    import numpy as np  # noqa: PLC0415 - only who nets in bulk needs it

    nets = []
    for currency in {row[2] for row in rows}:
        owed = [row for row in rows if row[2] == currency]
        # Not zip(*owed): with a million arguments it takes longer than all of this.
        payers, payees = [row[0] for row in owed], [row[1] for row in owed]
        names = list({*payers, *payees})
        number = dict(zip(names, range(len(names)), strict=True))
        found = net_columns(
            np.array([number[name] for name in payers]),
            np.array([number[name] for name in payees]),
            np.array([row[3] for row in owed]),
            parties=len(names),
        ).tolist()
        nets += [((name, currency), net) for name, net in zip(names, found, strict=True)]
    return sorted(nets)


def net_columns(
    payers: NDArray[np.integer],
    payees: NDArray[np.integer],
    minors: NDArray[np.integer],
    *,
    parties: int,
) -> NDArray[np.int64]:
    """Return the net of each party in one currency, of obligations that come as columns.

    Payers and payees are numbers from zero to below `parties`; the nets stand under these.  Raises
    `BadField` as `positions` does, and for columns of unequal length or of no whole numbers.
    """
    import numpy as np  # noqa: PLC0415 - only who nets in bulk needs it

    columns = {"payer": payers, "payee": payees, "minor": minors}
    for name, column in columns.items():
        if column.ndim != 1 or column.dtype.kind not in "iu" or len(column) != len(payers):
            raise BadField(name, "a column of whole numbers, as long as the others")
        least, most = (1, MINOR_MAX) if name == "minor" else (0, parties - 1)
        if len(column) and not (least <= int(column.min()) and int(column.max()) <= most):
            raise BadField(name, f"from {least} to {most}")
    if bool((payers == payees).any()):
        raise BadField("payee", "a party owes itself")
    high = np.zeros(parties, dtype=np.int64)
    low = np.zeros(parties, dtype=np.int64)
    amounts = minors.astype(np.int64, copy=False)
    for sums, halves in ((high, amounts >> _HALF), (low, amounts & ((1 << _HALF) - 1))):
        np.add.at(sums, payees, halves)
        np.subtract.at(sums, payers, halves)
    high += low >> _HALF  # from here on the high half is the net divided by 2^27, rounded down
    low &= (1 << _HALF) - 1
    beyond = 1 << (53 - _HALF)
    if bool(((high >= beyond) | (high < -beyond) | ((high == -beyond) & (low == 0))).any()):
        raise BadField("minor", _TOO_MUCH)
    return (high << _HALF) + low
