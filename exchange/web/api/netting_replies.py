"""Shapes of what goes out about deals, obligations, cycles and the guarantee fund."""

from __future__ import annotations

import marshmallow as ma

from exchange.web.api.replies import MoneyShape
from exchange.web.api.requests import Strict


def _text() -> ma.fields.String:
    return ma.fields.String(required=True)


def _minor() -> ma.fields.Integer:
    return ma.fields.Integer(required=True, strict=True)


class DealShape(Strict):
    """A deal made off the exchange; `product` and `scenario` are empty where it names none."""

    id = _text()
    filer = _text()
    to = _text()
    side = _text()
    product = _text()
    scenario = _text()
    purpose = _text()
    amount = ma.fields.Nested(MoneyShape)
    due = _text()
    until = _text()
    cleared = ma.fields.Boolean(required=True)
    filed_at = _text()
    filing = _text()
    state = _text()
    reason = _text()
    head = _text()


class DealPapersShape(DealShape):
    """A deal with its papers in base 64, as its parties read them; none where they were erased."""

    terms = ma.fields.String(required=True, allow_none=True)
    description = ma.fields.String(required=True, allow_none=True)


class ObligationShape(Strict):
    """What one party owes another; `cycle` is empty until one has netted it."""

    source = _text()
    payer = _text()
    payee = _text()
    amount = ma.fields.Nested(MoneyShape)
    due = _text()
    state = _text()
    cycle = _text()
    head = _text()


class PositionShape(Strict):
    """What one party's net came to in one currency of a cycle, in minor units of it."""

    cycle = _text()
    currency = _text()
    net = _minor()
    brought = _minor()
    moved = _minor()
    contribution = _minor()
    fund = _minor()
    left = _minor()
    used = _minor()
    carried = _minor()


class OwnPositionsShape(Strict):
    """The caller's nets, and the leaf hashes of the entries of its own account about them."""

    positions = ma.fields.List(ma.fields.Nested(PositionShape))
    entries = ma.fields.List(ma.fields.String())
    in_default = ma.fields.Boolean(required=True)


class CycleTotalShape(Strict):
    """One currency of a cycle."""

    gross = ma.fields.Nested(MoneyShape)
    net = ma.fields.Nested(MoneyShape)
    paid = ma.fields.Nested(MoneyShape)
    used = ma.fields.Nested(MoneyShape)
    received = ma.fields.Nested(MoneyShape)
    carried = ma.fields.Nested(MoneyShape)


class CycleShape(Strict):
    """A settlement cycle: totals, no parties."""

    day = _text()
    closed_at = _text()
    obligations = _minor()
    parties = _minor()
    defaults = _minor()
    totals = ma.fields.List(ma.fields.Nested(CycleTotalShape))
    head = _text()


class CycleAsked(Strict):
    """The day whose cycle is to be closed."""

    day = ma.fields.Date(required=True)


class FundShape(Strict):
    """The guarantee fund: what all parts come to, and of how many members, by currency."""

    total = ma.fields.Nested(MoneyShape)
    members = _minor()


class PartShape(Strict):
    """A part of the guarantee fund."""

    part = ma.fields.Nested(MoneyShape)
