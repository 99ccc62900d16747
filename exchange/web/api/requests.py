"""Shapes of what comes in; what it may say, the services decide."""

from __future__ import annotations

import json
from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload

from exchange.board import BOX_MAX, LINES_MAX, PAGES_MAX, WORDS_MAX, Sort
from exchange.grading import Grade
from exchange.specsheet import Frequency, PriceMode, ProductType

DOCUMENT_MAX = 200_000  # bytes of a document behind a sheet, which travels in base 64
INTEGER_MAX = 2**53 - 1
NUL = "\0"  # PostgreSQL keeps it in no text


def _well_formed(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ma.ValidationError("Not well-formed Unicode.") from None
    if NUL in text:
        raise ma.ValidationError("Holds a NUL character.")


def _without_nul(record: Any, field: str = "") -> None:  # noqa: ANN401 - any part of a record
    """Refuse the first text of a record that no store of text may hold."""
    if isinstance(record, str) and NUL in record:
        raise ma.ValidationError(f"{field}: holds a NUL character.")
    items: Any = ()
    if isinstance(record, dict):
        items = record.items()
    elif isinstance(record, list):
        items = enumerate(record)
    for name, value in items:
        _without_nul(value, f"{field}.{name}" if field else str(name))


class Text(ma.fields.String):
    """Text that has a UTF-8 form and no NUL, so many characters of it."""

    def __init__(self, minimum: int = 1, maximum: int = 200, **others: Any) -> None:  # noqa: ANN401
        others.setdefault("required", True)
        super().__init__(
            validate=[_well_formed, ma.validate.Length(minimum, maximum)],
            **others,
        )


class Strict(ma.Schema):
    """A shape without anything unknown in it."""

    class Meta:
        """Nothing unknown."""

        unknown = ma.RAISE


class Nothing(Strict):
    """No parameters at all."""


class ActShape(Strict):
    """An act as docs/ledger-format.md describes it; what it may say its kind decides."""

    log = Text()
    kind = Text()
    subject = Text(allow_none=True)
    actor = Text(allow_none=True)
    key = Text()
    time = Text()
    nonce = Text()
    facts = ma.fields.Dict(keys=ma.fields.String(), required=True, validate=_without_nul)


class ActText(ma.fields.Field):  # type: ignore[type-arg]
    """An act as JSON text, in a form that carries a file."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:  # noqa: ANN401
        try:
            loaded = json.loads(value)
        except (TypeError, ValueError, RecursionError):
            raise ma.ValidationError("Not JSON.") from None
        return ActShape().load(loaded)


class Signed(Strict):
    """An act with its signature, base 64."""

    act = ma.fields.Nested(ActShape, required=True)
    signature = Text(88, 88)


class OpeningShape(Strict):
    """What opens a commitment of the act: its field, the salt (base 64), and the value."""

    field = Text(maximum=100)
    salt = Text(44, 44)
    value = ma.fields.Raw(required=True, metadata={"description": "any canonical JSON"})


class Committed(Signed):
    """An act that commits to confidential values, and what opens each of its commitments."""

    openings = ma.fields.List(
        ma.fields.Nested(OpeningShape), required=True, validate=ma.validate.Length(1, 8)
    )


class VettingBody(Committed):
    """A decision of a reviewer, and the checklist that it names by digest."""

    checklist = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


class Papers(Committed):
    """An act about a merchant, with the documents that it names by digest, in base 64."""

    documents = ma.fields.List(
        Text(maximum=8 * DOCUMENT_MAX), required=True, validate=ma.validate.Length(1, 20)
    )


class Reported(Signed):
    """An act that hands work in, with the report that it names by digest, in base 64."""

    report = Text(maximum=8 * DOCUMENT_MAX)


class NewKey(Strict):
    """The two acts that take a key into use: ``key.shown`` and ``key.added``."""

    shown = ma.fields.Nested(Signed, required=True)
    added = ma.fields.Nested(Signed, required=True)


class SignedForm(Strict):
    """The same in a form with a file: the file itself, or the name of an upload in its place."""

    act = ActText(required=True, metadata={"type": "string", "description": "the act as JSON"})
    signature = Text(88, 88)
    file = Upload(required=False)
    upload = Text(32, 32, required=False)


class Application(Signed):
    """Who applies, besides the act that shows its key."""

    handle = Text()
    name = Text()
    credit_code = Text()


class Registration(SignedForm):
    """A file with its own name, and the documents that the claim names."""

    name = Text()
    evidence = ma.fields.List(Upload(), load_default=list, validate=ma.validate.Length(max=20))


class Change(SignedForm):
    """A file with its own name, or none, and the documents that the act names."""

    name = Text()
    evidence = ma.fields.List(Upload(), load_default=list, validate=ma.validate.Length(max=20))


class Announced(Strict):
    """How many bytes an upload will have."""

    length = ma.fields.Integer(
        required=True, data_key="Upload-Length", validate=ma.validate.Range(1, INTEGER_MAX)
    )


class PartAt(Strict):
    """Where in its file a part of an upload belongs."""

    offset = ma.fields.Integer(
        required=True, data_key="Upload-Offset", validate=ma.validate.Range(0, INTEGER_MAX)
    )


class SheetBody(Signed):
    """A spec sheet, and documents it names that the exchange does not hold yet, in base 64."""

    sheet = ma.fields.Dict(keys=ma.fields.String(), required=True)
    evidence = ma.fields.List(
        Text(maximum=8 * DOCUMENT_MAX), load_default=list, validate=ma.validate.Length(max=20)
    )


class DocumentBody(Committed):
    """An act that attaches a document, and the document in base 64."""

    document = Text(maximum=8 * DOCUMENT_MAX // 2)


class DraftBody(Strict):
    """The draft of a sheet: the record so far, whole or not."""

    content = ma.fields.Dict(keys=ma.fields.String(), required=True)


class Versions(Strict):
    """Which two versions of a sheet."""

    before = ma.fields.Integer(required=True, validate=ma.validate.Range(1, INTEGER_MAX))
    after = ma.fields.Integer(required=True, validate=ma.validate.Range(1, INTEGER_MAX))


class Written(Strict):
    """Which version of a sheet, the newest if none is named, and in which language."""

    version = ma.fields.Integer(validate=ma.validate.Range(1, INTEGER_MAX))
    lang = ma.fields.String(load_default="zh", validate=ma.validate.OneOf(("zh", "en")))


class Spoken(Strict):
    """In which language what the gate says is told; in the ledger it stands in English."""

    lang = ma.fields.String(load_default="en", validate=ma.validate.OneOf(("zh", "en")))


class Price(Strict):
    """An amount, in minor units of its currency."""

    minor = ma.fields.Integer(
        strict=True, required=True, validate=ma.validate.Range(0, INTEGER_MAX)
    )
    currency = Text(3, 3)


class QuoteBody(Strict):
    """Which scenario a price is asked for: of a licence, or of a plan in its mode.

    `budget` is what use may cost at most, `pack` the units of a pack of the plan.
    """

    scenario = Text()
    mode = ma.fields.String(
        validate=ma.validate.OneOf(("posted", "subscription", "usage", "trial"))
    )
    budget = ma.fields.Nested(Price)
    pack = ma.fields.Integer(strict=True, validate=ma.validate.Range(1, INTEGER_MAX))


class MeteredBody(Signed):
    """An act that hands a batch of use in, with the events that it names by digest, in base 64."""

    events = Text(maximum=(2 << 20) * 4 // 3)


class TokenBody(Strict):
    """What a token shall open, and for how long."""

    scopes = ma.fields.List(Text(), required=True, validate=ma.validate.Length(1, 2))
    seconds = ma.fields.Integer(
        strict=True, required=True, validate=ma.validate.Range(60, 90 * 86_400)
    )


class Subject(Strict):
    """What a certificate is wanted of, and who asks for it where it is paid for."""

    subject = Text()
    asked = ma.fields.Nested(Signed)


class BoardQuery(Strict):
    """What a buyer looks for on the board; what is left out asks nothing.

    Each of the `words`, apart by blanks, must stand somewhere in name, description, keywords,
    sector, industry, the supplier's name or the number; a part of a word is enough.
    """

    words = Text(0, WORDS_MAX, required=False)
    sector = Text(required=False)
    type = ma.fields.Enum(ProductType, by_value=True)
    grade = ma.fields.Enum(Grade, by_value=True)
    price = ma.fields.Enum(PriceMode, by_value=True)
    frequency = ma.fields.Enum(Frequency, by_value=True)
    format = Text(1, 100, required=False)
    quality = ma.fields.Float(
        validate=ma.validate.Range(0, 1), metadata={"description": "the least score"}
    )
    covers_from = ma.fields.Date(metadata={"description": "of a period, some day of which it has"})
    covers_to = ma.fields.Date(metadata={"description": "the last day of that period"})
    box = Text(
        1,
        BOX_MAX,
        required=False,
        metadata={"description": "west,south,east,north in degrees, some place of which it has"},
    )
    sort = ma.fields.Enum(Sort, by_value=True, load_default=Sort.NEWEST)
    page = ma.fields.Integer(load_default=1, validate=ma.validate.Range(1, PAGES_MAX))
    size = ma.fields.Integer(load_default=LINES_MAX, validate=ma.validate.Range(1, LINES_MAX))


class Window(Strict):
    """Which entries."""

    start = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, INTEGER_MAX))
    limit = ma.fields.Integer(load_default=100, validate=ma.validate.Range(1, 256))
