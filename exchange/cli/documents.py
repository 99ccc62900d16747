"""Commands for documents: attach, verify, reject, withdraw, and what a product has."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from exchange.cli import main
from exchange.cli.erasure import leaf_of
from exchange.cli.shell import Shell, acting, command, existing
from exchange.documents import Document, DocumentKind
from exchange.errors import BadField, Conflict
from exchange.records import printable, to_record
from exchange.services.attach_document import documents_of
from exchange.services.read_evidence import evidence_bytes
from exchange.services.submit_sheet import evidence_of
from exchange.services.verify_document import document_bytes


@main.group("document")
def document_group() -> None:
    """Documents of a product (资质文件与证明): attached by one party, verified by another."""


@command(document_group, "attach")
@click.argument("number")
@click.argument("file")
@click.option("--kind", required=True, type=click.Choice([str(kind) for kind in DocumentKind]))
@click.option("--issuer", help="Who issued it; else the participant itself. Kept confidential.")
@click.option("--issued", metavar="DATE", help="When it was issued; else today.")
@click.option("--until", metavar="DATE", help="Its last day; else it does not end.")
@acting
def document_attach(
    shell: Shell, number: str, file: str, kind: str, handle: str, **options: Any
) -> None:
    """Attach FILE to product NUMBER; it counts once another party has verified it."""
    path = existing(file)
    document = shell.desk(handle).attach(
        number,
        DocumentKind(kind),
        path.read_bytes(),
        name=printable(path.name)[:200],
        issuer=options["issuer"] or "",
        issued=_date(options["issued"], "--issued"),
        until=_date(options["until"], "--until"),
    )
    _tell(shell, number, document, then=_looked_at(number, document, shell))


@command(document_group, "undertake")
@click.argument("number")
@click.option("--until", metavar="DATE", help="Its last day; else it does not end.")
@acting
def document_undertake(shell: Shell, number: str, until: str | None, handle: str) -> None:
    """Give the legal undertaking for the present sheet of product NUMBER, as its supplier."""
    document = shell.desk(handle).undertake(number, until=_date(until, "--until"))
    _tell(shell, number, document, then=_looked_at(number, document, shell))


@command(document_group, "verify")
@click.argument("number")
@click.argument("entry")
@click.option("--until", metavar="DATE", help="An earlier last day than the document's own.")
@acting
def document_verify(shell: Shell, number: str, entry: str, until: str | None, handle: str) -> None:
    """Verify the document of NUMBER that ENTRY (index or leaf hash) attached, as a second party."""
    leaf = leaf_of(shell, entry)
    last = _date(until, "--until")
    document = shell.desk(handle).verify_document(number, leaf, until=last)
    _tell(shell, number, document, then=f"guapai completeness {number}")


@command(document_group, "reject")
@click.argument("number")
@click.argument("entry")
@click.option("--grounds", required=True, help="Why it does not hold; kept confidential.")
@acting
def document_reject(shell: Shell, number: str, entry: str, grounds: str, handle: str) -> None:
    """Reject the document of NUMBER that ENTRY (index or leaf hash) attached; that is final."""
    document = shell.desk(handle).reject_document(number, leaf_of(shell, entry), grounds)
    _tell(shell, number, document)


@command(document_group, "withdraw")
@click.argument("number")
@click.argument("entry")
@click.option("--reason", required=True)
@acting
def document_withdraw(shell: Shell, number: str, entry: str, reason: str, handle: str) -> None:
    """Take back the document of NUMBER that the participant attached at ENTRY."""
    document = shell.desk(handle).withdraw_document(number, leaf_of(shell, entry), reason)
    _tell(shell, number, document)


@command(document_group, "list")
@click.argument("number")
def document_list(shell: Shell, number: str) -> None:
    """Show the documents of product NUMBER: who attached each, who verified it, and until when."""
    with shell.floor.read() as work:
        product = work.products.get(number)
        found = documents_of(product, work)
        handles = {each.id: each.handle for each in work.participants.all()}
    if shell.as_json:
        shell.result({"documents": [to_record(each) for each in found]})
        return
    today = shell.floor.clock().date()
    shell.table(
        f"Documents of {number}",
        ["=kind", "=state", "=stands", "=by", "=looked at by", "=until", "=for", "=attached at"],
        [
            (
                each.kind,
                each.state,
                "yes" if each.stands(today) else "no",
                handles[each.attached_by],
                handles[each.decided_by] if each.decided_by else "",
                each.valid_until or "",
                _about(each, product.sheet),
                shell.entry(each.leaf),
            )
            for each in found
        ],
    )


@command(document_group, "evidence")
@click.argument("number")
@click.argument("digest", required=False)
@click.option("-o", "--out", metavar="FILE", help="The new file, for the document of DIGEST.")
@acting
def document_evidence(
    shell: Shell, number: str, digest: str | None, out: str | None, handle: str
) -> None:
    """Show what claim and sheet of NUMBER name as evidence, or write one document to a file."""
    if digest is None or out is None:
        if digest or out:
            raise BadField("digest" if out else "out", "a document is named by DIGEST and --out")
        with shell.floor.read() as work:
            named = evidence_of(work.products.get(number), work)
        if shell.as_json:
            shell.result({"evidence": {each: list(where) for each, where in named.items()}})
            return
        rows = [(each, ", ".join(where)) for each, where in named.items()]
        shell.table(f"Evidence of {number}", ["=digest", "named by"], rows)
        return
    reader = shell.desk(handle).participant
    data = evidence_bytes(digest, number, to=reader, floor=shell.floor)
    _write(shell, out, data)


@command(document_group, "show")
@click.argument("number")
@click.argument("entry")
@click.option("-o", "--out", metavar="FILE", required=True, help="The new file.")
@acting
def document_show(shell: Shell, number: str, entry: str, out: str, handle: str) -> None:
    """Write the document of NUMBER that ENTRY attached to a file, for whoever may look at it."""
    leaf, reader = leaf_of(shell, entry), shell.desk(handle).participant
    _write(shell, out, document_bytes(leaf, number, to=reader, floor=shell.floor))


def _write(shell: Shell, out: str, data: bytes) -> None:
    target = Path(out)
    if target.exists():
        raise Conflict(f"{out} exists: choose another name")
    target.touch(mode=0o600)
    target.write_bytes(data)
    shell.result({"file": out, "bytes": len(data)}, f"{out}: {len(data):,} bytes")


def _looked_at(number: str, document: Document, shell: Shell) -> str:
    """Return the command by which the operator verifies a document; assessors may as well."""
    return f"guapai document verify {number} {document.leaf} --as {shell.operator}"


def _about(document: Document, sheet: str | None) -> str:
    if document.sheet is None:
        return "the product"
    return "the present sheet" if document.sheet == sheet else "an earlier sheet"


def _date(text: str | None, option: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise BadField(option, f"{text} is not a date such as 2026-01-05") from None


def _tell(shell: Shell, number: str, document: Document, then: str = "") -> None:
    until = f" until {document.valid_until}" if document.valid_until else ""
    shell.result(
        to_record(document),
        f"{document.kind} of {number} is {document.state}{until} "
        f"({shell.entry(document.decision or document.leaf)}), document {document.digest[:16]}…",
        f"attached at {document.leaf}",
        then=then,
    )
