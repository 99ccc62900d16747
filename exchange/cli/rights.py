"""Commands for rights: grant, revoke, and who holds what in a product."""

from __future__ import annotations

from typing import Any

import click

from exchange.cli import main
from exchange.cli.erasure import leaf_of
from exchange.cli.products import product_record
from exchange.cli.shell import Shell, acting, command, existing, instant
from exchange.services.erase_record import entry_of
from exchange.services.grant_right import GrantTerms, Standing, standing_of
from exchange.specsheet import Right
from ledger.acts import format_time
from ledger.lineage import Kin
from ledger.rights import Holding


@main.group("right")
def right_group() -> None:
    """Rights (数据产权): to hold, to process, to operate; granted, taken back, looked up."""


@command(right_group, "grant")
@click.argument("number")
@click.option("--to", "grantee", metavar="HANDLE", required=True, help="Who gets it.")
@click.option("--right", required=True, type=click.Choice([str(right) for right in Right]))
@click.option("--purpose", "purposes", multiple=True, required=True, help="What for, or any.")
@click.option("--region", "regions", multiple=True, required=True, help="Where, or any.")
@click.option("--from", "start", metavar="TIME", help="A date or time; else from now.")
@click.option("--until", metavar="TIME", required=True, help="A date, which counts whole, or time.")
@click.option("--exclusive", is_flag=True, help="Nobody else gets it meanwhile.")
@click.option("--transferable", is_flag=True, help="It may be granted on, within its terms.")
@click.option("--under", metavar="ENTRY", help="The grant it is under, by index or leaf hash.")
@click.option("--agreement", metavar="FILE", help="The agreement behind it; kept confidential.")
@acting
def right_grant(shell: Shell, number: str, handle: str, **options: Any) -> None:
    """Grant a right in product NUMBER, as its supplier or under a transferable grant."""
    under, agreement = options["under"], options["agreement"]
    terms = GrantTerms(
        right=Right(options["right"]),
        to=shell.participant(options["grantee"]).id,
        purposes=options["purposes"],
        regions=options["regions"],
        start=instant(options["start"], "--from") or format_time(shell.floor.clock()),
        until=instant(options["until"], "--until", end=True),
        exclusive=options["exclusive"],
        transferable=options["transferable"],
        under=leaf_of(shell, under) if under else None,
    )
    document = existing(agreement).read_bytes() if agreement else b""
    product = shell.desk(handle).grant(number, terms, document)
    where = shell.entry(product.head)
    shell.result(
        product_record(product),
        f"{options['grantee']} holds the right of {terms.right} in {number} from {terms.start} "
        f"until {terms.until} ({where}, leaf hash {product.head})",
        then=f"guapai right list {number}",
    )


@command(right_group, "revoke")
@click.argument("entry")
@click.option("--reason", required=True)
@acting
def right_revoke(shell: Shell, entry: str, reason: str, handle: str) -> None:
    """Take back the grant ENTRY (index or leaf hash), and with it every grant under it."""
    with shell.floor.read() as work:
        grant = entry_of(leaf_of(shell, entry), work)
    number = grant.subject.partition("/")[2]
    product = shell.desk(handle).revoke(number, grant.leaf.hex(), reason)
    shell.result(
        product_record(product),
        f"the grant of {grant.named} in {number} is revoked ({shell.entry(product.head)})",
        then=f"guapai right list {number}",
    )


@command(right_group, "list")
@click.argument("number")
def right_list(shell: Shell, number: str) -> None:
    """Show who holds which right in product NUMBER now, and its lineage."""
    with shell.floor.read() as work:
        found = standing_of(number, work, shell.floor)
        handles = {each.id: each.handle for each in work.participants.all()}
    if shell.as_json:
        shell.result(found.to_record())
        return
    _show(shell, found, handles)


def _show(shell: Shell, found: Standing, handles: dict[str, str]) -> None:
    shell.table(
        f"Rights in {found.product} at {found.at}",
        ["holder", "=right", "purposes", "regions", "until", "terms", "entries"],
        [_right_row(held, handles) for held in found.rights],
    )
    for title, kin in (("Derived from", found.ancestors), ("Derived from it", found.descendants)):
        shell.table(
            title,
            ["=product", "supplier", "by way of", "=entry"],
            [_kin_row(each, handles) for each in kin],
        )


def _right_row(held: Holding, handles: dict[str, str]) -> tuple[object, ...]:
    words = [name for name in ("exclusive", "transferable") if getattr(held, name)]
    entries = [entry.named.removeprefix("entry ") for entry in held.rests_on]
    holder = handles.get(held.participant, held.participant)
    return holder, held.right, held.purposes, held.regions, held.until, words, entries


def _kin_row(kin: Kin, handles: dict[str, str]) -> tuple[object, ...]:
    supplier = handles.get(kin.entry.actor, kin.entry.actor)
    return kin.product, supplier, kin.path[1:-1], kin.entry.named.removeprefix("entry ")
