"""Shapes of what goes out about uses: the library, products that fit, and demand."""

from __future__ import annotations

import marshmallow as ma

from exchange.web.api.replies import LimitsShape, MoneyShape
from exchange.web.api.requests import INTEGER_MAX, Committed, Strict, Text


class PrecedentShape(Strict):
    """A use that a product was approved for; nobody who asked for it is named."""

    purpose = ma.fields.String(required=True)
    sector = ma.fields.String(required=True)
    region = ma.fields.String(required=True)
    term_days = ma.fields.Integer(required=True, strict=True)
    onward_transfer = ma.fields.Boolean(required=True)
    public_release = ma.fields.Boolean(required=True)
    limits = ma.fields.Nested(LimitsShape, allow_none=True)
    times = ma.fields.Integer(required=True, strict=True)
    last = ma.fields.String(required=True)
    example = ma.fields.String(required=True)


class UsePartShape(Strict):
    """One part of a match: how many of how many points, and why."""

    name = ma.fields.String(required=True)
    points = ma.fields.Integer(required=True, strict=True)
    most = ma.fields.Integer(required=True, strict=True)
    says = ma.fields.String(required=True)


class FitShape(Strict):
    """How a listed product fits a use, of 1,000 points, and what stands in the way."""

    product = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    points = ma.fields.Integer(required=True, strict=True)
    parts = ma.fields.List(ma.fields.Nested(UsePartShape))
    obstacles = ma.fields.List(ma.fields.String())


class WishQuery(Strict):
    """A use that data is looked for; `budget` is in minor units of CNY."""

    purpose = Text()
    region = Text()
    term_days = ma.fields.Integer(required=True, validate=ma.validate.Range(1, 36_500))
    recipients = ma.fields.Integer(load_default=1, validate=ma.validate.Range(1, 1_000_000))
    onward_transfer = ma.fields.Boolean(load_default=False)
    public_release = ma.fields.Boolean(load_default=False)
    sector = Text(0, required=False, load_default="")
    words = Text(0, 500, required=False, load_default="")
    budget = ma.fields.Integer(load_default=None, validate=ma.validate.Range(0, INTEGER_MAX))


class WishShape(Strict):
    """The use in a posting."""

    purpose = Text()
    region = Text()
    term_days = ma.fields.Integer(required=True, strict=True)
    recipients = ma.fields.Integer(strict=True)
    onward_transfer = ma.fields.Boolean()
    public_release = ma.fields.Boolean()
    sector = ma.fields.String()
    words = ma.fields.List(ma.fields.String())
    budget = ma.fields.Nested(MoneyShape, allow_none=True)


class PostingShape(Strict):
    """What is looked for; `exchange.demands.Posting` says what may stand in it."""

    title = Text()
    wanted = Text(1, 2_000)
    wish = ma.fields.Nested(WishShape, required=True)
    keywords = ma.fields.List(ma.fields.String())
    fields_ = ma.fields.List(ma.fields.String(), data_key="fields", attribute="fields")


class PostingBody(Committed):
    """An act that posts a demand, and the posting that it names by digest."""

    posting = ma.fields.Nested(PostingShape, required=True)


class DemandShape(Strict):
    """A posted demand."""

    id = ma.fields.String(required=True)
    buyer = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    posting = ma.fields.String(required=True)
    posted_at = ma.fields.String(required=True)
    until = ma.fields.String(required=True)
    head = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    met_by = ma.fields.String(allow_none=True)


class AnswerShape(Strict):
    """An answer to a demand."""

    id = ma.fields.String(required=True)
    demand = ma.fields.String(required=True)
    supplier = ma.fields.String(required=True)
    words = ma.fields.String(required=True)
    answered_at = ma.fields.String(required=True)
    product = ma.fields.String(allow_none=True)
    ready_by = ma.fields.Date(allow_none=True)


class WholeDemand(Strict):
    """A demand with what it says, its answers, and the listed products that come nearest."""

    demand = ma.fields.Nested(DemandShape)
    posting = ma.fields.Nested(PostingShape)
    answers = ma.fields.List(ma.fields.Nested(AnswerShape))
    matches = ma.fields.List(ma.fields.Nested(FitShape))


class MetShape(Strict):
    """An open demand that a product meets, and how."""

    demand = ma.fields.Nested(DemandShape)
    match = ma.fields.Nested(FitShape)
