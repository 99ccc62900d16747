"""Rights (数据产权): granted to others, taken back, and who holds which; and what came of what.

The chain keeps them and nothing else does.  Here a refusal gets its code, and a claim whose notice
has run is confirmed when its supplier grants from it; what a grant may say, the ledger's rules
decide (docs/decisions/0014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from exchange.errors import Forbidden, NotFound
from exchange.openings import Opening, require_document
from exchange.participants import Participant
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.acting import (
    admit_act,
    fact,
    opened,
    record,
    subject_id,
    texts,
    unchanged,
)
from exchange.services.register_product import confirm_registration
from exchange.specsheet import Right
from ledger.acts import SignedAct, format_time
from ledger.entries import Entry
from ledger.lineage import Kin, ancestors, descendants
from ledger.registry import lineage_of, versions_of
from ledger.rights import Holding, rights_of


@dataclass(frozen=True, slots=True)
class GrantTerms:
    """What is granted to whom; `under` is the leaf hash of the grant that it is under, if any."""

    right: Right
    to: str
    purposes: Sequence[str]
    regions: Sequence[str]
    start: str
    until: str
    exclusive: bool = False
    transferable: bool = False
    under: str | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of the act, without the commitment to the agreement."""
        return {
            "right": str(self.right),
            "to": self.to,
            "purposes": list(self.purposes),
            "regions": list(self.regions),
            "from": self.start,
            "until": self.until,
            "exclusive": self.exclusive,
            "transferable": self.transferable,
            "under": [self.under] if self.under else [],
        }


def grant_right(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Product:
    """Grant a right in a product, as its supplier or under a transferable grant to the actor.

    The head of the product returned is the leaf hash of the grant.  `openings` hold the agreement
    behind it: a document, empty where none is written.  Raises `Forbidden` for anybody else,
    `NotFound` for a grant `under` that is not of this product, `NoticeRunning` before the claim
    can be confirmed, and `Refused` where the ledger's rules on grants say no.
    """
    require_document(opened(signed, "right.granted", openings), "agreement")
    with floor.write() as work:
        actor = admit_act(signed, "right.granted", work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        _require_source(texts(signed, "under"), product, actor, work)
        if actor.id == product.supplier:
            product = confirm_registration(product, work=work, floor=floor)
        return _recorded(signed, openings, product, work=work, floor=floor)


def revoke_right(signed: SignedAct, *, floor: Floor) -> Product:
    """Take a grant back, and with it every grant under it, by who granted it or took it over.

    What was listed by that right leaves the board.
    """
    with floor.write() as work:
        actor = admit_act(signed, "right.revoked", work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        grant = grant_of(product, fact(signed, "grant"), work)
        may = grant.actor if grant.facts["under"] else product.supplier
        if may != actor.id:
            raise Forbidden(f"{grant.named} was not granted by {actor.handle}")
        return _recorded(signed, (), product, work=work, floor=floor)


def _require_source(
    under: Sequence[str], product: Product, actor: Participant, work: UnitOfWork
) -> None:
    if not under and actor.id != product.supplier:
        raise Forbidden(
            f"{product.number} is not a product of {actor.handle}: who grants a right on names "
            "the grant that it is under"
        )
    for leaf in under:
        above = grant_of(product, leaf, work)
        if above.facts["to"] != actor.id:
            raise Forbidden(f"{above.named} grants nothing to {actor.handle}")


def _recorded(
    signed: SignedAct,
    openings: Sequence[Opening],
    product: Product,
    *,
    work: UnitOfWork,
    floor: Floor,
) -> Product:
    moved = product.at(record(signed, openings, work=work, floor=floor))
    work.products.put(moved)
    return moved


def grant_of(product: Product, leaf: str, work: UnitOfWork) -> Entry:
    """Return a grant of a right in a product by its leaf hash, or raise `NotFound`."""
    found = work.chain.store.by_leaf(leaf)
    subject = f"product/{product.number}"
    if found is None or found.kind != "right.granted" or found.subject != subject:
        raise NotFound(f"{product.number} has no grant {leaf[:64]}")
    return found


# Looking.


@dataclass(frozen=True, slots=True)
class Standing:
    """Who holds which right in a product at a time, and the products it comes from or became."""

    product: str
    at: str
    rights: Sequence[Holding]
    ancestors: Sequence[Kin]
    descendants: Sequence[Kin]

    def to_record(self) -> dict[str, Any]:
        """Return it as a JSON object: ids, terms, and the leaf hashes of entries."""
        return {
            "product": self.product,
            "at": self.at,
            "rights": [_right_record(held) for held in self.rights],
            "ancestors": [_kin_record(kin) for kin in self.ancestors],
            "descendants": [_kin_record(kin) for kin in self.descendants],
        }


def standing_of(number: str, work: UnitOfWork, floor: Floor) -> Standing:
    """Return who holds what in a product now, and its lineage; `NotFound` if there is none."""
    product = work.products.get(number)
    now = format_time(floor.clock())
    registrations = _registrations(product, work)
    return Standing(
        product=product.number,
        at=now,
        rights=rights_of(work.chain.store, product.number, now),
        ancestors=ancestors(product.number, registrations),
        descendants=descendants(product.number, registrations),
    )


def _registrations(product: Product, work: UnitOfWork) -> list[Entry]:
    """Return the registrations of a product and of all that it comes from or that came of it."""
    view = work.chain.store
    line = lineage_of(view, f"product/{product.number}")
    came_of_it = (f"product/{each.number}" for each in work.products.derived(product.number))
    kin = (*line, *came_of_it)
    return [entry for subject in kin for entry in reversed(versions_of(view, subject))]


def _right_record(held: Holding) -> dict[str, Any]:
    gives = held.rests_on[0]
    return {
        "participant": held.participant,
        "right": held.right,
        "purposes": list(held.purposes),
        "regions": list(held.regions),
        "from": gives.facts.get("from"),  # a claim has neither
        "until": held.until,
        "exclusive": held.exclusive,
        "transferable": held.transferable,
        "granted_by": gives.actor if gives.kind == "right.granted" else None,
        "entries": [entry.leaf.hex() for entry in held.rests_on],
    }


def _kin_record(kin: Kin) -> dict[str, Any]:
    return {
        "product": kin.product,
        "supplier": kin.entry.actor,
        "path": list(kin.path),
        "entry": kin.entry.leaf.hex(),
    }
