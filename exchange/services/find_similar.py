"""Duplicates and near-duplicates: registered data that other data is like, and how much.

The same bytes cannot be registered twice.  Other copies can, since the gate and not the register
decides who is right: rows shuffled, columns renamed, another format or unit, a sample.  What is
found stands on the chain with the registration, for everybody to see, and the older registrant can
object while the notice runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from exchange.errors import NotFound
from exchange.fingerprint import Fingerprint
from exchange.likeness import Likeness, likeness_or_part, together
from exchange.ports import Floor, UnitOfWork
from exchange.profile import Profile
from exchange.records import read_stored
from exchange.registration import ENDED, WHOLE, Product, Similar, together_ppm
from exchange.services.acting import record_for_house
from ledger.entries import Entry
from ledger.grades import line_of
from ledger.registry import parents_of, registered_now
from ledger.similarity import LARGELY
from ledger.view import newest

COMPARED_MAX: Final = 50  # fingerprints that share a hash, the most promising first
RECORDED_MAX: Final = 10  # entries of one search; the most alike


@dataclass(frozen=True, slots=True)
class Match:
    """A registered product that data is like; `same_rows` says that it has the very same rows."""

    product: Product
    likeness: Likeness
    same_rows: bool

    @property
    def how(self) -> str:
        """How the likeness shows, in one word."""
        return "same-rows" if self.same_rows else self.likeness.how

    def to_record(self) -> dict[str, Any]:
        """Return it as a JSON object, the columns that correspond by their names.

        Of one that is the other's in other units, `factor` times the other's numbers and `offset`
        make this one's; of one that is near it, rounded or moved a little, the numbers differ by
        no more than `within`.  To `others` none corresponds.
        """
        return {
            "product": self.product.number,
            "supplier": self.product.supplier,
            "of_this_ppm": self.likeness.this_ppm,
            "of_other_ppm": self.likeness.other_ppm,
            "compared": self.likeness.compared,
            "how": self.how,
            "columns": [list(pair) for pair in self.likeness.columns],
            "renamed": self.likeness.renamed,
            "converted": [
                {"column": name, "factor": f"{map_.factor:.9g}", "offset": f"{map_.offset:.9g}"}
                for name, map_ in self.likeness.converted
            ],
            "near": [
                {"column": name, "within": f"{each.within:.2g}"}
                for name, each in self.likeness.near
            ],
            "others": list(self.likeness.others),
        }


def find_similar(
    fingerprint: Fingerprint, profile: Profile, *, work: UnitOfWork, but: str = ""
) -> list[Match]:
    """Return what is registered and like this data, the most alike first.

    What was rejected or cancelled is left out, unless it was graded by the operator, which holds
    for the same data under whatever number; and so is the product `but`.
    """
    found: list[Match] = []
    parts: list[Match] = []
    for number, data, other in work.fingerprints.near(fingerprint, COMPARED_MAX):
        product = work.products.get(number)
        if number == but or product.data != data:
            continue
        if product.registration in ENDED and not _graded(number, work):
            continue
        alike = likeness_or_part(fingerprint, other)
        if alike and alike.in_part:
            parts.append(Match(product, alike, same_rows=False))
        elif alike:
            theirs = read_stored(Profile, work.records.get(product.profile))
            same = theirs.rows_digest == profile.rows_digest
            found.append(Match(product, alike, same_rows=same and _whole(alike)))
    # Columns of several that are put together are told of each.
    made_up = together([each.likeness for each in parts], fingerprint)
    return sorted(
        [*found, *(parts[place] for place in made_up)],
        key=lambda each: (
            -max(each.likeness.this_ppm, each.likeness.other_ppm),
            each.product.registered_at,
            each.product.number,
        ),
    )


def _graded(number: str, work: UnitOfWork) -> bool:
    return newest(work.chain.store, f"product/{number}", "grade.set") is not None


def in_others_ppm(found: Sequence[Match], supplier: str = "") -> int:
    """Return how much of the data may stand, all told, in what others than `supplier` registered.

    Rows that stand in two of them count twice (`together_ppm`).
    """
    others = (
        each
        for each in found
        if each.product.supplier != supplier and each.product.registration not in ENDED
    )
    return together_ppm(each.likeness.this_ppm for each in others)


def _whole(alike: Likeness) -> bool:
    return alike.this_ppm == alike.other_ppm == WHOLE


def record_similar(
    subject: str, data: str, found: Sequence[Match], *, work: UnitOfWork, floor: Floor
) -> None:
    """Put what a search found on the chain, within the caller's unit of work."""
    for match in found[:RECORDED_MAX]:
        facts = {
            "data": data,
            "other": match.product.number,
            "other_data": match.product.data,
            "of_this_ppm": match.likeness.this_ppm,
            "of_other_ppm": match.likeness.other_ppm,
            "columns": len(match.likeness.columns),
            "compared": match.likeness.compared,
            "how": match.how,
        }
        record_for_house("similarity.found", subject, facts, work=work, floor=floor)


