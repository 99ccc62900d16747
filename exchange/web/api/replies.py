"""Shapes of what goes out."""

# long because: it is one list of shapes, and OpenAPI names them side by side

from __future__ import annotations

from typing import Any

import marshmallow as ma

from exchange.checking import Soundness
from exchange.registration import nameless
from exchange.web.api.requests import Strict


def _text(*, allow_none: bool = False) -> ma.fields.String:
    return ma.fields.String(required=True, allow_none=allow_none)


def _number() -> ma.fields.Integer:
    return ma.fields.Integer(required=True, strict=True)


class MoneyShape(Strict):
    """An amount, in minor units of its currency."""

    minor = ma.fields.Integer(strict=True, required=True)
    currency = _text()


class TokenShape(Strict):
    """A new token; it is shown once."""

    token = _text()
    participant = _text()
    scopes = ma.fields.List(ma.fields.String())
    expires = _text()


class HealthShape(Strict):
    """That the exchange answers, the time by its clock, and what the last check of money found."""

    status = _text()
    time = _text()
    money = ma.fields.String(required=True, metadata={"enum": [str(each) for each in Soundness]})
    money_checked_at = ma.fields.String(
        required=True, metadata={"description": "when; empty before the first check has ended"}
    )


class PackShape(Strict):
    """A rule pack."""

    name = _text()
    version = _text()
    digest = _text()


class HouseShape(Strict):
    """The rules of the house, the rule pack in force, and the key that signs checkpoints."""

    origin = _text()
    name = _text()
    operator = _text()
    notice_seconds = _number()
    fee_ppm = _number()
    quote_seconds = _number()
    pack = ma.fields.Nested(PackShape)
    vkey = _text()
    time = _text()


class ParticipantShape(Strict):
    """What everybody may know of a participant."""

    id = _text()
    handle = _text()
    name = _text()
    public_key = _text()
    recipient = _text()
    roles = ma.fields.Function(
        lambda participant: sorted(participant.roles),
        metadata={"type": "array", "items": {"type": "string"}},
    )
    standing = _text()
    verified_until = _text(allow_none=True)
    head = _text()


class LicenceShape(Strict):
    """A licence of a participant; `entry` is the leaf hash of the entry that recorded it."""

    entry = _text()
    licence = _text()
    issuer = _text()
    until = _text()
    runs = ma.fields.Boolean(required=True)


class BarredShape(Strict):
    """An organisation on the negative list."""

    id = _text()
    credit_code = _text()
    name = _text()
    reason = _text()
    source = _text()
    since = ma.fields.Date(required=True)
    until = ma.fields.Date(required=True)
    cleared = ma.fields.Date(required=True, allow_none=True)
    head = _text()


class EngagementStepShape(Strict):
    """A step of an engagement; `entry` is the leaf hash of its entry, `place` its index."""

    state = _text()
    actor = _text()
    time = _text()
    entry = _text()
    place = ma.fields.Integer(required=True, strict=True, allow_none=True)


class EngagementShape(Strict):
    """An engagement: who engaged whom, as what, for what fee, and each step it took, when."""

    id = _text()
    by = _text()
    to = _text()
    role = _text()
    products = ma.fields.List(ma.fields.String())
    work = _text()
    fee = ma.fields.Nested(MoneyShape)
    contingent = ma.fields.Boolean(required=True)
    due = _text()
    proposed_at = _text()
    state = _text()
    report = _text(allow_none=True)
    head = _text()
    steps = ma.fields.List(ma.fields.Nested(EngagementStepShape), required=True)


class KeyShape(Strict):
    """A key of a participant; `entry` is the leaf hash of the entry that showed it."""

    key = _text()
    public_key = _text()
    recipient = _text()
    entry = _text()
    until = _text(allow_none=True)
    revoked = ma.fields.Boolean(required=True)
    stands = ma.fields.Boolean(required=True)


class RegisterShape(Strict):
    """A participant's page of the register."""

    handle = _text()
    name = _text()
    credit_code = _text()


