"""Shapes of negotiations."""

from __future__ import annotations

import marshmallow as ma

from exchange.web.api.replies import MoneyShape, QuoteShape
from exchange.web.api.requests import Signed, Strict


class RequestsBody(Strict):
    """Acts that open a negotiation each: all of them are opened, or none."""

    acts = ma.fields.List(
        ma.fields.Nested(Signed), required=True, validate=ma.validate.Length(1, 50)
    )


class StandingOfferShape(Strict):
    """The newest offer: its entry, by whom, how much, until when."""

    leaf = ma.fields.String(required=True)
    by = ma.fields.String(required=True)
    amount = ma.fields.Nested(MoneyShape, required=True)
    until = ma.fields.String(required=True)


class NegotiationShape(Strict):
    """A negotiation as it stands now; `quote` is what an agreement made."""

    id = ma.fields.String(required=True)
    product = ma.fields.String(required=True)
    scenario = ma.fields.String(required=True)
    buyer = ma.fields.String(required=True)
    supplier = ma.fields.String(required=True)
    currency = ma.fields.String(required=True)
    exclusive = ma.fields.Boolean(required=True)
    until = ma.fields.String(required=True)
    opened_at = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    rounds = ma.fields.Integer(required=True, strict=True)
    offer = ma.fields.Nested(StandingOfferShape, required=True, allow_none=True)
    quote = ma.fields.String(required=True, allow_none=True)
    head = ma.fields.String(required=True)


class AgreedShape(Strict):
    """A negotiation that came to a price, and the quote that it made."""

    negotiation = ma.fields.Nested(NegotiationShape, required=True)
    quote = ma.fields.Nested(QuoteShape, required=True)
