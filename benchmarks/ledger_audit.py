"""The audit of a long log: CPU beside a pure hashlib pass over the same bytes, and memory.

The log is synthetic and valid: an operator, 1,000 buyers, and deposits to their accounts, each
signed.  The bare pass cuts the entries tiles at their lengths and hashes leaves and nodes up to
the root, no more.  Both run in one process, in turns.  Memory is the peak of a process of its own,
over that of an interpreter that has imported the same.  The floor of the rules is the checking of
signatures alone, over acts of the same log.

    python benchmarks/ledger_audit.py --entries 1000000 --integrity-only
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ledger.acts import DOMAIN, Act, SignedAct, key_id
from ledger.ahead import processors
from ledger.audit import audit
from ledger.bundle import TILE, stored_entries, tile_path, write_tiles
from ledger.chain import Chain, MemoryLog
from ledger.checkpoint import Checkpoint, VerifierKey, sign
from ledger.entries import Entry
from ledger.keys import KeyPair, verifies
from ledger.merkle import fold
from ledger.note import to_base64
from ledger.report import LogReport
from ledger.tiles import TileTree, folder_tiles

ORIGIN = "benchmark.example/ledger"
TIME = "2026-01-05T09:00:00Z"
BUYERS = 1_000
OPERATOR, LOG = (KeyPair.from_seed(bytes([byte]) * 32) for byte in (1, 2))
VKEY = VerifierKey(ORIGIN, LOG.public_key)
SEED = 20260105


def opening() -> list[Entry]:
    """Return the valid entries that come first: the operator, the exchange, the buyers."""
    log = MemoryLog()
    chain = Chain(log, ORIGIN)

    def do(kind: str, by: KeyPair, actor: str | None, subject: str | None, facts: Any) -> Entry:  # noqa: ANN401
        nonce = f"{log.edge().size:032x}"
        act = Act(ORIGIN, kind, subject, actor, key_id(by.public_key), TIME, nonce, facts)
        return chain.append(act.signed(by), clock=lambda: TIME)

    def shown(pair: KeyPair) -> dict[str, str]:
        return {"public_key": pair.public_key.hex(), "recipient": "age1"}

    operator = do("participant.key", OPERATOR, None, None, shown(OPERATOR)).actor
    house = {
        "log_key": LOG.public_key.hex(),
        "notice_seconds": 604_800,
        "fee_ppm": 30_000,
        "pack": "ab" * 32,
        "clock": "system",
        "continues": [],
    }
    do("exchange.opened", OPERATOR, operator, f"exchange/{ORIGIN}", house)
    for number in range(BUYERS):
        pair = KeyPair.from_seed(number.to_bytes(32))
        buyer = do("participant.key", pair, None, None, shown(pair)).actor
        verified = {
            "method": "documents compared",
            "signatory": to_base64(b"\xab" * 32),
            "documents": ["ab" * 32],
            "until": "2027-01-05",
        }
        do("identity.verified", OPERATOR, operator, f"participant/{buyer}", verified)
        admitted = {"roles": ["buyer"], "register": to_base64(b"\xcd" * 32)}
        do("participant.admitted", OPERATOR, operator, f"participant/{buyer}", admitted)
    return list(log.entries())


def synthetic(size: int) -> Iterator[Entry]:
    """Yield the entries of a log of that size; what `Entry.parse` would read is put in place."""
    first = opening()[:size]
    yield from first
    operator, key = first[0].actor, key_id(OPERATOR.public_key)
    accounts = [f"account/{e.actor}" for e in first[2:] if e.kind == "participant.key"]
    newest: dict[str, tuple[int, str]] = {}
    chance = random.Random(SEED)  # noqa: S311 - repeats
    dump = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
    for index in range(len(first), size):
        subject = chance.choice(accounts)
        version, prev = newest.get(subject, (0, None))
        reference = to_base64(hashlib.sha256(index.to_bytes(8)).digest())
        facts = {"amount": {"currency": "CNY", "minor": 100 + index}, "reference": reference}
        act = Act(ORIGIN, "account.deposited", subject, operator, key, TIME, f"{index:032x}", facts)
        record = act.to_record()
        signed = SignedAct(act, OPERATOR.sign(DOMAIN + dump(record).encode()))
        data = dump(
            {
                "act": record,
                "actor": operator,
                "kind": act.kind,
                "log": ORIGIN,
                "prev": prev,
                "refs": [],
                "sig": signed.signature_text,
                "subject": subject,
                "time": TIME,
                "v": 1,
                "version": version + 1,
            }
        ).encode()
        entry = Entry(
            place=index,
            data=data,
            signed=signed,
            actor=operator,
            kind=act.kind,
            log=ORIGIN,
            prev=prev,
            refs=(),
            subject=subject,
            time=TIME,
            version=version + 1,
        )
        newest[subject] = version + 1, entry.leaf.hex()
        yield entry


def write(folder: Path, size: int) -> None:
    """Write the log as a bundle, with ten older checkpoints."""

    def put(name: str, data: bytes) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    told = LogReport()
    tree = write_tiles(put, (told.take(entry).data for entry in synthetic(size)))
    checkpoint = Checkpoint(ORIGIN, size, tree.root())
    tiles = TileTree(folder_tiles(folder), checkpoint)
    for part in range(1, 11):
        older = Checkpoint(ORIGIN, size * part // 11, tiles.root(size * part // 11))
        put(f"history/{older.size}", sign(older, ORIGIN, LOG))
    put("report.txt", told.text(checkpoint, str(VKEY)).encode())
    put("vkey", f"{VKEY}\n".encode())
    put("checkpoint", sign(checkpoint, ORIGIN, LOG))


def bare(folder: Path, size: int) -> bytes:
    """Hash the entries and the nodes over them, and return the root."""
    sha256 = hashlib.sha256
    peaks: list[tuple[int, bytes]] = []
    for start in range(0, size, TILE):
        width = min(TILE, size - start)
        data = (folder / tile_path("entries", start // TILE, width)).read_bytes()
        at = 0
        while at < len(data):
            end = at + 2 + (data[at] << 8 | data[at + 1])
            height, node = 0, sha256(b"\x00" + data[at + 2 : end]).digest()
            while peaks and peaks[-1][0] == height:
                height, node = height + 1, sha256(b"\x01" + peaks.pop()[1] + node).digest()
            peaks.append((height, node))
            at = end
    return fold([node for _, node in peaks])


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def spent(code: str) -> tuple[float, float]:
    """Return the CPU seconds and the peak memory, in MiB, of an interpreter that runs some code."""
    told = (
        "import time; print(time.process_time(), next("
        "line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    command = [sys.executable, "-c", f"{code}\n{told}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, kilobytes = done.stdout.split()
    return float(seconds), int(kilobytes) / 1024


IMPORTS = """
from pathlib import Path
from ledger.audit import audit
from ledger.bundle import stored_entries, write_bundle
"""


def measure(code: str) -> tuple[float, float]:
    """Return the CPU seconds that some code takes, and its memory, over those of the imports."""
    seconds, memory = spent(IMPORTS + code)
    without, least = spent(IMPORTS)
    return seconds - without, memory - least


def audited(folder: Path, levels: str) -> tuple[float, float]:
    """Measure an audit that passes."""
    call = f"r = audit(Path({str(folder)!r}), levels={levels!r})"
    return measure(f"{call}\nassert r.passed and r.history == 10, r")


def shared(folder: Path, processes: int) -> tuple[float, float]:
    """Return the wall seconds of an audit by so many processes, and the CPU seconds of them all."""
    start, before = time.perf_counter(), os.times()
    report = audit(folder, key=VKEY, processes=processes)
    wall, after = time.perf_counter() - start, os.times()
    assert report.passed, report  # noqa: S101 - the same work
    return wall, sum(after[:4]) - sum(before[:4])


def copied(folder: Path, size: int, target: Path) -> tuple[float, float]:
    """Measure the writing of the bundle from entries that are read one by one."""
    return measure(f"""
