"""Revenue sharing: one amount divided among the owners of what was sold, to the last unit.

Every allocator takes the same `SharingCase` and uses the part of it that it needs.  One that
lacks its input refuses: dividing equally for want of anything better would be a decision about
other people's money that nobody took.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final, Protocol

from pricing.domain import require_count, require_text
from pricing.errors import BadInput, BadShares
from pricing.money import Money, total
from pricing.wire import from_wire, to_wire

PLAYERS_MAX: Final = 20  # 2^20 coalitions: seconds, and the most that a record can hold

Value = Callable[[frozenset[str]], Fraction | int]


@dataclass(frozen=True, slots=True)
class Owner:
    """Someone with a part in the product; what is None is not known."""

    id: str
    weight: int | None = None
    rows: int | None = None

    def __post_init__(self) -> None:
        require_text("owners.id", self.id)
        for field in ("weight", "rows"):
            if getattr(self, field) is not None:
                require_count(f"owners: {field} of {self.id}", getattr(self, field))


@dataclass(frozen=True, slots=True)
class CoalitionTable:
    """What every coalition is worth, written out: bit i of an index stands for player i.

    A table can be called as the game itself; a record holds its values.
    """

    players: tuple[str, ...]
    values: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if len(self.values) != 2 ** len(self.players):
            raise BadInput(f"values: {len(self.values)} for {len(self.players)} players")

    @classmethod
    def of(cls, players: Sequence[str], value: Value) -> CoalitionTable:
        """Ask `value` once about every coalition."""
        values = tuple(worth(value, coalition) for coalition in coalitions(players))
        return cls(tuple(players), values)

    def __call__(self, coalition: frozenset[str]) -> Fraction:
        """Return what the coalition is worth; someone who is no player is a `BadInput`."""
        strangers = coalition - set(self.players)
        if strangers:
            raise BadInput(f"coalition: {min(strangers)} is not a player")
        return self.values[sum(1 << i for i, name in enumerate(self.players) if name in coalition)]


@dataclass(frozen=True, slots=True)
class SharingCase:
    """An amount, those who may have a part in it, and what is known of their contributions.

    `value` says what each coalition of owners is worth, exactly: a `Fraction` or an `int`.  A
    negative amount, such as a refund, is divided as the positive one is.
    """

    amount: Money
    owners: tuple[Owner, ...]
    value: Value | None = None

    def __post_init__(self) -> None:
        if not self.owners:
            raise BadInput("owners: there is nobody to divide the amount among")
        if len(set(self.names)) < len(self.owners):
            raise BadInput("owners: an owner is named twice")

    @property
    def names(self) -> tuple[str, ...]:
        """The owners' identifiers, in the order in which odd units are given out."""
        return tuple(owner.id for owner in self.owners)

    def split(self, weights: Sequence[int], *, basis: str) -> Allocation:
        """Divide by whole-number weights, one for each owner in their order."""
        parts = self.amount.split(weights)
        exact = (Fraction(weight, sum(weights)) for weight in weights)
        shares = tuple(Share(*one) for one in zip(self.names, parts, exact, strict=True))
        return Allocation(self.amount, shares, basis)

    def to_record(self) -> dict[str, Any]:
        """Return the wire form; the game stands in it as `values`, by index of its table."""
        record = {"amount": to_wire(self.amount), "owners": to_wire(self.owners)}
        if self.value is not None:
            table = CoalitionTable.of(self.names, self.value)
            record["values"] = to_wire(table.values)
        return record

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> SharingCase:
        """Read the wire form, or raise `BadInput` naming the field."""
        unknown = record.keys() - {"amount", "owners", "values"}
        if unknown:
            raise BadInput(f"{min(unknown)}: a sharing case has no such field")
        bare = cls(
            from_wire(Money, record.get("amount"), "amount"),
            from_wire(tuple[Owner, ...], record.get("owners"), "owners"),
        )
        if "values" not in record:
            return bare
        values = from_wire(tuple[Fraction, ...], record["values"], "values")
        return replace(bare, value=CoalitionTable(bare.names, values))


@dataclass(frozen=True, slots=True)
class Share:
    """One owner's part; `share` is its exact part of the whole, before any unit is rounded."""

    owner: str
    part: Money
    share: Fraction


@dataclass(frozen=True, slots=True)
class Allocation:
    """An amount divided; the parts sum to it, or there is no allocation."""

    amount: Money
    shares: tuple[Share, ...]
    basis: str

    def __post_init__(self) -> None:
        require_text("basis", self.basis)
        parts = total((share.part for share in self.shares), self.amount.currency)
        if parts != self.amount:
            raise BadShares(f"the parts sum to {parts}, not to {self.amount}")
        if sum(share.share for share in self.shares) != 1:
            raise BadShares("the shares do not sum to one")

    def part_of(self, owner: str) -> Money:
        """Return what the owner gets, or raise `BadInput` for someone who is no owner."""
        for share in self.shares:
            if share.owner == owner:
                return share.part
        raise BadInput(f"owners: {owner} has no part in this allocation")


class Allocator(Protocol):
    """A plug-in of `pricing.allocators`: a frozen dataclass of its parameters."""

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount, or raise `BadInput` or `BadShares` naming what is missing."""
        ...


def coalitions(players: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield every coalition in the order of a table, or refuse more than `PLAYERS_MAX`."""
    if len(players) > PLAYERS_MAX:
        raise BadInput(f"players: {len(players)} are more than the {PLAYERS_MAX} taken")
    for mask in range(2 ** len(players)):
        yield frozenset(player for i, player in enumerate(players) if mask >> i & 1)


def worth(value: Value, coalition: frozenset[str]) -> Fraction:
    """Ask what a coalition is worth; anything but a `Fraction` or an `int` is a `BadInput`."""
    answer: object = value(coalition)
    if isinstance(answer, bool) or not isinstance(answer, int | Fraction):
        raise BadInput(f"value: {answer!r} for {sorted(coalition)} is no Fraction and no int")
    return Fraction(answer)
