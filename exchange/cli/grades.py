"""Commands for grades (分类分级): setting one, and looking at where one comes from."""

from __future__ import annotations

import click

from exchange.cli import main
from exchange.cli.products import product_record
from exchange.cli.shell import Shell, acting, command
from exchange.grading import Grade
from exchange.services.set_grade import graded


@main.group("grade")
def grade_group() -> None:
    """Grades (分类分级): core, important, general 1 to 4; declared, set, estimated, inherited."""


@command(grade_group, "set")
@click.argument("number")
@click.option("--grade", required=True, type=click.Choice([str(each) for each in Grade]))
@click.option("--reason", required=True, help="Why; it stands on the chain.")
@click.option("--basis", required=True, help="What the reason rests on, such as a catalogue.")
@acting
def grade_set(shell: Shell, number: str, grade: str, reason: str, basis: str, handle: str) -> None:
    """Set the least grade of product NUMBER, as the operator; a higher one suspends its line."""
    product = shell.desk(handle).set_grade(number, Grade(grade), reason, basis)
    shell.result(
        product_record(product),
        f"{number} is {grade} at least, and {product.listing} ({shell.entry(product.head)})",
        then=f"guapai grade show {number}",
    )


@command(grade_group, "show")
@click.argument("number")
def grade_show(shell: Shell, number: str) -> None:
    """Show how product NUMBER is graded: declared, set, estimated beside it, and inherited."""
    with shell.floor.read() as work:
        found = graded(work.products.get(number), work)
    if shell.as_json:
        shell.result(found.to_record())
        return
    shell.say(f"declared  {found.declared or 'nothing yet'}")
    shell.say(f"set       {found.set or 'nothing'}")
    if found.estimate:
        shell.say(f"estimate  {found.estimate.grade}")
        shell.table(
            "What speaks for it",
            ["=grade", "factor", "reason"],
            [(each.grade, each.factor, each.words) for each in found.estimate.reasons],
        )
    shell.table(
        "Inherited from",
        ["=product", "=grade", "by way of"],
        [(name, grade, path[1:-1]) for name, grade, path in found.line],
    )
