"""Commands for prices in a market: estimate, bill, check-plan, simulate-auction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import click

from exchange.cli.prices import (
    Outputs,
    chosen,
    estimated,
    figured,
    price_group,
    recording,
    records_of,
)
from exchange.cli.shell import Shell, command, existing
from exchange.errors import BadField
from exchange.formats.price_file import PriceFile, naming, read_events
from pricing.billing import Bill, Statement
from pricing.estimate import Estimate, Guidance
from pricing.figures import awards, path
from pricing.mechanisms import UNLIMITED, Auction, Mechanism, Outcome
from pricing.money import Money
from pricing.plan import Plan
from pricing.record import recorded
from pricing.wire import to_wire


@command(price_group, "estimate")
@click.argument("file", metavar="FILE")
@click.option("--estimator", metavar="NAME", help="Else that of FILE, else hedonic.")
@click.option("--engine", metavar="NAME", help="The appraiser of the table `evidence`.")
@figured
@recording
def estimate_command(
    shell: Shell, file: str, estimator: str | None, engine: str | None, **files: Any
) -> None:
    """Follow a price from its appraisal through the settled trades of FILE to the market."""
    outputs = Outputs(**files)
    estimate, records = estimated(PriceFile.read(existing(file)), estimator, engine)
    then = outputs.write(records, partial(_path, estimate))
    if shell.as_json:
        shell.result({"results": records_of(records)})
        return
    _show_estimate(shell, estimate)
    shell.result({}, then=then)


def _path(estimate: Estimate, language: Any, form: Any) -> bytes:
    return path.draw(estimate, language=language, form=form)


def _show_estimate(shell: Shell, estimate: Estimate) -> None:
    rows: list[tuple[object, ...]] = [("the appraisal", "", *_guided(estimate.opening))]
    for step in estimate.path:
        after = f"{step.entry[:12]}…"
        rows.append((after, _plain(step.price), *_guided(step.guidance)))
    currency = estimate.guidance.ask.currency
    columns = [f"=after ({currency})", ">paid", ">low", ">floor", ">median", ">ask", ">high"]
    shell.table(f"What one licence will fetch: {estimate.basis}", columns, rows)
    ended = estimate.guidance
    shell.say(
        f"ask {ended.ask}, not below {ended.floor}; expect the next price within "
        f"{ended.band.low} and {ended.band.high}, after {estimate.observed} trades that count"
    )


def _guided(guidance: Guidance) -> tuple[str, ...]:
    band = guidance.band
    ends = (band.low, guidance.floor, band.mid, guidance.ask, band.high)
    return tuple(map(_plain, ends))


def _plain(amount: Money) -> str:
    """Return an amount without its currency, where six of them stand in a row."""
    return str(amount).rpartition(" ")[0]


@command(price_group, "bill")
@click.argument("file", metavar="FILE")
@click.option("--events", metavar="USAGE.csv", help="Usage: id, at and maybe quantity, outcome.")
@recording
def bill_command(shell: Shell, file: str, events: str | None, out: str | None) -> None:
    """Bill the usage of FILE, or of a CSV beside it, under FILE's plan; every line explained."""
    outputs = Outputs(out)
    asked = PriceFile.read(existing(file))
    plan = asked.part("plan").subject(Plan)
    statement = asked.replaced(plan=None)
    if events is not None:
        used = [to_wire(event) for event in read_events(existing(events))]
        given = asked.content.get("events", [])
        statement = statement.replaced(events=[*given, *used] if isinstance(given, list) else used)
    with naming(asked.path):
        bill, record = recorded(plan.tariff, statement.subject(Statement))
    then = outputs.write([record])
    if shell.as_json:
        shell.result({"results": records_of([record])})
        return
    _show_bill(shell, plan.name, bill)
    shell.result({}, then=then)


def _show_bill(shell: Shell, name: str, bill: Bill) -> None:
    shell.table(
        f"{bill.amount}, by {name}",
        ["=type", "what for", ">units", ">amount"],
        [(line.type, line.text, f"{line.quantity:,}", line.amount) for line in bill.lines],
    )


