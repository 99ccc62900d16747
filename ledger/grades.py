"""How sensitive a product is (分类分级), and what it inherits from those it was derived from.

A supplier declares a grade and the purposes of use with every spec sheet; the operator may set a
floor under it (`grade.set`).  The strictest of both is the product's grade.  A derived product is
graded at least as its strictest ancestor, and may be used for nothing that an ancestor may not
be used for (GB/T 43697-2024, appendix I by title; 就高从严).

A grade is the data's, and not the number's under which it was registered: what largely stands, row
for row, in data that the operator graded, or that inherits, is held to it as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.entries import Entry
from ledger.registry import STRICTER_SINCE, parents_of, registered_now, supplier_of
from ledger.rights import ANY, rights_of
from ledger.similarity import LARGELY, ROW_FOR_ROW
from ledger.view import Broken, View, newest

GRADES = ("general-1", "general-2", "general-3", "general-4", "important", "core")
CORE = GRADES[-1]


def rank(grade: str) -> int:
    """Return a grade's place, the least sensitive at 0; what is no grade comes last."""
    return GRADES.index(grade) if grade in GRADES else len(GRADES)


def grade_of(view: View, product: str) -> str | None:
    """Return the stricter of the sheet's grade and the operator's; None before both."""
    subject = f"product/{product}"
    told = (newest(view, subject, "sheet.submitted"), newest(view, subject, "grade.set"))
    grades = [entry.facts["grade"] for entry in told if entry]
    return max(grades, key=rank, default=None)


def purposes_of(view: View, product: str) -> tuple[str, ...] | None:
    """Return what a product may be used for by its newest sheet; None before there is one."""
    sheet = newest(view, f"product/{product}", "sheet.submitted")
    return tuple(sheet.facts["purposes"]) if sheet else None