class ProductShape(Strict):
    """A product; `head` is its ETag.  Of the name of its file everybody is shown the kind alone."""

    number = _text()
    name = _text()
    supplier = _text()
    file = _text()
    data = _text()
    bytes = _number()
    profile = _text()
    sheet = _text(allow_none=True)
    registration = _text()
    notice_until = _text()
    registered_at = _text()
    listing = _text()
    listed_at = _text(allow_none=True)
    valid_until = _text(allow_none=True)
    registered_until = _text(allow_none=True)
    head = _text()

    @ma.post_dump
    def _unnamed(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:  # noqa: ANN401
        return {**data, "file": nameless(data["file"])}


class OffBoardShape(Strict):
    """Why a product that was listed is off the board, since when, and the entry that says so.

    `since` and `entry` are null where time alone took it off and nobody has written since.
    """

    words = _text()
    since = _text(allow_none=True)
    entry = _text(allow_none=True)


class StandingProductShape(ProductShape):
    """A product, and why it is off the board; null for one that is on it, or never was."""

    off_board = ma.fields.Nested(OffBoardShape, required=True, allow_none=True)


class ConvertedShape(Strict):
    """A column in other units: `factor` times the other's numbers and `offset` make this one's."""

    column = _text()
    factor = _text()
    offset = _text()


class NearShape(Strict):
    """A column told less exactly: its numbers and the other's differ by no more than `within`."""

    column = _text()
    within = _text()


class MatchShape(Strict):
    """A registered product that data is like; shares in parts per million, columns in pairs.

    To `others` of this product's columns none of that one's corresponds.
    """

    product = _text()
    supplier = _text()
    of_this_ppm = _number()
    of_other_ppm = _number()
    compared = _number()
    how = _text()
    columns = ma.fields.List(ma.fields.List(ma.fields.String()), required=True)
    renamed = _number()
    converted = ma.fields.List(ma.fields.Nested(ConvertedShape), required=True)
    near = ma.fields.List(ma.fields.Nested(NearShape), required=True)
    others = ma.fields.List(ma.fields.String(), required=True)


class SimilarShape(Strict):
    """What is registered and like a product's data, the most alike first.

    `in_others_ppm` is the most of it that can stand in what other suppliers registered, together.
    """

    similar = ma.fields.List(ma.fields.Nested(MatchShape), required=True)
    in_others_ppm = _number()


class RegisteredShape(Strict):
    """An act of the register; `entry` is the leaf hash of its entry."""

    type = _text()
    kind = _text()
    actor = _text()
    time = _text()
    entry = _text()


class HistoryShape(Strict):
    """Every act of the register about a product, oldest first."""

    history = ma.fields.List(ma.fields.Nested(RegisteredShape), required=True)


class WithdrawnShape(Strict):
    """When and why something recorded was taken back, and by which entry."""

    time = _text()
    reason = _text()
    entry = _text()


class ActivityShape(Strict):
    """What was done with data; `cost` and `description` are null where they are withheld."""

    activity = _text()
    actor = _text()
    start = ma.fields.String(required=True, data_key="from", attribute="from")
    until = _text()
    inputs = ma.fields.List(ma.fields.String(), required=True)
    used = ma.fields.List(ma.fields.String(), required=True)
    made = ma.fields.List(ma.fields.String(), required=True)
    cost = ma.fields.Nested(MoneyShape, required=True, allow_none=True)
    description = _text(allow_none=True)
    entry = _text()
    withdrawn = ma.fields.Nested(WithdrawnShape, required=True, allow_none=True)


class ActivitiesShape(Strict):
    """The activities on a product, oldest first."""

    activities = ma.fields.List(ma.fields.Nested(ActivityShape), required=True)


class DifferenceShape(Strict):
    """Where the supplier's word and the measurement disagree."""

    field = _text()
    declared = _text()
    measured = _text()


class SheetShape(Strict):
    """The declared sheet, the measured profile, and where they differ."""

    sheet = ma.fields.Dict()
    profile = ma.fields.Dict()
    differences = ma.fields.List(ma.fields.Nested(DifferenceShape))


class FindingShape(Strict):
    """A rule that is not clear."""

    rule = _text()
    severity = _text()
    outcome = _text()
    message = _text()
    basis = _text()
    evidence = _text()
    unlock = _text()


class EvidenceShape(Strict):
    """An entry that an answer rests on; `index` is null until it has its place."""

    kind = _text()
    index = ma.fields.Integer(allow_none=True, required=True)
    leaf = _text()
    signer = _text()


class ReasonShape(FindingShape):
    """What one rule says of a product, kept or not, and the entries behind it."""

    statement = _text()
    entries = ma.fields.List(ma.fields.Nested(EvidenceShape), required=True)


class FindingsShape(Strict):
    """What the rules say of a product as it stands today, and its quality as measured.

    `unlocked_by` says of each obstacle, in the same order, what ends it.
    """

    on = ma.fields.Date()
    passed = ma.fields.Boolean(required=True)
    pack_digest = _text()
    rules_applied = ma.fields.List(ma.fields.String())
    findings = ma.fields.List(ma.fields.Nested(FindingShape))
    obstacles = ma.fields.List(ma.fields.String(), required=True)
    unlocked_by = ma.fields.List(ma.fields.String(), required=True)
    quality = _text(allow_none=True)


class OpinionShape(Strict):
    """An expert's score beside the system's; `dimension` is "" for the whole."""

    expert = _text()
    dimension = ma.fields.String(required=True)
    score = _text()
    system = _text(allow_none=True)
    difference = _text(allow_none=True)


class DeliveryShape(Strict):
    """A version of the data; `drift` is from the one before."""

    time = _text()
    data = _text()
    rows = _number()
    score = _text(allow_none=True)
    verdict = _text(allow_none=True)
    drift = ma.fields.Dict(required=True, allow_none=True)


class SignedSheetShape(Strict):
    """A signed sheet, and a listing of it: its scores as of then, and the system's of today.

    `listed` and `score` are null for one that was not listed.
    """

    version = _number()
    sheet = _text()
    data = _text()
    signed = _text()
    listed = _text(allow_none=True)
    score = _text(allow_none=True)
    experts = ma.fields.List(ma.fields.String(), required=True)
    today = _text()


class QualityShape(Strict):
    """A product's quality as counted, by dimension and part, and what stands beside it.

    `score` and `report` are null where no sheet stands over the data that is registered.
    """

    score = _text(allow_none=True)
    report = ma.fields.Dict(allow_none=True)
    sheets = ma.fields.List(ma.fields.Nested(SignedSheetShape))
    pending = ma.fields.List(ma.fields.String())
    experts = ma.fields.List(ma.fields.Nested(OpinionShape))
    deliveries = ma.fields.List(ma.fields.Nested(DeliveryShape))


class SampleShape(Strict):
    """Rows drawn from `notice`, the leaf hash of the entry that opened the notice."""

    product = _text()
    data = _text()
    notice = _text()
    sample = ma.fields.Dict()


class GroundShape(Strict):
    """One thing that speaks for a grade."""

    grade = _text()
    words = _text()
    factor = _text()


class AncestorShape(Strict):
    """A product that another comes from, its grade, and the way to it."""

    product = _text()
    grade = _text(allow_none=True)
    path = ma.fields.List(ma.fields.String())


class GradedShape(Strict):
    """How a product is graded: declared, set by the operator, estimated, and inherited."""

    product = _text()
    declared = _text(allow_none=True)
    set = _text(allow_none=True)
    grade = _text(allow_none=True)
    estimate = _text(allow_none=True)
    reasons = ma.fields.List(ma.fields.Nested(GroundShape))
    line = ma.fields.List(ma.fields.Nested(AncestorShape))


class RightShape(Strict):
    """A right that somebody holds; `entries` are leaf hashes, of what gives it first."""

    participant = _text()
    right = _text()
    purposes = ma.fields.List(ma.fields.String())
    regions = ma.fields.List(ma.fields.String())
    start = ma.fields.String(required=True, allow_none=True, attribute="from", data_key="from")
    until = _text(allow_none=True)
    exclusive = ma.fields.Boolean(required=True)
    transferable = ma.fields.Boolean(required=True)
    granted_by = _text(allow_none=True)
    entries = ma.fields.List(ma.fields.String())


class KinShape(Strict):
    """A product that another comes from or that came of it; `path` leads there."""

    product = _text()
    supplier = _text()
    path = ma.fields.List(ma.fields.String())
    entry = _text()


class RightsShape(Strict):
    """Who holds which right in a product at a time, and its lineage, the nearest first."""

    product = _text()
    at = _text()
    rights = ma.fields.List(ma.fields.Nested(RightShape))
    ancestors = ma.fields.List(ma.fields.Nested(KinShape))
    descendants = ma.fields.List(ma.fields.Nested(KinShape))


class BoardLineShape(Strict):
    """A product on the board; its quality is that of the day on which it was listed.

    `format` is the reader that the inspection knew the file by, `until` the last day on the board.
    """

    number = _text()
    name = _text()
    name_en = _text()
    supplier = _text()
    supplier_name = _text()
    sector = _text()
    type = _text()
    grade = _text()
    frequency = _text()
    format = _text()
    quality = _text()
    rows = _number()
    price_mode = _text()
    price = ma.fields.Nested(MoneyShape, allow_none=True)
    listed_at = _text()
    until = _text()
    covers_from = ma.fields.String(required=True, allow_none=True)
    covers_to = ma.fields.String(required=True, allow_none=True)
    box = ma.fields.List(
        ma.fields.Float(),
        required=True,
        allow_none=True,
        metadata={"description": "west, south, east and north in degrees"},
    )


class BoardShape(Strict):
    """A page of the products that a search has found; `whole` counts them all."""

    products = ma.fields.List(ma.fields.Nested(BoardLineShape), required=True)
    whole = _number()
    page = _number()
    pages = _number()


def _counts() -> ma.fields.Dict:
    return ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class OverviewShape(Strict):
    """Counts over listings of elsewhere; `source` is empty for all of them."""

    source = _text()
    listings = _number()
    standings = _counts()
    missing = _counts()
    claims = _counts()
    fired = _counts()
    clear = _counts()
    unasked = _counts()
    silent_on = ma.fields.Float(required=True)


class RuleWordShape(Strict):
    """What one rule says of a listing of elsewhere."""

    rule = _text()
    severity = _text()
    outcome = _text()
    message = _text()
    missing = _text()


class ScreeningShape(Strict):
    """A listing of elsewhere before the gate."""

    id = _text()
    source = _text()
    title = _text()
    supplier = _text()
    standing = _text()
    missing = ma.fields.List(ma.fields.String(), required=True)
    claims = ma.fields.List(ma.fields.String(), required=True)
    words = ma.fields.List(ma.fields.Nested(RuleWordShape), required=True)


class TaskShape(Strict):
    """One thing that waits for a participant."""

    duty = _text()
    subject = _text()
    title = _text()
    since = _text()
    due = _text()
    risk = _text()
    why = ma.fields.List(ma.fields.String(), required=True)
    items = ma.fields.List(ma.fields.String(), required=True)
    overdue = ma.fields.Boolean(required=True)


class LimitsShape(Strict):
    """What an assessor narrowed of a scenario; null or empty where nothing."""

    term_days = ma.fields.Integer(strict=True, allow_none=True)
    regions = ma.fields.List(ma.fields.String())
    recipients = ma.fields.Integer(strict=True, allow_none=True)
    onward_transfer = ma.fields.Boolean(allow_none=True)
    public_release = ma.fields.Boolean(allow_none=True)


class ScenarioShape(Strict):
    """A scenario; `grounds` say why an assessor must look at it, or had to."""

    id = _text()
    buyer = _text()
    product = _text()
    purpose = _text()
    region = _text()
    term_days = _number()
    recipients = ma.fields.List(ma.fields.String())
    onward_transfer = ma.fields.Boolean(required=True)
    public_release = ma.fields.Boolean(required=True)
    description = _text()
    state = _text()
    head = _text()
    approved_on = ma.fields.Date(allow_none=True)
    expires_on = ma.fields.Date(allow_none=True)
    sector = ma.fields.String()
    grounds = ma.fields.List(ma.fields.String())
    limits = ma.fields.Nested(LimitsShape, allow_none=True)


class FilingShape(Strict):
    """A scenario with everything that its buyer filed."""

    scenario = ma.fields.Nested(ScenarioShape)
    filing = ma.fields.Dict(keys=ma.fields.String())


class StepShape(Strict):
    """One step of a price."""

    text = _text()
    amount = ma.fields.Nested(MoneyShape)


class LineShape(StepShape):
    """One line of a settlement."""

    account = _text()


class BandShape(Strict):
    """Low, middle and high of an estimate."""

    low = ma.fields.Nested(MoneyShape)
    mid = ma.fields.Nested(MoneyShape)
    high = ma.fields.Nested(MoneyShape)


class GuidanceShape(Strict):
    """What both sides are told: a band, where to open, and what is hardly worth going below."""

    band = ma.fields.Nested(BandShape)
    ask = ma.fields.Nested(MoneyShape)
    floor = ma.fields.Nested(MoneyShape)


class PathShape(Strict):
    """A settled trade and what it made of the estimate; `settlement` is its entry's leaf hash."""

    paid = ma.fields.Nested(MoneyShape)
    time = _text()
    settlement = _text()
    opening = ma.fields.Nested(GuidanceShape)
    guidance = ma.fields.Nested(GuidanceShape)
    record = _text()


class QuoteShape(Strict):
    """A price with the terms it stands for."""

    id = _text()
    product = _text()
    scenario = _text()
    buyer = _text()
    amount = ma.fields.Nested(MoneyShape)
    terms = _text()
    pricing = _text()
    until = _text()
    head = _text()
    agreed = ma.fields.Dict(metadata={"description": "the terms, whose digest is `terms`"})
    lines = ma.fields.List(ma.fields.Nested(StepShape))


class TradeShape(Strict):
    """A trade with its terms and, once settled, who was paid what; `head` is its ETag."""

    id = _text()
    product = _text()
    scenario = _text()
    quote = _text()
    buyer = _text()
    supplier = _text()
    amount = ma.fields.Nested(MoneyShape)
    terms = _text()
    agreed = ma.fields.Dict(metadata={"description": "the terms, whose digest is `terms`"})
    state = _text()
    delivery = _text()
    escrow = _text()
    ordered_at = _text()
    sealed = _text(allow_none=True)
    grant_until = _text(allow_none=True)
    released = ma.fields.Integer(metadata={"description": "minor units paid out of its escrow"})
    refunded = ma.fields.Integer(metadata={"description": "minor units given back out of it"})
    reversal = ma.fields.Integer(metadata={"description": "minor units awarded and not paid yet"})
    part = ma.fields.Integer(metadata={"description": "the part that is due, 0 of a whole"})
    answer_until = _text(allow_none=True)
    dispute = _text()
    lines = ma.fields.List(ma.fields.Nested(LineShape))
    head = _text()


class JournalShape(Strict):
    """One movement on an account."""

    what = _text()
    entry = _text()
    amount = ma.fields.Nested(MoneyShape)


class AccountShape(Strict):
    """An account of free money: its balance, and what moved it."""

    account = _text()
    balance = ma.fields.Nested(MoneyShape)
    journals = ma.fields.List(ma.fields.Nested(JournalShape))


class BalanceShape(Strict):
    """What an account holds."""

    account = _text()
    balance = ma.fields.Nested(MoneyShape)


class CheckpointShape(Strict):
    """A signed checkpoint: the note as it was signed, and what it says."""

    origin = _text()
    size = _number()
    root = _text()
    note = _text()
    vkey = _text()


class EntryShape(Strict):
    """An entry: the very text that is hashed, and its leaf hash."""

    index = _number()
    leaf = _text()
    entry = _text()


class ProofShape(Strict):
    """An entry's way to a checkpoint's root, nearest sibling first, base 64."""

    index = _number()
    leaf = _text()
    proof = ma.fields.List(ma.fields.String())
    checkpoint = ma.fields.Nested(CheckpointShape)


class ErasureShape(Strict):
    """A request for erasure, and what was decided; entries by leaf hash."""

    request = _text()
    entry = _text()
    named = ma.fields.List(ma.fields.String(), data_key="fields")  # a schema has fields itself
    actor = _text()
    state = _text()
    decision = _text(allow_none=True)
    reason = _text(allow_none=True)


class DisclosureShape(Strict):
    """A committed value with its salt, base 64; both null where it was erased."""

    entry = _number()
    field = _text()
    standing = _text()
    salt = _text(allow_none=True)
    value = ma.fields.Raw(allow_none=True, metadata={"description": "any canonical JSON"})


class MerchantPaperShape(Strict):
    """A paper behind an identity or a licence: its entry by leaf hash, and whether it is kept."""

    entry = _text()
    kind = _text()
    digest = _text()
    kept = ma.fields.Boolean()


class UploadShape(Strict):
    """A file that comes in parts: how far it has come, and until when without another part."""

    upload = _text()
    bytes = _number()
    offset = _number()
    until = _text()


class CertificateShape(Strict):
    """A certificate that verifies offline."""

    title = _text()
    log = _text()
    index = _number()
    entry = _text()
    proof = ma.fields.List(ma.fields.String())
    checkpoint = _text()
    vkey = _text()
