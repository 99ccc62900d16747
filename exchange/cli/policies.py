"""Commands for usage policies: show, check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from exchange.cli import main
from exchange.cli.shell import Shell, command, existing
from exchange.clock import system_clock
from exchange.errors import NotFound
from exchange.policy.asking import Question
from exchange.policy.evaluator import evaluate
from exchange.policy.policy import Policy
from exchange.policy.report import Report, wanted_words
from exchange.policy.vocabulary import Connective
from exchange.records import read_record
from exchange.services.ask_policy import ask_policy
from exchange.services.execute_trade import terms_of
from exchange.services.judge_use import Moment, offered_policy, policy_of, refusal


@main.group("policy")
def policy_group() -> None:
    """Usage policies in ODRL: show that of a trade, quote or product, check a use by one."""


@command(policy_group, "show")
@click.argument("subject", metavar="TRADE|QUOTE|PRODUCT")
@click.option("--turtle", is_flag=True, help="As Turtle, not in words.")
def policy_show(shell: Shell, subject: str, *, turtle: bool) -> None:
    """Show the usage policy that TRADE or QUOTE is under, or that PRODUCT is offered on."""
    policy = _policy_of(shell, subject)
    if turtle:
        from exchange.formats.odrl import write_turtle  # noqa: PLC0415 - rdflib takes a while

        click.echo(write_turtle(policy).decode(), nl=False)
        return
    if shell.as_json:
        shell.result(policy.to_record())
        return
    shell.table(f"{policy.type} {policy.uid}", ["rule", "action", "where"], _rows(policy))
    click.echo(f"next: guapai policy show {subject} --turtle", err=True)


def _policy_of(shell: Shell, subject: str) -> Policy:
    with shell.floor.read() as work:
        if subject.startswith("GP-"):
            return offered_policy(work.products.get(subject), work=work, floor=shell.floor)
        try:
            named = work.trades.get(subject)
            scenario, digest = named.scenario, named.terms
        except NotFound:
            quote = work.quotes.get(subject)
            scenario, digest = quote.scenario, quote.terms
        return policy_of(terms_of(digest, work), work.scenarios.get(scenario), work)


def _rows(policy: Policy) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    for rule in policy.rules():
        name = f"{rule.kind} {rule.uid.partition('#')[2]}"
        said = [_said(each) for each in rule.constraints] or ["always"]
        rows.extend(
            (name if first else "", rule.action if first else "", words)
            for first, words in ((index == 0, words) for index, words in enumerate(said))
        )
    return rows


def _said(premise: Any) -> str:
    if getattr(premise, "connective", None) in set(Connective):
        return f" {premise.connective} ".join(f"({_said(each)})" for each in premise.of)
    return f"{premise.operand} is {wanted_words(premise)}"


@command(policy_group, "check")
@click.argument("file", metavar="FILE")
@click.option("--action", help="What is to be done; without it FILE is only read.")
@click.option("--target", help="IRI of the asset; else that of the first permission.")
@click.option("--assignee", help="IRI of who asks; else that of the first permission.")
@click.option("--purpose")
@click.option("--region")
@click.option("--recipient", "recipients", multiple=True, help="Who will see it.")
@click.option("--term-days", type=int, help="For how long it is wanted.")
@click.option("--count", type=int, help="How often it was done before.")
@click.option("--since", metavar="TIME", help="When the use began, such as 2026-01-05T09:00:00Z.")
@click.option("--at", metavar="TIME", help="The time of asking; else by the exchange's clock.")
@click.option("--turtle", is_flag=True, help="The report as Turtle.")
def policy_check(shell: Shell, file: str, *, turtle: bool, **asked: Any) -> None:
    """Read the policy in FILE (JSON-LD or Turtle), and judge a use by it: exit 3 if refused.

    Recipients that it names by a scenario are looked up in the exchange, where there is one.
    """
    from exchange.formats import odrl, odrl_report  # noqa: PLC0415 - rdflib takes a while

    policy = odrl.read_any(Path(existing(file)).read_bytes())
    if asked["action"] is None:
        shell.result(
            policy.to_record(),
            f"{policy.type} {policy.uid} is understood: {len(list(policy.rules()))} rules",
            then=f"guapai policy check {file} --action use",
        )
        return
    given = {name: value for name, value in asked.items() if value not in (None, ())}
    question = read_record(Question, given)
    report = _judged(shell, policy, question)
    if turtle:
        click.echo(odrl_report.write_report_turtle(report).decode(), nl=False)
    elif shell.as_json:
        click.echo(json.dumps(odrl_report.report_record(report), ensure_ascii=False, indent=2))
    else:
        click.echo(f"{question.action} is {'permitted' if report.permitted else 'refused'}")
    if not report.permitted:
        raise refusal(report.reasons, Moment.ACCESS, policy.uid)


def _judged(shell: Shell, policy: Policy, question: Question) -> Report:
    try:
        floor = shell.floor
    except NotFound:  # a policy can be asked where there is no exchange, by the machine's clock
        return evaluate(policy, question.request(policy), question.state(system_clock()))
    return ask_policy(policy, question, reader=None, floor=floor)
