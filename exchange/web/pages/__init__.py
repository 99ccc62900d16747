"""The site: the board, spec sheets, the register, and what an auditor looks at first.

Everything is read within one unit of work, rendered on the server in Chinese or English, and
needs neither scripts nor anything from elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from exchange.listing import ListingState
from exchange.ports import UnitOfWork
from exchange.quality import QualityReport
from exchange.registration import Product
from exchange.services.audit_provenance import reconcile
from exchange.services.list_product import judge
from exchange.services.register_product import profile_of
from exchange.services.submit_sheet import sheet_of
from exchange.specsheet import differences
from exchange.trading import TradeState
from exchange.web.gate import floor, venue
from exchange.web.pages.words import LANGUAGES, VALUES, WORDS
from exchange.web.showing import board_lines, history, name_of
from ledger.checkpoint import verify
from ledger.entries import Entry
from ledger.erasure import erased_fields

site = Blueprint("pages", __name__, template_folder="templates", static_folder="static")

LATEST: Final = 20  # entries on the audit page
OPEN_SUBJECTS: Final = frozenset({"exchange", "participant", "product"})
APPROVALS: Final = (
    "sheet.submitted",
    "registration.confirmed",
    "compliance.attested",
    "quality.reviewed",
    "compliance.verdict",
)


def language() -> str:
    """Return the language asked for by ``?lang=``, else the browser's choice, else Chinese."""
    wanted = request.args.get("lang", "")
    if wanted in LANGUAGES:
        return wanted
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


@site.app_context_processor
def _words() -> dict[str, Any]:
    lang = language()
    at = LANGUAGES.index(lang)

    def translate(key: str) -> str:
        return WORDS[key][at]

    def value(stored: object) -> str:
        text = str(stored)
        return VALUES.get(text, text) if lang == "zh" else text

    def other(wanted: str) -> str:
        return "?" + urlencode({"lang": wanted})

    shared: dict[str, Callable[[str], str] | Callable[[object], str] | str] = {
        "t": translate,
        "v": value,
        "in_language": other,
        "lang": lang,
        "house_name": floor().house.name,
    }
    return shared


@site.get("/")
def board() -> str:
    """Show what is on the board."""
    with floor().read() as work:
        lines = board_lines(work, floor())
        operator = name_of(floor().house.operator, work)
    return render_template("board.html", lines=lines, operator=operator)


@site.get("/products/<number>")
def product(number: str) -> str:
    """Show a product; its spec sheet is issued while it is on the board."""
    with floor().read() as work:
        found = work.products.get(number)
        shown: dict[str, Any] = {
            "product": found,
            "supplier": name_of(found.supplier, work),
            "history": list(history(f"product/{number}", work)),
            "issued": found.listing is ListingState.LISTED,
        }
        if shown["issued"]:
            shown |= _sheet(found, work)
    return render_template("product.html", **shown)


def _sheet(product: Product, work: UnitOfWork) -> dict[str, Any]:
    sheet, profile = sheet_of(product, work), profile_of(product, work)
    review, quality = judge(product, work=work, floor=floor())
    trades = [trade for trade in work.trades.all() if trade.product == product.number]
    ended = {TradeState.EXECUTED, TradeState.LAPSED}
    return {
        "sheet": sheet,
        "profile": profile,
        "columns": {column.name: column for column in profile.columns},
        "differing": {each.field: each for each in differences(sheet, profile)},
        "review": review,
        "quality": quality,
        "dimensions": _dimensions(quality),
        "pack": floor().pack,
        "approvals": _approvals(product, work),
        "executed": sum(trade.state is TradeState.EXECUTED for trade in trades),
        "open_trades": sum(trade.state not in ended for trade in trades),
    }


def _dimensions(quality: QualityReport) -> list[tuple[str, Any]]:
    names = (
        "normativity",
        "completeness",
        "accuracy",
        "consistency",
        "timeliness",
        "accessibility",
    )
    return [(name, getattr(quality, name)) for name in names]


def _approvals(product: Product, work: UnitOfWork) -> list[tuple[Entry, str]]:
    """Return the newest approvals of this very sheet and data, each with its signer's name."""
    found = []
    for kind in APPROVALS:
        for entry in work.chain.store.of_kind(f"product/{product.number}", kind):
            bound = entry.facts.get("sheet", product.sheet) == product.sheet
            if bound and entry.facts.get("data") == product.data:
                found.append((entry, name_of(entry.actor, work)))
                if kind not in {"compliance.attested", "quality.reviewed"}:
                    break
    return found


@site.get("/audit")
def audit() -> str:
    """Show the newest checkpoint, the totals of the money, and the latest entries."""
    with venue().memory(writing=False) as memory:
        note = memory.last_checkpoint()
    checkpoint = verify(note, floor().log_key) if note else None
    with floor().read() as work:
        size = work.chain.store.edge().size
        latest = list(islice(work.chain.store.entries(max(0, size - LATEST)), LATEST))
    return render_template(
        "audit.html",
        checkpoint=checkpoint,
        note=note.decode() if note else "",
        vkey=str(floor().log_key),
        size=size,
        latest=latest[::-1],
        books=reconcile(floor=floor()),
        origin=floor().house.origin,
    )


@site.get("/entries/<int(max=9007199254740991):index>")
def entry(index: int) -> tuple[str, int] | str:
    """Show one entry; what it says only where that is nobody's business secret."""
    with floor().read() as work:
        found = next(iter(work.chain.store.entries(index)), None)
        if found is None:
            return render_template("error.html", status=404, title="Not Found", detail=""), 404
        previous = work.chain.store.by_leaf(found.prev) if found.prev else None
        refs = [work.chain.store.by_leaf(leaf) for _, leaf in found.refs]
        erased = erased_fields(work.chain.store, found.leaf.hex())
    return render_template(
        "entry.html",
        entry=found,
        previous=previous,
        refs=[ref for ref in refs if ref],
        erased=sorted(erased),
        facts=json.dumps(found.facts, ensure_ascii=False, indent=2, default=dict),
        is_open=found.subject.partition("/")[0] in OPEN_SUBJECTS,
    )


@site.get("/participants")
def participants() -> str:
    """Show the register of participants, public facts alone."""
    with floor().read() as work:
        found = work.participants.all()
    return render_template("participants.html", participants=found)
