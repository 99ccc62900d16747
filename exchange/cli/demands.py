"""Commands for demand: post it, answer it, close it, and see what matches."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from exchange.cli import main
from exchange.cli.scenarios import scenario_group
from exchange.cli.shell import Shell, acting, command
from exchange.demands import RUNS_DAYS, Posting
from exchange.matching import Match, Wish
from exchange.records import read_record, to_record
from exchange.services.fit_scenario import fit_products, library_of
from exchange.services.post_demand import (
    answers_to,
    demands_met,
    posting_of,
    running_demands,
    supply_for,
)


@main.group("demand")
def demand_group() -> None:
    """Demand: what buyers look for, and which products meet it."""


def show_matches(shell: Shell, title: str, matches: list[Match]) -> None:
    """Print matches with their parts and what stands in the way."""
    shell.table(
        title,
        ["=product", "name", ">points", "why", "in the way"],
        [
            (
                each.product,
                each.name,
                each.points,
                [f"{part.name} {part.points}/{part.most}: {part.says}" for part in each.parts],
                list(each.obstacles),
            )
            for each in matches
        ],
    )


def _wish(**options: Any) -> Wish:
    told = {name: value for name, value in options.items() if value not in (None, "", ())}
    return read_record(Wish, told)


@command(demand_group, "post")
@click.option("--title", required=True)
@click.option("--wanted", required=True, help="What is looked for, in words.")
@click.option("--purpose", required=True)
@click.option("--region", default="CN", show_default=True)
@click.option("--term-days", required=True, type=int)
@click.option("--sector", default="")
@click.option("--keyword", "keywords", multiple=True)
@click.option("--field", "fields", multiple=True, help="A column that the data should have.")
@click.option(
    "--budget", help='The most that may be paid, such as "1000.00 CNY"; everybody reads it.'
)
@click.option("--days", default=RUNS_DAYS, show_default=True, type=click.IntRange(1, 366))
@click.option("--brief", default="", help="What the exchange alone reads.")
@acting
def demand_post(  # noqa: PLR0913, PLR0917 - a posting has as many parts
    shell: Shell,
    title: str,
    wanted: str,
    keywords: tuple[str, ...],
    fields: tuple[str, ...],
    days: int,
    brief: str,
    handle: str,
    **options: Any,
) -> None:
    """Post what is looked for, and show the listed products that come nearest."""
    wish = _wish(**options)
    posting = Posting(title, wanted, wish, keywords, fields)
    posting = read_record(Posting, to_record(posting))
    demand = shell.desk(handle).post_demand(posting, days=days, brief=brief)
    with shell.floor.read() as work:
        matches = supply_for(demand, work=work, floor=shell.floor)
    if shell.as_json:
        shell.result({"demand": to_record(demand), "matches": [to_record(m) for m in matches]})
        return
    show_matches(shell, f"{demand.id} is open until {demand.until}", matches)
    click.echo(f"next: guapai demand show {demand.id}", err=True)


@command(demand_group, "list")
def demand_list(shell: Shell) -> None:
    """List the demands that may be answered, the newest first."""
    with shell.floor.read() as work:
        found = running_demands(work, shell.floor)
    if shell.as_json:
        shell.result({"demands": [to_record(each) for each in found]})
        return
    shell.table(
        f"{len(found)} open demands",
        ["=demand", "title", "=until"],
        [(each.id, each.title, each.until[:10]) for each in found],
    )


@command(demand_group, "show")
@click.argument("demand_id")
def demand_show(shell: Shell, demand_id: str) -> None:
    """Show a demand, its answers, and the products that come nearest."""
    with shell.floor.read() as work:
        demand = work.demands.get(demand_id)
        posting, answers = posting_of(demand, work), answers_to(demand, work)
        matches = supply_for(demand, work=work, floor=shell.floor)
    if shell.as_json:
        shell.result(
            {
                "demand": to_record(demand),
                "posting": to_record(posting),
                "answers": [to_record(each) for each in answers],
                "matches": [to_record(each) for each in matches],
            }
        )
        return
    shell.say(f"{demand.id} is {demand.state} until {demand.until}: {demand.title}")
    shell.say(posting.wanted)
    shell.table(
        f"{len(answers)} answers",
        ["=answer", "=product", "=ready by", "words"],
        [(each.id[:16], each.product or "", each.ready_by or "", each.words) for each in answers],
    )
    show_matches(shell, "listed products that come nearest", matches)


@command(demand_group, "answer")
@click.argument("demand_id")
@click.option("--product", help="A listed product of your own.")
@click.option("--ready-by", help="The day by which there will be one.")
@click.option("--words", required=True)
@acting
def demand_answer(
    shell: Shell, demand_id: str, product: str | None, ready_by: str | None, words: str, handle: str
) -> None:
    """Answer a demand with a product, or with a promise to prepare one."""
    day = dt.date.fromisoformat(ready_by) if ready_by else None
    answer = shell.desk(handle).answer_demand(demand_id, words, product=product, ready_by=day)
    shell.result(
        to_record(answer),
        f"{answer.id} answers {demand_id}",
        then=f"guapai scenario file {product} --answer {answer.id} --as BUYER" if product else "",
    )


@command(demand_group, "close")
@click.argument("demand_id")
@click.option("--outcome", required=True, type=click.Choice(["met", "withdrawn", "removed"]))
@click.option("--answer", help="The answer that met it.")
@click.option("--reason", required=True)
@acting
def demand_close(
    shell: Shell, demand_id: str, outcome: str, answer: str | None, reason: str, handle: str
) -> None:
    """Close a demand as met, withdraw it, or remove it as the operator."""
    demand = shell.desk(handle).close_demand(demand_id, outcome, reason, answer=answer)
    shell.result(to_record(demand), f"{demand.id} is {demand.state}")


@command(demand_group, "meets")
@click.argument("number")
def demand_meets(shell: Shell, number: str) -> None:
    """Show which open demands product NUMBER meets, the best first."""
    with shell.floor.read() as work:
        found = demands_met(work.products.get(number), work=work, floor=shell.floor)
    if shell.as_json:
        record = [{"demand": to_record(d), "match": to_record(m)} for d, m in found]
        shell.result({"demands": record})
        return
    shell.table(
        f"{len(found)} open demands that {number} meets",
        ["=demand", "title", ">points"],
        [(demand.id, demand.title, each.points) for demand, each in found],
    )


@command(scenario_group, "library")
@click.argument("number")
def scenario_library(shell: Shell, number: str) -> None:
    """Show what product NUMBER was approved for; file one like it with --like."""
    with shell.floor.read() as work:
        found = library_of(work.products.get(number), work)
    if shell.as_json:
        shell.result({"precedents": [to_record(each) for each in found.precedents]})
        return
    shell.table(
        f"{len(found.precedents)} uses that {number} was approved for",
        ["purpose", "sector", "region", ">days", ">times", "=last", "=example"],
        [
            (e.purpose, e.sector, e.region, e.term_days, e.times, e.last, e.example)
            for e in found.precedents
        ],
    )


@command(scenario_group, "fit")
@click.option("--purpose", required=True)
@click.option("--region", default="CN", show_default=True)
@click.option("--term-days", required=True, type=int)
@click.option("--recipients", default=1, show_default=True, type=int)
@click.option("--onward-transfer", is_flag=True)
@click.option("--public-release", is_flag=True)
@click.option("--sector", default="")
@click.option("--word", "words", multiple=True, help="What the data should be about.")
@click.option("--budget", help='The most that may be paid, such as "1000.00 CNY".')
def scenario_fit(shell: Shell, **options: Any) -> None:
    """Show which listed products fit a use, and what stands in the way of the others."""
    with shell.floor.read() as work:
        matches = fit_products(_wish(**options), work=work, floor=shell.floor)
    if shell.as_json:
        shell.result({"matches": [to_record(each) for each in matches]})
        return
    show_matches(shell, f"{sum(each.fits for each in matches)} products fit", matches)
    if matches and matches[0].fits:
        click.echo(f"next: guapai scenario file {matches[0].product} --as BUYER", err=True)
