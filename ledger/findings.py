"""What an audit found: findings, remarks, and figures of what was looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

FINDINGS_MAX = 1_000  # listed; a log in which nothing is right must not fill the memory

Progress = Callable[[str, int, int], None]  # what is being done, entries done, entries in all


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that is wrong: where in the bundle, at which entry, by which rule, in words."""

    place: str
    index: int | None
    rule: str
    words: str


def values_in_words(report: AuditReport) -> str:
    """Say what became of the values that entries commit to."""
    told = ", ".join(f"{count} {standing}" for standing, count in report.committed.items())
    return told or "none looked at"


@dataclass(slots=True)
class AuditReport:
    """What an audit found; `passed` means no finding.

    `levels` says what was looked at: everything, or integrity alone.  `history` counts the older
    checkpoints of the bundle that this log continues, `committed` the committed fields that are
    disclosed, withheld and erased, `more` the findings that are not listed.  `continues` is the
    origin, size and root of another log that this one says it continues, and `successor` the
    origin of the one that it says continues it.
    """

    origin: str = ""
    size: int = 0
    root: str = ""
    key: str = ""
    levels: str = "all"
    entries: int = 0
    acts: int = 0
    participants: int = 0
    records: int = 0
    history: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    committed: dict[str, int] = field(default_factory=dict)
    findings: list[AuditFinding] = field(default_factory=list)
    more: int = 0
    remarks: list[str] = field(default_factory=list)
    continues: dict[str, Any] | None = None
    successor: str | None = None

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def find(self, place: str, index: int | None, rule: str, words: str) -> None:
        """Note that something is wrong; beyond `FINDINGS_MAX` it is counted."""
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(AuditFinding(place, index, rule, words))
        else:
            self.more += 1

    def to_record(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        return {
            "passed": self.passed,
            "origin": self.origin,
            "size": self.size,
            "root": self.root,
            "key": self.key,
            "levels": self.levels,
            "entries": self.entries,
            "acts": self.acts,
            "participants": self.participants,
            "records": self.records,
            "history": self.history,
            "kinds": self.kinds,
            "continues": self.continues,
            "successor": self.successor,
            "committed": self.committed,
            "remarks": self.remarks,
            "findings": [
                {"place": f.place, "index": f.index, "rule": f.rule, "words": f.words}
                for f in self.findings
            ],
            "more_findings": self.more,
        }
