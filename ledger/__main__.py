"""``python -m ledger verify BUNDLE``: the offline audit without the exchange.

Exit codes: 0 verified, 1 something is wrong and named, 2 nothing readable or wrong usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from ledger.audit import AuditReport, audit
from ledger.checkpoint import VerifierKey, verify
from ledger.errors import LedgerError


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m ledger", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("verify", help="check a bundle offline")
    command.add_argument("bundle", type=Path, help="the folder that was exported")
    command.add_argument("--key", help="the log's verifier key, from a source you trust")
    command.add_argument("--against", type=Path, help="an older checkpoint this log must continue")
    command.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(arguments)
    try:
        key = VerifierKey.parse(options.key) if options.key else None
        against = None
        if options.against:
            trusted = key or VerifierKey.parse((options.bundle / "vkey").read_text())
            against = verify(options.against.read_bytes(), trusted)
        report = audit(options.bundle, key=key, against=against)
    except (LedgerError, OSError, UnicodeDecodeError) as error:
        print(_plain(f"not verified: {error}"), file=sys.stderr)  # noqa: T201 - a command line
        return 2
    for line in [_as_json(report)] if options.json else _in_words(report):
        print(line)  # noqa: T201
    return 0 if report.passed else 1


def _as_json(report: AuditReport) -> str:
    text = json.dumps(report.to_record(), indent=2, ensure_ascii=False)
    return text.encode(errors="backslashreplace").decode()  # a file name need not be text


def _in_words(report: AuditReport) -> Iterator[str]:
    yield _plain(f"log      {report.origin}")
    yield f"size     {report.size} entries, root {report.root}"
    yield f"signed   {report.acts} acts of {report.participants} participants checked"
    for remark in report.remarks:
        yield _plain(f"remark   {remark}")
    for finding in report.findings:
        yield _plain(f"WRONG    {finding.place}: {finding.rule}: {finding.words}")
    yield "verified" if report.passed else "NOT verified"


def _plain(text: str) -> str:
    """Escape what a terminal obeys: a line of a hostile bundle must not look like ours."""
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in text
    )


if __name__ == "__main__":
    sys.exit(main())
