"""Rights in products: who holds which, granting them, taking them back; and lineage."""

from __future__ import annotations

from typing import Any

from exchange.errors import BadField
from exchange.registration import Product
from exchange.services import grant_right
from exchange.web.acts import for_act, openings_of, product_head, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.replies import ProductShape, RightsShape
from exchange.web.api.requests import Committed, Signed
from exchange.web.gate import floor

rights = Noun("rights", path="/products")


@rights.read("/<number>/rights")
@rights.gives(RightsShape)
def show(number: str) -> dict[str, Any]:
    """Return who holds which right in a product now, and what it comes from and became."""
    with floor().read() as work:
        return grant_right.standing_of(number, work, floor()).to_record()


@rights.write("/<number>/rights")
@rights.takes(Committed)
@rights.gives(ProductShape, 201)
def grant(body: dict[str, Any], number: str) -> Product:
    """Grant a right to another; the product's head is then the leaf hash of the grant."""
    signed = signed_act(body, f"product/{number}")
    return grant_right.grant_right(
        signed, openings_of(body), floor=for_act(signed, product_head(number))
    )


@rights.write("/<number>/rights/<leaf>/revocation")
@rights.takes(Signed)
@rights.gives(ProductShape)
def revoke(body: dict[str, Any], number: str, leaf: str) -> Product:
    """Take a grant back, and with it every grant under it."""
    signed = signed_act(body, f"product/{number}")
    if signed.act.facts.get("grant") != leaf:
        raise BadField("act.facts.grant", f"the request is about {leaf}")
    return grant_right.revoke_right(signed, floor=for_act(signed, product_head(number)))
