"""The tables of rules, as they stand in docs/rules.md.

    python -m tests.exchange.compliance.rules_page

writes them again, from the packs themselves.
"""

from __future__ import annotations

import re
from pathlib import Path

from exchange.compliance import RulePack
from exchange.compliance.china import PACK as CN
from exchange.compliance.european import PACK as EU

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"
COLUMNS = (
    *("id", "severity", "stage", "decided by", "statement", "basis", "evidence"),
    *("in force from", "unlocked by"),
)


def table(pack: RulePack) -> str:
    """Return the table of a pack's rules."""
    rows = (
        (
            rule.id,
            rule.severity,
            rule.stage,
            rule.method,
            rule.statement,
            rule.basis[pack.jurisdiction],
            rule.evidence,
            str(rule.effective_from or ""),
            rule.unlock,
        )
        for rule in pack.rules
    )
    lines = (COLUMNS, ("---",) * len(COLUMNS), *rows)
    return "".join(f"| {' | '.join(row)} |\n".replace("|  |", "| |") for row in lines)


def written(page: str) -> str:
    """Return the page with both tables written anew."""
    for pack in (CN, EU):
        marker = f"<!-- rules of {pack.name}: .*? -->\n"
        found = re.search(f"({marker}).*?(<!-- end -->)", page, re.DOTALL)
        assert found, f"the page has no place for the rules of {pack.name}"
        page = page[: found.end(1)] + table(pack) + page[found.start(2) :]
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
