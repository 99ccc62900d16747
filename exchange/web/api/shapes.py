"""Shapes of what comes in and goes out; the rules of the exchange stay in the services."""

from __future__ import annotations

import json
from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload

__all__ = ["Upload"]
DOCUMENT_MAX = 200_000  # characters of a report, comments, grounds
INTEGER_MAX = 2**53 - 1


def _well_formed(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ma.ValidationError("Not well-formed Unicode.") from None


class Text(ma.fields.String):
    """Text that has a UTF-8 form, so many characters of it."""

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


class MoneyShape(Strict):
    """An amount, in minor units of its currency."""

    minor = ma.fields.Integer(strict=True, required=True)
    currency = Text(3, 3)


class ActShape(Strict):
    """An act as docs/ledger-format.md describes it; what it may say its kind decides."""

    log = Text()
    kind = Text()
    subject = Text(allow_none=True)
    actor = Text(allow_none=True)
    key = Text()
    time = Text()
    nonce = Text()
    facts = ma.fields.Dict(keys=ma.fields.String(), required=True)


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


class SignedForm(Strict):
    """The same in a form."""

    act = ActText(required=True, metadata={"type": "string", "description": "the act as JSON"})
    signature = Text(88, 88)
    file = Upload(required=True)


class Application(Signed):
    """Who applies, besides the act that shows its key."""

    handle = Text()
    name = Text()
    credit_code = Text()


class Registration(SignedForm):
    """A file with its own name, and the documents that the claim names."""

    name = Text()
    evidence = ma.fields.List(Upload(), load_default=list, validate=ma.validate.Length(max=20))


class SheetBody(Signed):
    """A spec sheet."""

    sheet = ma.fields.Dict(keys=ma.fields.String(), required=True)


class Report(Signed):
    """An assessor's report."""

    report = Text(maximum=DOCUMENT_MAX)


class Comments(Signed):
    """An expert's comments."""

    comments = Text(maximum=DOCUMENT_MAX)


class Grounds(Signed):
    """The grounds of an objection, or of the decision on one."""

    grounds = Text(maximum=DOCUMENT_MAX)


class ScenarioBody(Signed):
    """What a buyer files: the record whose digest its act signs."""

    filing = ma.fields.Dict(keys=ma.fields.String(), required=True)


class QuoteBody(Strict):
    """Which scenario a price is asked for."""

    scenario = Text()


class TokenBody(Strict):
    """What a token shall open, and for how long."""

    scopes = ma.fields.List(Text(), required=True, validate=ma.validate.Length(1, 2))
    seconds = ma.fields.Integer(
        strict=True, required=True, validate=ma.validate.Range(60, 90 * 86_400)
    )


class Subject(Strict):
    """What a certificate is wanted of."""

    subject = Text()


class Window(Strict):
    """Which entries."""

    start = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, INTEGER_MAX))
    limit = ma.fields.Integer(load_default=100, validate=ma.validate.Range(1, 256))


class TokenShape(Strict):
    """A new token; it is shown once."""

    token = Text()
    participant = Text()
    scopes = ma.fields.List(ma.fields.String())
    expires = Text()


class HealthShape(Strict):
    """That the exchange answers, and the time by its clock."""

    status = Text()
    time = Text()


class PackShape(Strict):
    """A rule pack."""

    name = Text()
    version = Text()
    digest = Text()


class HouseShape(Strict):
    """The rules of the house, the rule pack in force, and the key that signs checkpoints."""

    origin = Text()
    name = Text()
    operator = Text()
    notice_seconds = ma.fields.Integer()
    fee_ppm = ma.fields.Integer()
    quote_seconds = ma.fields.Integer()
    pack = ma.fields.Nested(PackShape)
    vkey = Text()
    time = Text()


class ParticipantShape(Strict):
    """What everybody may know of a participant."""

    id = Text()
    handle = Text()
    name = Text()
    public_key = Text()
    recipient = Text()
    roles = ma.fields.Function(
        lambda participant: sorted(participant.roles),
        metadata={"type": "array", "items": {"type": "string"}},
    )
    standing = Text()
    entry = ma.fields.Integer()


class RegisterShape(Strict):
    """A participant's page of the register."""

    handle = Text()
    name = Text()
    credit_code = Text()


class RegisterDigest(Strict):
    """The digest of a page of the register, which an admission names."""

    register = Text()


class ProductShape(Strict):
    """A product; `head` is its ETag."""

    number = Text()
    name = Text()
    supplier = Text()
    file = Text()
    data = Text()
    bytes = ma.fields.Integer()
    profile = Text()
    sheet = Text(allow_none=True)
    registration = Text()
    notice_until = Text()
    registered_at = Text()
    listing = Text()
    listed_at = Text(allow_none=True)
    valid_until = Text(allow_none=True)
    entry = ma.fields.Integer()
    head = Text()


