"""Commands for what entries commit to: disclosing values, and having them erased."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from exchange.cli import main
from exchange.cli.shell import Shell, acting, command
from exchange.errors import Conflict, NotFound
from exchange.openings import Opening
from exchange.records import to_record
from exchange.services.disclose_values import disclose
from exchange.services.erase_record import Erasure, erasures_of
from ledger.commitments import Disclosure
from ledger.note import to_base64


def leaf_of(shell: Shell, identity: str) -> str:
    """Return the leaf hash of an entry that is named by it or by its index."""
    if not (identity.isascii() and identity.isdecimal() and len(identity) <= 18):
        return identity
    with shell.floor.read() as work:
        found = next(work.chain.store.entries(int(identity)), None)
    if found is None:
        raise NotFound(f"the log has no entry {identity}")
    return found.leaf.hex()


@main.group("erasure")
def erasure_group() -> None:
    """Erasures (删除): have committed values destroyed, which is itself on the chain."""


def _show(shell: Shell, erasure: Erasure, then: str = "") -> None:
    fields = ", ".join(erasure.fields)
    where = shell.entry(erasure.request)
    shell.result(
        _record(erasure),
        f"{where}: the erasure of {fields} of {shell.entry(erasure.entry)} is {erasure.state}",
        then=then,
    )


def _record(erasure: Erasure) -> dict[str, Any]:
    return {**to_record(erasure), "state": str(erasure.state)}


@command(erasure_group, "request")
@click.argument("entry")
@click.option("--field", "fields", multiple=True, required=True, help="Which value; repeatable.")
@click.option("--grounds", required=True, help="Why; kept confidential itself.")
@acting
def erasure_request(
    shell: Shell, entry: str, fields: tuple[str, ...], grounds: str, handle: str
) -> None:
    """Ask for the erasure of values that ENTRY (index or leaf hash) commits to."""
    leaf = leaf_of(shell, entry)
    erasure = shell.desk(handle).request_erasure(leaf, fields, grounds)
    where = shell.entry(erasure.request).removeprefix("entry ")
    _show(shell, erasure, then=f"guapai erasure execute {where} --as {shell.operator}")


@command(erasure_group, "execute")
@click.argument("request")
@acting
def erasure_execute(shell: Shell, request: str, handle: str) -> None:
    """Destroy what REQUEST (index or leaf hash) asks for, as the operator."""
    _show(shell, shell.desk(handle).execute_erasure(leaf_of(shell, request)))


@command(erasure_group, "refuse")
@click.argument("request")
@click.option("--reason", required=True, help="The duty to keep the values; it is public.")
@acting
def erasure_refuse(shell: Shell, request: str, reason: str, handle: str) -> None:
    """Refuse REQUEST (index or leaf hash), as the operator."""
    _show(shell, shell.desk(handle).refuse_erasure(leaf_of(shell, request), reason))


@command(erasure_group, "list")
@click.argument("entry", required=False)
def erasure_list(shell: Shell, entry: str | None) -> None:
    """List the requests about ENTRY (index or leaf hash), or all there are."""
    with shell.floor.read() as work:
        if entry is None:
            asked = {e.subject for e in work.chain.store.entries() if e.kind.startswith("erasure.")}
            leaves = [subject.partition("/")[2] for subject in sorted(asked)]
        else:
            leaves = [leaf_of(shell, entry)]
        found = [each for leaf in leaves for each in erasures_of(leaf, work)]
    if shell.as_json:
        shell.result({"erasures": [_record(each) for each in found]})
        return
    shell.table(
        "Requests for erasure",
        ["request", "of", "fields", "state", "reason"],
        [
            (shell.entry(e.request), shell.entry(e.entry), e.fields, e.state, e.reason)
            for e in found
        ],
    )


@command(main, "disclose")
@click.argument("entry")
@click.option("--field", "fields", multiple=True, help="Which value; else all of the entry.")
@click.option("--out", help="Append the disclosures to a file, as disclosures.jsonl has them.")
@acting
def disclose_command(
    shell: Shell, entry: str, fields: tuple[str, ...], out: str | None, handle: str
) -> None:
    """Show the values that ENTRY (index or leaf hash) commits to, with their salts.

    They are open to whom the entry concerns and to the operator, until they are erased.
    """
    desk = shell.desk(handle)
    leaf = leaf_of(shell, entry)
    index, found = disclose(leaf, to=desk.participant, floor=desk.floor, fields=fields)
    living = [each for each in found if isinstance(each, Opening)]
    erased = [each.field for each in found if not isinstance(each, Opening)]
    if out:
        _append(Path(out), [Disclosure(index, o.field, o.salt, o.value) for o in living])
    record = {
        "entry": index,
        "disclosures": [each.to_record() for each in living],
        "erased": erased,
    }
    if shell.as_json:
        shell.result(record)
        return
    rows = [(each.field, each.value, to_base64(each.salt)) for each in living]
    rows += [(field, "erased / 已删除", "") for field in erased]
    shell.table(f"What entry {index} commits to", ["field", "value", "salt"], rows)


def _append(path: Path, disclosures: list[Disclosure]) -> None:
    if path.exists() and not path.is_file():
        raise Conflict(f"{path} is no file")
    with path.open("ab") as file:
        path.chmod(0o600)  # what it holds was confidential
        file.writelines(each.to_line() for each in disclosures)
