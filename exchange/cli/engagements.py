"""Commands for engagements (委托): assessors, brokers and others, engaged and paid."""

from __future__ import annotations

from typing import Any

import click

from exchange.cli import main
from exchange.cli.merchants import day_of
from exchange.cli.shell import Shell, acting, command, existing
from exchange.engagements import Engagement, Offer
from exchange.errors import BadField
from exchange.participants import Role
from exchange.ports import UnitOfWork
from exchange.records import to_record
from exchange.services.engage_merchant import steps_of
from ledger.engagements import ENGAGED_AS
from pricing.errors import PricingError
from pricing.money import Money


@main.group("engage")
def engage_group() -> None:
    """Engage merchants: assessors, processors, brokers, valuers, consultants."""


def engagement_record(engagement: Engagement, work: UnitOfWork) -> dict[str, Any]:
    """Return an engagement as a JSON object, with the steps that it took."""
    steps = [each.to_record() for each in steps_of(engagement, work)]
    return to_record(engagement) | {"fee": engagement.fee.to_record(), "steps": steps}


def _said(shell: Shell, engagement: Engagement, then: str = "") -> None:
    words = f"{engagement.id} is {engagement.state}: {engagement.fee} for {engagement.work}"
    with shell.floor.read() as work:
        record = engagement_record(engagement, work)
    shell.result(record, words, then=then)


@command(engage_group, "propose")
@click.option("--to", "engaged", metavar="HANDLE", required=True, help="Who shall do it.")
@click.option("--role", required=True, type=click.Choice(sorted(ENGAGED_AS)))
@click.option("--product", "products", multiple=True, help="What it is about (repeatable).")
@click.option("--work", required=True, help="What is to be done; it stands on the chain.")
@click.option("--fee", required=True, help='Such as "2000.00 CNY"; fixed.')
@click.option("--due", required=True, metavar="DATE", help="The day by the end of which.")
@click.option("--contingent", is_flag=True, help="Owed only if the outcome comes; brokers alone.")
@click.option("--terms", "file", metavar="FILE", help="The contract; kept confidential.")
@acting
def engage_propose(shell: Shell, handle: str, **options: Any) -> None:
    """Engage another participant for a fixed fee."""
    try:
        fee = Money.parse(options["fee"])
    except PricingError as error:
        raise BadField("--fee", str(error)) from error
    offer = Offer(
        role=Role(options["role"]),
        products=options["products"],
        work=options["work"],
        fee=fee,
        due=f"{day_of(options['due'], '--due')}T23:59:59Z",
        contingent=options["contingent"],
    )
    terms = existing(options["file"]).read_bytes() if options["file"] else b""
    proposed = shell.desk(handle).engage(shell.participant(options["engaged"]), offer, terms)
    _said(shell, proposed, f"guapai engage accept {proposed.id} --as {options['engaged']}")


@command(engage_group, "accept")
@click.argument("engagement_id")
@acting
def engage_accept(shell: Shell, engagement_id: str, handle: str) -> None:
    """Take the work; the fee goes into escrow."""
    taken = shell.desk(handle).accept_engagement(engagement_id)
    _said(shell, taken, f"guapai engage deliver {taken.id} --report FILE --as {handle}")


@command(engage_group, "decline")
@click.argument("engagement_id")
@click.option("--reason", required=True)
@acting
def engage_decline(shell: Shell, engagement_id: str, reason: str, handle: str) -> None:
    """End an engagement that nobody has accepted."""
    _said(shell, shell.desk(handle).decline_engagement(engagement_id, reason))


@command(engage_group, "deliver")
@click.argument("engagement_id")
@click.option("--report", "file", required=True, help="What was done, any file.")
@acting
def engage_deliver(shell: Shell, engagement_id: str, file: str, handle: str) -> None:
    """Hand the work in, by its report."""
    done = shell.desk(handle).deliver_work(engagement_id, existing(file).read_bytes())
    _said(shell, done, f"guapai engage pay {done.id} --as HANDLE")


@command(engage_group, "pay")
@click.argument("engagement_id")
@acting
def engage_pay(shell: Shell, engagement_id: str, handle: str) -> None:
    """Accept the work: the fee leaves escrow for whoever did it."""
    _said(shell, shell.desk(handle).pay_engagement(engagement_id))


@command(engage_group, "cancel")
@click.argument("engagement_id")
@click.option("--reason", required=True)
@acting
def engage_cancel(shell: Shell, engagement_id: str, reason: str, handle: str) -> None:
    """End an accepted engagement: the fee goes back."""
    _said(shell, shell.desk(handle).cancel_engagement(engagement_id, reason))


@command(engage_group, "list")
@click.option("--product", "number", metavar="NUMBER", help="Only those over it.")
def engage_list(shell: Shell, number: str | None) -> None:
    """Show the engagements: by whom, of whom, for what fee, since when in their state."""
    with shell.floor.read() as work:
        found = [e for e in work.engagements.all() if number is None or number in e.products]
        handles = {each.id: each.handle for each in work.participants.all()}
        records = [engagement_record(each, work) for each in found]
    if shell.as_json:
        shell.result({"engagements": records})
        return
    since = [record["steps"][-1]["time"] for record in records]
    shell.table(
        "Engagements",
        ["=id", "by", "of", "as", "work", ">fee", "state", "since"],
        [
            (e.id, handles[e.by], handles[e.to], e.role, e.work, e.fee, e.state, time)
            for e, time in zip(found, since, strict=True)
        ],
    )
    if found:
        shell.result({}, then=f"guapai show {found[-1].id}")
