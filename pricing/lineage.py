"""Lineage: the proceeds of a derived product flow up to the products it was made from.

What a product receives is divided into what it keeps, for the value added by its own owners, and
what it passes on to each parent, by declared weights or by the Shapley value of what the parts
are worth together.  A product receives all its children's parts before it divides, so that one
reached by two ways (a diamond) is rounded once.  Every division is to the last minor unit: what
goes into a product comes out of it, and all owners together get the amount.  Nobody gets
anything but the owners of the product sold and of its ancestors.

A part that went through many products may differ from its exact share by one unit for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from pricing.domain import require_count, require_text
from pricing.errors import BadInput, BadShares
from pricing.money import Money, total
from pricing.proportions import weights_of
from pricing.sharing import Allocation, CoalitionTable, Owner, Share, SharingCase
from pricing.sharing.shapley import shapley_values

DEPTH_MAX: Final = 32  # products on one way up: longer chains have shares too long for a record


@dataclass(frozen=True, slots=True)
class Parent:
    """A product that another was made from, and what is agreed to be passed on to it."""

    number: str
    weight: int | None = None

    def __post_init__(self) -> None:
        require_text("parents.number", self.number)
        if self.weight is not None:
            require_count(f"parents: weight of {self.number}", self.weight)


@dataclass(frozen=True, slots=True)
class Product:
    """A product, the owners of its added value, and its parents.

    `keeps` is the weight of the added value beside the parents' weights.  Where `worths` are
    given, they decide instead: what the product would be worth from each choice of its own work
    (bit 0) and its parents (bits 1, 2, …), 2^(parents + 1) values by mask, whose Shapley values
    are the weights.  Owners divide what is kept by their weights.
    """

    number: str
    owners: tuple[Owner, ...] = ()
    keeps: int = 1
    parents: tuple[Parent, ...] = ()
    worths: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        require_text("products.number", self.number)
        require_count(f"products: keeps of {self.number}", self.keeps)
        for what, ids in (
            ("an owner", [owner.id for owner in self.owners]),
            ("a parent", [parent.number for parent in self.parents]),
        ):
            if len(set(ids)) < len(ids):
                raise BadInput(f"products: {what} of {self.number} is named twice")
        if self.worths and len(self.worths) != 2 ** (len(self.parents) + 1):
            raise BadInput(
                f"worths: {len(self.worths)} of {self.number}, which has"
                f" {len(self.parents)} parents and its own work"
            )

    def weights(self) -> tuple[int, ...]:
        """Return the weight of what is kept, then of each parent's part.

        Raises `BadInput` for a parent without a weight, and `BadShares` for a part that takes
        worth away, since nobody can be given less than nothing.
        """
        names = ("", *(parent.number for parent in self.parents))
        if self.worths:
            values = shapley_values(names, CoalitionTable(names, self.worths))
            for name, value in zip(names, values, strict=True):
                if value < 0:
                    part = name or "its own work"
                    raise BadShares(f"the Shapley value of {part} in {self.number} is below zero")
            return weights_of(values)
        found = [self.keeps]
        for parent in self.parents:
            if parent.weight is None:
                raise BadInput(f"parents: the weight of {parent.number} in {self.number}")
            found.append(parent.weight)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Passed:
    """A part handed on to a parent, or to an owner."""

    to: str
    part: Money


@dataclass(frozen=True, slots=True)
class Stage:
    """One product's division: received is what its owners keep and what goes to its parents."""

    product: str
    received: Money
    owners: tuple[Passed, ...]
    parents: tuple[Passed, ...]

    def __post_init__(self) -> None:
        given = (passed.part for passed in (*self.owners, *self.parents))
        if total(given, self.received.currency) != self.received:
            raise BadShares(f"{self.product} gives out other than the {self.received} received")


@dataclass(frozen=True, slots=True)
class Descent:
    """Where an amount went, product by product from the one sold upwards, and to whom."""

    stages: tuple[Stage, ...]
    allocation: Allocation


