"""Every route times everybody: who is kept out, and by which answer.

The table names who may come in; all others must get 401 or 403.  A route that is missing from
the table fails, and so does one that the table knows and the application does not.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

import pytest

from exchange.auctions import Lots
from exchange.clearing.fees import FeeSchedule, ModeFee
from exchange.deals import DealTerms, Side
from exchange.demands import Posting
from exchange.documents import Document, DocumentKind
from exchange.engagements import Offer
from exchange.matching import Wish
from exchange.participants import Role
from exchange.payments import Payee
from exchange.records import to_record
from exchange.services.attach_document import documents_of
from exchange.services.file_scenario import filing_facts
from exchange.services.grant_right import GrantTerms
from exchange.services.negotiate import acceptance_facts, offer_facts
from exchange.services.post_demand import posting_facts, running_demands
from exchange.services.publish_fees import fee_facts
from exchange.services.screen_drafts import keep_drafts
from exchange.services.vet_listing import checklist_record
from exchange.specsheet import Right
from exchange.vetting import CHECKLIST
from exchange.web.access import ROUTES, Access
from exchange.web.client import PART_TYPE, Answer, Problem
from exchange.web.client import Request as Asked
from ledger.acts import format_time
from ledger.canonical import encode
from pricing.money import Money
from tests.exchange.web.town import LOG, RULES, Town, code, csv, digest, filing, new_keys, sheet

HANDLES: Final = {
    "buyer": "harbour",
    "other buyer": "shipyard",
    "supplier": "tide-data",
    "other supplier": "reef-data",
    "assessor": "assessor",
    "expert": "expert",
    "reviewer": "reviewer",
    "operator": "house",
}
SIGNERS: Final = frozenset(HANDLES)
DOCUMENT: Final = b"what the buoys cost"
POSTING: Final = Posting("tides", "tides of the bay", Wish("navigation", "CN", 365))
READER: Final = "token reader"  # holds a token of the buyer, with both scopes
ALL: Final = SIGNERS | {READER, "anonymous"}
AUDITORS: Final = SIGNERS | {READER}

# A form of the request that everybody could send, and who may: others get 401 or 403.
Request = Callable[[Town, str], Answer]


def _get(path: str) -> Request:
    return lambda town, who: _client(town, who).get(path.format(**_names(town)))


def _names(town: Town) -> dict[str, str]:
    return {
        "product": town.product,
        "trade": town.trade,
        "scenario": town.scenario,
        "quote": town.quote,
        "buyer": town.people["harbour"].id,
        "newcomer": town.people["newcomer"].id,
        "origin": town.venue.floor.house.origin,
        "leaf": _filed(town),
        "draft": _draft(town),
        "document": _attached(town).leaf,
        "evidence": digest(LOG),
        "demand": _demand(town),
    }


def _demand(town: Town) -> str:
    """Return a demand of the buyer's that is open, posted if none is."""
    with town.venue.floor.read() as work:
        found = running_demands(work, town.venue.floor)
    return found[0].id if found else town.desk("harbour").post_demand(POSTING).id


def _posting(town: Town) -> dict[str, Any]:
    until = format_time(town.venue.floor.clock() + dt.timedelta(days=30))
    digest = hashlib.sha256(encode(to_record(POSTING))).hexdigest()
    return posting_facts(POSTING, until) | {"posting": digest}


def _uploading(method: str) -> Request:
    """Open an upload, or send a part of one or take one back that is not there."""

    def send(town: Town, who: str) -> Answer:
        client = _client(town, who)
        path = "/uploads" if method == "POST" else "/uploads/" + "0" * 32
        headers = {
            "POST": {"Upload-Length": "1", "Idempotency-Key": client.chance(16).hex()},
            "PATCH": {"Upload-Offset": "0", "Content-Type": PART_TYPE},
            "DELETE": {},
        }[method]
        body = b"x" if method == "PATCH" else b""
        answer: Answer = client._ask(Asked(method, client._url(path), headers, body))
        return answer

    return send


def _get_withdrawal(town: Town, who: str) -> Answer:
    """Get a withdrawal of the buyer, asked for if there is none."""
    mine = town.people["harbour"]
    with town.venue.floor.read() as work:
        found = work.withdrawals.of(mine.id)
    if not found:
        town.desk("house").deposit(mine, Money(1), "to be withdrawn")
        found = [town.desk("harbour").request_withdrawal(Money(1), Payee("a", "1"))]
    answer: Answer = _client(town, who).get(f"/withdrawals/{found[0].id}")
    return answer


def _schedule(town: Town) -> FeeSchedule:
    since = format_time(town.venue.floor.clock() + dt.timedelta(days=8))
    return FeeSchedule("1", since, 50_000, {"posted": ModeFee(25_000)})


def _draft(town: Town) -> str:
    """Return the id of a listing of elsewhere, kept if it was not."""
    draft = {"id": "ab" * 32, "source": "x", "title": "x", "supplier": "", "price": ""}
    more: dict[str, object] = {"missing": [], "sheet": {}, "claims": []}
    keep_drafts([draft | more], floor=town.venue.floor)
    return draft["id"]


def _attached(town: Town) -> Document:
    """Return a document that the supplier attached, attached now if none is open."""
    with town.venue.floor.read() as work:
        found = documents_of(work.products.get(town.product), work) if town.product else ()
    open_ones = [each for each in found if each.state in {"attached", "verified"}]
    return open_ones[0] if open_ones else _attach(town)


def _attach(town: Town) -> Document:
    kind, text = DocumentKind.SOURCE_PROOF, f"proof at {town.head()}".encode()
    return town.desk("tide-data").attach(town.product, kind, text, name="proof.txt")


def _document(town: Town) -> dict[str, Any]:
    today = town.venue.floor.clock().date().isoformat()
    return {
        "what": "source-proof",
        "document": hashlib.sha256(DOCUMENT).hexdigest(),
        "sheets": [],
        "issued": today,
        "until": "9999-12-31",
    }


def _decided(town: Town) -> dict[str, Any]:
    found = _attached(town)
    return {"attachment": found.leaf, "document": found.digest}


def _filed(town: Town) -> str:
    """Return the leaf hash of the buyer's scenario as it was filed."""
    with town.venue.floor.read() as work:
        filed = work.chain.store.of_kind(f"scenario/{town.scenario}", "scenario.filed")
        return next(filed).leaf.hex()


