"""Who may come in where: one row a route, and a route without a row stops the application.

What a participant may do once it is in, by role and by ownership, the services decide.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MIB = 1 << 20
BODY_MAX: Final = MIB  # bytes of a request without a file
FORM_MAX: Final = 64 << 10  # of a form of the site: a proof, an entry and a key
UPLOAD_MAX: Final = 64 * MIB  # with one; what is larger comes in parts
PART_MAX: Final = 8 * MIB  # of a part, which a thread holds in memory while it is verified and kept


class Access(enum.StrEnum):
    """What a request must carry."""

    PUBLIC = "public"
    READER = "reader"
    SIGNED = "signed"


class Scope(enum.StrEnum):
    """What a reader's token opens; a signature opens both."""

    OWN = "read:own"
    AUDIT = "read:audit"


@dataclass(frozen=True, slots=True)
class Route:
    """How one route is guarded.

    A public route with a scope answers everybody, and tells whoever signs or has a token more.

    `updates` asks for If-Match, `upload` allows a file and `part` a part of one, and the reply of
    a `secret` route is never stored.  A `form` is sent by a browser, which has no Idempotency-Key,
    and changes nothing of the exchange's; `opened_by` names the setting that makes a route public.
    `acts` are the kinds of the acts that its body carries, one of each (`exchange.web.acts`).
    """

    access: Access
    scope: Scope | None = None
    updates: bool = False
    upload: bool = False
    part: bool = False
    secret: bool = False
    form: bool = False
    opened_by: str = ""
    acts: tuple[str, ...] = ()

    @property
    def body_max(self) -> int:
        """How many bytes a request may have."""
        if self.form:
            return FORM_MAX
        if self.part:
            return PART_MAX
        return UPLOAD_MAX if self.upload else BODY_MAX


_PUBLIC: Final = Route(Access.PUBLIC)
_MORE: Final = Route(Access.PUBLIC, Scope.OWN)  # and more to whom it concerns
_OWN: Final = Route(Access.READER, Scope.OWN)
_AUDIT: Final = Route(Access.READER, Scope.AUDIT)
_SIGNED: Final = Route(Access.SIGNED)
_UPDATE: Final = Route(Access.SIGNED, updates=True)


def _signed(*acts: str) -> Route:
    return Route(Access.SIGNED, acts=acts)


def _update(*acts: str) -> Route:
    return Route(Access.SIGNED, updates=True, acts=acts)


