"""The command: break the gate and say what no test notices."""

from __future__ import annotations

import argparse
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, Final

from tests.exchange.compliance import mutate
from tests.exchange.compliance.mutate.meeting import Meeting

CATALOGUE: Final = (
    *("consent", "disclosure", "export", "geography", "grades", "intake", "merits", "operation"),
    *(
        "parties",
        "personal",
        "prohibited",
        "registration",
        "sources",
        "topics",
        "trade",
        "vetting",
        "soundings",
    ),
)
# `conformance`, `explanation` and `screening` test or report, and decide over no product.
GATE: Final = ("archive", "case", "european", "evidence", "lapse", "review", "rule", "wanted")
SERVICES: Final = (
    *("acting", "assess_product", "attach_document", "attest_product", "build_case"),
    *("consult_negative_list",),
    *("deliver_product", "dispute_registration", "explain_suspension", "find_similar"),
    *("keep_negative_list", "lapse_listings", "reach_descendants", "read_papers"),
    *("list_product", "register_product", "renew_registration", "replay_verdicts", "set_grade"),
    *("submit_sheet", "suspend_listing", "verify_document", "verify_identity", "vet_listing"),
)
RULES: Final = (
    *(f"exchange.compliance.catalogue.{name}" for name in CATALOGUE),
    *(f"exchange.compliance.{name}" for name in GATE),
    "exchange.completeness",
)
WITH_SERVICES: Final = (
    *RULES,
    *(f"exchange.services.{name}" for name in SERVICES),
    *("ledger.grades", "ledger.meaning"),
)
REVIEWED: Final = Path(__file__).with_name("reviewed.toml")
KINDS: Final = frozenset({"equivalent", "harmless"})


def reviewed() -> dict[str, dict[str, str]]:
    """Return what may survive, by module and mutant: each with its kind; anything else raises."""
    found: dict[str, dict[str, str]] = {}
    for entry in tomllib.loads(REVIEWED.read_text(encoding="utf-8")).get("survivors", []):
        assert set(entry) == {"module", "kind", "why", "mutants"}, entry
        assert entry["kind"] in KINDS, entry
        assert entry["why"], entry
        for name in entry["mutants"]:
            assert name not in found.setdefault(entry["module"], {}), f"{name} stands there twice"
            found[entry["module"]][name] = entry["kind"]
    return found


def report(meeting: Meeting) -> int:
    """Print what survives outside the list and what is stale in it.

    Returns 1 if something survives outside it, or was not met.
    """
    found, allowed = meeting.found(), reviewed()
    outside, kinds = 0, Counter[str]()
    for module, by in found.items():
        alive = {name for name, noticed in by.items() if not noticed}
        listed = allowed.get(module, {})
        for name in sorted(alive - set(listed), key=lambda name: meeting.line(module, name)):
            outside += 1
            print(f"alive: {module}:{meeting.line(module, name)} {name}")  # noqa: T201
        for name in listed:
            if name not in meeting.asked[module]:
                print(f"stale: {module} {name}: there is no such mutant")  # noqa: T201
            elif by.get(name):
                print(f"stale: {module} {name}: noticed by {by[name]}")  # noqa: T201
        kinds += Counter(listed[name] for name in alive & set(listed))
    count = sum(map(len, found.values()))
    known = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())) or "none"
    print(  # noqa: T201
        f"{count} mutants of {len(found)} modules: {count - outside - kinds.total()} noticed, "
        f"{known} by the list, {outside} survive outside it"
    )
    unmet = len(meeting.to_meet()) if not meeting.again else 0
    if unmet:
        print(f"{unmet} more were not met yet")  # noqa: T201
    return int(outside + unmet > 0)


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=mutate.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--services", action="store_true", help="the services and the ledger too")
    parser.add_argument("--module", action="append", help="these modules alone", default=[])
    parser.add_argument("--keep", type=Path, help="folder to keep what is found, and go on from")
    parser.add_argument("--again", action="store_true", help="meet what survived before once more")
    parser.add_argument("--jobs", type=int, default=2, help="how many forks work side by side")
    parser.add_argument("--seconds", type=float, default=30, help="of tests for one mutant")
    parser.add_argument("--show", action="store_true", help="only show what is kept")
    told = parser.parse_args()
    modules: Any = told.module or (WITH_SERVICES if told.services else RULES)
    with tempfile.TemporaryDirectory() as scratch:
        folder = told.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        meeting = Meeting(modules, folder, told.jobs, told.again, told.seconds)
        if not told.show:
            meeting.hold()
        return report(meeting)


if __name__ == "__main__":
    sys.exit(main())
