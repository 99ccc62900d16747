"""Commands for uses: file a scenario, assess it, withdraw it, take an approval back."""

from __future__ import annotations

from typing import Any

import click

from exchange.cli import main
from exchange.cli.products import review_record
from exchange.cli.shell import Shell, acting, command
from exchange.matching import Wish
from exchange.records import read_record, to_record
from exchange.scenarios import Decision, Limits, Scenario, ScenarioState
from exchange.services.assess_scenario import read_filing
from exchange.services.file_scenario import Filing
from exchange.services.post_demand import demand_behind, posting_of


@main.group("scenario")
def scenario_group() -> None:
    """Usage scenarios: no scenario, no trade."""


def scenario_record(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as a JSON object."""
    return to_record(scenario)


def say(scenario: Scenario) -> list[str]:
    """Return where a scenario stands, in lines."""
    if scenario.waits:
        why = ", ".join(scenario.grounds)
        return [f"{scenario.id} is filed and waits for an assessor: {why}"]
    lines = [scenario.told]
    if scenario.limits:
        told = ", ".join(f"{name} {limit}" for name, limit in scenario.limits.facts.items())
        lines.append(f"limited to: {told}")
    return lines


@command(scenario_group, "file")
@click.argument("number")
@click.option("--purpose", help="One of the purposes on the spec sheet.")
@click.option("--region", help="Where it is used; CN where nothing is said.")
@click.option("--term-days", type=int)
@click.option("--recipient", "recipients", multiple=True, required=True, help="Who will see it.")
@click.option("--description", required=True, help="What the data is wanted for.")
@click.option("--onward-transfer", is_flag=True, help="The data will be passed on.")
@click.option("--public-release", is_flag=True, help="The data will be published.")
@click.option("--sector", default="", help="The trade in which it will be used.")
@click.option("--legal-basis", default="", help="What allows the use, where persons are in it.")
@click.option("--security", default="", help="How the data will be kept safe.")
@click.option("--benefit", default="", help="What is expected of the use.")
@click.option("--like", default="", help="Begin from a use of the product's library.")
@click.option("--answer", default="", help="Begin from an answer to a demand of your own.")
@acting
def scenario_file(shell: Shell, number: str, handle: str, **options: Any) -> None:
    """File a scenario for product NUMBER; rules decide at once, or an assessor has to look."""
    # Only what was left out: 0 was given, though it equals False.
    given = {
        name: value for name, value in options.items() if value is not None and value is not False
    }
    begun = _begun(shell, options["like"], options["answer"], handle)
    filing = read_record(Filing, {"product": number, "region": "CN"} | begun | given)
    scenario, review = shell.desk(handle).file_scenario(filing)
    then = f"guapai trade quote {scenario.id} --as {handle}"
    if scenario.waits:
        then = f"guapai scenario review {scenario.id} --as ASSESSOR"
    shell.result(
        {"scenario": scenario_record(scenario), "review": review_record(review)},
        *say(scenario),
        then=then,
    )


def _begun(shell: Shell, like: str, answer: str, handle: str) -> dict[str, Any]:
    """Return what a filing begins from: a use approved before, or a demand that was answered."""
    with shell.floor.read() as work:
        found: Scenario | Wish
        if like:
            found = work.scenarios.get(like)
        elif answer:
            buyer = work.participants.get(handle).id
            demand, _ = demand_behind(answer, buyer=buyer, work=work)
            found = posting_of(demand, work).wish
        else:
            return {}
    names = ("purpose", "region", "term_days", "onward_transfer", "public_release", "sector")
    begun = {name: getattr(found, name) for name in names}
    return {name: value for name, value in begun.items() if value != ""}


@command(scenario_group, "list")
@click.option("--state", type=click.Choice([str(each) for each in ScenarioState]))
@click.option("--product", metavar="NUMBER", help="Only those of one product.")
@click.option("--buyer", metavar="HANDLE", help="Only those of one buyer.")
def scenario_list(shell: Shell, state: str | None, product: str | None, buyer: str | None) -> None:
    """Show the scenarios that were filed, oldest first."""
    with shell.floor.read() as work:
        filed = work.scenarios.all()
        if product:
            filed = work.scenarios.of_product(work.products.get(product).number)
        party = work.participants.get(buyer).id if buyer else None
        handles = {each.id: each.handle for each in work.participants.all()}
    found = [
        each
        for each in filed
        if (state is None or each.state == state) and (party is None or each.buyer == party)
    ]
    if shell.as_json:
        shell.result({"scenarios": [scenario_record(each) for each in found]})
        return
    shell.table(
        "Scenarios",
        ["=id", "=product", "buyer", "purpose", ">days", "=state", "=until"],
        [
            (
                *(each.id, each.product, handles[each.buyer], each.purpose),
                *(each.term_days, each.state, each.expires_on),
            )
            for each in found
        ],
    )
    waiting = [each.id for each in found if each.waits]
    if waiting:
        shell.result({}, then=f"guapai scenario review {waiting[0]} --as ASSESSOR")
    elif found:
        shell.result({}, then=f"guapai show {found[-1].id}")
    else:
        shell.result({}, then="guapai scenario file NUMBER --as BUYER")


@command(scenario_group, "read")
@click.argument("scenario_id")
@acting
def scenario_read(shell: Shell, scenario_id: str, handle: str) -> None:
    """Read all that was filed, as the buyer or an assessor; needs no passphrase."""
    with shell.floor.read() as work:
        reader = work.participants.get(handle)
    scenario, filed = read_filing(scenario_id, reader=reader, floor=shell.floor)
    shell.result(
        {"scenario": scenario_record(scenario), "filing": filed},
        *say(scenario),
        *(f"{name}: {value}" for name, value in filed.items()),
        then=f"guapai scenario review {scenario_id} --as {handle}" if scenario.waits else "",
    )


@command(scenario_group, "review")
@click.argument("scenario_id")
@click.option("--decision", required=True, type=click.Choice([str(each) for each in Decision]))
@click.option("--reasons", required=True, help="Why; only the exchange and the buyer read it.")
@click.option("--term-days", type=int, help="Limit the term.")
@click.option("--region", "regions", multiple=True, help="Limit to a part of the region.")
@click.option("--recipients", type=int, help="Limit how many may see the data.")
@click.option("--no-onward-transfer", is_flag=True, help="Take the passing on away.")
@click.option("--no-public-release", is_flag=True, help="Take the publishing away.")
@acting
def scenario_review(
    shell: Shell, scenario_id: str, decision: str, reasons: str, handle: str, **options: Any
) -> None:
    """Approve, limit or refuse a scenario that waits, as a compliance assessor."""
    limits = {name: options[name] for name in ("term_days", "recipients") if options[name]}
    limits |= {"regions": list(options["regions"])} if options["regions"] else {}
    for name in ("onward_transfer", "public_release"):
        limits |= {name: False} if options[f"no_{name}"] else {}
    scenario = shell.desk(handle).assess_scenario(
        scenario_id,
        Decision(decision),
        reasons=reasons,
        limits=read_record(Limits, limits, within="limits") if limits else None,
    )
    refused = scenario.state is ScenarioState.REFUSED
    then = "" if refused else f"guapai trade quote {scenario_id} --as BUYER"
    shell.result(scenario_record(scenario), *say(scenario), then=then)


@command(scenario_group, "withdraw")
@click.argument("scenario_id")
@click.option("--reason", required=True)
@acting
def scenario_withdraw(shell: Shell, scenario_id: str, reason: str, handle: str) -> None:
    """Withdraw a scenario of your own."""
    scenario = shell.desk(handle).withdraw_scenario(scenario_id, reason)
    shell.result(scenario_record(scenario), f"{scenario.id} is {scenario.state}")


@command(scenario_group, "revoke")
@click.argument("scenario_id")
@click.option("--reason", required=True)
@acting
def scenario_revoke(shell: Shell, scenario_id: str, reason: str, handle: str) -> None:
    """Take an approval back, as the operator or the assessor who reviewed it."""
    scenario = shell.desk(handle).revoke_scenario(scenario_id, reason)
    shell.result(scenario_record(scenario), f"{scenario.id} is {scenario.state}")