def record_alike(product: Product, *, work: UnitOfWork, floor: Floor) -> list[Product]:
    """Return what stands registered and is largely this data, whenever it came.

    Registration looks at older ones alone, so what came before is told on the chain now that it is
    like this product: what this is held to holds for the same data under whatever number
    (`ledger.grades`).
    """
    alike = _largely(product, work)
    for match in alike:
        other, like = match.product, match.likeness
        if not _told(other, product, work):
            turned = replace(like, this_ppm=like.other_ppm, other_ppm=like.this_ppm)
            theirs = replace(match, product=product, likeness=turned)
            record_similar(f"product/{other.number}", other.data, [theirs], work=work, floor=floor)
    return [match.product for match in alike]


def told_alike(product: Product, work: UnitOfWork) -> list[Product]:
    """Return what stands registered and was told on the chain to be largely this data.

    What this inherits holds for it.  Data that was there before this one is not told of what this
    inherits: somebody may have put it together with what is graded higher.
    """
    alike = (match.product for match in _largely(product, work))
    return [other for other in alike if _told(other, product, work)]


def _largely(product: Product, work: UnitOfWork) -> list[Match]:
    """Return what stands registered and is largely this data."""
    try:
        found = similar_now(product.number, work)
    except NotFound:  # registered before there were fingerprints
        return []
    return [
        match
        for match in found
        if max(match.likeness.this_ppm, match.likeness.other_ppm) >= LARGELY
        and match.product.registration not in ENDED
    ]


def _told(this: Product, other: Product, work: UnitOfWork) -> bool:
    """Whether the chain says of one product that its data is like that of another."""
    told = work.chain.store.of_kind(f"product/{this.number}", "similarity.found")
    return any(_about(each, this, other) for each in told)


def _about(told: Entry, this: Product, other: Product) -> bool:
    facts = told.facts
    two = (this.data, other.number, other.data)
    return (facts["data"], facts["other"], facts["other_data"]) == two


def similar_of(product: Product, work: UnitOfWork) -> tuple[Similar, ...]:
    """Return what the search at registration found of a product's data, as it stands recorded.

    Registrations that were rejected since are left out: they are nobody's; and so are those that
    came after this data (`record_alike`): they owe a source, and not this.  One of the supplier's
    own that comes from what this product does not name is as another's: it owes its parents.
    """
    chain, subject = work.chain.store, f"product/{product.number}"
    registered = registered_now(chain, subject)
    parents = parents_of(chain, subject)
    named = {product.number, *(ancestor for ancestor, _ in line_of(chain, product.number))}
    found = []
    for entry in reversed(list(chain.of_kind(subject, "similarity.found"))):
        facts = entry.facts
        other = work.products.get(facts["other"])
        if facts["data"] != product.data or other.registration in ENDED:
            continue
        if registered and other.registered_at > registered.time:
            continue
        found.append(
            Similar(
                product=other.number,
                of_this_ppm=facts["of_this_ppm"],
                of_other_ppm=facts["of_other_ppm"],
                columns=facts["columns"],
                compared=facts["compared"],
                how=facts["how"],
                declared=other.number in parents,
                own=other.supplier == product.supplier
                and named.issuperset(parents_of(chain, f"product/{other.number}")),
            )
        )
    return tuple(found)


def similar_now(number: str, work: UnitOfWork) -> list[Match]:
    """Search anew for what a registered product is like, what was registered since included.

    Raises `NotFound` for a product whose fingerprint was not taken.
    """
    product = work.products.get(number)
    fingerprint = work.fingerprints.get(number, product.data)
    if fingerprint is None:
        raise NotFound(f"the fingerprint of {number} is not kept here")
    profile = read_stored(Profile, work.records.get(product.profile))
    return find_similar(fingerprint, profile, work=work, but=number)