def _client(town: Town, who: str) -> Any:
    if who == READER:
        body = {"scopes": ["read:own", "read:audit"], "seconds": 600}
        token = town.client("harbour").post("/tokens", body).json["token"]
        return town.client(token=token)
    return town.client(HANDLES.get(who))


def _post(path: str, body: dict[str, Any] | None = None, *, match: bool = False) -> Request:
    def send(town: Town, who: str) -> Answer:
        given = body and {key: _filled(value, town) for key, value in body.items()}
        answer: Answer = _client(town, who).post(
            path.format(**_names(town)), given, if_match="*" if match else None
        )
        return answer

    return send


def _filled(value: Any, town: Town) -> Any:
    return value.format(**_names(town)) if isinstance(value, str) else value


def _act(
    path: str,
    kind: str,
    subject: str | None,
    facts: Callable[[Town], dict[str, Any]],
    extra: Callable[[Town], dict[str, Any]] = lambda _: {},
    files: Iterable[tuple[str, bytes]] = (),
    *,
    commit: Callable[[Town], dict[str, Any]] = lambda _: {},
) -> Request:
    """Send an act of the sender's own, whoever that is, for the newest version."""

    def send(town: Town, who: str) -> Answer:
        names = _names(town)
        # Nobody and a reader cannot sign: they send what the operator would have signed.
        author = town.client(HANDLES.get(who, "house"))
        named = subject and subject.format(**names)
        body = author.act(kind, named, facts(town), commit(town)) | extra(town)
        head = town.head("trade" if subject and subject.startswith("trade") else "product")
        answer: Answer = _client(town, who).post(
            path.format(**names), body, files=files, if_match=head
        )
        return answer

    return send


def _rotation(town: Town, who: str) -> Answer:
    """Try to take a key into use as the buyer's."""
    author = town.client(HANDLES.get(who, "house"))
    new = new_keys()
    until = town.client().get("/exchange").json["time"]
    body = author.key_acts(new.signing, new.recipient, until)
    buyer = town.people["harbour"].id
    body["added"] = author.act("key.added", f"participant/{buyer}", body["added"]["act"]["facts"])
    answer: Answer = _client(town, who).post(f"/participants/{buyer}/keys", body)
    return answer


def _bound(town: Town) -> dict[str, Any]:
    return {"sheet": _sheet(town).digest, "data": digest(csv())}


def _sheet(town: Town) -> Any:
    return sheet(town.people["tide-data"].id)


def _attested(town: Town) -> dict[str, Any]:
    return _bound(town) | {
        "pack": town.venue.pack.digest,
        "rules": list(RULES),
        "outcome": "passed",
        "until": "2027-01-01",
    }


def _reason(_: Town) -> dict[str, Any]:
    return {"reason": "because"}


def _money(_: Town) -> dict[str, Any]:
    return {"amount": {"minor": 1, "currency": "CNY"}}


def _reference(_: Town) -> dict[str, Any]:
    return {"reference": "b"}


_FEE: Final = {"minor": 100, "currency": "CNY"}


def _offer(town: Town) -> Offer:
    due = format_time(town.venue.floor.clock() + dt.timedelta(days=9))
    return Offer(Role.QUALITY_EXPERT, (town.product,), "a review", Money.read(_FEE), due)


def _engaged(
    step: str | None,
    kind: str = "",
    facts: dict[str, Any] | None = None,
    extra: dict[str, Any] | None = None,
) -> Request:
    """Go on with an engagement of the assessor by the supplier, or look at it."""

    def send(town: Town, who: str) -> Answer:
        offer = replace(_offer(town), role=Role.COMPLIANCE_ASSESSOR)
        made = town.desk("tide-data").engage(town.people["assessor"], offer)
        if step is None:
            shown: Answer = _client(town, who).get(f"/engagements/{made.id}")
            return shown
        author = town.client(HANDLES.get(who, "house"))
        body = author.act(kind, f"engagement/{made.id}", facts or {}) | (extra or {})
        answer: Answer = _client(town, who).post(f"/engagements/{made.id}/{step}", body)
        return answer

    return send


def _asked(town: Town, who: str) -> Answer:
    """Ask for a price of the buyer's scenario."""
    author = town.client(HANDLES.get(who, "house"))
    until = town.venue.floor.clock() + dt.timedelta(days=1)
    facts = {
        "product": town.product,
        "scenario": town.scenario,
        "currency": "CNY",
        "exclusive": False,
        "until": format_time(until),
    }
    body = {"acts": [author.act("negotiation.opened", None, facts)]}
    answer: Answer = _client(town, who).post("/negotiations", body)
    return answer


_BOND: Final = Money.read(_FEE)


def _lots(town: Town) -> Lots:
    now = town.venue.floor.clock()
    ends = [format_time(now + dt.timedelta(hours=hours)) for hours in (1, 2)]
    return Lots(town.product, "second-price", 1, _BOND, ends[0], ends[1], parameters={})


def _put_up(town: Town, who: str) -> Answer:
    """Put licences up for sealed bids."""
    body = town.client(HANDLES.get(who, "house")).act("auction.opened", None, _lots(town).facts())
    answer: Answer = _client(town, who).post("/auctions", body | {"parameters": {}})
    return answer


def _bid(step: str | None, kind: str = "") -> Request:
    """Go on with an auction in which the buyer has bid, or look at it."""

    def send(town: Town, who: str) -> Answer:
        auction, _ = town.desk("tide-data").open_auction(_lots(town), reserve=_BOND)
        buyer = town.desk("harbour")
        opening = buyer.seal_bid(auction.id, _BOND)
        path = f"/auctions/{auction.id}/{step or ''}".rstrip("/")
        facts = {
            "product": town.product,
            "scenario": town.scenario,
            "sealed": opening.commitment,
            "deposit": _FEE,
        }
        if kind != "bid.placed":
            bid = buyer.place_bid(auction.id, town.scenario, opening)
            facts = {"bid": bid.leaf, "amount": _FEE, "salt": "A" * 43 + "="}
        if not kind:
            client = _client(town, who)
            shown: Answer = client.post(path) if step == "clearing" else client.get(path)
            return shown
        if kind == "auction.cancelled":
            facts = {"reason": "no"}
        if kind == "auction.reserve_opened":
            facts = {"amount": _FEE, "salt": "A" * 43 + "="}
        body = town.client(HANDLES.get(who, "house")).act(kind, f"auction/{auction.id}", facts)
        answer: Answer = _client(town, who).post(path, body)
        return answer

    return send


