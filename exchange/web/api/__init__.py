"""The HTTP API: a module a noun, all under ``/api/v1``."""

from __future__ import annotations

from flask import Flask

from exchange.web.api.accounts import accounts
from exchange.web.api.agreements import agreements
from exchange.web.api.auctions import auctions
from exchange.web.api.board import board
from exchange.web.api.cycles import cycles
from exchange.web.api.dealings import dealings
from exchange.web.api.deals import deals
from exchange.web.api.demands import demands
from exchange.web.api.documents import documents
from exchange.web.api.drafts import drafts
from exchange.web.api.engagements import engagements
from exchange.web.api.erasures import disclosures, erasures
from exchange.web.api.fees import fees
from exchange.web.api.house import house
from exchange.web.api.inbox import inbox
from exchange.web.api.ledger import ledger
from exchange.web.api.merchants import merchants, negative
from exchange.web.api.negotiations import negotiations
from exchange.web.api.noun import SECURITY_SCHEMES, AccessPlugin
from exchange.web.api.participants import participants
from exchange.web.api.policies import policies
from exchange.web.api.products import products
from exchange.web.api.quotes import quotes
from exchange.web.api.reconciliation import reconciliation
from exchange.web.api.registrations import registrations
from exchange.web.api.rights import rights
from exchange.web.api.scenarios import scenarios
from exchange.web.api.sheets import sheets
from exchange.web.api.simulations import simulations
from exchange.web.api.subscriptions import subscriptions
from exchange.web.api.surveillance import surveillance
from exchange.web.api.tokens import tokens
from exchange.web.api.trades import trades
from exchange.web.api.uploads import uploads
from exchange.web.api.usage import usage
from exchange.web.api.withdrawals import withdrawals
from exchange.web.problems import ProblemApi

NOUNS = (
    house,
    tokens,
    uploads,
    participants,
    merchants,
    negative,
    board,
    drafts,
    products,
    sheets,
    documents,
    registrations,
    rights,
    scenarios,
    demands,
    auctions,
    negotiations,
    quotes,
    trades,
    agreements,
    policies,
    subscriptions,
    usage,
    accounts,
    withdrawals,
    fees,
    engagements,
    deals,
    cycles,
    erasures,
    disclosures,
    inbox,
    dealings,
    reconciliation,
    surveillance,
    simulations,
    ledger,
)


def register(app: Flask) -> None:
    """Add every noun, and their description in OpenAPI 3.1."""
    app.config |= {
        "API_TITLE": "Guapai",
        "API_VERSION": "1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "API_SPEC_OPTIONS": {
            "info": {"description": "Listing, trading and auditing; see docs/api.md"}
        },
    }
    api = ProblemApi(spec_kwargs={"extra_plugins": [AccessPlugin()]})
    api.init_app(app)
    for name, scheme in SECURITY_SCHEMES.items():
        api.spec.components.security_scheme(name, scheme)
    for noun in NOUNS:
        api.register_blueprint(noun)
