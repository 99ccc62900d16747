"""Revenue sharing: one amount divided among the owners of what was sold, to the last unit.

Every allocator takes the same `SharingCase` and uses the part of it that it needs.  One that
lacks its input refuses: dividing equally for want of anything better would be a decision about
other people's money that nobody took.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final, Protocol

from pricing.domain import require_count, require_text
from pricing.errors import BadInput, BadShares
from pricing.games import Utility
from pricing.money import Money, total
from pricing.proportions import levelled, weights_of
from pricing.registry import registered, registration
from pricing.wire import from_wire, to_wire

TABLE_MAX: Final = 20  # 2^20 coalitions: seconds, and the most that a record can hold

Value = Callable[[frozenset[str]], Fraction | int]


@dataclass(frozen=True, slots=True)
class Owner:
    """Someone with a part in the product; what is None is not known.

    `content` is the digest of what they contributed: two owners of one digest have copies.
    """

    id: str
    weight: int | None = None
    rows: int | None = None
    content: str | None = None

    def __post_init__(self) -> None:
        require_text("owners.id", self.id)
        if self.content is not None:
            require_text(f"owners: content of {self.id}", self.content)
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
class AskedGame:
    """A callable over the owners' names as a game over masks; exact, or `BadInput`."""

    names: tuple[str, ...]
    ask: Value

    @property
    def players(self) -> int:
        """The owners."""
        return len(self.names)

    def value(self, mask: int) -> Fraction:
        """Ask what the coalition is worth."""
        who = frozenset(name for i, name in enumerate(self.names) if mask >> i & 1)
        return worth(self.ask, who)


@dataclass(frozen=True, slots=True)
class SharingCase:
    """An amount, those who may have a part in it, and what is known of their contributions.

    What coalitions of owners are worth is said in one of two ways, or not at all.  `value` is
    any callable and exact, a `Fraction` or an `int`; a record holds all its values.  `game` is
    a plug-in of `pricing.utilities`, whose worths may be floats and whose player i is owner i;
    a record holds its name and parameters.  A negative amount, such as a refund, is divided as
    the positive one is.
    """

    amount: Money
    owners: tuple[Owner, ...]
    value: Value | None = None
    game: Utility | None = None

    def __post_init__(self) -> None:
        if not self.owners:
            raise BadInput("owners: there is nobody to divide the amount among")
        if len(set(self.names)) < len(self.owners):
            raise BadInput("owners: an owner is named twice")
        if self.game is None:
            return
        if self.value is not None:
            raise BadInput("game: the owners play one game, and `value` is another")
        if self.game.players != len(self.owners):
            raise BadInput(f"game: {self.game.players} players for {len(self.owners)} owners")

    @property
    def names(self) -> tuple[str, ...]:
        """The owners' identifiers, in the order in which odd units are given out."""
        return tuple(owner.id for owner in self.owners)

    def require_game(self, whose: str) -> Utility:
        """Return the game in whichever form it is held, or raise `BadInput` without one.

        `whose` need it is completes the sentence: "the Shapley value".
        """
        if self.game is not None:
            return self.game
        if self.value is not None:
            return AskedGame(self.names, self.value)
        raise BadInput(f"value: {whose} needs to know what coalitions are worth")

    def split(
        self, weights: Sequence[int], *, basis: str, errors: Sequence[float] | None = None
    ) -> Allocation:
        """Divide by whole-number weights, one for each owner in their order.

        `errors` are the standard errors of the shares, where they were sampled.
        """
        parts = self.amount.split(weights)
        exact = (Fraction(weight, sum(weights)) for weight in weights)
        told = errors if errors is not None else (None,) * len(self.owners)
        shares = tuple(Share(*one) for one in zip(self.names, parts, exact, told, strict=True))
        return Allocation(self.amount, shares, basis)

    def split_by_values(
        self,
        values: Sequence[Fraction | float],
        *,
        what: str,
        basis: str,
        errors: Sequence[float] | None = None,
    ) -> Allocation:
        """Divide in proportion to the owners' values: exactly for fractions, else to 10^-15.

        Floats that differ by rounding alone are the same value (`pricing.proportions`).  Raises
        `BadShares` where the values divide nothing: an owner whose value, `what` it is called,
        lies below zero cannot be given a share, nor can anyone if nobody's is above it.
        `errors` are the standard errors of the values.
        """
        even = levelled(values)
        for name, value in zip(self.names, even, strict=True):
            if value < 0:
                raise BadShares(f"the {what} of {name} is {value}, below zero")
        if not any(even):
            raise BadShares("no owner adds anything to any coalition")
        if errors is not None:
            whole = float(sum(even))
            errors = [error / whole for error in errors]
        return self.split(weights_of(even), basis=basis, errors=errors)

    def to_record(self) -> dict[str, Any]:
        """Return the wire form: a game as plug-in and parameters, or its `values` by mask.

        Raises `UnknownPlugin` for a game that is not registered: nobody could play it again.
        """
        record = {"amount": to_wire(self.amount), "owners": to_wire(self.owners)}
        if self.game is not None:
            name = registration("utilities", type(self.game)).name
            record["game"] = {"plugin": name, "parameters": to_wire(self.game)}
        if self.value is not None:
            table = CoalitionTable.of(self.names, self.value)
            record["values"] = to_wire(table.values)
        return record

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> SharingCase:
        """Read the wire form, or raise `BadInput` naming the field."""
        unknown = record.keys() - {"amount", "owners", "values", "game"}
        if unknown:
            raise BadInput(f"{min(unknown)}: a sharing case has no such field")
        case = cls(
            from_wire(Money, record.get("amount"), "amount"),
            from_wire(tuple[Owner, ...], record.get("owners"), "owners"),
        )
        if "values" in record:
            values = from_wire(tuple[Fraction, ...], record["values"], "values")
            case = replace(case, value=CoalitionTable(case.names, values))
        if "game" in record:
            case = replace(case, game=_game(record["game"]))
        return case


