"""Shapes of what the agreements answer, and of what is proposed."""

from __future__ import annotations

import marshmallow as ma

from exchange.web.api.requests import Signed, Strict


class AmendmentShape(Strict):
    """A proposed amendment with its terms; `leaf` is what an answer names."""

    leaf = ma.fields.String()
    trade = ma.fields.String()
    by = ma.fields.String(metadata={"description": "who proposed it"})
    state = ma.fields.String()
    proposed_at = ma.fields.String()
    terms = ma.fields.String(metadata={"description": "the digest that both parties sign"})
    agreed = ma.fields.Dict(metadata={"description": "the terms, whose digest is `terms`"})


class Proposal(Signed):
    """An act that proposes an amendment, and the terms that it names by digest."""

    terms = ma.fields.Dict(keys=ma.fields.String(), required=True)
