"""Commands of the house: opening the exchange, its clock, its participants, its accounts."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from exchange import desk as desks
from exchange.clearing import available
from exchange.cli import main
from exchange.cli.shell import Shell, acting, command, existing
from exchange.clock import SimulatedClock
from exchange.errors import BadField, NotFound, Refused
from exchange.participants import Participant, Role
from exchange.ports import Floor
from exchange.records import to_record
from exchange.services.admit_participant import check_register
from exchange.services.end_scenario import expire_scenarios
from exchange.services.lapse_listings import lapse_listings
from exchange.services.post_demand import expire_demands
from exchange.services.read_papers import papers_ended
from exchange.services.search_board import restore_board
from exchange.services.take_fingerprints import take_fingerprints
from exchange.settings import Settings
from exchange.venue import Venue
from ledger.acts import format_time
from ledger.audit import audit
from ledger.checkpoint import Checkpoint, VerifierKey
from ledger.errors import BadNote
from ledger.succession import last_checkpoint
from pricing.errors import PricingError
from pricing.money import Money

_SPAN = re.compile(r"(\d{1,4})([dhm])", re.ASCII)
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


_DEFAULTS = Settings()
CONTRADICTED = frozenset({"rolled-back", "split-view"})  # what a witness can prove of the log


@command(main, "init")
@click.option("--name", default="Guapai", show_default=True, help="The exchange's name.")
@click.option(
    "--origin",
    default=_DEFAULTS.origin,
    show_default=True,
    help="The name of its log: a domain of yours and a path; it never changes.",
)
@click.option("--operator", default="operator", show_default=True, help="The operator's handle.")
@click.option("--operator-name", required=True, help="The operator's legal name.")
@click.option(
    "--credit-code", required=True, help="Its unified social credit code, or its LEI (ISO 17442)."
)
@click.option("--notice-days", default=5, show_default=True, help="Days of public notice.")
@click.option("--fee-ppm", default=25_000, show_default=True, help="Fee, parts per million.")
@click.option(
    "--retention-days", default=0, show_default=True, help="Days a bank's reference is kept."
)
@click.option("--rules", default="cn", show_default=True, help="The rule pack.")
@click.option(
    "--database",
    default=_DEFAULTS.database,
    show_default=True,
    help="sqlite, or the address of an empty PostgreSQL database.",
)
@click.option(
    "--signer",
    default=_DEFAULTS.signer,
    show_default=True,
    help="Who holds the keys of the house: a plug-in of exchange.signers.",
)
@click.option(
    "--continues",
    metavar="BUNDLE",
    help="A bundle, or the last checkpoint, of a log that this one continues.",
)
@click.option("--continues-key", metavar="VKEY", help="That log's verifier key, from yourself.")
@click.option(
    "--simulated-clock",
    is_flag=True,
    help="A clock that stands still until `guapai clock --advance`; for trying things out.",
)
def init_command(shell: Shell, **options: Any) -> None:
    """Open a new exchange in an empty folder, with the operator's keys."""
    settings = Settings(
        origin=options["origin"],
        name=options["name"],
        notice_seconds=options["notice_days"] * 86_400,
        fee_ppm=options["fee_ppm"],
        retention_days=options["retention_days"],
        rule_pack=options["rules"],
        clock="simulated" if options["simulated_clock"] else "system",
        database=options["database"],
        signer=options["signer"],
    )
    before = _continued(options["continues"], options["continues_key"], settings.origin)
    passphrase = shell.passphrase("HOUSE_", "the operator", new=True)
    with Venue.init(
        shell.folder,
        settings,
        handle=options["operator"],
        operator_name=options["operator_name"],
        credit_code=options["credit_code"],
        passphrase=passphrase,
        continues=before,
    ) as venue:
        lines = [f"continues {before.origin} from its {before.size} entries"] if before else []
        shell.result(
            {
                "venue": str(shell.folder),
                "origin": settings.origin,
                "key": str(venue.floor.log_key),
                "continues": before.origin if before else None,
            },
            f"{settings.name} is open in {shell.folder}",
            *lines,
            f"log key   {venue.floor.log_key}",
            "Publish the log key: an auditor needs it from you, not from a bundle.",
            then="guapai participant add HANDLE --name NAME --credit-code CODE --role supplier",
        )