def _negotiated(step: str | None, kind: str = "") -> Request:
    """Go on with a negotiation in which the supplier has offered, or look at it."""

    def send(town: Town, who: str) -> Answer:
        (made,) = town.desk("harbour").negotiate(town.scenario)
        asked = town.desk("tide-data").offer_price(made.id, Money.read(_FEE))
        if step is None:
            shown: Answer = _client(town, who).get(f"/negotiations/{made.id}")
            return shown
        facts = {
            "negotiation.offered": offer_facts(asked, Money.read(_FEE), asked.until),
            "negotiation.accepted": acceptance_facts(asked),
            "negotiation.ended": {"reason": "no"},
        }[kind]
        author = town.client(HANDLES.get(who, "house"))
        body = author.act(kind, f"negotiation/{made.id}", facts)
        answer: Answer = _client(town, who).post(f"/negotiations/{made.id}/{step}", body)
        return answer

    return send


def _grant(town: Town) -> dict[str, Any]:
    until = town.venue.floor.clock() + dt.timedelta(days=30)
    to = town.people["reef-data"].id
    now = format_time(town.venue.floor.clock())
    terms = GrantTerms(Right.HOLDING, to, ["any"], ["any"], now, format_time(until))
    return terms.facts


def _wish(town: Town) -> Any:
    return filing(town.product)


def _supplier(town: Town) -> str:
    return town.people[HANDLES["supplier"]].id


SUPPLIER = frozenset({"supplier"})
SUPPLIERS = frozenset({"supplier", "other supplier"})
BUYER = frozenset({"buyer"})
OPERATOR = frozenset({"operator"})
JUDGES = frozenset({"supplier", "assessor", "expert", "reviewer", "operator"})
PARTIES = frozenset({"buyer", "supplier", "operator"})
TICKS: Final = dict.fromkeys(CHECKLIST, "yes")
P, T = "product/{product}", "trade/{trade}"


def _given_back(town: Town) -> dict[str, Any]:
    amount = {"minor": 10, "currency": "CNY"}
    account = f"participant/{town.people['harbour'].id}"
    return {
        "amount": amount,
        "lines": [{"account": account, "amount": amount, "what": "given back"}],
        "to": town.people["harbour"].id,
    }