def line_of(view: View, product: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every ancestor of a product, the nearest first, with the way down to it."""
    seen: set[str] = {product}
    ahead: list[tuple[str, ...]] = [(product,)]
    for path in ahead:  # grows as it is read
        for parent in parents_of(view, f"product/{path[-1]}"):
            if parent not in seen:
                seen.add(parent)
                ahead.append((*path, parent))
                yield parent, (*path, parent)


@dataclass(frozen=True, slots=True)
class Floor:
    """A grade that a product is held to: the operator's word on it, or that of another product.

    `product` is that other one, empty for the operator's own word: an ancestor, or, where it is
    `alike`, one in which the product's data, or an ancestor's, largely stands; `certain` where row
    for row, and not by columns that agree.  `at` names the entry of the operator's own word.
    """

    grade: str
    product: str = ""
    at: str = ""
    alike: bool = False
    certain: bool = True


def floors_of(view: View, product: str) -> Iterator[Floor]:
    """Yield every grade that a product is held to: its own, its ancestors', that of like data."""
    told = newest(view, f"product/{product}", "grade.set")
    if told:
        yield Floor(told.facts["grade"], at=told.named)
    line = [ancestor for ancestor, _ in line_of(view, product)]
    for ancestor in line:
        theirs = grade_of(view, ancestor)
        if theirs:
            yield Floor(theirs, ancestor)
    for each in (product, *line):
        for found in _largely_in(view, each):
            other = found.facts["other"]
            grade = None if other in line else _imposed(view, other)
            if grade:
                certain = found.facts["how"] in ROW_FOR_ROW
                yield Floor(grade, other, alike=True, certain=certain)


def is_core(view: View, product: str) -> bool:
    """Whether a product, what it comes from, or what it largely is row for row, is graded core."""
    return _core(view, product, inherited=True)


def _core(view: View, product: str, *, inherited: bool) -> bool:
    if grade_of(view, product) == CORE:
        return True
    return any(
        (each.alike or inherited) and each.certain and each.grade == CORE
        for each in floors_of(view, product)
    )


def _largely_in(view: View, product: str) -> Iterator[Entry]:
    """Yield what the exchange found of data in which a product's present data largely stands."""
    subject = f"product/{product}"
    registered = registered_now(view, subject)
    if registered is None:
        return
    for found in view.of_kind(subject, "similarity.found"):
        most = max(found.facts["of_this_ppm"], found.facts["of_other_ppm"])
        if most >= LARGELY and found.facts["data"] == registered.facts["data"]:
            yield found


def _imposed(view: View, product: str) -> str | None:
    """Return the grade that others than its supplier hold a product to, None where nobody does."""
    told = newest(view, f"product/{product}", "grade.set")
    grades = [grade_of(view, ancestor) for ancestor, _ in line_of(view, product)]
    grades += [told.facts["grade"]] if told else []
    return max(filter(None, grades), key=rank, default=None)


def granted_purposes(view: View, participant: str, parent: str, at: str) -> frozenset[str] | None:
    """Return what a participant may process a parent for at a time; None where for anything."""
    found: set[str] = set()
    for held in rights_of(view, parent, at):
        if (held.participant, held.right) == (participant, "processing"):
            if ANY in held.purposes:
                return None
            found |= set(held.purposes)
    return frozenset(found)


def permissions(view: View, product: str, at: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield what limits the purposes of a product: an ancestor, by whom, and what it leaves.

    By its sheet, or, where somebody is named, by what that participant holds the right to process
    it for.  Of who holds none `rights.unprocessed` tells.
    """
    for source, child, allowed in _limits(view, product, at):
        if allowed or not child:
            yield source, (child and supplier_of(view, f"product/{child}")) or "", allowed


def _limits(view: View, product: str, at: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield an ancestor, the child that it limits, empty by its sheet, and what it leaves.

    A child is limited by what its supplier holds the right to process the ancestor for.
    """
    line = [ancestor for ancestor, _ in line_of(view, product)]
    for ancestor in line:
        allowed = purposes_of(view, ancestor)
        if allowed is not None:
            yield ancestor, "", frozenset(allowed)
    for child in (product, *line):
        supplier = supplier_of(view, f"product/{child}") or ""
        for parent in parents_of(view, f"product/{child}"):
            granted = granted_purposes(view, supplier, parent, at)
            if granted is not None:
                yield parent, child, granted


def purposeless(view: View, product: str, at: str) -> str:
    """Say that no sheet of a product is possible, as nothing is left to be for; empty if one is."""
    limits = [*permissions(view, product, at)]
    if not limits or frozenset.intersection(*(allowed for *_, allowed in limits)):
        return ""
    each = "; ".join(
        f"{holder} may process {source} for {', '.join(sorted(allowed))}"
        if holder
        else f"{source} is for {', '.join(sorted(allowed)) or 'nothing'}"
        for source, holder, allowed in limits
    )
    words = "no sheet of it is possible, as what it comes from has no purpose in common"
    return f"{words}: {each}"


def unpermitted(view: View, product: str, at: str) -> Iterator[str]:
    """Say of a product's sheet which purposes what it comes from does not allow at a time.

    An ancestor's sheet leaves them out, or the right that who derived from a parent holds to
    process it does, back to the sources.  Of who holds none `rights.unprocessed` tells.
    """
    purposes = set(purposes_of(view, product) or ())
    for child, allowed, words in _beyond(view, product, purposes, at):
        if allowed or not child:
            yield words


def _beyond(
    view: View, product: str, wanted: set[str], at: str
) -> Iterator[tuple[str, frozenset[str], str]]:
    """Say what is wanted and not allowed, by a sheet, or by what a child's supplier was granted.

    Each with that child, empty for a sheet, and what is allowed.
    """
    told: dict[str, set[str]] = {}
    for source, child, allowed in _limits(view, product, at):
        lacking = wanted - allowed - told.get(source, set())
        words = ", ".join(sorted(lacking))
        if not child:
            told[source] = lacking
            if lacking:
                yield "", allowed, f"{product} comes from {source}, which is not for {words}"
        elif lacking:
            supplier = supplier_of(view, f"product/{child}") or ""
            words = f"which {supplier} has no grant to process for {words}"
            yield child, allowed, f"{child} comes from {source}, {words}"


# Rules.


def grade_known(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require a `grade` from general-1 to general-4, or important or core."""
    if entry.facts["grade"] not in GRADES:
        yield Broken("grade", f"{entry.kind}.grade: one of {', '.join(GRADES)}")


def grade_inherited(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a sheet graded no lower than the operator has set, any ancestor, or the same rows.

    Where columns alone agree, an assessor is asked instead (D-05).
    """
    number = _product(entry)
    sheet = (
        entry if "grade" in entry.facts else newest(view, f"product/{number}", "sheet.submitted")
    )
    if sheet is None:
        return  # the kind's needs say so
    declared = sheet.facts["grade"]
    for floor in floors_of(view, number):
        if not floor.certain or rank(declared) >= rank(floor.grade):
            continue
        if floor.alike:
            words = f"{number} largely stands in {floor.product}, which is held to {floor.grade}"
        elif floor.product:
            words = f"{number} comes from {floor.product}, which is {floor.grade}"
        else:
            words = f"{number} was graded {floor.grade} at {floor.at}"
        yield Broken("grade", f"{words}, and its sheet says {declared}")


def purposes_inherited(entry: Entry, view: View) -> Iterator[Broken]:
    """Require purposes that every ancestor's sheet and the grants on its parents allow.

    From 2027 on the grants on the parents of its ancestors do as well.
    """
    number, sheet = _product(entry), _sheet(entry, view)
    if sheet is None or supplier_of(view, f"product/{number}") is None:
        return  # the kind's needs say so
    for child, _, words in _beyond(view, number, set(sheet.facts["purposes"]), entry.time):
        if child in {"", number} or entry.time >= STRICTER_SINCE:
            yield Broken("purposes", words)


def purposes_still_allowed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require from 2027 on that the sheet's purposes are allowed still, as at the listing."""
    if entry.time >= STRICTER_SINCE:
        yield from purposes_inherited(entry, view)


def never_core(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that neither sheet nor operator grades the data core, nor from 2027 its sources."""
    number = _product(entry)
    if _core(view, number, inherited=entry.time >= STRICTER_SINCE):
        yield Broken("grade", f"{number} is core data, which is never listed")


def _sheet(entry: Entry, view: View) -> Entry | None:
    """Return the entry that puts a sheet on file, or the newest one of the product it is about."""
    if entry.kind == "sheet.submitted":
        return entry
    return newest(view, f"product/{_product(entry)}", "sheet.submitted")


def _product(entry: Entry) -> str:
    named: str | None = entry.facts.get("product")
    return named or entry.subject.partition("/")[2]