def _continued(path: str | None, vkey: str | None, origin: str) -> Checkpoint | None:
    """Return the last checkpoint of the log to continue, once it is verified."""
    if path is None:
        return None
    if vkey is None:
        raise BadField("--continues-key", "a log is continued under a key that you bring")
    try:
        key = VerifierKey.parse(vkey)
    except BadNote as error:
        raise BadField("--continues-key", str(error)) from error
    if not Path(path).exists():
        raise NotFound(f"{path}: no such bundle or checkpoint")
    checkpoint = last_checkpoint(Path(path), key)
    if checkpoint.origin == origin:
        raise Refused(f"{origin} cannot continue itself: give the new log another origin")
    if checkpoint.size < 1:
        raise Refused(f"{checkpoint.origin} has no entry: there is nothing to continue")
    if Path(path).is_dir():
        report = audit(Path(path), key=key)
        if not report.passed:
            found = report.findings[0]
            raise Refused(f"{path} does not verify: {found.place}: {found.words}")
        if report.successor not in {None, origin}:
            raise Refused(f"{checkpoint.origin} says that {report.successor} continues it")
    return checkpoint


@command(main, "clock")
@click.option("--advance", metavar="SPAN", help="Move the simulated clock on: 5d, 12h, 30m.")
def clock_command(shell: Shell, advance: str | None) -> None:
    """Show the exchange's clock, or move a simulated one forward."""
    clock = shell.venue.clock
    if advance:
        match = _SPAN.fullmatch(advance)
        if match is None:
            raise BadField("--advance", f"{advance!r} is not a span such as 5d, 12h or 30m")
        if not isinstance(clock, SimulatedClock):
            raise Refused("this exchange runs on the system's clock, which nobody moves")
        clock.advance(dt.timedelta(**{_UNITS[match[2]]: int(match[1])}))
    now = format_time(clock())
    simulated = isinstance(clock, SimulatedClock)
    shell.result(
        {"now": now, "simulated": simulated}, f"{now}{' (simulated)' if simulated else ''}"
    )


@command(main, "migrate")
def migrate_command(shell: Shell) -> None:
    """Bring the store of an older version to this one, and add what it lacks.

    That are lines of the board, which are written anew, and fingerprints.
    """
    settings = Settings.load(shell.folder / "exchange.toml")
    with Venue(shell.folder, settings) as venue:
        venue.migrate()
    lines = restore_board(floor=shell.floor)
    taken = take_fingerprints(floor=shell.floor)
    for number, why in taken.without:
        shell.say(f"no fingerprint of {number}: {why}")
    shell.result(
        {
            "migrated": True,
            "board": lines,
            "fingerprints": taken.files,
            "without": dict(taken.without),
        },
        "the store has the newest schema",
        *([f"fingerprints were taken of {taken.files} files"] if taken.files else []),
    )


@command(main, "lapse")
@click.pass_context
def lapse_command(context: click.Context, /, shell: Shell) -> None:
    """Suspend listings that no longer stand, and record whose time is over.

    One that cannot be asked again is named and keeps no other: exit code 1.
    """
    before = _on_board(shell.floor)
    floor = shell.house()  # which adopts another pack of the settings, and that suspends as well
    found = lapse_listings(floor=floor)
    suspended = sorted(before - _on_board(floor))
    renewed = {product.number: product.valid_until for product in found.renewed}
    shortened = {product.number: product.valid_until for product in found.shortened}
    until = renewed | shortened
    ended = papers_ended(floor=floor)
    expired = [f"scenario {each.id}" for each in expire_scenarios(floor=floor)]
    expired += [f"demand {each.id}" for each in expire_demands(floor=floor)]
    shell.result(
        {
            "expired": expired,
            "suspended": suspended,
            "renewed": renewed,
            "shortened": shortened,
            "ended": [to_record(each) for each in ended],
            "failed": list(found.failed),
        },
        *(f"{each} is expired" for each in expired),
        *(f"{number} is suspended" for number in suspended),
        *(f"{number} stands until {last}" for number, last in until.items()),
        *(f"{each.paper} of {each.handle} ended on {each.until}" for each in ended),
        *(f"failed: {words}" for words in found.failed),
        *([] if expired or suspended or until or ended or found.failed else ["nothing lapsed"]),
        then="guapai reconcile" if found.failed else "",
    )
    if found.failed:
        context.exit(1)


