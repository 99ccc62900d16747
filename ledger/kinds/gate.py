"""The gate to the board: sheets, grades, quality, attestations, documents, listings."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from ledger.vocabulary import OFF_BOARD, OPERATOR, SUPPLIER, Fact, Kind, Need

PASSED: Final = MappingProxyType({"outcome": "passed"})
APPROVED: Final = MappingProxyType({"decision": "approved"})
# Who attaches and who verifies documents; which kind each may, `ledger.documents` says.
ATTACHING: Final = frozenset({"supplier", "compliance-assessor", "quality-expert", "valuer"})
VERIFYING: Final = OPERATOR | {"compliance-assessor"}

KINDS: Final = (
    Kind(
        "sheet.submitted",
        "product",
        "the supplier undertakes that the spec sheet is true, its grade and purposes among it",
        {
            "sheet": Fact.DIGEST,
            "data": Fact.DIGEST,
            "grade": Fact.TEXT,
            "purposes": Fact.TEXTS,
        },
        roles=SUPPLIER,
        needs=(Need("product.registered"),),
        not_after=("registration.cancelled",),
    ),
    Kind(
        "grade.set",
        "product",
        "the operator sets the least grade of the product, and says on what basis",
        {"grade": Fact.TEXT, "reason": Fact.TEXT, "basis": Fact.TEXT},
        roles=OPERATOR,
        needs=(Need("product.registered"),),
    ),
    Kind(
        "sample.drawn",
        "product",
        "the exchange drew rows of this data, masked them, and shows them on the sheet",
        {
            "sheet": Fact.DIGEST,
            "data": Fact.DIGEST,
            "notice": Fact.DIGEST,
            "sample": Fact.DIGEST,
            "rows": Fact.INTEGER,
        },
        roles=OPERATOR,
        needs=(
            Need("sheet.submitted", same=("sheet", "data"), actor="other", latest=True),
            Need("inspection.recorded", same=("data",), latest=True),
            Need("notice.opened", leaf="notice"),
        ),
    ),
    Kind(
        "quality.measured",
        "product",
        "the exchange measured what the sheet expects of this data",
        {
            "sheet": Fact.DIGEST,
            "data": Fact.DIGEST,
            "report": Fact.DIGEST,
            "expected": Fact.INTEGER,
            "met": Fact.INTEGER,
        },
        roles=OPERATOR,
        needs=(
            Need("sheet.submitted", same=("sheet", "data"), actor="other", latest=True),
            Need("inspection.recorded", same=("data",), latest=True),
        ),
    ),
    Kind(
        "compliance.attested",
        "product",
        "an independent assessor attests rules over this sheet and this data",
        {
            "sheet": Fact.DIGEST,
            "data": Fact.DIGEST,
            "pack": Fact.DIGEST,
            "rules": Fact.TEXTS,
            "outcome": Fact.TEXT,
            "until": Fact.DATE,
            "report": Fact.COMMITMENT,
        },
        roles=frozenset({"compliance-assessor"}),
        needs=(
            Need("sheet.submitted", same=("sheet", "data"), actor="other", latest=True),
            Need("inspection.recorded", same=("data",), latest=True),
        ),
    ),
    Kind(
        "quality.reviewed",
        "product",
        "an independent expert reviews the quality of this data",
        {
            "sheet": Fact.DIGEST,
            "data": Fact.DIGEST,
            "score": Fact.TEXT,
            "dimensions": Fact.TEXTS,
            "comments": Fact.COMMITMENT,
        },
        roles=frozenset({"quality-expert"}),
        needs=(
            Need("sheet.submitted", same=("sheet", "data"), actor="other", latest=True),
            Need("inspection.recorded", same=("data",), latest=True),
        ),
    ),
    Kind(
        "listing.vetted",
        "product",
        "a reviewer of the exchange approves, returns or rejects what is to be listed",
        {
            "sheet": Fact.DIGEST,
            "data": Fact.DIGEST,
            "pack": Fact.DIGEST,
            "decision": Fact.TEXT,
            "checklist": Fact.DIGEST,
            "reasons": Fact.COMMITMENT,
        },
        roles=frozenset({"reviewer"}),
        needs=(
            Need("sheet.submitted", same=("sheet", "data"), actor="other", latest=True),
            Need("inspection.recorded", same=("data",), latest=True),
        ),
    ),
    Kind(
        "document.attached",
        "product",
        "a party attaches a document to the product, by its digest; it ends with the day `until`",
        {
            "what": Fact.TEXT,
            "document": Fact.DIGEST,
            "sheets": Fact.DIGESTS,
            "issuer": Fact.COMMITMENT,
            "name": Fact.COMMITMENT,
            "issued": Fact.DATE,
            "until": Fact.DATE,
        },
        roles=ATTACHING,
        needs=(Need("product.registered"),),
    ),
    Kind(
        "document.verified",
        "product",
        "somebody else has looked at the document and found it genuine",
        {"attachment": Fact.DIGEST, "document": Fact.DIGEST, "until": Fact.DATE},
        roles=VERIFYING,
        needs=(Need("document.attached", leaf="attachment", same=("document",), actor="other"),),
    ),
    Kind(
        "document.rejected",
        "product",
        "somebody else has looked at the document and it does not hold, or no longer",
        {"attachment": Fact.DIGEST, "document": Fact.DIGEST, "grounds": Fact.COMMITMENT},
        roles=VERIFYING,
        needs=(Need("document.attached", leaf="attachment", same=("document",), actor="other"),),
    ),
    Kind(
        "document.withdrawn",
        "product",
        "who attached the document takes it back",
        {"attachment": Fact.DIGEST, "document": Fact.DIGEST, "reason": Fact.TEXT},
        needs=(Need("document.attached", leaf="attachment", same=("document",), actor="same"),),
    ),
    Kind(
        "listing.requested",
        "product",
        "the supplier asks for the listing",
        {"sheet": Fact.DIGEST, "data": Fact.DIGEST},
        roles=SUPPLIER,
        needs=(Need("sheet.submitted", same=("sheet", "data"), actor="same", latest=True),),
        not_after=("listing.delisted", "registration.cancelled"),
    ),
    Kind(
        "compliance.verdict",
        "product",
        "the exchange's verdict over this sheet, this data and this rule pack",
        {
            "sheet": Fact.DIGEST,
            "data": Fact.DIGEST,
            "pack": Fact.DIGEST,
            "outcome": Fact.TEXT,
            "fired": Fact.TEXTS,
            "review": Fact.DIGEST,
            "on": Fact.DATE,
        },
        roles=OPERATOR,
        needs=(
            Need("listing.requested", same=("sheet", "data"), actor="other", latest=True),
            Need("inspection.recorded", same=("data",), latest=True),
            Need(
                "compliance.attested",
                same=("sheet", "data", "pack"),
                facts=PASSED,
                actor="other",
                standing=True,
                when=PASSED,
            ),
            Need(
                "quality.reviewed",
                same=("sheet", "data"),
                actor="other",
                standing=True,
                when=PASSED,
            ),
            Need(
                "listing.vetted",
                same=("sheet", "data", "pack"),
                facts=APPROVED,
                actor="other",
                latest=True,
                standing=True,
                when=PASSED,
            ),
        ),
    ),
    Kind(
        "listing.published",
        "product",
        "the product is on the board",
        {"sheet": Fact.DIGEST, "data": Fact.DIGEST},
        roles=OPERATOR,
        needs=(
            Need(
                "compliance.verdict",
                same=("sheet", "data"),
                facts=PASSED,
                latest=True,
                unless=("listing.suspended",),
            ),
            Need("registration.confirmed", same=("data",)),
        ),
        not_after=("listing.delisted",),
    ),
    Kind(
        "listing.suspended",
        "product",
        "the listing is off the board until a new verdict",
        {"reason": Fact.TEXT},
        roles=OPERATOR,
        needs=(Need("listing.published", latest=True, unless=OFF_BOARD),),
    ),
    Kind(
        "listing.delisted",
        "product",
        "the listing has ended",
        {"reason": Fact.TEXT},
        roles=OPERATOR | SUPPLIER,
        needs=(Need("listing.published", latest=True),),
        once=True,
    ),
)
