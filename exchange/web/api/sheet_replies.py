"""Shapes of what goes out about spec sheets and documents."""

from __future__ import annotations

import marshmallow as ma

from exchange.web.api.requests import Strict


def _text(*, allow_none: bool = False) -> ma.fields.String:
    return ma.fields.String(required=True, allow_none=allow_none)


def _number() -> ma.fields.Integer:
    return ma.fields.Integer(required=True, strict=True)


class VersionShape(Strict):
    """A version of a sheet: its digest, its entry, and where it stands."""

    number = _number()
    digest = _text()
    state = _text()
    submitted_at = _text()
    leaf = _text()
    place = ma.fields.Integer(strict=True, required=True, allow_none=True)
    published_at = _text(allow_none=True)


class StandingShape(Strict):
    """Every version of a product's sheet, the newest first; `wanting` is what keeps it back."""

    product = _text()
    issued = ma.fields.Boolean(required=True)
    wanting = ma.fields.List(ma.fields.String())
    versions = ma.fields.List(ma.fields.Nested(VersionShape))


class ChangeShape(Strict):
    """A field that two versions say differently; null where one says nothing."""

    field = _text()
    before = _text(allow_none=True)
    after = _text(allow_none=True)


class ChangesShape(Strict):
    """Two versions of a sheet, and the fields on which they differ."""

    before = ma.fields.Nested(VersionShape)
    after = ma.fields.Nested(VersionShape)
    changes = ma.fields.List(ma.fields.Nested(ChangeShape))


class FillingShape(Strict):
    """One of the 45 fields of a sheet, and what would fill it where it is missing."""

    code = _text()
    section = _number()
    zh = _text()
    en = _text()
    wanted = _text()
    filler = _text()
    standing = _text()
    how = _text()


class CompletenessShape(Strict):
    """How many of the mandatory fields that apply are filled, and every field."""

    version = _number()
    percent = _text()
    filled = _number()
    counted = _number()
    rows = ma.fields.List(ma.fields.Nested(FillingShape), data_key="fields")


class TypedShape(Strict):
    """A figure typed in a draft that is not the one measured."""

    field = _text()
    declared = _text()
    measured = _text()


class DraftShape(Strict):
    """A sheet's draft; `fault` names the first field that keeps it from being signed.

    `record` is the draft with what it leaves to its defaults, and `digest` that of its canonical
    JSON, as `sheet.submitted` names it; while there is a fault it is as it was saved, and there is
    none.  `changes` are from the newest signed sheet; `differences` are figures not as measured,
    which Q-07 blocks.
    """

    product = _text()
    saved_by = _text()
    saved_at = _text()
    content = ma.fields.Dict()
    record = ma.fields.Dict(required=True)
    digest = ma.fields.String(required=True)
    fault = _text()
    changes = ma.fields.List(ma.fields.Nested(ChangeShape), required=True)
    differences = ma.fields.List(ma.fields.Nested(TypedShape), required=True)


class PartyShape(Strict):
    """A participant by its id, with its name in the register."""

    id = _text()
    name = _text()


class PaperShape(Strict):
    """An attached document as everybody may see it; its bytes are shown to few."""

    kind = _text()
    digest = _text()
    issuer = _text()
    issued_on = ma.fields.Date()
    valid_until = ma.fields.Date(allow_none=True)
    attached_by = ma.fields.Nested(PartyShape)
    attached_at = _text()
    leaf = _text()
    state = _text()
    stands = ma.fields.Boolean(required=True)
    sheet = _text(allow_none=True)
    decided_by = ma.fields.Nested(PartyShape, allow_none=True)
    decided_at = _text(allow_none=True)
    decision = _text(allow_none=True)
