"""The rule catalogue, a module a chapter: each rule beside the check that decides it.

Statements and citations are those of the project's catalogue of 90 rules, drawn up for the
Chinese jurisdiction with what stands in its place in the European Union, and chapters R, M and V
beside them.  Thresholds that no law sets are marked as proposals where they are defined.
"""

from __future__ import annotations

from exchange.compliance.catalogue import (
    consent,
    disclosure,
    export,
    geography,
    grades,
    intake,
    merits,
    operation,
    parties,
    personal,
    prohibited,
    registration,
    sources,
    trade,
    vetting,
)
from exchange.compliance.rule import Rule

CHAPTERS = "FPSRIDGXCQMTVO"

CATALOGUE: tuple[Rule, ...] = tuple(
    sorted(
        (
            *intake.RULES,
            *parties.RULES,
            *sources.RULES,
            *registration.RULES,
            *personal.RULES,
            *consent.RULES,
            *grades.RULES,
            *geography.RULES,
            *export.RULES,
            *prohibited.RULES,
            *merits.RULES,
            *disclosure.RULES,
            *trade.RULES,
            *vetting.RULES,
            *operation.RULES,
        ),
        key=lambda rule: (CHAPTERS.index(rule.id[0]), rule.id),
    )
)
