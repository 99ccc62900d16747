"""One cycle netted: a million obligations among ten thousand parties, ours beside pandas.

Ours is measured twice, as the exchange nets rows and as columns of party numbers are netted; pandas
sums the same rows by two groupbys and the difference of these.  Each contender works in a process
of its own, so that its peak memory is its own; what is read is made there first and is no part of
the CPU seconds, but of the peak.  All nets are compared, by their digest.  pandas and networkx are
needed only for the comparison: a peer that is not installed is said and left out.

    python benchmarks/netting.py
    python benchmarks/netting.py --python /path/of/a/venv/with/pandas/bin/python
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

SEED: Final = 20260105
BAR_SECONDS: Final = 5.0
BAR_MIB: Final = 1_024
sys.path.append(str(Path(__file__).parents[1]))

Columns = tuple[list[int], list[int], list[int]]


def columns(obligations: int, parties: int) -> Columns:
    """Return payers, payees and amounts in minor units, by chance and always the same."""
    chance = random.Random(SEED)  # noqa: S311 - a repeatable choice
    payers = [chance.randrange(parties) for _ in range(obligations)]
    payees = [(payer + chance.randrange(1, parties)) % parties for payer in payers]
    return payers, payees, [chance.randrange(1, 10**9) for _ in range(obligations)]


def name(number: int) -> str:
    """Name a party as the exchange does."""
    return f"PT-{number:04d}-{number:04d}-{number:04d}"


def seal(nets: Iterable[tuple[int, int]]) -> str:
    """Return a digest of the nets that are not zero, by party."""
    return hashlib.sha256(json.dumps([net for net in sorted(nets) if net[1]]).encode()).hexdigest()


Nets = Callable[[], Iterable[tuple[int, int]]]


def our_rows(made: Columns, parties: int) -> Nets:
    """Net rows with the parties' names in them, as a query returns them."""
    import numpy as np  # noqa: F401, PLC0415 - not timed, as pandas is not

    from exchange.clearing.netting import positions  # noqa: PLC0415 - not where peers are measured

    names = [name(number) for number in range(parties)]
    number_of = {each: number for number, each in enumerate(names)}
    rows = [(names[a], names[b], "CNY", minor) for a, b, minor in zip(*made, strict=True)]
    return lambda: [(number_of[found.party], found.net.minor) for found in positions(rows)]


def our_columns(made: Columns, parties: int) -> Nets:
    """Net columns of party numbers, read from lists."""
    import numpy as np  # noqa: PLC0415

    from exchange.clearing.netting import net_columns  # noqa: PLC0415

    def work() -> Iterable[tuple[int, int]]:
        read = [np.array(column, dtype=np.int64) for column in made]
        return enumerate(net_columns(*read, parties=parties).tolist())

    return work


def by_pandas(made: Columns, parties: int) -> Nets:
    """Sum the rows by payer and by payee, and subtract."""
    import pandas as pd  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415

    names = [name(number) for number in range(parties)]
    number_of = {each: number for number, each in enumerate(names)}
    rows = [(names[a], names[b], "CNY", minor) for a, b, minor in zip(*made, strict=True)]

    def work() -> Iterable[tuple[int, int]]:
        frame = pd.DataFrame(rows, columns=["payer", "payee", "currency", "minor"])
        into = frame.groupby("payee")["minor"].sum()
        nets = into.sub(frame.groupby("payer")["minor"].sum(), fill_value=0)
        return [(number_of[party], int(net)) for party, net in nets.items()]

    return work


def by_networkx(made: Columns, parties: int) -> Nets:
    """Build a graph of obligations and take what goes into each node less what goes out."""
    import networkx as nx  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415

    names = [name(number) for number in range(parties)]
    number_of = {each: number for number, each in enumerate(names)}
    rows = [(names[a], names[b], minor) for a, b, minor in zip(*made, strict=True)]

    def work() -> Iterable[tuple[int, int]]:
        graph = nx.MultiDiGraph()
        graph.add_weighted_edges_from(rows)
        into, out = graph.in_degree(weight="weight"), graph.out_degree(weight="weight")
        return [(number_of[party], net - out[party]) for party, net in into]

    return work


CONTENDERS: Final[dict[str, Callable[[Columns, int], Nets]]] = {
    "ours, rows": our_rows,
    "ours, columns": our_columns,
    "pandas": by_pandas,
    "networkx": by_networkx,
}


def measure(contender: str, obligations: int, parties: int) -> dict[str, Any]:
    """Return what one contender takes, in this process."""
    work = CONTENDERS[contender](columns(obligations, parties), parties)
    began = time.process_time()
    nets = list(work())
    spent = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu": spent, "mib": peak, "nets": seal(nets)}


def asked_for(contender: str, given: argparse.Namespace) -> dict[str, Any] | None:
    """Measure a contender in a process of its own; None where it is not installed."""
    python = sys.executable if contender.startswith("ours") else given.python
    size = [f"--obligations={given.obligations}", f"--parties={given.parties}"]
    done = subprocess.run(
        [python, __file__, "--only", contender, *size], capture_output=True, text=True, check=False
    )
    if done.returncode and "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--obligations", type=int, default=1_000_000)
    parser.add_argument("--parties", type=int, default=10_000)
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the peers")
    parser.add_argument("--only", choices=CONTENDERS, help="one contender, as JSON")
    given = parser.parse_args()
    if given.only:
        print(json.dumps(measure(given.only, given.obligations, given.parties)))
        return
    print(f"Python {platform.python_version()}, {given.obligations:,} obligations", end=" ")
    print(f"among {given.parties:,} parties\n")
    found = {contender: asked_for(contender, given) for contender in CONTENDERS}
    peer = found["pandas"]
    print("| netting | CPU s | peak MiB | pandas / it | bar |  |")
    print("| --- | --- | --- | --- | --- | --- |")
    for contender, spent in found.items():
        if spent is None:
            print(f"| {contender} | not installed |  |  |  |  |")
            continue
        assert spent["nets"] == found["ours, rows"]["nets"], contender  # type: ignore[index]  # noqa: S101
        ratio = f"{peer['cpu'] / spent['cpu']:.1f} ×" if peer else ""
        bar, held = "", ""
        if contender.startswith("ours"):
            bar = f"≤ {BAR_SECONDS:.0f} s, ≤ {BAR_MIB:,} MiB"
            fits = spent["cpu"] <= BAR_SECONDS and spent["mib"] <= BAR_MIB
            held = "holds" if fits else "falls short"
        cells = (contender, f"{spent['cpu']:.2f}", f"{spent['mib']:,.0f}", ratio, bar, held)
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