ROUTES: Final[Mapping[str, Route]] = {
    "pages.static": _PUBLIC,
    "pages.board": _PUBLIC,
    "pages.explain": _PUBLIC,
    "pages.draft": _PUBLIC,
    "pages.drafts": _PUBLIC,
    "pages.product": _PUBLIC,
    "pages.price": _PUBLIC,
    "pages.price_figure": _PUBLIC,
    "pages.quality": _PUBLIC,
    "pages.sheet": _PUBLIC,
    "pages.sheet_schema": _PUBLIC,
    "pages.demands": _PUBLIC,
    "pages.demand": _PUBLIC,
    "pages.fit": _PUBLIC,
    "pages.uses": _PUBLIC,
    "pages.policy": _PUBLIC,
    "pages.audit": _PUBLIC,
    "pages.entry": _PUBLIC,
    "pages.entry_bytes": _PUBLIC,
    "pages.participants": _PUBLIC,
    "pages.fees": _PUBLIC,
    "pages.auctions": _PUBLIC,
    "pages.inbox": _PUBLIC,
    "pages.cycles": _PUBLIC,
    "pages.verify": _PUBLIC,
    "pages.verify_sent": Route(Access.PUBLIC, form=True),
    "pages.simulate": _PUBLIC,
    # A market, a seed and days name a job; sending them twice changes nothing.
    "pages.simulate_asked": Route(Access.SIGNED, form=True, opened_by="open_simulator"),
    "pages.simulation": _PUBLIC,
    "pages.simulation_report": _PUBLIC,
    "log.checkpoint": _PUBLIC,
    "log.witnessed": _PUBLIC,
    "log.history": _PUBLIC,
    "log.tile": _PUBLIC,
    "log.entries": Route(Access.READER, Scope.AUDIT, opened_by="publish_entries"),
    "log.vkey": _PUBLIC,
    "log.policy": _PUBLIC,
    "log.proof": _PUBLIC,
    "api-docs.openapi_json": _PUBLIC,
    "house.health": _PUBLIC,
    "house.rules": _PUBLIC,
    "uploads.open_one": _SIGNED,
    "uploads.list_own": _OWN,
    "uploads.get": _OWN,
    "uploads.append": Route(Access.SIGNED, part=True),
    "uploads.end": _SIGNED,
    "tokens.issue": Route(Access.SIGNED, secret=True),
    # The act inside is signed with the key it introduces.
    "participants.apply": Route(Access.PUBLIC, acts=("participant.key",)),
    "participants.list_all": _PUBLIC,
    "participants.get": _PUBLIC,
    "participants.show_page": _OWN,
    "participants.admit": _signed("participant.admitted"),
    "participants.suspend": _signed("participant.suspended"),
    "participants.list_keys": _PUBLIC,
    "participants.rotate": _signed("key.shown", "key.added"),
    "participants.revoke": _signed("key.revoked"),
    "merchants.verify": _signed("identity.verified"),
    "merchants.list_licences": _PUBLIC,
    "merchants.list_papers": _OWN,
    "merchants.paper": _OWN,
    "merchants.license_merchant": _signed("licence.recorded"),
    "merchants.withdraw_licence": _signed("licence.withdrawn"),
    "negative.list_barred": _PUBLIC,
    "negative.bar": _signed("negative.listed"),
    "negative.clear": _signed("negative.cleared"),
    "subscriptions.list_own": _OWN,
    "subscriptions.get": _OWN,
    "subscriptions.authorise": _signed("subscription.authorised"),
    "subscriptions.renew": _SIGNED,
    "subscriptions.settle": _SIGNED,
    "subscriptions.end": _signed("subscription.ended"),
    "subscriptions.refund": _signed("subscription.refunded"),
    "usage.get": _OWN,
    "usage.meter": Route(Access.SIGNED, upload=True, acts=("usage.metered",)),
    "usage.contest": _signed("usage.contested"),
    "usage.decide": _signed("usage.decided"),
    "usage.bill": _SIGNED,
    "usage.close": _SIGNED,
    "usage.end": _signed("usage.ended"),
    "engagements.list_own": _OWN,
    "engagements.get": _OWN,
    "engagements.propose": _signed("engagement.proposed"),
    "engagements.accept": _signed("engagement.accepted"),
    "engagements.decline": _signed("engagement.declined"),
    "engagements.deliver": _signed("engagement.delivered"),
    "engagements.pay": _signed("engagement.paid"),
    "engagements.cancel": _signed("engagement.cancelled"),
    "deals.list_own": _OWN,
    "deals.get": _OWN,
    "deals.file": _signed("deal.filed"),
    "deals.confirm": _signed("deal.confirmed"),
    "deals.decline": _signed("deal.declined"),
    "deals.end": _signed("deal.ended"),
    "cycles.list_all": _PUBLIC,
    "cycles.get": _PUBLIC,
    "cycles.close": _SIGNED,
    "cycles.list_obligations": _OWN,
    "cycles.list_positions": _OWN,
    "cycles.show_fund": _PUBLIC,
    "cycles.show_part": _OWN,
    "cycles.contribute": _signed("guarantee.contributed"),
    "cycles.take_back": _signed("guarantee.returned"),
    "products.show_grade": _PUBLIC,
    "products.price": _PUBLIC,
    "products.grade": _update("grade.set"),
    "board.show": _PUBLIC,
    "drafts.show": _PUBLIC,
    "drafts.get": _PUBLIC,
    "products.register": Route(Access.SIGNED, upload=True, acts=("product.registered",)),
    "products.get": _PUBLIC,
    "products.show_sheet": _MORE,
    "products.submit": _update("sheet.submitted"),
    "sheets.versions": _PUBLIC,
    "sheets.compared": _PUBLIC,
    "sheets.complete": _PUBLIC,
    "sheets.save": _SIGNED,
    "sheets.draft": _OWN,
    "sheets.as_pdf": _MORE,
    "sheets.as_html": _MORE,
    "sheets.as_json": _MORE,
    "sheets.as_toml": _MORE,
    "documents.list_of": _PUBLIC,
    "documents.attach": _update("document.attached"),
    "documents.content": _OWN,
    "documents.evidence": _OWN,
    "documents.undertaking": _PUBLIC,
    "documents.verify": _update("document.verified"),
    "documents.reject": _update("document.rejected"),
    "documents.withdraw": _update("document.withdrawn"),
    "products.explain": _OWN,
    "products.reasons": _OWN,
    "products.quality": _OWN,
    "products.sample": _OWN,
    "products.attest": _update("compliance.attested"),
    "products.vet": _update("listing.vetted"),
    "inbox.read": _OWN,
    "dealings.show": _OWN,
    "products.review": _update("quality.reviewed"),
    "products.object_to": _update("objection.filed"),
    "products.withdraw_objection": _update("objection.withdrawn"),
    "products.decide": _update("objection.closed"),
    "products.request_listing": _update("listing.requested"),
    "products.suspend": _update("listing.suspended"),
    "products.delist": _update("listing.delisted"),
    "registrations.similar": _PUBLIC,
    "registrations.show": _PUBLIC,
    "registrations.change": Route(
        Access.SIGNED, updates=True, upload=True, acts=("registration.changed",)
    ),
    "registrations.offer": _update("transfer.offered"),
    "registrations.take": _update("registration.transferred"),
    "registrations.renew": _update("registration.renewed"),
    "registrations.cancel": _update("registration.cancelled"),
    "registrations.dispute": _update("dispute.opened"),
    "registrations.withdraw": _update("dispute.withdrawn"),
    "registrations.decide": _update("dispute.decided"),
    "registrations.activities": _OWN,
    "registrations.act": _update("activity.recorded"),
    "registrations.withdraw_activity": _update("activity.withdrawn"),
    "rights.show": _PUBLIC,
    "rights.grant": _update("right.granted"),
    "rights.revoke": _update("right.revoked"),
    "demands.list_open": _PUBLIC,
    "demands.get": _PUBLIC,
    "demands.met": _PUBLIC,
    "demands.library": _PUBLIC,
    "demands.fit": _PUBLIC,
    "demands.post": _signed("demand.posted"),
    "demands.answer": _signed("demand.answered"),
    "demands.close": _signed("demand.closed"),
    "scenarios.file": _signed("scenario.filed"),
    "scenarios.list_own": _OWN,
    "scenarios.get": _OWN,
    "scenarios.filing": _OWN,
    "scenarios.assess": _signed("scenario.reviewed"),
    "scenarios.withdraw": _signed("scenario.withdrawn"),
    "scenarios.revoke": _signed("scenario.revoked"),
    "auctions.list_all": _PUBLIC,
    "auctions.get": _PUBLIC,
    "auctions.bids": _OWN,
    "auctions.open_one": _signed("auction.opened"),
    "auctions.bid": _signed("bid.placed"),
    "auctions.show": _signed("bid.opened"),
    "auctions.reveal": _signed("auction.reserve_opened"),
    "auctions.cancel": _signed("auction.cancelled"),
    "auctions.clear": _SIGNED,
    "negotiations.request": _signed("negotiation.opened"),
    "negotiations.list_own": _OWN,
    "negotiations.get": _OWN,
    "negotiations.offer": _signed("negotiation.offered"),
    "negotiations.accept": _signed("negotiation.accepted"),
    "negotiations.end": _signed("negotiation.ended"),
    "quotes.ask": _SIGNED,
    "quotes.get": _OWN,
    "policies.get": _OWN,
    "policies.offered": _PUBLIC,
    "policies.offered_turtle": _PUBLIC,
    "policies.judge": _SIGNED,
    "trades.order": _signed("trade.ordered"),
    "trades.list_own": _OWN,
    "trades.get": _OWN,
    "trades.contract": _update("trade.contracted"),
    "trades.lapse": _update("trade.lapsed"),
    "trades.cancel": _update("trade.cancelled"),
    "trades.deliver": Route(Access.SIGNED, updates=True, upload=True, acts=("delivery.made",)),
    "trades.download": _OWN,
    "trades.receive": _update("delivery.received"),
    "trades.settle_trade": _UPDATE,
    "agreements.refund": _update("refund.made"),
    "agreements.claim": _update("refund.claimed"),
    "agreements.deem": _UPDATE,
    "agreements.dispute": _update("trade.disputed"),
    "agreements.undispute": _update("trade.undisputed"),
    "agreements.arbitrate": _update("trade.arbitrated"),
    "agreements.propose": _update("amendment.proposed"),
    "agreements.accept": _update("amendment.accepted"),
    "agreements.decline": _update("amendment.declined"),
    "agreements.end": _update("trade.ended"),
    "agreements.retire": _update("trade.retired"),
    "agreements.list_amendments": _OWN,
    "accounts.deposit_money": _signed("account.deposited"),
    "accounts.withdraw_money": _signed("account.withdrawn"),
    "accounts.get": _OWN,
    "accounts.set_limit": _signed("credit.set"),
    "accounts.statement": _OWN,
    "accounts.statement_csv": _OWN,
    "accounts.statement_pdf": _OWN,
    "withdrawals.ask": _signed("withdrawal.requested"),
    "withdrawals.list_own": _OWN,
    "withdrawals.get": _OWN,
    "fees.list_all": _PUBLIC,
    "fees.publish": _signed("fees.published"),
    "simulations.list_markets": _PUBLIC,
    "simulations.list_all": _PUBLIC,
    "simulations.start": _SIGNED,
    "simulations.get": _PUBLIC,
    "simulations.report": _PUBLIC,
    "erasures.ask": _signed("erasure.requested"),
    "erasures.list_of": _OWN,
    "erasures.refuse": _signed("erasure.refused"),
    "erasures.execute": _signed("erasure.executed"),
    "disclosures.show": _OWN,
    "surveillance.alerts": _AUDIT,
    "reconciliation.check": _AUDIT,
    "ledger.checkpoint": _PUBLIC,
    "ledger.sign_checkpoint": _SIGNED,
    "ledger.entries": _AUDIT,
    "ledger.entry": _AUDIT,
    "ledger.proof": _AUDIT,
    "ledger.certify": _signed("certificate.requested"),
}

PUBLIC: Final = frozenset(name for name, route in ROUTES.items() if route.access is Access.PUBLIC)
