"""Commands about merchants (数商): their identity, their licences, and the negative list."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import click

from exchange.cli import main
from exchange.cli.shell import Shell, acting, command, existing
from exchange.errors import BadField, Conflict
from exchange.formats.negative_list import read_notice, read_notices
from exchange.negative import Barred
from exchange.participants import LicenceClass, Participant
from exchange.records import to_record
from exchange.services.consult_negative_list import barring
from exchange.services.keep_papers import paper_bytes, papers_behind
from exchange.services.read_papers import Licence, licences_held


@main.group("merchant")
def merchant_group() -> None:
    """Merchants (数商): who they are, what they are licensed for, who is barred."""


def day_of(text: str, where: str) -> dt.date:
    """Read a date, or raise `BadField`."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise BadField(where, "a date such as 2026-01-05") from error


def _shown(shell: Shell, participant: Participant) -> tuple[dict[str, Any], tuple[Licence, ...]]:
    with shell.floor.read() as work:
        papers = papers_behind(participant, work)
        licences = licences_held(participant.id, work, shell.floor)
        barred = barring(participant.credit_code, work=work, floor=shell.floor)
    record = {
        "id": participant.id,
        "handle": participant.handle,
        "roles": sorted(participant.roles),
        "standing": str(participant.standing),
        "verified_until": participant.verified_until,
        "licences": [to_record(each) for each in licences],
        "papers": [to_record(each) for each in papers],
        "barred": barred.id if barred else None,
    }
    return record, licences


@command(merchant_group, "verify")
@click.argument("handle_or_id")
@click.option("--signatory", required=True, help="Who may sign for it; kept confidential.")
@click.option("--document", "files", multiple=True, required=True, help="What was seen, a file.")
@click.option("--until", required=True, metavar="DATE", help="The last day it counts.")
@click.option("--method", default="documents compared", show_default=True)
@acting
def merchant_verify(shell: Shell, handle_or_id: str, handle: str, **options: Any) -> None:
    """Record the verified identity of a participant, as the operator."""
    verified = shell.desk(handle).verify(
        shell.participant(handle_or_id),
        [existing(file).read_bytes() for file in options["files"]],
        signatory=options["signatory"],
        until=day_of(options["until"], "--until"),
        method=options["method"],
    )
    shell.result(
        _shown(shell, verified)[0],
        f"{verified.handle} is verified until {verified.verified_until}",
        then=f"guapai participant admit {verified.handle} --role ROLE --as {handle}",
    )


@command(merchant_group, "license")
@click.argument("handle_or_id")
@click.option(
    "--class", "kind", required=True, type=click.Choice([str(each) for each in LicenceClass])
)
@click.option("--number", required=True, help="Its number; kept confidential.")
@click.option("--issuer", required=True, help="Who issued it.")
@click.option("--until", required=True, metavar="DATE", help="Its last day.")
@click.option("--document", "file", required=True, help="The licence, a file.")
@acting
def merchant_license(shell: Shell, handle_or_id: str, handle: str, **options: Any) -> None:
    """Record a licence of a participant, as the operator."""
    until = day_of(options["until"], "--until")
    licensed = shell.desk(handle).license(
        shell.participant(handle_or_id),
        LicenceClass(options["kind"]),
        number=options["number"],
        issuer=options["issuer"],
        until=until,
        document=existing(options["file"]).read_bytes(),
    )
    shell.result(
        _shown(shell, licensed)[0],
        f"{licensed.handle} has the licence {options['kind']} until {until} "
        f"({shell.entry(licensed.head)}, leaf hash {licensed.head})",
        then=f"guapai merchant show {licensed.handle}",
    )


@command(merchant_group, "withdraw")
@click.argument("handle_or_id")
@click.argument("licence")
@click.option("--reason", required=True)
@acting
def merchant_withdraw(
    shell: Shell, handle_or_id: str, licence: str, reason: str, handle: str
) -> None:
    """Record that LICENCE, by its leaf hash, was taken back: what rests on it is suspended."""
    former = shell.desk(handle).withdraw_licence(shell.participant(handle_or_id), licence, reason)
    shell.result(_shown(shell, former)[0], f"the licence of {former.handle} is withdrawn")


