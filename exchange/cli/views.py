"""What ``guapai show`` finds and how it prints it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from exchange.cli import main
from exchange.cli.engagements import engagement_record
from exchange.cli.netting import deal_record
from exchange.cli.products import product_record, show_profile
from exchange.cli.scenarios import scenario_record
from exchange.cli.shell import Shell, command
from exchange.cli.trades import trade_record
from exchange.engagements import Engagement
from exchange.errors import NotFound
from exchange.ports import UnitOfWork
from exchange.records import to_record
from exchange.registration import Product
from exchange.services.explain_suspension import off_board
from exchange.services.register_product import profile_of
from exchange.services.settle import settled_lines
from exchange.services.submit_sheet import sheet_of
from exchange.trading import Trade
from ledger.canonical import decode
from ledger.entries import Entry

Shown = tuple[dict[str, Any], Callable[[], None]]


@command(main, "show")
@click.argument("identity")
def show_command(shell: Shell, identity: str) -> None:
    """Show what IDENTITY names, an entry by its index.

    A product, scenario, trade, engagement, deal, quote, participant, draft or entry.
    """
    shown = find(shell, identity)
    if shown is None:
        raise NotFound(f"there is nothing called {identity}")
    record, render = shown
    if shell.as_json:
        shell.result(record)
        return
    render()


def find(shell: Shell, identity: str) -> Shown | None:
    """Return the record of what `identity` names, and how to print it; None if nothing is."""
    with shell.floor.read() as work:
        if identity.isascii() and identity.isdecimal():
            return _entry(shell, int(identity[:18]), work)  # far beyond any log, and no overflow
        finders: dict[str, Callable[[], Shown]] = {
            "GP-": lambda: _product(shell, work.products.get(identity), work),
            "SC-": lambda: _plain(shell, scenario_record(work.scenarios.get(identity))),
            "TR-": lambda: _trade(shell, work.trades.get(identity), work),
            "EG-": lambda: _engagement(shell, work.engagements.get(identity), work),
            "DL-": lambda: _plain(shell, deal_record(work.deals.get(identity))),
            "QT-": lambda: _plain(shell, asdict(work.quotes.get(identity))),
        }
        for prefix, finder in finders.items():
            if identity.startswith(prefix):
                return finder()
        participant = work.participants.find(identity)
        if participant:
            names = ("id", "handle", "name", "standing", "public_key", "recipient")
            found = {name: str(getattr(participant, name)) for name in names}
            return _plain(shell, found | {"roles": sorted(participant.roles)})
        drafts = work.drafts.find(identity)
    return _plain(shell, dict(drafts[0])) if len(drafts) == 1 else None


def _plain(shell: Shell, record: dict[str, Any]) -> Shown:
    return record, lambda: shell.table("", ["field", "value"], list(record.items()))


def _entry(shell: Shell, index: int, work: UnitOfWork) -> Shown:
    entry = next(work.chain.store.entries(index), None)
    if entry is None:
        raise NotFound(f"the log has no entry {index}")
    return decode(entry.data) | {"index": index, "leaf": entry.leaf.hex()}, lambda: shell.table(
        f"Entry {index}, leaf hash {entry.leaf.hex()}",
        ["field", "value"],
        [
            ("kind", entry.kind),
            ("subject", f"{entry.subject}, version {entry.version}"),
            ("actor", f"{entry.actor}, key {entry.signed.act.key}"),
            ("time", entry.time),
            *((name, value) for name, value in entry.facts.items()),
            *(("refers to", f"{subject} {leaf[:16]}…") for subject, leaf in entry.refs),
            ("signature", entry.signed.signature_text),
        ],
    )


def history(subject: str, work: UnitOfWork) -> list[Entry]:
    """Return a subject's entries, oldest first."""
    entry, found = work.chain.store.last(subject), []
    while entry is not None:
        found.append(entry)
        entry = work.chain.store.by_leaf(entry.prev) if entry.prev else None
    return found[::-1]


def _show_history(shell: Shell, entries: list[Entry], work_handles: dict[str, str]) -> None:
    shell.table(
        "On the chain",
        [">entry", "kind", "by", "at", "leaf hash"],
        [
            (
                e.named.removeprefix("entry "),
                e.kind,
                work_handles.get(e.actor, e.actor),
                e.time,
                f"{e.leaf.hex()[:16]}…",
            )
            for e in entries
        ],
    )


def _product(shell: Shell, product: Product, work: UnitOfWork) -> Shown:
    left = off_board(product, work=work, floor=shell.floor)
    product = product.as_of(shell.floor.clock().date())
    profile = profile_of(product, work)
    sheet = sheet_of(product, work) if product.sheet else None
    entries = history(f"product/{product.number}", work)
    handles = {each.id: each.handle for each in work.participants.all()}
    record = {
        "product": product_record(product),
        "off_board": left
        and {"words": left.words, "entry": left.entry.place if left.entry else None},
        "profile": to_record(profile),
        "sheet": to_record(sheet) if sheet else None,
        "entries": [entry.place for entry in entries],
    }

    def render() -> None:
        shell.say(
            f"{product.number} {product.name}: registration {product.registration}, "
            f"listing {product.listing}"
        )
        if left:
            since = f" ({left.entry.named} at {left.entry.time})" if left.entry else ""
            shell.say(f"off the board: {left.words}{since}")
        show_profile(shell, profile)
        if sheet:
            rows = [
                (f"{section}.{name}", value)
                for section in ("basic", "physical", "conditions", "delivery", "price")
                for name, value in to_record(getattr(sheet, section)).items()
            ]
            shell.table(f"Spec sheet {product.sheet}", ["field", "declared"], rows)
        _show_history(shell, entries, handles)

    return record, render


def _trade(shell: Shell, trade: Trade, work: UnitOfWork) -> Shown:
    entries = history(f"trade/{trade.id}", work)
    lines = settled_lines(trade, work)
    handles = {each.id: each.handle for each in work.participants.all()}
    record = {
        "trade": trade_record(trade),
        "lines": [line.to_record() for line in lines],
        "entries": [entry.place for entry in entries],
    }

    def render() -> None:
        shell.table("", ["field", "value"], list(trade_record(trade).items()))
        if lines:
            rows = [(line.account, line.what, line.amount) for line in lines]
            shell.table("Settlement", ["to", "for", ">amount"], rows)
        _show_history(shell, entries, handles)

    return record, render


def _engagement(shell: Shell, engagement: Engagement, work: UnitOfWork) -> Shown:
    record = engagement_record(engagement, work)
    entries = history(f"engagement/{engagement.id}", work)
    handles = {each.id: each.handle for each in work.participants.all()}
    parties = {"by": handles[engagement.by], "to": handles[engagement.to]}
    told = {name: value for name, value in (record | parties).items() if name != "steps"}

    def render() -> None:
        shell.table("", ["field", "value"], list(told.items()))
        _show_history(shell, entries, handles)

    return record, render