TABLE: Final[dict[str, tuple[Request, frozenset[str]]]] = {
    "house.health": (_get("/health"), ALL),
    "house.rules": (_get("/exchange"), ALL),
    "api-docs.openapi_json": (_get("/openapi.json"), ALL),
    "board.show": (_get("/board"), ALL),
    "drafts.show": (_get("/drafts"), ALL),
    "drafts.get": (_get("/drafts/{draft}"), ALL),
    "participants.list_all": (_get("/participants"), ALL),
    "participants.get": (_get("/participants/{buyer}"), ALL),
    "products.get": (_get("/products/{product}"), ALL),
    "products.show_sheet": (_get("/products/{product}/sheet"), ALL),
    "ledger.checkpoint": (_get("/ledger/checkpoint"), ALL),
    "participants.apply": (_post("/participants", {}), ALL),
    "participants.show_page": (
        _get("/participants/{buyer}/register"),
        BUYER | OPERATOR | {READER},
    ),
    "participants.admit": (
        _act(
            "/participants/{newcomer}/admission",
            "participant.admitted",
            "participant/{newcomer}",
            lambda _: {"roles": ["buyer"]},
            commit=lambda _: {"register": {"handle": "newcomer"}},
        ),
        OPERATOR,
    ),
    "participants.suspend": (
        _act(
            "/participants/{newcomer}/suspension",
            "participant.suspended",
            "participant/{newcomer}",
            _reason,
        ),
        OPERATOR,
    ),
    "merchants.list_licences": (_get("/participants/{buyer}/licences"), ALL),
    "merchants.list_papers": (
        _get("/participants/{buyer}/papers"),
        BUYER | OPERATOR | {READER},
    ),
    "merchants.paper": (
        _get("/participants/{buyer}/papers/" + "0" * 64),
        BUYER | OPERATOR | {READER},
    ),
    "merchants.verify": (
        _act(
            "/participants/{newcomer}/identity",
            "identity.verified",
            "participant/{newcomer}",
            lambda _: {"method": "seen", "documents": [digest(b"x")], "until": "2027-11-01"},
            lambda _: {"documents": ["eA=="]},
            commit=lambda _: {"signatory": "李四"},
        ),
        OPERATOR,
    ),
    "merchants.license_merchant": (
        _act(
            "/participants/{newcomer}/licences",
            "licence.recorded",
            "participant/{newcomer}",
            lambda _: {
                "licence": "surveying",
                "issuer": "省自然资源厅",
                "until": "2027-11-01",
                "document": digest(b"x"),
            },
            lambda _: {"documents": ["eA=="]},
            commit=lambda _: {"number": "7"},
        ),
        OPERATOR,
    ),
    "merchants.withdraw_licence": (
        _act(
            f"/participants/{{newcomer}}/licences/{'0' * 64}/withdrawal",
            "licence.withdrawn",
            "participant/{newcomer}",
            lambda _: {"licence": "0" * 64, "reason": "because"},
        ),
        OPERATOR,
    ),
    "products.price": (_get("/products/{product}/price"), ALL),
    "products.show_grade": (_get("/products/{product}/grade"), ALL),
    "products.grade": (
        _act(
            "/products/{product}/grade",
            "grade.set",
            P,
            lambda _: {"grade": "general-2", "reason": "because", "basis": "App. J"},
        ),
        OPERATOR,
    ),
    "subscriptions.list_own": (_get("/subscriptions"), AUDITORS),
    "subscriptions.get": (_get("/subscriptions/{trade}"), PARTIES | {READER}),
    "subscriptions.authorise": (
        _act(
            "/subscriptions/{trade}/authorisation",
            "subscription.authorised",
            "subscription/{trade}",
            lambda town: _money(town) | {"trade": town.trade, "terms": "0" * 64, "periods": 2},
        ),
        BUYER,
    ),
    "subscriptions.renew": (_post("/subscriptions/{trade}/renewal"), PARTIES),
    "subscriptions.settle": (_post("/subscriptions/{trade}/settlement"), PARTIES),
    "subscriptions.end": (
        _act(
            "/subscriptions/{trade}/end",
            "subscription.ended",
            "subscription/{trade}",
            lambda town: _reason(town) | {"trade": town.trade, "until": "2027-01-01T00:00:00Z"},
        ),
        PARTIES,
    ),
    "subscriptions.refund": (
        _act(
            "/subscriptions/{trade}/refund",
            "subscription.refunded",
            "subscription/{trade}",
            lambda town: _reason(town) | _money(town) | {"trade": town.trade, "period": 2},
        ),
        OPERATOR,
    ),
    "usage.get": (_get("/usage/{trade}"), PARTIES | {READER}),
    "usage.meter": (
        _act(
            "/usage/{trade}/batches",
            "usage.metered",
            "usage/{trade}",
            lambda town: {
                "trade": town.trade,
                "sequence": 1,
                "since": "2026-01-01T00:00:00Z",
                "until": "2026-01-02T00:00:00Z",
                "found": 1,
                "missed": 0,
                "events": digest(b"[]"),
            },
            lambda _: {"events": "W10="},
        ),
        SUPPLIER,
    ),
    "usage.contest": (
        _act(
            "/usage/{trade}/contests",
            "usage.contested",
            "usage/{trade}",
            lambda town: _reason(town) | {"trade": town.trade, "sequence": 1},
        ),
        BUYER,
    ),
    "usage.decide": (
        _act(
            "/usage/{trade}/decisions",
            "usage.decided",
            "usage/{trade}",
            lambda town: {
                "trade": town.trade,
                "sequence": 1,
                "outcome": "struck",
                "reason": "because",
            },
        ),
        OPERATOR,
    ),
    "usage.bill": (_post("/usage/{trade}/bills"), PARTIES),
    "usage.close": (_post("/usage/{trade}/closing"), PARTIES),
    "usage.end": (
        _act(
            "/usage/{trade}/end",
            "usage.ended",
            "usage/{trade}",
            lambda town: _reason(town) | {"trade": town.trade, "until": "2027-01-01T00:00:00Z"},
        ),
        PARTIES,
    ),
    "engagements.list_own": (_get("/engagements"), AUDITORS),
    "engagements.get": (_engaged(None), SUPPLIER | OPERATOR | {"assessor"}),
    "engagements.propose": (
        _act(
            "/engagements",
            "engagement.proposed",
            None,
            lambda town: _offer(town).facts(town.people["expert"].id),
            commit=lambda _: {"terms": "a contract"},
        ),
        SIGNERS - {"expert"},  # nobody engages its own organisation
    ),
    "engagements.accept": (
        _engaged("acceptance", "engagement.accepted", {"amount": _FEE}),
        frozenset({"assessor"}),
    ),
    "engagements.decline": (
        _engaged("refusal", "engagement.declined", {"reason": "no"}),
        SUPPLIER | OPERATOR | {"assessor"},
    ),
    "engagements.deliver": (
        _engaged("delivery", "engagement.delivered", {"report": digest(b"x")}, {"report": "eA=="}),
        SIGNERS,  # whoever is no party hears that nothing was accepted yet
    ),
    "engagements.pay": (_engaged("payment", "engagement.paid", {"amount": _FEE}), SIGNERS),
    "engagements.cancel": (
        _engaged("cancellation", "engagement.cancelled", {"reason": "no", "amount": _FEE}),
        SIGNERS,
    ),
    "deals.list_own": (_get("/deals"), AUDITORS),
    "deals.get": (_get("/deals/DL-0000-0000-0000"), AUDITORS),  # who is no party hears not_found
    "deals.file": (
        _act(
            "/deals",
            "deal.filed",
            None,
            lambda town: DealTerms(
                side=Side.BUYER,
                amount=Money(100),
                due="9999-12-31",
                until="9999-12-31T00:00:00Z",
                purpose="research",
            ).facts(town.people["tide-data"].id),
            commit=lambda _: {"terms": "a contract", "description": "a series"},
        ),
        BUYER | {"other buyer"},
    ),
    "deals.confirm": (
        _act(
            "/deals/DL-0000-0000-0000/confirmation",
            "deal.confirmed",
            "deal/DL-0000-0000-0000",
            lambda _: {"filing": "0" * 64, "amount": Money(100).to_record()},
        ),
        BUYER | SUPPLIER | {"other buyer", "other supplier"},
    ),
    "deals.decline": (
        _act(
            "/deals/DL-0000-0000-0000/refusal",
            "deal.declined",
            "deal/DL-0000-0000-0000",
            _reason,
        ),
        SIGNERS,
    ),
    "deals.end": (
        _act("/deals/DL-0000-0000-0000/end", "deal.ended", "deal/DL-0000-0000-0000", _reason),
        SIGNERS,
    ),
    "simulations.list_markets": (_get("/simulations/markets"), ALL),
    "simulations.list_all": (_get("/simulations"), ALL),
    "simulations.start": (
        _post("/simulations", {"market": "nowhere", "seed": 1, "days": 1}),
        SIGNERS,
    ),
    "simulations.get": (_get("/simulations/0000000000000000"), ALL),
    "simulations.report": (_get("/simulations/0000000000000000/report"), ALL),
    "cycles.list_all": (_get("/cycles"), ALL),
    "cycles.get": (_get("/cycles/2026-01-01"), ALL),
    "cycles.close": (_post("/cycles", {"day": "2026-01-01"}), OPERATOR),
    "cycles.list_obligations": (_get("/obligations"), AUDITORS),
    "cycles.list_positions": (_get("/positions"), AUDITORS),
    "cycles.show_fund": (_get("/guarantee"), ALL),
    "cycles.show_part": (_get("/guarantee/own"), AUDITORS),
    "cycles.contribute": (
        _act(
            "/guarantee/contributions",
            "guarantee.contributed",
            "account/{buyer}",
            lambda _: {"amount": Money(100).to_record()},
        ),
        SIGNERS,  # whoever names another's account hears which is its own
    ),
    "cycles.take_back": (
        _act(
            "/guarantee/returns",
            "guarantee.returned",
            "account/{buyer}",
            lambda _: {"amount": Money(1).to_record()},
        ),
        SIGNERS,
    ),
    "negative.list_barred": (_get("/negative-list"), ALL),
    "negative.bar": (
        _act(
            "/negative-list",
            "negative.listed",
            None,
            lambda _: {
                "reason": "sold data",
                "source": "a regulator",
                "since": "2026-01-01",
                "until": "2027-11-01",
            },
            commit=lambda _: {
                "organisation": {"credit_code": code("91370200MA000099F"), "name": "某公司"}
            },
        ),
        OPERATOR,
    ),
    "negative.clear": (
        _act(
            "/negative-list/NL-0000-0000-0000/clearance",
            "negative.cleared",
            "negative/NL-0000-0000-0000",
            _reason,
        ),
        OPERATOR,
    ),
    "participants.list_keys": (_get("/participants/{buyer}/keys"), ALL),
    "participants.rotate": (_rotation, BUYER),
    "participants.revoke": (
        _act(
            f"/participants/{{buyer}}/keys/{'0' * 16}/revocation",
            "key.revoked",
            "participant/{buyer}",
            lambda _: {"key": "0" * 16, "reason": "because"},
        ),
        BUYER | OPERATOR,
    ),
    "uploads.open_one": (_uploading("POST"), SUPPLIERS),
    "uploads.list_own": (_get("/uploads"), SIGNERS | {READER}),
    "uploads.get": (_get("/uploads/" + "0" * 32), SIGNERS | {READER}),
    "uploads.append": (_uploading("PATCH"), SUPPLIERS),
    "uploads.end": (_uploading("DELETE"), SIGNERS),
    "tokens.issue": (_post("/tokens", {"scopes": ["read:own"], "seconds": 60}), SIGNERS),
    "products.register": (
        _act(
            "/products",
            "product.registered",
            None,
            lambda _: {
                "data": digest(csv()),
                "bytes": len(csv()),
                "rights": ["holding"],
                "sources": ["produced"],
                "evidence": [],
                "parents": [],
            },
            lambda _: {"name": "a.csv"},
            [("file", csv())],
        ),
        SUPPLIER | {"other supplier"},
    ),
    "products.submit": (
        _act(
            "/products/{product}/sheet",
            "sheet.submitted",
            P,
            _bound,
            lambda town: {"sheet": to_record(_sheet(town))},
        ),
        SUPPLIER,
    ),
    "sheets.versions": (_get("/products/{product}/sheet/versions"), ALL),
    "sheets.compared": (_get("/products/{product}/sheet/changes?before=1&after=1"), ALL),
    "sheets.complete": (_get("/products/{product}/sheet/completeness"), ALL),
    "sheets.as_pdf": (_get("/products/{product}/sheet.pdf"), ALL),
    "sheets.as_html": (_get("/products/{product}/sheet.html"), ALL),
    "sheets.as_json": (_get("/products/{product}/sheet.json"), ALL),
    "sheets.as_toml": (_get("/products/{product}/sheet.toml"), ALL),
    "sheets.save": (_post("/products/{product}/sheet/draft", {"content": {}}), SUPPLIER),
    "sheets.draft": (_get("/products/{product}/sheet/draft"), SUPPLIER),
    "documents.list_of": (_get("/products/{product}/documents"), ALL),
    "documents.attach": (
        _act(
            "/products/{product}/documents",
            "document.attached",
            P,
            _document,
            lambda _: {"document": base64.b64encode(DOCUMENT).decode()},
            commit=lambda _: {"issuer": "i", "name": "n"},
        ),
        SUPPLIER | {"assessor"},
    ),
    "documents.evidence": (
        _get("/products/{product}/evidence/{evidence}"),
        SUPPLIER | {"assessor", "reviewer", "operator"},
    ),
    "documents.undertaking": (_get("/products/{product}/undertaking"), ALL),
    "documents.content": (
        _get("/products/{product}/documents/{document}/content"),
        SUPPLIER | {"assessor", "reviewer", "operator"},
    ),
    "documents.verify": (
        _act(
            "/products/{product}/documents/{document}/verification",
            "document.verified",
            P,
            lambda town: _decided(town) | {"until": "2027-01-01"},
        ),
        frozenset({"assessor", "operator"}),
    ),
    "documents.reject": (
        _act(
            "/products/{product}/documents/{document}/rejection",
            "document.rejected",
            P,
            _decided,
            commit=lambda _: {"grounds": "g"},
        ),
        frozenset({"assessor", "operator"}),
    ),
    "documents.withdraw": (
        _act(
            "/products/{product}/documents/{document}/withdrawal",
            "document.withdrawn",
            P,
            lambda town: _decided(town) | {"reason": "because"},
        ),
        SUPPLIER,
    ),
    "products.explain": (
        _get("/products/{product}/findings"),
        JUDGES,
    ),
    "products.reasons": (_get("/products/{product}/explanation"), JUDGES),
    "products.quality": (_get("/products/{product}/quality"), SIGNERS | {READER}),
    "products.sample": (
        _get("/products/{product}/sample"),
        frozenset({"assessor", "expert"}),
    ),
    "products.attest": (
        _act(
            "/products/{product}/attestations",
            "compliance.attested",
            P,
            _attested,
            commit=lambda _: {"report": "r"},
        ),
        frozenset({"assessor"}),
    ),
    "products.review": (
        _act(
            "/products/{product}/reviews",
            "quality.reviewed",
            P,
            lambda town: _bound(town) | {"score": "0.9", "dimensions": []},
            commit=lambda _: {"comments": "c"},
        ),
        frozenset({"expert"}),
    ),
    "products.vet": (
        _act(
            "/products/{product}/vettings",
            "listing.vetted",
            P,
            lambda town: (
                _bound(town)
                | {
                    "pack": town.venue.pack.digest,
                    "decision": "approved",
                    "checklist": digest(checklist_record(TICKS)),
                }
            ),
            lambda _: {"checklist": TICKS},
            commit=lambda _: {"reasons": "r"},
        ),
        frozenset({"reviewer"}),
    ),
    "inbox.read": (_get("/inbox"), AUDITORS),
    "dealings.show": (_get("/dealings"), AUDITORS),
    "products.object_to": (
        _act(
            "/products/{product}/objections",
            "objection.filed",
            P,
            lambda _: {},
            commit=lambda _: {"grounds": "g"},
        ),
        SIGNERS - SUPPLIER,
    ),
    "products.withdraw_objection": (
        _act(
            "/products/{product}/objections/withdrawal",
            "objection.withdrawn",
            P,
            lambda _: {"objection": digest("o"), "reason": "because"},
        ),
        SIGNERS,  # whoever filed it; of what nobody filed, refused
    ),
    "products.decide": (
        _act(
            "/products/{product}/objections/decision",
            "objection.closed",
            P,
            lambda _: {"objection": digest("o"), "outcome": "upheld"},
            commit=lambda _: {"grounds": "g"},
        ),
        OPERATOR,
    ),
    "products.request_listing": (
        _act("/products/{product}/listing", "listing.requested", P, _bound),
        SUPPLIER,
    ),
    "products.suspend": (
        _act("/products/{product}/suspension", "listing.suspended", P, _reason),
        OPERATOR,
    ),
    "products.delist": (
        _act("/products/{product}/delisting", "listing.delisted", P, _reason),
        SUPPLIER | OPERATOR,
    ),
    "registrations.similar": (_get("/products/{product}/similar"), ALL),
    "registrations.show": (_get("/products/{product}/registration"), ALL),
    "registrations.change": (
        _act(
            "/products/{product}/registration/changes",
            "registration.changed",
            P,
            lambda _: {
                "data": digest("other data"),
                "bytes": 7,
                "sources": ["produced"],
                "evidence": [],
                "parents": [],
                "reason": "because",
            },
            lambda _: {"name": "other.csv"},
            [("file", b"other data")],
        ),
        SUPPLIER,
    ),
    "registrations.offer": (
        _act(
            "/products/{product}/registration/offers",
            "transfer.offered",
            P,
            lambda town: {"to": _supplier(town), "until": "2030-01-01T00:00:00Z"},
            commit=lambda _: {"agreement": ""},
        ),
        SUPPLIER,
    ),
    "registrations.take": (
        _act(
            "/products/{product}/registration/transfer",
            "registration.transferred",
            P,
            lambda town: {"to": _supplier(town), "offer": [digest("o")], "decision": []},
        ),
        SUPPLIER,
    ),
    "registrations.renew": (
        _act(
            "/products/{product}/registration/renewal",
            "registration.renewed",
            P,
            lambda _: {"until": "2026-12-01T00:00:00Z"},
        ),
        SUPPLIER,
    ),
    "registrations.cancel": (
        _act("/products/{product}/registration/cancellation", "registration.cancelled", P, _reason),
        SUPPLIER | OPERATOR,
    ),
    "registrations.dispute": (
        _act(
            "/products/{product}/disputes",
            "dispute.opened",
            P,
            lambda _: {},
            commit=lambda _: {"grounds": "g"},
        ),
        SIGNERS - SUPPLIER,
    ),
    "registrations.withdraw": (
        _act(
            "/products/{product}/disputes/withdrawal",
            "dispute.withdrawn",
            P,
            lambda _: {"dispute": digest("d"), "reason": "because"},
        ),
        SIGNERS,  # whoever opened it; of what nobody opened, refused
    ),
    "registrations.decide": (
        _act(
            "/products/{product}/disputes/decision",
            "dispute.decided",
            P,
            lambda _: {"dispute": digest("d"), "outcome": "dismissed", "to": [], "order": []},
            commit=lambda _: {"grounds": "g"},
        ),
        OPERATOR,
    ),
    "registrations.activities": (_get("/products/{product}/activities"), AUDITORS),
    "registrations.act": (
        _act(
            "/products/{product}/activities",
            "activity.recorded",
            P,
            lambda _: {
                "activity": "clean",
                "from": "2026-01-01T00:00:00Z",
                "until": "2026-01-02T00:00:00Z",
                "inputs": [],
                "used": [],
                "made": [],
            },
            commit=lambda _: {"cost": {"minor": 1, "currency": "CNY"}, "description": "d"},
        ),
        SIGNERS,  # whoever may process the data, which the ledger's rules decide
    ),
    "registrations.withdraw_activity": (
        _act(
            "/products/{product}/activities/withdrawal",
            "activity.withdrawn",
            P,
            lambda _: {"activity": digest("a"), "reason": "because"},
        ),
        SIGNERS,  # whoever recorded it; of what nobody recorded, refused
    ),
    "rights.show": (_get("/products/{product}/rights"), ALL),
    "rights.grant": (
        _act(
            "/products/{product}/rights",
            "right.granted",
            P,
            _grant,
            commit=lambda _: {"agreement": ""},
        ),
        SUPPLIER,
    ),
    "rights.revoke": (
        _act(
            f"/products/{{product}}/rights/{digest('g')}/revocation",
            "right.revoked",
            P,
            lambda _: {"grant": digest("g"), "reason": "because"},
        ),
        SIGNERS,  # whoever granted it; of what nobody granted, not_found
    ),
    "demands.list_open": (_get("/demands"), ALL),
    "demands.get": (_get("/demands/{demand}"), ALL),
    "demands.met": (_get("/products/{product}/demands"), ALL),
    "demands.library": (_get("/products/{product}/scenarios"), ALL),
    "demands.fit": (_get("/fit?purpose=navigation&region=CN&term_days=9"), ALL),
    "demands.post": (
        _act(
            "/demands",
            "demand.posted",
            None,
            _posting,
            lambda _: {"posting": to_record(POSTING)},
            commit=lambda _: {"brief": ""},
        ),
        BUYER | {"other buyer"},
    ),
    "demands.answer": (  # another supplier has no such product
        _act(
            "/demands/{demand}/answers",
            "demand.answered",
            "demand/{demand}",
            lambda town: {"words": "we have it", "product": town.product},
        ),
        SUPPLIER,
    ),
    "demands.close": (
        _act(
            "/demands/{demand}/closure",
            "demand.closed",
            "demand/{demand}",
            lambda _: {"outcome": "withdrawn", "reason": "found elsewhere"},
        ),
        BUYER,
    ),
    "scenarios.file": (
        _act(
            "/scenarios",
            "scenario.filed",
            None,
            lambda town: filing_facts(_wish(town)),
            commit=lambda town: {"scenario": to_record(_wish(town))},
        ),
        BUYER | {"other buyer"},
    ),
    "scenarios.list_own": (_get("/scenarios"), SIGNERS | {READER}),
    "scenarios.get": (_get("/scenarios/{scenario}"), BUYER | OPERATOR | {READER}),
    "scenarios.withdraw": (
        _act(
            "/scenarios/{scenario}/withdrawal",
            "scenario.withdrawn",
            "scenario/{scenario}",
            _reason,
        ),
        BUYER,
    ),
    "scenarios.filing": (_get("/scenarios/{scenario}/filing"), BUYER | OPERATOR | {READER}),
    "scenarios.assess": (  # else refused: it waits for nobody
        _act(
            "/scenarios/{scenario}/review",
            "scenario.reviewed",
            "scenario/{scenario}",
            lambda town: {
                "product": town.product,
                "pack": town.venue.floor.pack.digest,
                "decision": "approved",
            },
            commit=lambda _: {"reasons": "sound"},
        ),
        frozenset({"assessor"}),
    ),
    "scenarios.revoke": (
        _act(
            "/scenarios/{scenario}/revocation",
            "scenario.revoked",
            "scenario/{scenario}",
            _reason,
        ),
        OPERATOR,
    ),
    "auctions.list_all": (_get("/auctions"), ALL),
    "auctions.get": (_bid(None), ALL),
    "auctions.bids": (_bid("bids"), PARTIES | {READER}),
    "auctions.open_one": (_put_up, SUPPLIER),
    "auctions.bid": (
        _bid("bids", "bid.placed"),
        frozenset({"buyer", "other buyer"}),  # else no_scenario
    ),
    "auctions.show": (_bid("openings", "bid.opened"), BUYER),
    "auctions.reveal": (_bid("hidden", "auction.reserve_opened"), SUPPLIER),
    "auctions.cancel": (
        _bid("cancellation", "auction.cancelled"),
        SUPPLIER | OPERATOR,
    ),
    "auctions.clear": (_bid("clearing"), SIGNERS),
    "negotiations.request": (_asked, frozenset({"buyer", "other buyer"})),  # else no_scenario
    "negotiations.list_own": (_get("/negotiations"), AUDITORS),
    "negotiations.get": (_negotiated(None), PARTIES | {READER}),
    "negotiations.offer": (
        _negotiated("offers", "negotiation.offered"),
        frozenset({"buyer", "supplier"}),  # it is not the supplier's turn
    ),
    "negotiations.accept": (_negotiated("acceptance", "negotiation.accepted"), BUYER),
    "negotiations.end": (_negotiated("end", "negotiation.ended"), PARTIES),
    "quotes.ask": (_post("/quotes", {"scenario": "{scenario}"}), SIGNERS),  # else no_scenario
    "quotes.get": (_get("/quotes/{quote}"), BUYER | OPERATOR | {READER}),
    "trades.order": (
        _act(
            "/trades",
            "trade.ordered",
            None,
            lambda town: {
                "product": town.product,
                "scenario": town.scenario,
                "quote": town.quote,
                "terms": digest("others"),
                "amount": {"minor": 1_000_000, "currency": "CNY"},
            },
        ),
        BUYER,
    ),
    "trades.list_own": (_get("/trades"), SIGNERS | {READER}),
    "trades.get": (_get("/trades/{trade}"), PARTIES | {READER}),
    "policies.get": (_get("/trades/{trade}/policy"), PARTIES | {READER}),
    "policies.offered": (_get("/products/{product}/policy"), ALL),
    "policies.offered_turtle": (_get("/products/{product}/policy.ttl"), ALL),
    "policies.judge": (
        _post(
            "/policies/evaluation",
            {
                "policy": {
                    "@context": "http://www.w3.org/ns/odrl.jsonld",
                    "@type": "Set",
                    "uid": "urn:example:policy",
                    "permission": [{"action": "use", "target": "urn:example:asset"}],
                },
                "question": {},
            },
        ),
        SIGNERS,
    ),
    "trades.contract": (
        _act(
            "/trades/{trade}/contract",
            "trade.contracted",
            T,
            lambda town: {
                "product": town.product,
                "terms": digest("others"),
                "amount": {"minor": 1_000_000, "currency": "CNY"},
                "purposes": ["navigation"],
                "until": "2027-01-01T00:00:00Z",
            },
        ),
        SUPPLIER,
    ),
    "trades.lapse": (_act("/trades/{trade}/lapse", "trade.lapsed", T, _reason), PARTIES),
    "trades.cancel": (
        _act(
            "/trades/{trade}/cancellation",
            "trade.cancelled",
            T,
            lambda _: {"reason": "because", "amount": {"minor": 1_000_000, "currency": "CNY"}},
        ),
        OPERATOR,
    ),
    "trades.deliver": (
        _act(
            "/trades/{trade}/delivery",
            "delivery.made",
            T,
            lambda town: {
                "product": town.product,
                "data": digest(csv()),
                "sealed": digest("sealed"),
                "bytes": 6,
                "recipient": town.people["harbour"].recipient,
            },
            files=[("file", b"sealed")],
        ),
        SUPPLIER,
    ),
    "trades.download": (_get("/trades/{trade}/delivery"), BUYER | {READER}),
    "trades.receive": (
        _act(
            "/trades/{trade}/receipt",
            "delivery.received",
            T,
            lambda _: {"data": digest(csv()), "sealed": digest("sealed")},
        ),
        BUYER,
    ),
    "trades.settle_trade": (_post("/trades/{trade}/settlement", match=True), PARTIES),
    "agreements.refund": (
        _act("/trades/{trade}/refund", "refund.made", T, _given_back),
        SUPPLIER,
    ),
    "agreements.claim": (
        _act("/trades/{trade}/claim", "refund.claimed", T, _given_back),
        BUYER | OPERATOR,
    ),
    "agreements.deem": (_post("/trades/{trade}/silence", match=True), PARTIES),
    "agreements.dispute": (
        _act(
            "/trades/{trade}/dispute",
            "trade.disputed",
            T,
            lambda _: {"evidence": []},
            commit=lambda _: {"grounds": "half of it is missing"},
        ),
        BUYER | SUPPLIER,
    ),
    "agreements.undispute": (
        _act(
            "/trades/{trade}/dispute/withdrawal",
            "trade.undisputed",
            T,
            lambda _: {"dispute": digest("d"), "reason": "because"},
        ),
        BUYER | SUPPLIER,
    ),
    "agreements.arbitrate": (
        _act(
            "/trades/{trade}/award",
            "trade.arbitrated",
            T,
            lambda town: {
                **_given_back(town),
                "dispute": digest("d"),
                "reversal": {"minor": 0, "currency": "CNY"},
            },
            commit=lambda _: {"reasons": "as we found it"},
        ),
        OPERATOR,
    ),
    "agreements.list_amendments": (_get("/trades/{trade}/amendments"), PARTIES | {READER}),
    "agreements.propose": (
        _act(
            "/trades/{trade}/amendments",
            "amendment.proposed",
            T,
            _given_back,
            lambda town: {
                "terms": town.client("harbour").get(f"/trades/{town.trade}").json["agreed"]
            },
        ),
        BUYER | SUPPLIER,
    ),
    "agreements.accept": (
        _act(
            "/trades/{trade}/amendments/acceptance",
            "amendment.accepted",
            T,
            lambda _: {"proposal": digest("p")},
        ),
        BUYER | SUPPLIER,
    ),
    "agreements.decline": (
        _act(
            "/trades/{trade}/amendments/refusal",
            "amendment.declined",
            T,
            lambda _: {"proposal": digest("p"), "reason": "because"},
        ),
        BUYER | SUPPLIER,
    ),
    "agreements.end": (
        _act(
            "/trades/{trade}/ending",
            "trade.ended",
            T,
            lambda town: {
                **_given_back(town),
                "cause": "unlawful",
                "reason": "because",
                "at": "2026-01-05T10:00:00Z",
            },
        ),
        BUYER | SUPPLIER,
    ),
    "agreements.retire": (
        _act("/trades/{trade}/retirement", "trade.retired", T, _reason),
        OPERATOR,
    ),
    "accounts.get": (_get("/accounts/{buyer}"), BUYER | {READER}),
    "accounts.deposit_money": (
        _act(
            "/accounts/{buyer}/deposits",
            "account.deposited",
            "account/{buyer}",
            _money,
            commit=_reference,
        ),
        OPERATOR,
    ),
    "accounts.withdraw_money": (
        _act(
            "/accounts/{buyer}/withdrawals",
            "account.withdrawn",
            "account/{buyer}",
            _money,
            commit=_reference,
        ),
        OPERATOR,
    ),
    "accounts.set_limit": (
        _act(
            "/accounts/{buyer}/credit",
            "credit.set",
            "account/{buyer}",
            lambda _: {"limit": {"minor": 0, "currency": "CNY"}},
            commit=lambda _: {"reason": "pays in time"},
        ),
        OPERATOR,
    ),
    **{
        f"accounts.statement{form}": (
            _get(f"/accounts/{{buyer}}/statement{ending}?from=2026-01-01&until=2026-01-31"),
            BUYER | OPERATOR | {READER},
        )
        for form, ending in (("", ""), ("_csv", ".csv"), ("_pdf", ".pdf"))
    },
    "withdrawals.ask": (
        _act(
            "/withdrawals",
            "withdrawal.requested",
            None,
            _money,
            commit=lambda _: {"payee": {"name": "a", "account": "1"}},
        ),
        SIGNERS,
    ),
    "withdrawals.list_own": (_get("/withdrawals"), SIGNERS | {READER}),
    "withdrawals.get": (_get_withdrawal, BUYER | OPERATOR | {READER}),
    "fees.list_all": (_get("/fees"), ALL),
    "fees.publish": (
        _act(
            "/fees",
            "fees.published",
            "exchange/{origin}",
            lambda town: fee_facts(_schedule(town)),
            lambda town: {"schedule": to_record(_schedule(town))},
        ),
        OPERATOR,
    ),
    "erasures.ask": (
        _act(
            "/erasures/{leaf}",
            "erasure.requested",
            "erasure/{leaf}",
            lambda _: {"fields": ["scenario"]},
            commit=lambda _: {"grounds": "the use is over"},
        ),
        BUYER | OPERATOR,
    ),
    "erasures.list_of": (_get("/erasures/{leaf}"), BUYER | OPERATOR | {READER}),
    "erasures.refuse": (
        _act(
            "/erasures/{leaf}/refusal",
            "erasure.refused",
            "erasure/{leaf}",
            lambda town: {"request": _filed(town), "reason": "a duty"},
        ),
        OPERATOR,
    ),
    "erasures.execute": (
        _act(
            "/erasures/{leaf}/execution",
            "erasure.executed",
            "erasure/{leaf}",
            lambda town: {"request": _filed(town), "fields": ["scenario"], "commitments": []},
        ),
        OPERATOR,
    ),
    "disclosures.show": (_get("/disclosures/{leaf}"), BUYER | OPERATOR | {READER}),
    "surveillance.alerts": (_get("/surveillance"), OPERATOR),
    "reconciliation.check": (_get("/reconciliation"), OPERATOR),
    "ledger.sign_checkpoint": (_post("/ledger/checkpoint"), SIGNERS),
    "ledger.entries": (_get("/ledger/entries?start=1&limit=2"), AUDITORS),
    "ledger.entry": (_get("/ledger/entries/3"), AUDITORS),
    "ledger.proof": (_get("/ledger/entries/3/proof"), AUDITORS),
    "ledger.certify": (_post("/ledger/certificates", {"subject": P}), SIGNERS),
}


