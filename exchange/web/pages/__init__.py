"""The site: the board, spec sheets, the register, and what an auditor looks at first.

Everything is read within one unit of work, rendered on the server in Chinese or English, and
needs neither scripts nor anything from elsewhere.
"""

from __future__ import annotations

import json
from functools import partial
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from exchange.comparison import differences
from exchange.completeness import BY_CODE
from exchange.formats.chinese import FIELDS, KINDS, basis_in_chinese, match_said_in, said_in
from exchange.formats.spec_sheet.plan_words import plan_words
from exchange.listing import ListingState
from exchange.ports import UnitOfWork
from exchange.quality import QualityReport
from exchange.registration import Product
from exchange.services.compile_dossier import compile_dossier
from exchange.services.engage_merchant import engagements_over, steps_of
from exchange.services.explain_suspension import off_board
from exchange.services.find_similar import similar_of
from exchange.services.grant_right import standing_of
from exchange.services.list_product import judge
from exchange.services.read_papers import licences_held
from exchange.services.record_activity import activities_of
from exchange.services.register_product import profile_of
from exchange.services.registration_history import history_of
from exchange.services.report_deals import deals_told
from exchange.services.set_grade import graded
from exchange.services.submit_sheet import sheet_of
from exchange.trading import TradeState
from exchange.web.gate import checking, floor
from exchange.web.pages import (
    auctions,
    board,
    explaining,
    fees,
    issuing,
    merits,
    netting,
    policies,
    prices,
    screening,
    simulating,
    uses,
    waiting,
)
from exchange.web.pages.proving import Sent, judge_proof, moment, proved, published
from exchange.web.pages.words import LANGUAGES, VALUES, WORDS
from exchange.web.showing import history, is_judged, name_of
from ledger.entries import Entry
from ledger.erasure import erased_fields

site = Blueprint("pages", __name__, template_folder="templates", static_folder="static")
merits.add_to(site)
screening.add_to(site)
auctions.add_to(site)
board.add_to(site)
explaining.add_to(site)
fees.add_to(site)
netting.add_to(site)
policies.add_to(site)
waiting.add_to(site)

_INDEX: Final = "<int(max=9007199254740991):index>"
LATEST: Final = 20  # entries on the audit page
MENU: Final = (  # every page that stands for itself, as the foot of each page lists them
    ("site.market", ("board", "demands", "fit", "auctions", "inbox", "drafts")),
    ("site.public", ("participants", "fees", "cycles", "simulate")),
    ("site.proof", ("audit", "verify")),
)
OPEN_SUBJECTS: Final = frozenset({"exchange", "participant", "product"})


def language() -> str:
    """Return the language asked for by ``?lang=``, else the browser's choice, else Chinese."""
    wanted = request.args.get("lang", "")
    if wanted in LANGUAGES:
        return wanted
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


issuing.add_to(site, language)
prices.add_to(site, language)
simulating.add_to(site, language)
uses.add_to(site, lambda key: WORDS[key][LANGUAGES.index(language())])


@site.app_context_processor
def _words() -> dict[str, Any]:
    lang = language()
    at = LANGUAGES.index(lang)

    def translate(key: str) -> str:
        return WORDS[key][at]

    def value(stored: object) -> str:
        text = str(stored)
        return VALUES.get(text, text) if lang == "zh" else text

    def law(basis: str) -> str:
        return basis_in_chinese(basis, floor().pack.chinese) if lang == "zh" else basis

    def kind(stored: str) -> str:
        return KINDS.get(stored, stored) if lang == "zh" else stored

    def path(field: str) -> str:
        return FIELDS.get(field, field) if lang == "zh" else field

    def wanting(name: str) -> str:
        field = BY_CODE.get(name)
        if field is None:
            return translate(f"wanting.{name}")
        return field.zh if lang == "zh" else field.en

    def other(wanted: str) -> str:
        asked = [
            (name, told) for name, told in request.args.items(multi=True) if told and name != "lang"
        ]
        return "?" + urlencode([*asked, ("lang", wanted)])

    shared: dict[str, Any] = {
        "menu": MENU,
        "t": translate,
        "gate": partial(said_in, lang, more=floor().pack.chinese),
        "law": law,
        "kind": kind,
        "path": path,
        "moment": moment,
        "v": value,
        "wanting": wanting,
        "in_language": other,
        "said": partial(match_said_in, lang),
        "lang": lang,
        "house_name": floor().house.name,
    }
    return shared