@command(merchant_group, "show")
@click.argument("handle_or_id")
def merchant_show(shell: Shell, handle_or_id: str) -> None:
    """Show a participant's standing, identity and licences."""
    record, licences = _shown(shell, shell.participant(handle_or_id))
    if shell.as_json:
        shell.result(record)
        return
    shell.say(f"{record['handle']} is {record['standing']} as {', '.join(record['roles'])}")
    shell.say(f"identity verified until {record['verified_until'] or 'never'}")
    if record["barred"]:
        shell.say(f"on the negative list: {record['barred']}")
    shell.table(
        "Licences",
        ["=class", "issuer", "=until", "runs", "=entry"],
        [(one.licence, one.issuer, one.until, one.runs, one.entry) for one in licences],
    )
    shell.table(
        "Papers",
        ["SHA-256", "behind", "kept"],
        [
            (each["digest"], shell.entry(each["entry"]), each["kept"] or "erased / 已删除")
            for each in record["papers"]
        ],
    )


@command(merchant_group, "paper")
@click.argument("handle_or_id")
@click.argument("digest")
@click.option("--out", required=True, help="The file to write it to, for your account alone.")
@acting
def merchant_paper(shell: Shell, handle_or_id: str, digest: str, out: str, handle: str) -> None:
    """Write a paper behind an identity or a licence to a file, as its participant or the operator.

    DIGEST is its SHA-256, as `guapai merchant show` and the ledger have it.
    """
    desk, target = shell.desk(handle), Path(out)
    about = shell.participant(handle_or_id).id
    found = paper_bytes(digest, about, to=desk.participant, floor=desk.floor)
    try:
        descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError as error:
        raise Conflict(f"{target} exists: choose another name") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(found)
    shell.result({"digest": digest, "file": out}, f"{target} holds the paper {digest[:16]}…")


@merchant_group.group("negative")
def negative_group() -> None:
    """Keep the negative list (负面清单): organisations that may not trade here."""


@command(negative_group, "add")
@click.argument("credit_code")
@click.option("--name", required=True, help="The organisation's legal name.")
@click.option("--reason", required=True, help="What it did; it stands on the chain.")
@click.option("--source", required=True, help="Whose finding that is.")
@click.option("--since", required=True, metavar="DATE", help="The day of it.")
@click.option("--until", required=True, metavar="DATE", help="The last day that it is listed.")
@acting
def negative_add(shell: Shell, credit_code: str, handle: str, **options: Any) -> None:
    """Bar an organisation: it is not admitted, and suspended where it was, as the operator."""
    notice = read_notice({"credit_code": credit_code, **options})
    (barred,) = shell.desk(handle).bar([notice])
    shell.result(to_record(barred), f"{barred.id} bars {barred.name}: {barred.reason}")


@command(negative_group, "import")
@click.argument("file")
@click.option("--source", help="Whose list it is, where the file has no such column.")
@acting
def negative_import(shell: Shell, file: str, source: str | None, handle: str) -> None:
    """Bar every organisation of a regulator's list (CSV), all or none, as the operator."""
    notices = read_notices(existing(file), source=source or "")
    barred = shell.desk(handle).bar(notices)
    shell.result(
        {"barred": [to_record(each) for each in barred]},
        f"{len(barred)} organisations are barred",
        then="guapai merchant negative list",
    )


@command(negative_group, "clear")
@click.argument("barred_id")
@click.option("--reason", required=True)
@acting
def negative_clear(shell: Shell, barred_id: str, reason: str, handle: str) -> None:
    """Take an organisation off the list, as the operator."""
    cleared = shell.desk(handle).clear(barred_id, reason)
    shell.result(to_record(cleared), f"{cleared.id} is cleared")


@command(negative_group, "list")
@click.option("--all", "everything", is_flag=True, help="Also what counts no longer.")
def negative_list(shell: Shell, everything: bool) -> None:
    """Show which organisations are barred, and until when."""
    today, lookback = shell.floor.clock().date(), shell.floor.house.lookback_days

    def counts(barred: Barred) -> bool:
        return barred.bars(today, lookback)

    with shell.floor.read() as work:
        found = [each for each in work.negative_list.all() if everything or counts(each)]
    if shell.as_json:
        shell.result({"barred": [to_record(each) | {"bars": counts(each)} for each in found]})
        return
    shell.table(
        "Negative list",
        ["=id", "organisation", "=credit code", "reason", "source", "=until", "bars"],
        [
            (b.id, b.name, b.credit_code, b.reason, b.source, b.last_day(lookback), counts(b))
            for b in found
        ],
    )
