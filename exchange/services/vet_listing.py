"""Vetting (审核): a reviewer of the exchange approves, returns or rejects what is to be listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from exchange.errors import BadField, DataDiffer, Forbidden
from exchange.listing import ListingState
from exchange.openings import Opening, text_of
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.acting import admit_act, fact, opened, record, subject_id, unchanged
from exchange.services.assess_product import (
    ASSESSING,
    KIND_OF_VETTING,
    has_said,
    require_disinterested,
    require_present,
    words_on,
)
from exchange.services.read_papers import require_identity
from exchange.services.suspend_listing import suspend_for_house
from exchange.vetting import Decision, Vetting, check_list
from ledger.acts import SignedAct
from ledger.canonical import encode

KIND: Final = KIND_OF_VETTING
REASONS_MAX: Final = 20_000  # characters


def checklist_record(ticks: Mapping[str, str]) -> bytes:
    """Return the bytes of a checklist: a public record that the decision names by digest."""
    return encode({"checklist": dict(ticks)})


def vet_listing(
    signed: SignedAct,
    openings: Sequence[Opening],
    *,
    checklist: Mapping[str, str],
    floor: Floor,
) -> Product:
    """Record a reviewer's decision on one sheet, data and rule pack; its reasons are confidential.

    What is on the board leaves it with a decision other than approval.  Raises `Forbidden` (V-01)
    where the reviewer's organisation supplies, shares in, or assessed the product, or its identity
    has ended, `BadField` for a checklist that is not complete, `DataDiffer` where sheet, data, pack
    or checklist are not the present ones.
    """
    text_of(opened(signed, KIND, openings), "reasons", REASONS_MAX)
    decision = _decision(fact(signed, "decision"))
    ticks = check_list(checklist, decision)
    with floor.write() as work:
        reviewer = admit_act(signed, KIND, Role.REVIEWER, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        require_fresh_eyes(reviewer, product, work)
        require_identity(reviewer, "V-01", floor=floor)
        require_present(signed, product)
        if fact(signed, "pack") != floor.pack.digest:
            raise DataDiffer("act.facts.pack: the exchange applies another rule pack")
        if work.records.put(checklist_record(ticks), public=True) != fact(signed, "checklist"):
            raise DataDiffer("act.facts.checklist: not the digest of this checklist")
        entry = record(signed, openings, work=work, floor=floor)
        product = product.at(entry)
        work.products.put(product)
        if decision is not Decision.APPROVED and product.listing is ListingState.LISTED:
            reason = f"a reviewer of the exchange has {decision} it"
            product = suspend_for_house(product, reason, work=work, floor=floor)
        return product


def _decision(text: str) -> Decision:
    try:
        return Decision(text)
    except ValueError as error:
        raise BadField("act.facts.decision", f"one of {', '.join(Decision)}") from error


def require_fresh_eyes(reviewer: Participant, product: Product, work: UnitOfWork) -> None:
    """Raise `Forbidden` where a reviewer's organisation supplies, shares in or assessed it.

    Whoever has assessed the product under another sheet, or before a change, knows it already.
    """
    require_disinterested(reviewer, product, to="vet", rule="V-01", work=work)
    if any(has_said(reviewer, kind, product, work) for kind in ASSESSING):
        raise Forbidden("who assessed the product cannot vet it", rules=("V-01",))


def vettings_of(product: Product, work: UnitOfWork) -> tuple[Vetting, ...]:
    """Return every decision on the product as it stands registered, the newest first."""
    entries = words_on(product, KIND, work)
    return tuple(
        Vetting(
            reviewer=entry.actor,
            sheet=entry.facts["sheet"],
            data=entry.facts["data"],
            rule_pack=entry.facts["pack"],
            decision=Decision(entry.facts["decision"]),
            version=entry.version,
        )
        for entry in entries
    )
