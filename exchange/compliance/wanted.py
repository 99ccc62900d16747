"""Whose words a listing rests on whatever a pack asks: the record takes no passed verdict without.

A pack may ask for less, as one without a rule of quality does.  What it passes then is refused by
the ledger (`compliance.verdict`), so what is wanting is said before anybody asks for a listing.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator
from dataclasses import replace

from exchange.compliance.case import ListingCase
from exchange.compliance.evidence import Opinion
from exchange.compliance.review import BEFORE_LISTING, Review
from exchange.compliance.rule import RulePack, is_attested
from exchange.vetting import Decision


class Word(enum.StrEnum):
    """A kind of entry by which somebody independent answers for a product."""

    ATTESTATION = "compliance.attested"
    SCORE = "quality.reviewed"
    DECISION = "listing.vetted"


def words_wanted(case: ListingCase, review: Review, pack: RulePack) -> tuple[Word, ...]:
    """Return the words that a case lacks though no rule of the pack stops it, in a fixed order.

    Empty for a case that a rule stops: what the rules ask for is said by them.
    """
    return tuple(_wanted(replace(case, pack_digest=pack.digest))) if review.passed else ()


def attestable(pack: RulePack, on: dt.date) -> tuple[str, ...]:
    """Return the rules that an assessor may pass: those that its word can clear.

    Where it can clear none before a listing, every rule asked there: an attestation names a rule,
    and nothing lists without one.
    """
    heard = tuple(rule.id for rule in pack.rules if is_attested(rule.severity, rule.unlock))
    asked = pack.names_in_force(on, *BEFORE_LISTING)
    return heard if set(heard) & set(asked) else (*heard, *asked)


def _wanted(case: ListingCase) -> Iterator[Word]:
    opinions = {each.outcome for each in case.in_force}
    if opinions != {Opinion.PASSED}:
        yield Word.ATTESTATION
    if not case.expert_reviews:
        yield Word.SCORE
    latest = case.latest_vetting
    if latest is None or latest.decision is not Decision.APPROVED:
        yield Word.DECISION
