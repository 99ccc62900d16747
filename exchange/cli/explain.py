"""The command that says why a product lists, or does not."""

from __future__ import annotations

from typing import Any

import click

from exchange.cli import main
from exchange.cli.products import review_record
from exchange.cli.shell import Shell, command
from exchange.comparison import differences
from exchange.compliance import Outcome
from exchange.ports import UnitOfWork
from exchange.records import to_record
from exchange.services.explain_listing import Obstacle, Reason, explain_product, obstacles
from exchange.services.register_product import profile_of
from exchange.services.submit_sheet import sheet_of
from ledger.entries import Entry


@command(main, "explain")
@click.argument("number")
@click.option("--all", "everything", is_flag=True, help="Also the rules that are kept.")
def explain_command(shell: Shell, number: str, everything: bool) -> None:
    """Say what the gate finds of product NUMBER today, rule by rule; changes nothing."""
    with shell.floor.read() as work:
        product = work.products.get(number)
        if product.sheet is None:
            found = obstacles(product, work=work, floor=shell.floor)
            standing = [_standing(each, work) for each in found]
            _without_sheet(shell, standing)
            return
        off = differences(sheet_of(product, work), profile_of(product, work))
        explained = explain_product(product, work=work, floor=shell.floor)
        reasons = [_record(reason, work) for reason in explained.reasons]
        standing = [_standing(each, work) for each in explained.obstacles]
    review, quality = explained.review, explained.quality
    record = {
        "review": review_record(review),
        "quality": to_record(quality),
        "score": str(quality.score),
        "differences": [to_record(each) for each in off],
        "rules": reasons,
        "obstacles": standing,
    }
    if shell.as_json:
        shell.result(record)
        return
    shell.table(
        f"Quality measured: {quality.score}",
        ["dimension", ">ratio", "what was counted"],
        [
            (d.name, f"{d.ratio:f}", f"{d.numerator:,} of {d.denominator:,} {d.how}")
            for d in quality.measured
        ],
    )
    if off:
        rows = [(each.field, each.declared, each.measured) for each in off]
        shell.table("Declared and measured differ", ["field", "declared", "measured"], rows)
    _show(shell, reasons, everything=everything)
    _show_obstacles(shell, standing)
    stopping = len(review.blocking) + len(standing)
    left = "nothing stands" if explained.passed else f"{stopping} stand"
    shell.say(f"{len(review.rules_applied)} rules apply today, and {left} in the way of listing")


def _without_sheet(shell: Shell, standing: list[dict[str, Any]]) -> None:
    """Say what stands in the way of a product that no rule can be asked about."""
    if shell.as_json:
        none: dict[str, Any] = {"review": None, "quality": None, "score": None}
        shell.result(none | {"differences": [], "rules": [], "obstacles": standing})
        return
    _show_obstacles(shell, standing)
    shell.say("no rule can be asked before there is a spec sheet")


def _show_obstacles(shell: Shell, standing: list[dict[str, Any]]) -> None:
    if standing:
        shell.table(
            "What no rule is asked about",
            ["=obstacle", "looked at"],
            [(each["words"], _looked_at(each)) for each in standing],
        )


def _record(reason: Reason, work: UnitOfWork) -> dict[str, Any]:
    finding = reason.explained.finding
    return to_record(finding) | {
        "statement": reason.explained.statement,
        "evidence_wanted": reason.explained.evidence_wanted,
        "entries": [_entry(entry, work) for entry in reason.evidence],
    }


def _standing(obstacle: Obstacle, work: UnitOfWork) -> dict[str, Any]:
    found = (obstacle.entry,) if obstacle.entry else ()
    return {"words": obstacle.words, "entries": [_entry(entry, work) for entry in found]}


def _entry(entry: Entry, work: UnitOfWork) -> dict[str, Any]:
    signer = work.participants.find(entry.actor)
    return {
        "index": entry.place,
        "leaf": entry.leaf.hex(),
        "kind": entry.kind,
        "signer": signer.handle if signer else entry.actor,
    }


def _show(shell: Shell, reasons: list[dict[str, Any]], *, everything: bool) -> None:
    kept = [each for each in reasons if each["outcome"] == Outcome.CLEAR]
    open_ones = [each for each in reasons if each["outcome"] != Outcome.CLEAR]
    if open_ones:
        shell.table(
            "What is not clear",
            ["=rule", "=severity", "=outcome", "finding", "basis", "what unlocks it", "looked at"],
            [
                (
                    each["rule"],
                    each["severity"],
                    each["outcome"],
                    each["message"],
                    each["basis"],
                    each["unlock"],
                    _looked_at(each),
                )
                for each in open_ones
            ],
        )
    if everything and kept:
        shell.table(
            "What is kept",
            ["=rule", "statement", "basis", "why", "looked at"],
            [
                (each["rule"], each["statement"], each["basis"], each["message"], _looked_at(each))
                for each in kept
            ],
        )


def _looked_at(each: dict[str, Any]) -> str:
    return "; ".join(
        f"{entry['kind']} by {entry['signer']} ({_place(entry)})" for entry in each["entries"]
    )


def _place(entry: dict[str, Any]) -> str:
    return entry["leaf"][:8] if entry["index"] is None else f"entry {entry['index']}"