class DifferenceShape(Strict):
    """Where the supplier's word and the measurement disagree."""

    field = Text()
    declared = Text()
    measured = Text()


class SheetShape(Strict):
    """The declared sheet, the measured profile, and where they differ."""

    sheet = ma.fields.Dict()
    profile = ma.fields.Dict()
    differences = ma.fields.List(ma.fields.Nested(DifferenceShape))


class FindingShape(Strict):
    """A rule that is not clear."""

    rule = Text()
    severity = Text()
    outcome = Text()
    message = Text()
    basis = Text()
    evidence = Text()
    unlock = Text()


class FindingsShape(Strict):
    """What the rules say of a product as it stands today, and its quality as measured."""

    on = ma.fields.Date()
    passed = ma.fields.Boolean()
    pack_digest = Text()
    rules_applied = ma.fields.List(ma.fields.String())
    findings = ma.fields.List(ma.fields.Nested(FindingShape))
    quality = Text()


class BoardLine(Strict):
    """A product on the board."""

    number = Text()
    name = Text()
    supplier = Text()
    supplier_name = Text()
    sector = Text()
    type = Text()
    grade = Text()
    quality = Text()
    rows = ma.fields.Integer()
    price_mode = Text()
    price = ma.fields.Nested(MoneyShape, allow_none=True)
    listed_at = Text()


class ScenarioShape(Strict):
    """A scenario."""

    id = Text()
    buyer = Text()
    product = Text()
    purpose = Text()
    region = Text()
    term_days = ma.fields.Integer()
    recipients = ma.fields.List(ma.fields.String())
    onward_transfer = ma.fields.Boolean()
    public_release = ma.fields.Boolean()
    description = Text()
    state = Text()
    entry = ma.fields.Integer()
    approved_on = ma.fields.Date(allow_none=True)
    expires_on = ma.fields.Date(allow_none=True)


class StepShape(Strict):
    """One step of a price."""

    text = Text()
    amount = ma.fields.Nested(MoneyShape)


class LineShape(StepShape):
    """One line of a settlement."""

    account = Text()


class QuoteShape(Strict):
    """A price with the terms it stands for."""

    id = Text()
    product = Text()
    scenario = Text()
    buyer = Text()
    amount = ma.fields.Nested(MoneyShape)
    terms = Text()
    pricing = Text()
    until = Text()
    entry = ma.fields.Integer()
    agreed = ma.fields.Dict(metadata={"description": "the terms, whose digest is `terms`"})
    lines = ma.fields.List(ma.fields.Nested(StepShape))


class TradeShape(Strict):
    """A trade with its terms and, once settled, who was paid what; `head` is its ETag."""

    id = Text()
    product = Text()
    scenario = Text()
    quote = Text()
    buyer = Text()
    supplier = Text()
    amount = ma.fields.Nested(MoneyShape)
    terms = Text()
    agreed = ma.fields.Dict(metadata={"description": "the terms, whose digest is `terms`"})
    state = Text()
    delivery = Text()
    escrow = Text()
    ordered_at = Text()
    sealed = Text(allow_none=True)
    grant_until = Text(allow_none=True)
    lines = ma.fields.List(ma.fields.Nested(LineShape))
    entry = ma.fields.Integer()
    head = Text()


class JournalShape(Strict):
    """One movement on an account."""

    what = Text()
    entry = ma.fields.Integer()
    amount = ma.fields.Nested(MoneyShape)


class AccountShape(Strict):
    """An account of free money: its balance, and what moved it."""

    account = Text()
    balance = ma.fields.Nested(MoneyShape)
    journals = ma.fields.List(ma.fields.Nested(JournalShape))


class BalanceShape(Strict):
    """What an account holds."""

    account = Text()
    balance = ma.fields.Nested(MoneyShape)


class CheckpointShape(Strict):
    """A signed checkpoint: the note as it was signed, and what it says."""

    origin = Text()
    size = ma.fields.Integer()
    root = Text()
    note = Text()
    vkey = Text()


class EntryShape(Strict):
    """An entry: the very text that is hashed, and its leaf hash."""

    index = ma.fields.Integer()
    leaf = Text()
    entry = Text()


class ProofShape(Strict):
    """An entry's way to a checkpoint's root, nearest sibling first, base 64."""

    index = ma.fields.Integer()
    leaf = Text()
    proof = ma.fields.List(ma.fields.String())
    checkpoint = ma.fields.Nested(CheckpointShape)


class CertificateShape(Strict):
    """A certificate that verifies offline."""

    title = Text()
    log = Text()
    index = ma.fields.Integer()
    entry = Text()
    proof = ma.fields.List(ma.fields.String())
    checkpoint = Text()
    vkey = Text()
