"""Commands for evidence: export, audit, certificates."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from exchange.certificates import TITLES, verify_certificate
from exchange.cli import main
from exchange.cli.shell import Shell, command, existing
from exchange.errors import BadField, NotFound, Unreadable
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.issue_certificate import issue_certificate
from ledger.ahead import processors
from ledger.audit import AuditReport, audit
from ledger.checkpoint import Checkpoint, VerifierKey, verify_any
from ledger.errors import BadNote
from ledger.findings import values_in_words
from ledger.progress import shown_progress
from ledger.succession import known_keys


@command(main, "export")
@click.argument("folder")
@click.option(
    "--disclose", is_flag=True, help="With every confidential value that is left: not for anyone."
)
def export_command(shell: Shell, folder: str, disclose: bool) -> None:
    """Export the chain into FOLDER: a bundle that anyone can audit offline."""
    floor = shell.house()
    files = export_bundle(Path(folder), floor=floor, disclose=disclose)
    note = (Path(folder) / "checkpoint").read_bytes()
    checkpoint, signed_by = verify_any(note, floor.log_keys)
    size, key = checkpoint.size, str(signed_by[0])
    shell.result(
        {"folder": folder, "files": len(files), "size": size, "key": key},
        f"{len(files)} files, {size} entries in {folder}",
        then=f"python -m ledger verify {folder} --key '{key}'",
    )


def show_report(shell: Shell, report: AuditReport) -> None:
    """Print an audit's report."""
    shell.say(
        f"{report.origin}: {report.size} entries, root {report.root[:16]}…, "
        f"{report.acts} signed acts of {report.participants} participants, "
        f"{report.records} records"
    )
    if report.committed:
        shell.say(f"confidential values: {values_in_words(report)}")
    for remark in report.remarks:
        shell.say(f"remark: {remark}")
    if report.findings:
        rows = [(f.place, f.rule, f.words) for f in report.findings]
        shell.table("What is wrong", ["where", "rule", "finding"], rows)


@command(main, "audit")
@click.argument("bundle", required=False)
@click.option("--key", help="The log's verifier key, from a source you trust.")
@click.option("--against", help="An older checkpoint that the log must continue.")
@click.option("--continued", help="A bundle of the log that this one continues.")
@click.pass_context
def audit_command(
    context: click.Context, /, shell: Shell, bundle: str | None, continued: str | None, **trust: Any
) -> None:
    """Audit BUNDLE offline; without it, export this exchange, audit it and reconcile the money."""
    faults: list[str] = []
    key, against = trust["key"], trust["against"]
    before = _folder(continued) if continued else None
    if bundle is None:
        floor = shell.house()
        folder = Path(tempfile.mkdtemp(prefix="guapai-audit-"))
        try:
            export_bundle(folder, floor=floor)
            older = _checkpoint(against, floor.log_keys)
            _, signed_by = verify_any((folder / "checkpoint").read_bytes(), floor.log_keys)
            report = _audited(folder, key=signed_by[0], against=older, continued=before)
        finally:
            shutil.rmtree(folder)
        books = reconcile(floor=floor)
        faults = list(books.faults)
    else:
        folder = _folder(bundle)
        trusted = _key(key) if key else None
        older = _checkpoint(against, known_keys(folder, trusted)) if against else None
        report = _audited(folder, key=trusted, against=older, continued=before)
    record = report.to_record() | {"money": faults}
    passed = report.passed and not faults
    if shell.as_json:
        shell.result(record)
    else:
        show_report(shell, report)
        for fault in faults:
            shell.say(f"money: {fault}")
        shell.say("verified" if passed else "NOT verified")
    if not passed:
        context.exit(1)


def _audited(
    folder: Path,
    *,
    key: VerifierKey | None,
    against: Checkpoint | None,
    continued: Path | None,
) -> AuditReport:
    """Audit on every processor, saying how far it is."""
    with shown_progress(sys.stderr) as progress:
        return audit(
            folder,
            key=key,
            against=against,
            continued=continued,
            progress=progress,
            processes=processors(),
        )


def _checkpoint(path: str | None, keys: Iterable[VerifierKey]) -> Checkpoint | None:
    return verify_any(existing(path).read_bytes(), keys)[0] if path else None


def _folder(path: str) -> Path:
    if not Path(path).exists():
        raise NotFound(f"{path}: no such folder")
    return Path(path)


def _key(text: str) -> VerifierKey:
    try:
        return VerifierKey.parse(text)
    except BadNote as error:
        raise BadField("--key", str(error)) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: cannot be read") from error


@main.group("certificate")
def certificate_group() -> None:
    """Certificates: an entry of the chain with its proof, verifiable offline."""


@command(certificate_group, "issue")
@click.argument("subject")
@click.option("--kind", type=click.Choice(sorted(TITLES)), help="Else the newest of them.")
@click.option("--out", help="Write it to a file.")
@click.option("--as", "handle", metavar="HANDLE", help="Who asks and pays, where it costs a fee.")
def certificate_issue(
    shell: Shell, subject: str, kind: str | None, out: str | None, handle: str | None
) -> None:
    """Certify SUBJECT: a product (GP-…) or a trade (TR-…)."""
    prefixes = {"GP-": "product/", "TR-": "trade/"}
    subject = prefixes.get(subject[:3], "") + subject
    if handle:
        certificate = shell.desk(handle).request_certificate(subject, kind)
    else:
        certificate = issue_certificate(subject, floor=shell.house(), kind=kind)
    text = json.dumps(certificate.to_record(), ensure_ascii=False, indent=2) + "\n"
    if out:
        Path(out).write_text(text, encoding="utf-8")
    if shell.as_json or not out:
        click.echo(text, nl=False)
        return
    shell.result(
        {},
        f"{certificate.title}: entry {certificate.entry.index}, in {out}",
        then=f"guapai certificate verify {out} --key '{certificate.vkey}'",
    )


@command(certificate_group, "verify")
@click.argument("file")
@click.option("--key", required=True, help="The log's verifier key, from a source you trust.")
def certificate_verify(shell: Shell, file: str, key: str) -> None:
    """Verify a certificate offline."""
    try:
        record = json.loads(_text(existing(file)))
    except ValueError as error:
        raise Unreadable(f"{file}: not JSON") from error
    if not isinstance(record, dict):
        raise Unreadable(f"{file}: not a certificate")
    entry, checkpoint = verify_certificate(record, _key(key))
    shell.result(
        {"verified": True, "kind": entry.kind, "subject": entry.subject, "index": entry.index},
        f"holds: {entry.kind} of {entry.subject}, entry {entry.index} of {checkpoint.size}, "
        f"recorded {entry.time}",
    )