@dataclass(frozen=True, slots=True)
class Share:
    """One owner's part; `share` is its exact part of the whole, before any unit is rounded.

    A share that was sampled has a `standard_error`, in parts of the whole as the share is.
    """

    owner: str
    part: Money
    share: Fraction
    standard_error: float | None = None

    def __post_init__(self) -> None:
        error = self.standard_error
        if error is not None and not (math.isfinite(error) and error >= 0):
            raise BadInput(f"standard_error: {error!r} of {self.owner} is no finite error")


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
    """Yield every coalition in the order of a table, or refuse more than `TABLE_MAX`."""
    if len(players) > TABLE_MAX:
        raise BadInput(
            f"players: {len(players)} are more than the {TABLE_MAX} of a table; a registered"
            " utility takes more, and sampling any number"
        )
    for mask in range(2 ** len(players)):
        yield frozenset(player for i, player in enumerate(players) if mask >> i & 1)


def worth(value: Callable[[frozenset[str]], object], coalition: frozenset[str]) -> Fraction:
    """Ask what a coalition is worth; anything but a `Fraction` or an `int` is a `BadInput`."""
    answer = value(coalition)
    if isinstance(answer, bool) or not isinstance(answer, int | Fraction):
        raise BadInput(f"value: {answer!r} for {sorted(coalition)} is no Fraction and no int")
    return Fraction(answer)


def _game(record: object) -> Utility:
    if not isinstance(record, Mapping) or record.keys() != {"plugin", "parameters"}:
        raise BadInput("game: not a plug-in with its parameters")
    if not isinstance(record["plugin"], str):
        raise BadInput(f"game.plugin: {record['plugin']!r} is no name")
    source = registered("utilities", record["plugin"])
    game: Utility = from_wire(source.plugin, record["parameters"], "game.parameters")
    return game
