"""Shapes of auctions and bids."""

from __future__ import annotations

import marshmallow as ma

from exchange.web.api.replies import MoneyShape
from exchange.web.api.requests import Signed, Strict


class AuctionBody(Signed):
    """An act that opens an auction, and the parameters of its mechanism, which it commits to."""

    parameters = ma.fields.Dict(keys=ma.fields.String(), required=True)


class AuctionShape(Strict):
    """An auction; `phase` is what may be done, `prices` what winners are to pay, without names."""

    id = ma.fields.String(required=True)
    product = ma.fields.String(required=True)
    supplier = ma.fields.String(required=True)
    mechanism = ma.fields.String(required=True)
    rules = ma.fields.String(required=True)
    supply = ma.fields.Integer(required=True, strict=True)
    exclusive = ma.fields.Boolean(required=True)
    deposit = ma.fields.Nested(MoneyShape, required=True)
    bids_until = ma.fields.String(required=True)
    open_until = ma.fields.String(required=True)
    opened_at = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    phase = ma.fields.String(required=True, allow_none=True)
    bids = ma.fields.Integer(required=True, strict=True)
    pricing = ma.fields.String(required=True, allow_none=True)
    prices = ma.fields.List(ma.fields.Nested(MoneyShape), required=True)
    head = ma.fields.String(required=True)


class BidShape(Strict):
    """A bid; `amount` is there once it was opened, to those who may see it."""

    leaf = ma.fields.String(required=True)
    auction = ma.fields.String(required=True)
    bidder = ma.fields.String(required=True)
    scenario = ma.fields.String(required=True)
    deposit = ma.fields.Nested(MoneyShape, required=True)
    placed_at = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    amount = ma.fields.Nested(MoneyShape, required=True, allow_none=True)
    quote = ma.fields.String(required=True, allow_none=True)
    head = ma.fields.String(required=True)