folder = Path({str(folder)!r})
note, vkey = (folder / "checkpoint").read_bytes(), (folder / "vkey").read_text().strip()
entries = stored_entries(folder, {size})
write_bundle(Path({str(target)!r}), entries, note=note, vkey=vkey, records=())
""")


def say(title: str, seconds: float, size: int, more: str = "") -> None:
    """Print one line of figures."""
    print(f"{title:<26}{seconds:>9.2f} s {size / seconds:>12,.0f}/s  {more}")


def show_integrity(folder: Path, size: int, rounds: int) -> None:
    """Compare the audit of integrity with the bare pass."""
    expected = bytes.fromhex(audit(folder, key=VKEY, levels="integrity").root)
    assert bare(folder, size) == expected  # noqa: S101 - the same work
    taken: list[tuple[float, float]] = [
        (
            cpu(lambda: bare(folder, size)),
            cpu(lambda: audit(folder, key=VKEY, levels="integrity")),
        )
        for _ in range(rounds)
    ]
    floor, ours = (statistics.median(column) for column in zip(*taken, strict=True))
    _, memory = audited(folder, "integrity")
    say("hashlib alone", floor, size)
    say("audit of integrity", ours, size, f"{ours / floor:.2f} × the CPU, {memory:.1f} MiB")


def show_rules(folder: Path, size: int, scratch: Path) -> None:
    """Measure the whole audit beside the checking of signatures alone, and the writing."""
    acts = [entry.signed for entry in stored_entries(folder, min(size, 5_000))][-1_000:]
    messages = [(signed.signature, signed.act.message) for signed in acts]
    public_key = OPERATOR.public_key
    say(
        "signatures alone",
        cpu(lambda: [verifies(public_key, by, message) for by, message in messages]),
        len(messages),
    )
    for title, (seconds, memory) in (
        ("whole audit", audited(folder, "all")),
        ("writing the bundle", copied(folder, size, scratch / "copy")),
    ):
        say(title, seconds, size, f"{memory:.1f} MiB")
    wall, spent_by_all = shared(folder, processors())
    say(f"by {processors()} processes, wall", wall, size, f"{spent_by_all:.2f} s of CPU in all")


def main() -> None:
    """Write the log, measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--integrity-only", action="store_true")
    parser.add_argument("--folder", type=Path, help="keep the log there, and use it if it is there")
    options = parser.parse_args()
    size = options.entries
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch) / "bundle"
        if not (folder / "checkpoint").exists():
            start = time.perf_counter()
            write(folder, size)
            print(f"made in {time.perf_counter() - start:.0f} s")
        files = [path for path in folder.rglob("*") if path.is_file()]
        held = sum(path.stat().st_size for path in files)
        print(
            f"Python {platform.python_version()}, {size:,} entries, {held / 1e6:,.0f} MB in files"
        )
        show_integrity(folder, size, options.rounds)
        if not options.integrity_only:
            show_rules(folder, size, Path(scratch))


if __name__ == "__main__":
    main()
