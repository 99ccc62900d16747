"""The register: what a product's data is like."""

from __future__ import annotations

from typing import Any

from exchange.services.find_similar import similar_now
from exchange.web.api.noun import Noun
from exchange.web.api.replies import SimilarShape
from exchange.web.gate import floor

registrations = Noun("registrations", path="/products")


@registrations.read("/<number>/similar")
@registrations.gives(SimilarShape)
def similar(number: str) -> dict[str, Any]:
    """Return what is registered and like a product's data today, the most alike first."""
    with floor().read() as work:
        return {"similar": [match.to_record() for match in similar_now(number, work)]}
