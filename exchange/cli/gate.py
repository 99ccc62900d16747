"""Commands of the gate: its rules, its verdicts reached again, and the exchange itself judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import click

from exchange.cli import main
from exchange.cli.products import review_record, show_findings
from exchange.cli.shell import Shell, command
from exchange.compliance import Rule, RulePack, discover_packs, review_platform
from exchange.errors import BadField
from exchange.formats.chinese import JUDGED, LANGUAGES, told_in
from exchange.services.build_case import platform_case
from exchange.services.replay_verdicts import Replayed, replay_verdicts

# What the table of the rules says in Chinese, and whose turn a rule is.
_CHINESE: Final[Mapping[str, str]] = {
    **JUDGED,
    "{} rules of {} {}, digest {}…": "{} 条规则，规则包 {} {}，摘要 {}…",
    "id": "编号",
    "severity": "处置",
    "stage": "环节",
    "decided by": "判定方式",
    "statement": "规则内容",
    "basis": "法律依据",
    "what unlocks it": "如何解除",
    "intake": "入库",
    "platform": "平台",
    "listing": "挂牌",
    "trade": "交易",
    "post": "交易后",
}
_DECIDED: Final[Mapping[str, str]] = {
    "auto": "系统检查",
    "auto+attest": "系统检查并经评估",
    "attest": "评估",
}


def rule_record(rule: Rule, pack: RulePack, lang: str = "en") -> dict[str, Any]:
    """Return what there is to read of a rule in a language, as a JSON object."""
    record = {
        "id": rule.id,
        "severity": str(rule.severity),
        "stage": str(rule.stage),
        "method": str(rule.method),
        "statement": rule.statement,
        "basis": rule.basis[pack.jurisdiction],
        "evidence": rule.evidence,
        "effective_from": rule.effective_from and rule.effective_from.isoformat(),
        "effective_to": rule.effective_to and rule.effective_to.isoformat(),
        "unlock": rule.unlock,
    }
    return told_in(lang, record, pack.chinese)


def _pack(name: str) -> RulePack:
    packs = discover_packs()
    if name not in packs:
        raise BadField("--pack", f"{name} is not installed ({', '.join(sorted(packs))})")
    return packs[name]


@command(main, "rules")
@click.option("--pack", "name", default="cn", show_default=True, help="A rule pack.")
@click.option("--on", "day", metavar="DATE", help="Only the rules in force on a day.")
@click.option("--lang", default="en", show_default=True, type=click.Choice(LANGUAGES))
def rules_command(shell: Shell, name: str, day: str | None, lang: str) -> None:
    """Show the rules of a pack, with their basis and what unlocks them."""
    pack = _pack(name)
    try:
        rules = pack.in_force(dt.date.fromisoformat(day)) if day else pack.rules
    except ValueError as error:
        raise BadField("--on", "a date such as 2026-07-01") from error
    records = [rule_record(rule, pack, lang) for rule in rules]
    if shell.as_json:
        shell.result(
            {"pack": pack.name, "version": pack.version, "digest": pack.digest, "rules": records}
        )
        return

    def say(words: str) -> str:
        return _CHINESE[words] if lang == "zh" else words

    def judged(record: dict[str, Any]) -> tuple[str, ...]:
        method: str = record["method"]
        decided = _DECIDED[method] if lang == "zh" else method
        return record["id"], say(record["severity"]), say(record["stage"]), decided

    marked = [f"={say(name)}" for name in ("id", "severity", "stage", "decided by")]
    shell.table(
        say("{} rules of {} {}, digest {}…").format(
            len(rules), pack.name, pack.version, pack.digest[:12]
        ),
        [*marked, *map(say, ("statement", "basis", "what unlocks it"))],
        [
            (*judged(record), record["statement"], record["basis"], record["unlock"])
            for record in records
        ],
    )


@main.group("gate")
def gate_group() -> None:
    """Reach verdicts again, and judge the exchange itself."""


@command(gate_group, "platform")
@click.pass_context
def platform_command(context: click.Context, shell: Shell) -> None:
    """Ask the platform rules of this exchange itself; exit code 3 where one stops it."""
    with shell.floor.read() as work:
        case = platform_case(work=work, floor=shell.floor)
    review = review_platform(case, shell.floor.pack)
    if shell.as_json:
        shell.result(review_record(review))
    else:
        if review.findings:
            show_findings(shell, review)
        applied = len(review.rules_applied)
        shell.say(f"{applied} rules, {len(review.blocking)} stand in the way")
    if not review.passed:
        context.exit(3)


@command(gate_group, "replay")
@click.argument("number", required=False)
@click.option("--all", "everything", is_flag=True, help="Every verdict of the exchange.")
@click.pass_context
def replay_command(
    context: click.Context, shell: Shell, number: str | None, everything: bool
) -> None:
    """Reach the verdicts over product NUMBER again, or --all; exit code 1 where one differs."""
    if (number is None) is not everything:
        raise BadField("NUMBER", "a product's number, or --all")
    packs = {pack.digest: pack for pack in discover_packs().values()}
    found = replay_verdicts(number, packs=packs, floor=shell.floor)
    counts = {str(each): sum(r.outcome is each for r in found) for each in Replayed}
    if shell.as_json:
        shell.result({"verdicts": [asdict(each) for each in found], "counts": counts})
    else:
        rows = [
            (r.subject, r.version, r.kind, r.on, r.outcome, "; ".join(r.differs)) for r in found
        ]
        columns = ["=subject", ">entry", "=kind", "=on", "=outcome", "what differs"]
        shell.table(f"{len(found)} verdicts", columns, rows)
        shell.say(", ".join(f"{count} {name}" for name, count in counts.items()))
    if counts[Replayed.DIFFERENT] or counts[Replayed.IMPOSSIBLE]:
        context.exit(1)