@command(price_group, "check-plan")
@click.argument("file", metavar="FILE")
@click.pass_context
def check_plan_command(context: click.Context, shell: Shell, file: str) -> None:
    """Look in the plan or the menu of FILE for what a buyer can have for less; exit code 1 if so.

    What is found is a warning to the seller and forbids nothing.
    """
    from pricing.tariffs.arbitrage import find_arbitrage  # noqa: PLC0415 - numpy, for one command

    asked = PriceFile.read(existing(file))
    with naming(asked.path):
        found = find_arbitrage(*(plan.tariff for plan in _menu(asked)))
    if shell.as_json:
        shell.result({"warnings": [to_wire(each) for each in found]})
    elif found:
        rows = [
            (
                each.gap,
                each.offer,
                each.price,
                " and ".join(f"{part.count:,} × {part.offer}" for part in each.instead),
                each.cost,
            )
            for each in found
        ]
        columns = ["=gap", "offer", ">price", "what a buyer takes instead", ">for"]
        shell.table(f"{len(found)} way{'s' if len(found) > 1 else ''} to pay less", columns, rows)
    else:
        shell.say("no offer can be had for less")
    if found:
        context.exit(1)


def _menu(asked: PriceFile) -> list[Plan]:
    if "menu" not in asked.content:
        return [asked.part("plan").subject(Plan)]
    menu = asked.content["menu"]
    if not isinstance(menu, list) or not menu:
        raise BadField(f"{asked.path.name}: menu", "a list of plans")
    held = [asked.replaced(plan=each).part("plan") for each in menu]
    return [each.subject(Plan) for each in held]


@command(price_group, "simulate-auction")
@click.argument("file", metavar="FILE")
@click.option(
    "--mechanism", "mechanisms", metavar="NAME", multiple=True, help="Else those of FILE."
)
@figured
@recording
def simulate_auction_command(
    shell: Shell, file: str, mechanisms: tuple[str, ...], **files: Any
) -> None:
    """Clear the bids of FILE by one mechanism or by several: who gets what for which payment."""
    outputs = Outputs(**files)
    asked = PriceFile.read(existing(file))
    if asked.content.get("supply") == "unlimited":
        asked = asked.replaced(supply=UNLIMITED)
    auction = asked.subject(Auction)
    names = mechanisms or asked.named("mechanisms") or (chosen(asked, "mechanisms", None),)
    held: list[tuple[str, Mechanism, Outcome]] = []
    records = []
    with naming(asked.path):
        for name in names:
            mechanism = asked.plugin("mechanisms", name)
            outcome, record = recorded(mechanism, auction)
            held.append((name, mechanism, outcome))
            records.append(record)
    drawn = {name: outcome for name, _, outcome in held}
    then = outputs.write(records, _awards(auction, drawn))
    if shell.as_json:
        shell.result({"results": records_of(records)})
        return
    for name, mechanism, outcome in held:
        _show_outcome(shell, name, mechanism, auction, outcome)
    if len(held) > 1:
        rows = [(name, len(one.allocations), one.revenue) for name, _, one in held]
        shell.table("Side by side", ["=mechanism", ">served", ">revenue"], rows)
    shell.result({}, then=then)


def _awards(auction: Auction, outcomes: dict[str, Outcome]) -> Callable[[Any, Any], bytes]:
    return lambda language, form: awards.draw(auction, outcomes, language=language, form=form)


def _show_outcome(
    shell: Shell, name: str, mechanism: Mechanism, auction: Auction, outcome: Outcome
) -> None:
    rows = []
    for bidder in auction.bidders:
        award = outcome.award_of(bidder)
        bids = auction.bids_of(bidder)
        paid = next((each for each in outcome.payments if each.bidder == bidder), None)
        rows.append(
            (
                bidder,
                max(bid.amount for bid in bids),
                ", ".join(award.items) if award else "nothing",
                f"{float(award.gain):.0%}" if award else "",
                outcome.paid_by(bidder),
                "; ".join(line.text for line in paid.lines) if paid else "",
            )
        )
    columns = ["bidder", ">bid", "gets", ">of its worth", ">pays", "why"]
    shell.table(f"{outcome.revenue}, by {name}", columns, rows)
    for promise in mechanism.properties:
        shell.say(f"{promise.promise}: {promise.rests_on}")
    for remark in outcome.remarks:
        shell.say(f"remark: {remark}")
    shell.say("")