def distribute(amount: Money, number: str, products: Iterable[Product]) -> Descent:
    """Let the proceeds of product `number` flow up to all its ancestors' owners.

    Products that are no ancestors get nothing and need not be complete.  Raises `BadInput` for
    a cycle, naming it, a parent that is not among the products, more than `DEPTH_MAX` products
    on one way up, or a weight that is missing; `BadShares` where weights divide nothing.
    """
    known = _by_number(products)
    order = _order(number, known)
    received = dict.fromkeys(order, Money(0, amount.currency))
    exact = dict.fromkeys(order, Fraction(0))
    received[number], exact[number] = amount, Fraction(1)
    parts: dict[str, Money] = {}
    shares: dict[str, Fraction] = {}
    stages = []
    for at in order:
        product = known[at]
        weights = product.weights()
        kept, *passed = _split(received[at], weights, at)
        whole = sum(weights)
        for parent, part, weight in zip(product.parents, passed, weights[1:], strict=True):
            received[parent.number] += part
            exact[parent.number] += exact[at] * Fraction(weight, whole)
        by_owner = _owned(product, kept, weights[0])
        own = exact[at] * Fraction(weights[0], whole)
        for owner, part, share in by_owner:
            parts[owner] = parts.get(owner, Money(0, amount.currency)) + part
            shares[owner] = shares.get(owner, Fraction(0)) + own * share
        stages.append(
            Stage(
                at,
                received[at],
                tuple(Passed(owner, part) for owner, part, _ in by_owner),
                tuple(
                    Passed(parent.number, part)
                    for parent, part in zip(product.parents, passed, strict=True)
                ),
            )
        )
    given = tuple(Share(owner, part, shares[owner]) for owner, part in parts.items())
    return Descent(tuple(stages), Allocation(amount, given, f"lineage of {number}"))


@dataclass(frozen=True, slots=True)
class ByLineage:
    """Divides among all owners of product `sold` and its ancestors.

    The case names exactly these owners.  One whose weight in a product is left open there has
    the weight that the case gives.
    """

    sold: str
    products: tuple[Product, ...]

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount, or raise `BadInput` or `BadShares` as `distribute` does.

        An owner of the case who is in no product, or the other way round, is a `BadInput`:
        money would go astray.
        """
        weights = {owner.id: owner.weight for owner in case.owners}
        products = tuple(
            replace(each, owners=tuple(_weighted(owner, weights) for owner in each.owners))
            for each in self.products
        )
        found = distribute(case.amount, self.sold, products).allocation
        given = {share.owner: share for share in found.shares}
        for name in case.names:
            if name not in given and not _named(name, self.products):
                raise BadInput(f"owners: {name} owns none of the products")
        strangers = given.keys() - set(case.names)
        if strangers:
            raise BadInput(f"owners: {min(strangers)} owns a product and is not in the case")
        nothing = Money(0, case.amount.currency)
        shares = tuple(given.get(name, Share(name, nothing, Fraction(0))) for name in case.names)
        return replace(found, shares=shares)


def _by_number(products: Iterable[Product]) -> Mapping[str, Product]:
    known: dict[str, Product] = {}
    for product in products:
        if known.setdefault(product.number, product) is not product:
            raise BadInput(f"products: {product.number} is there twice")
    return known


def _order(number: str, known: Mapping[str, Product]) -> list[str]:
    """Return the product and its ancestors, every product before its parents."""
    finished: dict[str, int] = {}  # how many products are on the longest way up from it
    way: list[str] = []
    visits = [(number, iter(_parents(number, known)))]
    way.append(number)
    while visits:
        at, parents = visits[-1]
        parent = next((one for one in parents if one not in finished), None)
        if parent is None:
            visits.pop()
            way.pop()
            above = (finished[one] for one in _parents(at, known))
            finished[at] = 1 + max(above, default=0)
        elif parent in way:
            cycle = " from ".join([*way[way.index(parent) :], parent])
            raise BadInput(f"parents: {cycle}: made from itself")
        else:
            if len(way) >= DEPTH_MAX:
                break
            visits.append((parent, iter(_parents(parent, known))))
            way.append(parent)
    if visits or finished[number] > DEPTH_MAX:
        raise BadInput(f"parents: more than {DEPTH_MAX} products on one way up from {number}")
    return [*reversed(finished)]


def _parents(number: str, known: Mapping[str, Product]) -> Sequence[str]:
    if number not in known:
        raise BadInput(f"parents: {number} is not among the products")
    return [parent.number for parent in known[number].parents]


def _split(amount: Money, weights: Sequence[int], number: str) -> tuple[Money, ...]:
    try:
        return amount.split(weights)
    except BadShares as error:
        raise BadShares(f"{number}: {error}") from error


def _owned(product: Product, kept: Money, weight: int) -> list[tuple[str, Money, Fraction]]:
    """Divide what a product keeps among its owners."""
    if not weight:
        return []
    if not product.owners:
        raise BadInput(f"owners: {product.number} keeps a part and nobody owns it")
    weights = []
    for owner in product.owners:
        if owner.weight is None:
            raise BadInput(f"weight: that of {owner.id} in {product.number} is not known")
        weights.append(owner.weight)
    parts = _split(kept, weights, f"owners of {product.number}")
    ids = (owner.id for owner in product.owners)
    return [
        (owner, part, Fraction(held, sum(weights)))
        for owner, part, held in zip(ids, parts, weights, strict=True)
    ]


def _weighted(owner: Owner, weights: dict[str, int | None]) -> Owner:
    return owner if owner.weight is not None else replace(owner, weight=weights.get(owner.id))


def _named(name: str, products: tuple[Product, ...]) -> bool:
    return any(owner.id == name for product in products for owner in product.owners)
