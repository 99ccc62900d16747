"""What a sheet must say: chapter M."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from exchange.compliance import ListingCase, Paper, Parent
from exchange.expectations import NotMissing
from exchange.grading import Grade
from exchange.profile import Anonymity, ColumnType, SensitiveFinding, SensitiveKind
from exchange.specsheet import Frequency, PriceMode, SourceCode, WrittenPlan
from pricing.money import Money
from tests.exchange.compliance.cases import (
    CLEAR,
    FIRED,
    ON,
    PAPER,
    PERSONAL_SHEET,
    PROFILE,
    SHEET,
    SUPPLIER,
    UNKNOWN,
    Example,
    listing,
    paper,
    section,
    unseen,
)

Bent = Callable[[ListingCase], ListingCase]
_DERIVED: Final = replace(SHEET.sources[0], code=SourceCode.DERIVED)
_PARENTS: Final = (Parent("GP-0", "9" * 64, Grade.GENERAL_1, disputed=False),)
_FLAGGED: Final = replace(
    section(PERSONAL_SHEET, "content", flag_scheme="QARTOD"),
    grade=Grade.IMPORTANT,
    sources=(*SHEET.sources, _DERIVED),
    quality=(NotMissing(column="speed"),),
)
# Persons, parents, flags, a grade that takes approvals: every conditional field applies.
WHOLE: Final = listing(_FLAGGED, parents=_PARENTS)


def said(which: str, **changes: object) -> Bent:
    """Change one section of the sheet."""
    return lambda case: replace(case, sheet=section(case.sheet, which, **changes))


def _expecting(case: ListingCase) -> ListingCase:
    """Expect something of a column, which is asked where cells are flagged."""
    return whole_sheet(quality=(NotMissing(column="speed"),))(case)


_COUNTED: Final = SensitiveFinding(
    *("name", SensitiveKind.PERSON_NAME, 9, 10), certain=True, evidence="names", subjects=9
)


def whole_sheet(**changes: object) -> Bent:
    """Change the sheet outside its sections."""
    return lambda case: replace(case, sheet=replace(case.sheet, **changes))  # type: ignore[arg-type]


def found(**changes: object) -> Bent:
    """Change what the inspection found."""

    def bent(case: ListingCase) -> ListingCase:
        assert case.profile is not None
        return replace(case, profile=replace(case.profile, **changes))  # type: ignore[arg-type]

    return bent


def unmarked(case: ListingCase) -> ListingCase:
    """Say neither what stands in an empty cell nor how cells are flagged."""
    notes = tuple(replace(note, fill_value="") for note in case.sheet.content.fields)
    return said("content", fields=notes, flag_scheme="")(case)


def unproved(case: ListingCase) -> ListingCase:
    """Leave the last source without its proof."""
    sources = tuple(replace(source, evidence="") for source in case.sheet.sources[-1:])
    return whole_sheet(sources=(*case.sheet.sources[:-1], *sources))(case)


@dataclass(frozen=True)
class Emptied:
    """A way to empty fields of the whole case, and which they are."""

    bent: Bent
    also: tuple[str, ...] = ()


def _uncoded(case: ListingCase) -> ListingCase:
    assert case.supplier is not None
    return replace(case, supplier=replace(case.supplier, coded=False))


# For every field that the gate asks, what empties it, and what else that empties.
EMPTIED: Final[Mapping[str, Emptied]] = {
    "H2": Emptied(lambda case: replace(case, sheet_digest="")),
    "B1": Emptied(said("basic", name="")),
    "B2": Emptied(said("basic", description="Nine char")),
    "B3": Emptied(_uncoded),
    "B4": Emptied(said("basic", sector="")),
    "B5": Emptied(said("basic", keywords=())),
    "B6": Emptied(said("basic", type="")),
    "D1": Emptied(found(media_type="")),
    "D2": Emptied(found(bytes=0)),
    "D3": Emptied(said("content", fields=SHEET.content.fields[1:])),
    "D4": Emptied(said("physical", first_collected=None)),
    "D5": Emptied(found(time=None)),
    "D6": Emptied(said("content", horizontal_datum="")),
    "D7": Emptied(lambda case: replace(case, sampled=False)),
    "D8": Emptied(unmarked),
    "L1": Emptied(whole_sheet(sources=())),
    "L2": Emptied(unproved),
    "L4": Emptied(whole_sheet(licence="")),
    "L5": Emptied(lambda case: replace(case, parents=())),
    "C1": Emptied(whole_sheet(grade="")),
    "C2": Emptied(said("personal_data", classes=())),
    "C3": Emptied(said("personal_data", deidentification="")),
    "C4": Emptied(said("personal_data", legal_basis="")),
    "C5": Emptied(whole_sheet(duties=None), ("X1",)),
    "C6": Emptied(whole_sheet(approvals={})),
    "Q1": Emptied(found(columns=()), ("D2", "Q2")),
    "Q2": Emptied(found(columns=()), ("D2", "Q1")),
    "Q3": Emptied(whole_sheet(quality=())),
    "U1": Emptied(said("conditions", regions=())),
    "U2": Emptied(said("conditions", prohibited=())),
    "U3": Emptied(whole_sheet(use_cases=())),
    "U4": Emptied(said("delivery", technical_document="")),
    "U5": Emptied(said("delivery", service=None)),
    "P1": Emptied(said("price", mode=PriceMode.ONE_OFF)),
    "X1": Emptied(whole_sheet(contact="")),
}
# What is asked of them no longer, once others are emptied.
BESIDE: Final[Mapping[str, frozenset[str]]] = {
    "D8": frozenset({"Q3"}),  # no flags, so no test of them
    "L1": frozenset({"L2", "L5"}),  # no source, so none without its proof
    "C1": frozenset({"C6"}),  # no grade that takes approvals
    "Q1": frozenset({"D3", "D5", "D8"}),  # no column, so none of times or without a word
    "Q2": frozenset({"D3", "D5", "D8"}),
}


_OTHERWISE: Final = listing(
    section(SHEET, "delivery", technical_document=""), papers=(paper(kind="technical-document"),)
)


def technical(**changes: object) -> ListingCase:
    """A sheet that leaves its technical document to one that is attached."""
    attached = paper(kind="technical-document", **changes)
    return replace(_OTHERWISE, papers=(attached,))


def named(*papers: Paper) -> ListingCase:
    """A sheet that names its technical document by the digest of all papers here."""
    delivery = replace(SHEET.delivery, technical_document=PAPER)
    return replace(listing(replace(SHEET, delivery=delivery)), papers=papers)


def paid(**changes: object) -> ListingCase:
    """A product that is sold so."""
    return listing(section(SHEET, "price", **changes))


_PLAN: Final = WrittenPlan("subscription", {"fee": "240.00 CNY"})
_ANONYMOUS: Final = Anonymity(("speed",), declared=True, rows=1_000, groups=50, k=12, unique=0)
_GROWS: Final = section(SHEET, "physical", increment_rows=None)
_FOREIGN: Final = replace(SHEET.sources[0], code=SourceCode.PUBLIC)

EXAMPLES: list[Example] = [
    ("M-01", CLEAR, listing()),
    ("M-01", CLEAR, WHOLE),
    *(("M-01", FIRED, each.bent(WHOLE)) for each in EMPTIED.values()),
    ("M-01", UNKNOWN, unseen(listing())),
    ("M-01", UNKNOWN, listing(supplier=None)),
    ("M-01", UNKNOWN, listing(sampled=None)),
    ("M-01", UNKNOWN, replace(WHOLE, parents=None)),
    # What does not apply needs nobody to look.
    ("M-01", CLEAR, listing(parents=None)),
    # Before the inspection, what the supplier alone fills can be missed.
    ("M-01", FIRED, unseen(listing(replace(SHEET, use_cases=())))),
    # A description says more than the name from ten characters on.
    ("M-01", CLEAR, listing(section(SHEET, "basic", description="Ten chars."))),
    ("M-01", FIRED, listing(section(SHEET, "basic", industry=""))),
    ("M-01", FIRED, listing(supplier=replace(SUPPLIER, name=""))),
    ("M-01", FIRED, listing(section(SHEET, "conditions", purposes=()))),
    # What grows says by how much, in rows or in bytes.
    ("M-01", FIRED, listing(_GROWS)),
    ("M-01", CLEAR, listing(section(_GROWS, "physical", increment_bytes=1))),
    ("M-01", CLEAR, listing(section(_GROWS, "physical", update_frequency=Frequency.STATIC))),
    # A file without times or places is not asked for them.
    (
        "M-01",
        CLEAR,
        listing(
            section(SHEET, "content", horizontal_datum=""),
            replace(
                PROFILE,
                time=None,
                space=None,
                columns=tuple(replace(c, type=ColumnType.DECIMAL) for c in PROFILE.columns),
            ),
        ),
    ),
    # What is missing among numbers is explained by the sheet or by the file.
    ("M-01", FIRED, unmarked(listing())),
    (
        "M-01",
        CLEAR,
        unmarked(
            listing(
                profile=replace(
                    PROFILE,
                    columns=(PROFILE.columns[0], replace(PROFILE.columns[1], fill_value="-9999")),
                )
            )
        ),
    ),
    (
        "M-01",
        CLEAR,
        unmarked(
            listing(
                profile=replace(
                    PROFILE, columns=(PROFILE.columns[0], replace(PROFILE.columns[1], missing=0))
                )
            )
        ),
    ),
    (
        "M-01",
        CLEAR,
        unmarked(
            listing(
                profile=replace(
                    PROFILE,
                    columns=(PROFILE.columns[0], replace(PROFILE.columns[1], type=ColumnType.TEXT)),
                )
            )
        ),
    ),
    ("M-01", CLEAR, said("content", flag_scheme="QARTOD")(_expecting(unmarked(listing())))),
    # What came from others names their licence.
    ("M-01", FIRED, listing(replace(SHEET, sources=(_FOREIGN,)))),
    ("M-01", CLEAR, listing(replace(SHEET, sources=(replace(_FOREIGN, licence="CC-BY-4.0"),)))),
    # Persons: how many may be counted by the sheet or by the inspection, and children are told.
    ("M-01", FIRED, said("personal_data", minors=None)(WHOLE)),
    ("M-01", FIRED, said("personal_data", subjects=None)(WHOLE)),
    ("M-01", CLEAR, found(sensitive=(_COUNTED,))(said("personal_data", subjects=None)(WHOLE))),
    ("M-01", CLEAR, said("personal_data", minors=None)(listing())),
    ("M-01", CLEAR, found(anonymity=_ANONYMOUS)(said("personal_data", deidentification="")(WHOLE))),
    ("M-01", FIRED, said("personal_data", consent_evidence="")(WHOLE)),
    ("M-01", FIRED, said("personal_data", impact_assessment="")(WHOLE)),
    # A grade that takes approvals, and one that does not.
    ("M-01", FIRED, listing(replace(SHEET, grade=Grade.CORE))),
    ("M-01", FIRED, listing(replace(SHEET, grade=Grade.IMPORTANT))),
    ("M-01", CLEAR, listing(replace(SHEET, grade=Grade.GENERAL_4))),
    # The price: an amount, a plan, or neither where it is free or agreed on.
    ("M-01", CLEAR, paid(mode=PriceMode.ONE_OFF, amount=Money(100))),
    ("M-01", CLEAR, paid(mode=PriceMode.FREE)),
    ("M-01", FIRED, paid(mode=PriceMode.PLAN, amount=Money(100))),
    ("M-01", CLEAR, paid(mode=PriceMode.PLAN, plan=_PLAN)),
    # A technical document that is attached counts once verified, and while it runs.
    ("M-01", CLEAR, technical(verified=True)),
    ("M-01", FIRED, technical()),
    ("M-01", FIRED, technical(verified=True, valid_until=ON - dt.timedelta(days=1))),
    ("M-01", FIRED, replace(technical(), papers=(paper(kind="other", verified=True),))),
    # Named by its digest it counts as evidence does: not once it ended, was rejected or withdrawn.
    ("M-01", CLEAR, named(paper())),
    ("M-01", CLEAR, named(paper(digest="0" * 64, verified=False))),
    ("M-01", FIRED, named(paper(verified=False))),
    ("M-01", FIRED, named(paper(valid_until=ON - dt.timedelta(days=1)))),
    ("M-01", FIRED, named(paper(verified=False), paper(kind="other"))),
    ("M-01", CLEAR, named(paper(verified=False), paper(kind="technical-document", verified=True))),
]