def test_the_table_has_every_route(market: Town) -> None:
    routes = {rule.endpoint for rule in market.app.url_map.iter_rules()}
    assert set(TABLE) == {name for name in routes if not name.startswith(("pages.", "log."))}
    assert routes == set(ROUTES)


def test_what_is_public_is_open_to_all() -> None:
    public = {name for name in TABLE if ROUTES[name].access is Access.PUBLIC}
    assert {name for name, (_, allowed) in TABLE.items() if allowed == ALL} == public


@pytest.mark.parametrize("endpoint", TABLE)
def test_who_is_kept_out(market: Town, endpoint: str) -> None:
    request, allowed = TABLE[endpoint]
    kept_out = {"anonymous", *sorted(ALL)} - allowed
    for who in [*sorted(kept_out), *sorted(allowed)]:  # whoever changes something comes last
        try:
            status, code = request(market, who).status, ""
        except Problem as problem:
            status, code = problem.status, problem.code
        if who not in allowed:
            wanted = 401 if who in {"anonymous", READER} else 403
            if who == READER and ROUTES[endpoint].access is Access.READER:
                wanted = 403
            assert status == wanted, (who, status, code)
        else:
            assert status not in {401, 403}, (who, status, code)
            assert status < 500


def test_the_price_of_another_buyers_scenario_is_not_told(market: Town) -> None:
    with pytest.raises(Problem) as refused:
        market.client("shipyard").post("/quotes", {"scenario": market.scenario})
    assert refused.value.code == "no_scenario"


def test_a_list_holds_ones_own_alone(market: Town) -> None:
    assert [trade["id"] for trade in market.client("tide-data").get("/trades").json] == [
        market.trade
    ]
    assert market.client("shipyard").get("/trades").json == []
    assert market.client("shipyard").get("/scenarios").json == []
    assert len(market.client("house").get("/scenarios").json) == 1


def test_a_certificate_of_a_trade_is_for_its_parties(market: Town) -> None:
    with pytest.raises(Problem) as refused:
        market.client("shipyard").post("/ledger/certificates", {"subject": f"trade/{market.trade}"})
    assert refused.value.code == "forbidden"
