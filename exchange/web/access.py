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
UPLOAD_MAX: Final = 64 * MIB  # with one; what is larger is registered on the exchange's machine


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

    `updates` asks for If-Match, `upload` allows a file, and the reply of a `secret` route is
    never stored.  A `form` is sent by a browser, which has no Idempotency-Key, and changes
    nothing of the exchange's; `opened_by` names the setting that makes a route public.
    """

    access: Access
    scope: Scope | None = None
    updates: bool = False
    upload: bool = False
    secret: bool = False
    form: bool = False
    opened_by: str = ""

    @property
    def body_max(self) -> int:
        """How many bytes a request may have."""
        if self.form:
            return FORM_MAX
        return UPLOAD_MAX if self.upload else BODY_MAX


_PUBLIC: Final = Route(Access.PUBLIC)
_OWN: Final = Route(Access.READER, Scope.OWN)
_AUDIT: Final = Route(Access.READER, Scope.AUDIT)
_SIGNED: Final = Route(Access.SIGNED)
_UPDATE: Final = Route(Access.SIGNED, updates=True)

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
    "tokens.issue": Route(Access.SIGNED, secret=True),
    "participants.apply": _PUBLIC,  # the act inside is signed with the key it introduces
    "participants.list_all": _PUBLIC,
    "participants.get": _PUBLIC,
    "participants.show_page": _OWN,
    "participants.admit": _SIGNED,
    "participants.suspend": _SIGNED,
    "participants.list_keys": _PUBLIC,
    "participants.rotate": _SIGNED,
    "participants.revoke": _SIGNED,
    "merchants.verify": _SIGNED,
    "merchants.list_licences": _PUBLIC,
    "merchants.license_merchant": _SIGNED,
    "merchants.withdraw_licence": _SIGNED,
    "negative.list_barred": _PUBLIC,
    "negative.bar": _SIGNED,
    "negative.clear": _SIGNED,
    "subscriptions.list_own": _OWN,
    "subscriptions.get": _OWN,
    "subscriptions.authorise": _SIGNED,
    "subscriptions.renew": _SIGNED,
    "subscriptions.settle": _SIGNED,
    "subscriptions.end": _SIGNED,
    "subscriptions.refund": _SIGNED,
    "usage.get": _OWN,
    "usage.meter": Route(Access.SIGNED, upload=True),
    "usage.contest": _SIGNED,
    "usage.decide": _SIGNED,
    "usage.bill": _SIGNED,
    "usage.close": _SIGNED,
    "usage.end": _SIGNED,
    "engagements.list_own": _OWN,
    "engagements.get": _OWN,
    "engagements.propose": _SIGNED,
    "engagements.accept": _SIGNED,
    "engagements.decline": _SIGNED,
    "engagements.deliver": _SIGNED,
    "engagements.pay": _SIGNED,
    "engagements.cancel": _SIGNED,
    "deals.list_own": _OWN,
    "deals.get": _OWN,
    "deals.file": _SIGNED,
    "deals.confirm": _SIGNED,
    "deals.decline": _SIGNED,
    "deals.end": _SIGNED,
    "cycles.list_all": _PUBLIC,
    "cycles.get": _PUBLIC,
    "cycles.close": _SIGNED,
    "cycles.list_obligations": _OWN,
    "cycles.list_positions": _OWN,
    "cycles.show_fund": _PUBLIC,
    "cycles.show_part": _OWN,
    "cycles.contribute": _SIGNED,
    "cycles.take_back": _SIGNED,
    "products.show_grade": _PUBLIC,
    "products.price": _PUBLIC,
    "products.grade": _UPDATE,
    "board.show": _PUBLIC,
    "drafts.show": _PUBLIC,
    "drafts.get": _PUBLIC,
    "products.register": Route(Access.SIGNED, upload=True),
    "products.get": _PUBLIC,
    "products.show_sheet": _PUBLIC,
    "products.submit": _UPDATE,
    "sheets.versions": _PUBLIC,
    "sheets.compared": _PUBLIC,
    "sheets.complete": _PUBLIC,
    "sheets.save": _SIGNED,
    "sheets.draft": _OWN,
    "sheets.as_pdf": _PUBLIC,
    "sheets.as_html": _PUBLIC,
    "sheets.as_json": _PUBLIC,
    "sheets.as_toml": _PUBLIC,
    "documents.list_of": _PUBLIC,
    "documents.attach": _UPDATE,
    "documents.content": _OWN,
    "documents.verify": _UPDATE,
    "documents.reject": _UPDATE,
    "documents.withdraw": _UPDATE,
    "products.explain": _OWN,
    "products.reasons": _OWN,
    "products.quality": _OWN,
    "products.sample": _OWN,
    "products.attest": _UPDATE,
    "products.vet": _UPDATE,
    "inbox.read": _OWN,
    "dealings.show": _OWN,
    "products.review": _UPDATE,
    "products.object_to": _UPDATE,
    "products.decide": _UPDATE,
    "products.request_listing": _UPDATE,
    "products.suspend": _UPDATE,
    "products.delist": _UPDATE,
    "registrations.similar": _PUBLIC,
    "registrations.show": _PUBLIC,
    "registrations.change": Route(Access.SIGNED, updates=True, upload=True),
    "registrations.offer": _UPDATE,
    "registrations.take": _UPDATE,
    "registrations.renew": _UPDATE,
    "registrations.cancel": _UPDATE,
    "registrations.dispute": _UPDATE,
    "registrations.withdraw": _UPDATE,
    "registrations.decide": _UPDATE,
    "registrations.activities": _OWN,
    "registrations.act": _UPDATE,
    "rights.show": _PUBLIC,
    "rights.grant": _UPDATE,
    "rights.revoke": _UPDATE,
    "demands.list_open": _PUBLIC,
    "demands.get": _PUBLIC,
    "demands.met": _PUBLIC,
    "demands.library": _PUBLIC,
    "demands.fit": _PUBLIC,
    "demands.post": _SIGNED,
    "demands.answer": _SIGNED,
    "demands.close": _SIGNED,
    "scenarios.file": _SIGNED,
    "scenarios.list_own": _OWN,
    "scenarios.get": _OWN,
    "scenarios.filing": _OWN,
    "scenarios.assess": _SIGNED,
    "scenarios.withdraw": _SIGNED,
    "scenarios.revoke": _SIGNED,
    "auctions.list_all": _PUBLIC,
    "auctions.get": _PUBLIC,
    "auctions.bids": _OWN,
    "auctions.open_one": _SIGNED,
    "auctions.bid": _SIGNED,
    "auctions.show": _SIGNED,
    "auctions.reveal": _SIGNED,
    "auctions.cancel": _SIGNED,
    "auctions.clear": _SIGNED,
    "negotiations.request": _SIGNED,
    "negotiations.list_own": _OWN,
    "negotiations.get": _OWN,
    "negotiations.offer": _SIGNED,
    "negotiations.accept": _SIGNED,
    "negotiations.end": _SIGNED,
    "quotes.ask": _SIGNED,
    "quotes.get": _OWN,
    "policies.get": _OWN,
    "policies.offered": _PUBLIC,
    "policies.offered_turtle": _PUBLIC,
    "policies.judge": _SIGNED,
    "trades.order": _SIGNED,
    "trades.list_own": _OWN,
    "trades.get": _OWN,
    "trades.contract": _UPDATE,
    "trades.lapse": _UPDATE,
    "trades.cancel": _UPDATE,
    "trades.deliver": Route(Access.SIGNED, updates=True, upload=True),
    "trades.download": _OWN,
    "trades.receive": _UPDATE,
    "trades.settle_trade": _UPDATE,
    "agreements.refund": _UPDATE,
    "agreements.claim": _UPDATE,
    "agreements.deem": _UPDATE,
    "agreements.dispute": _UPDATE,
    "agreements.undispute": _UPDATE,
    "agreements.arbitrate": _UPDATE,
    "agreements.propose": _UPDATE,
    "agreements.accept": _UPDATE,
    "agreements.decline": _UPDATE,
    "agreements.end": _UPDATE,
    "agreements.retire": _UPDATE,
    "agreements.list_amendments": _OWN,
    "accounts.deposit_money": _SIGNED,
    "accounts.withdraw_money": _SIGNED,
    "accounts.get": _OWN,
    "accounts.set_limit": _SIGNED,
    "accounts.statement": _OWN,
    "accounts.statement_csv": _OWN,
    "accounts.statement_pdf": _OWN,
    "withdrawals.ask": _SIGNED,
    "withdrawals.list_own": _OWN,
    "withdrawals.get": _OWN,
    "fees.list_all": _PUBLIC,
    "fees.publish": _SIGNED,
    "simulations.list_markets": _PUBLIC,
    "simulations.list_all": _PUBLIC,
    "simulations.start": _SIGNED,
    "simulations.get": _PUBLIC,
    "simulations.report": _PUBLIC,
    "erasures.ask": _SIGNED,
    "erasures.list_of": _OWN,
    "erasures.refuse": _SIGNED,
    "erasures.execute": _SIGNED,
    "disclosures.show": _OWN,
    "surveillance.alerts": _AUDIT,
    "reconciliation.check": _AUDIT,
    "ledger.checkpoint": _PUBLIC,
    "ledger.sign_checkpoint": _SIGNED,
    "ledger.entries": _AUDIT,
    "ledger.entry": _AUDIT,
    "ledger.proof": _AUDIT,
    "ledger.certify": _SIGNED,
}

PUBLIC: Final = frozenset(name for name, route in ROUTES.items() if route.access is Access.PUBLIC)
