"""Lapse: until which day nothing that is known today will stop a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from exchange.compliance.case import ListingCase, ProductCase
from exchange.compliance.evidence import ASSESSMENT_DAYS_MAX
from exchange.compliance.review import BEFORE_LISTING, review_listing
from exchange.compliance.rule import Rule, RulePack

_DAY = dt.timedelta(days=1)


def lasts(case: ListingCase, pack: RulePack) -> dt.date:
    """Return the last day on which a case that passes goes on to pass, as far as is known.

    The review is asked again for every day on which an attestation, a document, a licence or a
    rule begins or ends.  What an act may change, a dispute or a suspension, is not foreseen.  No
    verdict lasts longer than an assessment may.
    """
    rules = [rule for rule in pack.rules if rule.stage in BEFORE_LISTING]
    horizon = case.on + dt.timedelta(days=ASSESSMENT_DAYS_MAX)
    for day in sorted(set(turns_of(case, rules))):
        if case.on < day <= horizon and not review_listing(replace(case, on=day), pack).passed:
            return day - _DAY
    return horizon


def turns_of(case: ProductCase, rules: Iterable[Rule]) -> Iterator[dt.date]:
    """Yield every day on which these rules may say otherwise of a product than the day before."""
    for attestation in case.attestations:
        yield from (attestation.issued_on, attestation.last_day + _DAY)
    for paper in case.papers:
        yield paper.issued_on
        if paper.valid_until is not None:
            yield paper.valid_until + _DAY
    for party in (case.supplier, *case.reviewers.values()):
        if party is not None and party.licensed_until is not None:
            yield party.licensed_until + _DAY
    for rule in rules:
        if rule.effective_from is not None:
            yield rule.effective_from
        if rule.effective_to is not None:
            yield rule.effective_to + _DAY