def _on_board(floor: Floor) -> set[str]:
    """Return the numbers of what no entry has taken off the board, whatever the time."""
    with floor.read() as work:
        return {each.number for each in work.products.listed()}


@command(main, "serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64))
def serve_command(shell: Shell, host: str, port: int, threads: int) -> None:
    """Serve the site and the HTTP API; the house acts with its unlocked key."""
    from exchange.web import serve  # noqa: PLC0415 - no other command needs Flask

    shell.house()
    click.echo(f"http://{host}:{port}  (API: /api/v1, stop with Ctrl-C)", err=True)
    serve(shell.venue, host, port, threads)


@command(main, "publish")
@click.option(
    "--accept-empty",
    is_flag=True,
    help="Begin a new folder although what was published is gone; see docs/operations.md.",
)
@click.pass_context
def publish_command(context: click.Context, shell: Shell, accept_empty: bool) -> None:
    """Publish the log and ask its witnesses once; `guapai serve` does both all the time."""
    shell.venue.accept_empty = accept_empty
    shell.house()
    publishing = shell.venue.published.publishing()
    try:
        shown = publishing.publish()
        found = publishing.feed()
    finally:
        publishing.stop()
    record = {
        "folder": str(shell.venue.published.folder),
        "size": shown.size,
        "root": shown.root.hex(),
    }
    witnesses = [asdict(each) for each in found.witnesses]
    lines = [f"{shown.size} entries are published in {shell.venue.published.folder}"]
    lines += [f"witness {each.name}: {each.state} {each.words}".strip() for each in found.witnesses]
    if publishing.fault:
        lines.append(f"rolled_back: {publishing.fault}")
    shell.result(record | {"witnesses": witnesses, "witnessed": found.witnessed}, *lines)
    if publishing.fault or any(each.state in CONTRADICTED for each in found.witnesses):
        context.exit(1)


@main.group("participant")
def participant_group() -> None:
    """Participants (数商): admit, list, suspend."""


def _participant_record(participant: Participant) -> dict[str, Any]:
    return {
        "id": participant.id,
        "handle": participant.handle,
        "name": participant.name,
        "roles": sorted(participant.roles),
        "standing": str(participant.standing),
        "verified_until": participant.verified_until,
        "public_key": participant.public_key,
        "recipient": participant.recipient,
        "head": participant.head,
    }


@command(participant_group, "add")
@click.argument("handle")
@click.option("--name", required=True, help="The legal name.")
@click.option(
    "--credit-code", required=True, help="The unified social credit code, or the LEI (ISO 17442)."
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([str(role) for role in Role if role is not Role.OPERATOR]),
)
@click.option("--signatory", required=True, help="Who may sign for it; kept confidential.")
@click.option("--document", "files", multiple=True, required=True, help="Its licence, a file.")
@click.option("--verified-days", default=365, show_default=True, type=click.IntRange(1, 3_660))
def participant_add(
    shell: Shell, handle: str, name: str, credit_code: str, roles: tuple[str, ...], **papers: Any
) -> None:
    """Make keys for HANDLE, apply with them, verify its identity and admit it, as the operator."""
    check_register(handle, name, credit_code)
    documents = [existing(file).read_bytes() for file in papers["files"]]
    operator = shell.desk(shell.operator)
    keyring = shell.venue.keyring
    passphrase = shell.passphrase("", handle, new=True)
    with operator.floor.read() as work:
        unused = handle in keyring.handles() and work.participants.find(handle) is None
    # Keys without a participant are left by a run that was cut off between the two.
    keys = keyring.unlock(handle, passphrase) if unused else keyring.create(handle, passphrase)
    try:
        applicant = desks.apply_to_join(
            keys, handle=handle, name=name, credit_code=credit_code, floor=operator.floor
        )
    except BaseException:
        with operator.floor.read() as work:
            if work.participants.find(handle) is None:
                keyring.remove(handle)
        raise
    until = shell.floor.clock().date() + dt.timedelta(days=papers["verified_days"])
    signatory = papers["signatory"]
    verified = operator.verify(applicant, documents, signatory=signatory, until=until)
    admitted = operator.admit(verified, [Role(role) for role in roles])
    shell.result(
        _participant_record(admitted),
        f"{handle} is admitted as {', '.join(sorted(admitted.roles))} under {admitted.id}",
        then="guapai participant list",
    )


@command(participant_group, "list")
def participant_list(shell: Shell) -> None:
    """List the participants."""
    with shell.floor.read() as work:
        found = work.participants.all()
    if shell.as_json:
        shell.result({"participants": [_participant_record(each) for each in found]})
        return
    shell.table(
        "Participants",
        ["handle", "name", "roles", "standing", "id"],
        [(p.handle, p.name, ", ".join(sorted(p.roles)), p.standing, p.id) for p in found],
    )


@command(participant_group, "suspend")
@click.argument("handle_or_id")
@click.option("--reason", required=True)
@acting
def participant_suspend(shell: Shell, handle_or_id: str, reason: str, handle: str) -> None:
    """Suspend a participant; its listings leave the board, and those that rest on its word."""
    suspended = shell.desk(handle).suspend(shell.participant(handle_or_id), reason)
    shell.result(_participant_record(suspended), f"{suspended.handle} is suspended")


@command(participant_group, "admit")
@click.argument("handle_or_id")
@click.option("--role", "roles", multiple=True, required=True)
@acting
def participant_admit(shell: Shell, handle_or_id: str, roles: tuple[str, ...], handle: str) -> None:
    """Admit an applicant that came over HTTP, or readmit a suspended participant."""
    known = {str(role) for role in Role}
    for role in roles:
        if role not in known:
            raise BadField("--role", f"one of {', '.join(sorted(known))}")
    applicant = shell.participant(handle_or_id)
    admitted = shell.desk(handle).admit(applicant, [Role(role) for role in roles])
    shell.result(_participant_record(admitted), f"{admitted.handle} is admitted")


@main.group("account")
def account_group() -> None:
    """Accounts of central clearing: deposits and statements."""


def _money(text: str) -> Money:
    try:
        return Money.parse(text)
    except PricingError as error:
        raise BadField("AMOUNT", str(error)) from error


@command(account_group, "deposit")
@click.argument("owner")
@click.argument("amount")
@click.option("--reference", required=True, help="The bank's reference; kept confidential.")
@acting
def account_deposit(shell: Shell, owner: str, amount: str, reference: str, handle: str) -> None:
    """Credit OWNER with AMOUNT, such as "50000.00 CNY", that its bank reports."""
    money = _money(amount)
    balance = shell.desk(handle).deposit(shell.participant(owner), money, reference)
    record = {"owner": owner, "deposited": money.to_record(), "balance": balance.to_record()}
    shell.result(record, f"{owner} deposited {money} and holds {balance}")


@command(account_group, "withdraw")
@click.argument("owner")
@click.argument("amount")
@click.option("--reference", required=True, help="The bank's reference; kept confidential.")
@acting
def account_withdraw(shell: Shell, owner: str, amount: str, reference: str, handle: str) -> None:
    """Pay AMOUNT of OWNER's free money out to its bank."""
    money = _money(amount)
    balance = shell.desk(handle).withdraw(shell.participant(owner), money, reference)
    record = {"owner": owner, "withdrawn": money.to_record(), "balance": balance.to_record()}
    shell.result(record, f"{owner} withdrew {money} and holds {balance}")


@command(account_group, "show")
@click.argument("owner")
def account_show(shell: Shell, owner: str) -> None:
    """Show OWNER's free balance and every journal that touched it."""
    participant = shell.participant(owner)
    account = available(participant.id)
    with shell.floor.read() as work:
        balance, journals = work.accounts.balance(account), work.accounts.journals(account)
    moves = [
        (shell.entry(journal.entry), journal.what, posting.amount)
        for journal in journals
        for posting in journal.postings
        if posting.account == account
    ]
    record = {
        "owner": participant.handle,
        "balance": balance.to_record(),
        "journals": [
            {"entry": entry, "what": what, "amount": amount.to_record()}
            for entry, what, amount in moves
        ],
    }
    if shell.as_json:
        shell.result(record)
        return
    shell.table(f"Account of {participant.handle}: {balance}", ["entry", "what", ">amount"], moves)