@site.get("/products/<number>")
def product(number: str) -> str:
    """Show a product, and whether its spec sheet is issued or what is wanting for that."""
    with floor().read() as work:
        stored = work.products.get(number)
        found = stored.as_of(floor().clock().date())
        shown: dict[str, Any] = {
            "product": found,
            "off_board": off_board(stored, work=work, floor=floor()),
            "supplier": name_of(found.supplier, work),
            "history": list(history(f"product/{number}", work)),
            "on_board": found.listing is ListingState.LISTED,
            "standing": (standing := standing_of(number, work, floor())),
            "register": [
                (each, name_of(each.entry.actor, work)) for each in history_of(number, work)
            ],
            "similar": similar_of(found, work),
            "activities": [
                (each, name_of(each.entry.actor, work)) for each in activities_of(number, work)
            ],
            "holders": {
                held.participant: name_of(held.participant, work) for held in standing.rights
            },
        }
        engaged = engagements_over(number, work)
        shown |= {
            "graded": graded(found, work),
            "judged": is_judged(found, work),
            "engaged": [
                (each, name_of(each.by, work), name_of(each.to, work), steps_of(each, work))
                for each in engaged
            ],
        }
        has = found.sheet is not None
        dossier = compile_dossier(found, work=work, floor=floor(), public=True) if has else None
        shown["dossier"] = dossier
        if shown["on_board"]:
            shown |= _sheet(found, work)
    return render_template("product.html", **shown)


def _sheet(product: Product, work: UnitOfWork) -> dict[str, Any]:
    sheet, profile = sheet_of(product, work), profile_of(product, work)
    judged = judge(product, work=work, floor=floor())
    trades = work.trades.ordered(product.number)
    going = {TradeState.ORDERED, TradeState.CONTRACTED}
    return {
        "sheet": sheet,
        "plan": plan_words(sheet.price.plan, language()) if sheet.price.plan else (),
        "profile": profile,
        "columns": {column.name: column for column in profile.columns},
        "differing": {each.field: each for each in differences(sheet, profile)},
        "review": judged.review,
        "quality": judged.quality,
        "dimensions": _dimensions(judged.quality),
        "pack": floor().pack,
        "executed": sum(trade.executed for trade in trades),
        "off_exchange": sum(told.deals for told in deals_told(work, product.number)),
        "open_trades": sum(trade.state in going for trade in trades),
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


@site.get("/audit")
def audit() -> str:
    """Show what is published and who witnessed it, the totals, and the latest entries."""
    with floor().read() as work:
        size = work.chain.store.edge().size
        latest = list(islice(work.chain.store.entries(max(0, size - LATEST)), LATEST))
    return render_template(
        "audit.html",
        shown=published(),
        vkey=str(floor().log_key),
        size=size,
        latest=latest[::-1],
        money=checking().last,
        origin=floor().house.origin,
    )


@site.get(f"/entries/{_INDEX}")
def entry(index: int) -> tuple[str, int] | str:
    """Show one entry with its proof; what it says only where that is nobody's business secret."""
    with floor().read() as work:
        found = next(iter(work.chain.store.entries(index)), None)
        if found is None:
            return _not_found()
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
        is_open=_is_open(found),
        proof=proved(found),
    )


@site.get(f"/entries/{_INDEX}.json")
def entry_bytes(index: int) -> tuple[str, int] | Response:
    """Return the bytes of an entry that is open to everybody, as they were hashed."""
    with floor().read() as work:
        found = next(iter(work.chain.store.entries(index)), None)
    if found is None or not _is_open(found):
        return _not_found()
    response = Response(found.data, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{index}.json"'
    return response


@site.get("/verify")
def verify() -> str:
    """Show the form of who has a proof file or a certificate to check."""
    return render_template("verify.html", verdict=None, vkey=str(floor().log_key))


@site.post("/verify")
def verify_sent() -> str:
    """Say what a proof file or a certificate proves, if anything."""
    sent = Sent.read(request.form, request.files)
    verdict = judge_proof(sent, own=floor().log_key)
    return render_template("verify.html", verdict=verdict, vkey=str(floor().log_key))


def _is_open(found: Entry) -> bool:
    return found.subject.partition("/")[0] in OPEN_SUBJECTS


def _not_found() -> tuple[str, int]:
    return render_template("error.html", status=404, title="Not Found", detail=""), 404


@site.get("/participants")
def participants() -> str:
    """Show the register of participants and the negative list, public facts alone."""
    today, lookback = floor().clock().date(), floor().house.lookback_days
    with floor().read() as work:
        found = work.participants.all()
        licences = {one.id: licences_held(one.id, work, floor()) for one in found}
        barred = [one for one in work.negative_list.all() if one.bars(today, lookback)]
    return render_template(
        "participants.html",
        participants=found,
        licences=licences,
        barred=[(one, one.last_day(lookback)) for one in barred],
    )
