"""The ledger's commands: the offline audit and single proofs, without the exchange.

Exit codes: 0 verified, 1 something is wrong and named, 2 nothing readable or wrong usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from ledger.ahead import processors
from ledger.audit import AuditReport, audit
from ledger.bundle import TILE, read_entries, read_file, stored_entries
from ledger.canonical import printable
from ledger.checkpoint import VerifierKey, verify, verify_any
from ledger.entries import Entry
from ledger.errors import BadAct, BadNote, BadProof, LedgerError, NotCanonical, Unreadable
from ledger.evidence import audit_party, is_party_bundle, write_party_bundle
from ledger.findings import values_in_words
from ledger.merkle import leaf_hash
from ledger.policy import Policy
from ledger.progress import shown_progress
from ledger.proofs import TlogProof
from ledger.succession import known_keys, read_vkeys
from ledger.tiles import TileTree, folder_tiles

_KEY = "the log's verifier key, from a source you trust"
_POLICY = "a tlog-policy file of yours: logs, witnesses, quorum"
_AGAINST = "an older checkpoint this log must continue; may be given more than once"
_CONTINUED = "a bundle of the log that this one continues: that it is the very one"
_PROCESSES = "how many share the work on a long log; as many as there are processors if not given"
_LEVELS = "integrity: entries, tiles, root and older checkpoints alone; all: rules and records too"


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m ledger", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("verify", help="check a bundle offline")
    command.add_argument("bundle", type=Path, help="the folder that was exported")
    command.add_argument("--key", help=_KEY)
    command.add_argument("--against", type=Path, action="append", default=[], help=_AGAINST)
    command.add_argument("--policy", type=Path, help=_POLICY)
    command.add_argument("--levels", choices=["all", "integrity"], default="all", help=_LEVELS)
    command.add_argument("--continued", type=Path, help=_CONTINUED)
    command.add_argument("--processes", type=int, default=processors(), help=_PROCESSES)
    command.add_argument("--json", action="store_true", help="print the report as JSON")
    command.set_defaults(run=_verify)
    command = commands.add_parser("prove", help="write the proof file of one entry of a bundle")
    command.add_argument("bundle", type=Path, help="the folder that was exported")
    command.add_argument("index", type=int, help="the entry's place in the log")
    command.add_argument("--key", help=_KEY)
    command.add_argument("--entry", type=Path, help="a new file for the entry itself")
    command.set_defaults(run=_prove)
    command = commands.add_parser("check-proof", help="check a proof file offline")
    command.add_argument("file", type=Path, help="the proof file")
    command.add_argument("--entry", type=Path, required=True, help="the entry's bytes")
    command.add_argument("--key", help=_KEY)
    command.add_argument("--policy", type=Path, help=_POLICY)
    command.set_defaults(run=_check_proof)
    command = commands.add_parser("party", help="cut one participant's evidence out of a bundle")
    command.add_argument("bundle", type=Path, help="the folder that was exported")
    command.add_argument("participant", help="the participant's name, PT-…")
    command.add_argument("folder", type=Path, help="a new or empty folder")
    command.add_argument("--key", help=_KEY)
    command.set_defaults(run=_party)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except (LedgerError, OSError, UnicodeDecodeError) as error:
        _remark(f"not verified: {error}")
        return 2


def _verify(options: argparse.Namespace) -> int:
    key, policy = _trust(options)
    against = []
    if options.against:
        trusted = known_keys(options.bundle, key)
        notes = [read_file(path.parent, path.name) for path in options.against]
        against = [verify_any(note, trusted)[0] for note in notes]
    if is_party_bundle(options.bundle):
        if options.levels != "all":
            raise Unreadable("a participant's bundle is checked whole: it has no other levels")
        report = audit_party(options.bundle, key=key, against=against, policy=policy)
    else:
        with shown_progress(sys.stderr) as progress:
            report = audit(
                options.bundle,
                key=key,
                against=against,
                policy=policy,
                levels=options.levels,
                continued=options.continued,
                progress=progress,
                processes=options.processes,
            )
    for line in [_as_json(report)] if options.json else _in_words(report):
        _say(line)
    return 0 if report.passed else 1


def _prove(options: argparse.Namespace) -> int:
    folder, index = options.bundle, options.index
    key = VerifierKey.parse(options.key) if options.key else read_vkeys(folder)[0]
    note = read_file(folder, "checkpoint")
    try:
        tree = TileTree(folder_tiles(folder), verify(note, key))
        proof = TlogProof(index, tree.inclusion_proof(index), note)
        if options.entry:
            start = index // TILE * TILE
            width = min(TILE, tree.checkpoint.size - start)
            name, held = read_entries(folder, index // TILE, width)
            if leaf_hash(held[index - start]) != tree.leaf(index):
                raise BadProof(f"{name}: entry {index} is not the entry that was recorded")
            with options.entry.open("xb") as file:
                file.write(held[index - start])
    except (BadNote, BadProof) as error:
        _remark(f"NOT proved: {error}")
        return 1
    sys.stdout.buffer.write(proof.to_bytes())
    return 0


def _party(options: argparse.Namespace) -> int:
    folder = options.bundle
    key = VerifierKey.parse(options.key) if options.key else read_vkeys(folder)[0]
    note = read_file(folder, "checkpoint")
    try:
        tree = TileTree(folder_tiles(folder), verify(note, key))
        entries = stored_entries(folder, tree.checkpoint.size)
        files = write_party_bundle(
            options.folder,
            options.participant,
            entries,
            note=note,
            key=key,
            prove=tree.inclusion_proof,
        )
    except (BadAct, BadNote, BadProof, NotCanonical) as error:
        _remark(f"NOT written: {error}")
        return 1
    _say(printable(f"{len(files)} files in {options.folder}"))
    return 0


def _check_proof(options: argparse.Namespace) -> int:
    key, policy = _trust(options)
    if key is None and policy is None:
        raise BadNote("a proof is checked with the log's --key, or with a --policy that has it")
    data = read_file(options.file.parent, options.file.name)
    entry = read_file(options.entry.parent, options.entry.name)
    try:
        proof = TlogProof.parse(data)
        found = proof.verify_policy(entry, policy or Policy(), log=key)
    except (BadNote, BadProof) as error:
        _say(printable(f"WRONG    {error}"))
        _say("NOT verified")
        return 1
    _say(printable(f"log      {found.checkpoint.origin}"))
    _say(f"size     {found.checkpoint.size} entries, root {found.checkpoint.root.hex()}")
    _say(printable(f"entry    {proof.index}{_what(entry)}"))
    if proof.extra is not None:
        _say(f"remark   ignored {len(proof.extra)} bytes of extra data, which nothing signs")
    for line in found.in_words() if policy else ():
        _say(printable(f"remark   {line}"))
    _say("verified")
    return 0


def _trust(options: argparse.Namespace) -> tuple[VerifierKey | None, Policy | None]:
    """Read what the user trusts: a key, a policy, both or neither."""
    key = VerifierKey.parse(options.key) if options.key else None
    path = options.policy
    return key, Policy.parse(read_file(path.parent, path.name)) if path else None


def _what(data: bytes) -> str:
    """Say what an entry is; an entry of another log's format is proved all the same."""
    try:
        entry = Entry.parse(data, 0)
    except LedgerError:
        return ""
    return f": {entry.kind} of {entry.subject} by {entry.actor} at {entry.time}"


def _as_json(report: AuditReport) -> str:
    text = json.dumps(report.to_record(), indent=2, ensure_ascii=False)
    return text.encode(errors="backslashreplace").decode()  # a file name need not be text


def _in_words(report: AuditReport) -> Iterator[str]:
    yield printable(f"log      {report.origin}")
    yield f"size     {report.size} entries, root {report.root}"
    if report.levels == "all":
        yield f"signed   {report.acts} acts of {report.participants} participants checked"
        yield f"values   {values_in_words(report)}"
    for remark in report.remarks:
        yield printable(f"remark   {remark}")
    for finding in report.findings:
        yield printable(f"WRONG    {finding.place}: {finding.rule}: {finding.words}")
    if report.more:
        yield f"WRONG    and {report.more} more findings"
    verified = "verified" if report.levels == "all" else "verified: integrity alone"
    yield verified if report.passed else "NOT verified"


def _say(line: str) -> None:
    print(line)  # noqa: T201 - a command line


def _remark(line: str) -> None:
    print(printable(line), file=sys.stderr)  # noqa: T201 - a command line


if __name__ == "__main__":
    sys.exit(main())
