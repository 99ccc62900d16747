"""Reading evidence: the documents that a claim and a sheet name by digest.

They are handed in with the claim or the sheet and kept private.  Whoever answers for what they
prove must be able to read them: the exchange's reviewers by their checklist, assessors by S-02.
"""

from __future__ import annotations

from exchange.errors import NotFound
from exchange.participants import Participant
from exchange.ports import Floor
from exchange.services.submit_sheet import evidence_of
from exchange.services.verify_document import require_shown


def evidence_bytes(digest: str, number: str, *, to: Participant, floor: Floor) -> bytes:
    """Return a document that was handed in for a product, to its supplier and to those who judge.

    These are the operator, assessors and the exchange's reviewers.  Raises `Forbidden` for anybody
    else, one of these that is suspended among them, and `NotFound` for what nothing of the product
    names, and for what was erased.
    """
    with floor.read() as work:
        product = work.products.get(number)
        require_shown(f"the evidence of {number} is", to, {product.supplier})
        if digest not in evidence_of(product, work):
            raise NotFound(f"{number} names no evidence {digest[:16]}")
        return work.records.get(digest)
