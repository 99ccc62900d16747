"""Replay: reach every verdict again from what it was reached from, under the law of its day.

A verdict names its review, the review its case, and the case everything that the rules could see.
The pack is found by its digest among those installed: the words of any other are on record, and
words cannot be run.  What the case says of sheet, data and attestations is held against the chain
as well, so that a case that was written for a verdict does not pass for the one it was reached
from.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from exchange.compliance import (
    Attestation,
    ListingCase,
    Review,
    RulePack,
    TradeCase,
    review_listing,
    review_trade,
)
from exchange.compliance.archive import rebuild
from exchange.errors import ExchangeError, NotFound
from exchange.ports import Floor, UnitOfWork
from exchange.records import read_stored, to_record
from exchange.services.assess_product import attestations_of
from ledger.entries import Entry

LISTING: Final = "compliance.verdict"
TRADE: Final = ("scenario.referred", "scenario.approved", "scenario.refused")


class Replayed(enum.StrEnum):
    """How a verdict came out the second time."""

    IDENTICAL = "identical"
    DIFFERENT = "different"
    IMPOSSIBLE = "impossible"  # the pack is not installed, or a record is not to be had


@dataclass(frozen=True, slots=True)
class Replay:
    """One verdict reached again: the entry's kind, subject and version, and what differs."""

    kind: str
    subject: str
    version: int
    on: str
    pack: str
    outcome: Replayed
    differs: tuple[str, ...] = ()


def replay_verdicts(
    number: str | None = None, *, packs: Mapping[str, RulePack], floor: Floor
) -> list[Replay]:
    """Reach the verdicts over a product again, or those over everything; changes nothing.

    `packs` are those that can be run, by digest.
    """
    with floor.read() as work:
        products = [work.products.get(number)] if number else work.products.all()
        numbers = {product.number for product in products}
        found = [
            _replayed(entry, packs, work)
            for product in products
            for entry in _oldest_first(f"product/{product.number}", (LISTING,), work)
        ]
        for scenario in work.scenarios.all():
            if scenario.product in numbers:
                entries = _oldest_first(f"scenario/{scenario.id}", TRADE, work)
                found += [_replayed(entry, packs, work) for entry in entries]
        return found


def _oldest_first(subject: str, kinds: tuple[str, ...], work: UnitOfWork) -> Iterator[Entry]:
    for kind in kinds:
        yield from reversed(list(work.chain.store.of_kind(subject, kind)))


def _replayed(entry: Entry, packs: Mapping[str, RulePack], work: UnitOfWork) -> Replay:
    differs: tuple[str, ...]
    day = ""
    try:
        review = read_stored(Review, work.records.get(entry.facts["review"]))
        day = review.on.isoformat()
        differs = tuple(_differences(entry, review, packs, work))
        outcome = Replayed.DIFFERENT if differs else Replayed.IDENTICAL
    except (NotFound, _Impossible) as error:
        outcome, differs = Replayed.IMPOSSIBLE, (str(error),)
    except ExchangeError as error:  # a record that no longer reads as what it was
        outcome, differs = Replayed.DIFFERENT, (str(error),)
    return Replay(
        kind=entry.kind,
        subject=entry.subject,
        version=entry.version,
        on=day,
        pack=entry.facts["pack"],
        outcome=outcome,
        differs=differs,
    )


class _Impossible(Exception):
    """The verdict cannot be reached again here."""


def _differences(
    entry: Entry, review: Review, packs: Mapping[str, RulePack], work: UnitOfWork
) -> Iterator[str]:
    if not review.case:
        raise _Impossible("the verdict is older than the record of cases")
    pack = packs.get(review.pack_digest)
    if pack is None:
        raise _Impossible(f"the rule pack {review.pack_digest[:16]}… is not installed")
    case = rebuild(review.case, work.records.get)
    yield from _beside_the_chain(entry, case, work)
    if review.pack_digest != entry.facts["pack"]:
        yield "pack: not that of the entry"
    if isinstance(case, ListingCase):
        again = review_listing(case, pack)
        passed = entry.facts["outcome"] == "passed"
    else:
        again = review_trade(case, pack)
        # An assessor may refuse what no rule does: nothing fired then.
        passed = entry.kind != "scenario.refused" or not entry.facts["fired"]
    if again.passed is not passed:
        yield f"outcome: {'passed' if again.passed else 'refused'} today"
    before, after = to_record(review), to_record(replace(again, case=review.case))
    if before == after:
        return
    yield from (
        f"{name}: differs" for name in before if name != "findings" and before[name] != after[name]
    )
    told = {found["rule"]: found for found in before["findings"]}
    anew = {found["rule"]: found for found in after["findings"]}
    for rule in sorted(told.keys() | anew.keys()):
        if told.get(rule) != anew.get(rule):
            was, is_ = (found.get(rule, {}).get("outcome", "clear") for found in (told, anew))
            yield f"{rule}: {was} then, {is_} now"


def _beside_the_chain(
    entry: Entry, case: ListingCase | TradeCase, work: UnitOfWork
) -> Iterator[str]:
    """Hold what a case says against the entries that stood when the verdict was given."""
    if isinstance(case, TradeCase):
        return
    for name, told in (("sheet", case.sheet_digest), ("data", case.profile and case.profile.data)):
        if told != entry.facts[name]:
            yield f"case.{name}: not that of the entry"
    if case.on.isoformat() != entry.facts["on"]:
        yield "case.on: not the day of the entry"
    product = work.products.get(entry.subject.partition("/")[2])
    stood = [act for act in attestations_of(product, work) if act.version < entry.version]
    if _as_signed(case.attestations) != _as_signed(stood):
        yield "case.attestations: not those of the chain"


def _as_signed(acts: Iterable[Attestation]) -> list[Attestation]:
    """Return attestations in their order, whatever became of the licences behind them since."""
    return sorted((replace(act, licensed=True) for act in acts), key=lambda act: act.version)
