"""A labelled corpus for the detection of sensitive data: tables, and what the rules say of each.

The labels were written from the rules (the catalogue of the gate: chapters F, I, D and G, and
the standards they cite: GB 11643, GB 32100, ISO/IEC 7812, GA 36, PIPL, the State Secrets Law)
and not from the detectors that they test: whoever wrote them had not read
`exchange.inspection.sensitive` or `exchange.inspection.identifiers`.  That is why labels and
detectors came in two commits, the labels first.  A label is changed only where it contradicts
a rule, never because a detector misses it.

How a label follows from the rules:

- *certain* (I-09, I-01): a check digit that holds far more often than by chance; or a shape
  without one that fills a column and that the header names, or that nothing else has (a
  mobile number in many ranges, a plate with its province).
- *reported* (I-10): masked, split over columns, a header that its values contradict, a shape
  that harmless numbers share.
- An empty label: the values are nobody's.  Columns without a label must stay without a finding.

`python -m tests.exchange.inspection.labelled` prints how the installed detectors do.
"""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Final

from tests.exchange.inspection.labelled import (
    abroad,
    accounts,
    addresses,
    anonymity,
    bodies,
    cards,
    credentials,
    documents,
    encodings,
    europe,
    further,
    identifiers,
    mailboxes,
    metadata,
    names,
    overseas,
    papers,
    passwords,
    persons,
    scripts,
    secrecy,
    strangers,
    tables,
    telephones,
    territories,
    text,
    traces,
)
from tests.exchange.inspection.labelled.case import Case, Verdict

__all__ = ["CASES", "THEMES", "Case", "Verdict"]

_MODULES: Final[tuple[ModuleType, ...]] = (
    identifiers,
    telephones,
    cards,
    documents,
    mailboxes,
    names,
    addresses,
    traces,
    bodies,
    text,
    metadata,
    credentials,
    secrecy,
    anonymity,
    tables,
    encodings,
    accounts,
    territories,
    abroad,
    europe,
    overseas,
    papers,
    passwords,
    strangers,
    further,
    scripts,
    persons,
)

THEMES: Final = tuple(module.__name__.rpartition(".")[2] for module in _MODULES)

CASES: Final[tuple[Case, ...]] = tuple(
    replace(case, theme=theme)
    for theme, module in zip(THEMES, _MODULES, strict=True)
    for case in module.CASES
)
