"""The command that checks the money of an exchange, as often as its operator likes."""

from __future__ import annotations

import click

from exchange.cli import main
from exchange.cli.shell import Shell, command
from exchange.records import to_record
from exchange.services.check_money import check_money


@command(main, "reconcile")
@click.pass_context
def reconcile_command(context: click.Context, /, shell: Shell) -> None:
    """Check the money: balances, limits, escrows, and that the chain comes to the same.

    It changes nothing and needs no key: a job to be run again and again.
    """
    checks = check_money(floor=shell.floor)
    passed = not any(check.faults for check in checks)
    lines = []
    for check in checks:
        lines.append(f"{'holds' if not check.faults else 'BROKEN'}: {check.rule}")
        lines += [f"  {fault}" for fault in check.faults]
    record = {"passed": passed, "checks": [to_record(check) for check in checks]}
    shell.result(record, *lines, then="" if passed else "guapai audit")
    if not passed:
        context.exit(1)
