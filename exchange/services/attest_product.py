"""Attestation: a compliance assessor answers for rules by name, and what it passes holds longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from exchange.compliance import Opinion
from exchange.compliance.evidence import ASSESSMENT_DAYS_MAX
from exchange.compliance.wanted import attestable
from exchange.errors import BadField, DataDiffer
from exchange.listing import ListingState
from exchange.openings import Opening, require_document
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.acting import admit_act, fact, opened, subject_id, texts, unchanged
from exchange.services.assess_product import (
    enter_word,
    require_assessing,
    require_present,
    words_on,
)
from exchange.services.lapse_listings import recheck
from exchange.services.read_papers import require_identity, require_licensed
from exchange.services.suspend_listing import suspend_for_house
from ledger.acts import SignedAct


def attest_product(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Product:
    """Record an assessor's attestation of named rules over one sheet, data and rule pack.

    Raises `Forbidden` where the assessor is the supplier or has vetted the product, its identity
    has ended or no licence of it runs, `BadField` for a rule that is unknown or named twice, or is
    passed though its check decides it alone, a past date or a pass for longer than one counts,
    `DataDiffer` where sheet, data or pack are not the present ones.  `openings` hold the report.
    What is on the board is judged again at once: attested for longer, it holds for longer.
    """
    require_document(opened(signed, "compliance.attested", openings), "report")
    with floor.write() as work:
        kind, role = "compliance.attested", Role.COMPLIANCE_ASSESSOR
        assessor = admit_act(signed, kind, role, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        require_assessing(assessor, product, work=work, floor=floor)
        require_identity(assessor, "T-05", floor=floor)
        require_licensed(assessor, role, work=work, floor=floor)
        require_present(signed, product)
        if fact(signed, "pack") != floor.pack.digest:
            raise DataDiffer("act.facts.pack: the exchange applies another rule pack")
        _require_rules(signed, product, work=work, floor=floor)
        _require_term(signed, floor.clock().date())
        product = enter_word(signed, product, openings, work=work, floor=floor)
        refused = signed.act.facts.get("outcome") == Opinion.REFUSED
        if refused and product.listing is ListingState.LISTED:
            reason = f"{assessor.handle} has refused it"
            return suspend_for_house(product, reason, work=work, floor=floor)
        recheck([product], work=work, floor=floor)
        return work.products.get(product.number)


def _require_rules(signed: SignedAct, product: Product, *, work: UnitOfWork, floor: Floor) -> None:
    """Raise `BadField` for a rule of no such pack, named twice, or passed to no effect.

    Whatever it is, an assessor may refuse it, and pass it again where it did.
    """
    named, pack = texts(signed, "rules"), {rule.id: rule for rule in floor.pack.rules}
    passed = signed.act.facts.get("outcome") == Opinion.PASSED
    heard = attestable(floor.pack, floor.clock().date())
    for place, name in enumerate(named):
        rule = pack.get(name)
        if rule is None:
            raise BadField("act.facts.rules", f"{name} is not a rule of the pack")
        if name in named[:place]:
            raise BadField("act.facts.rules", f"{name} is named twice")
        if passed and name not in heard and name not in _refused_by(signed, product, work):
            words = "is decided by its check, and nobody attests it: it asks for"
            raise BadField("act.facts.rules", f"{name} {words} {rule.unlock}")


def _refused_by(signed: SignedAct, product: Product, work: UnitOfWork) -> set[str]:
    """Return the rules that the actor has refused of a product."""
    return {
        rule
        for entry in words_on(product, "compliance.attested", work)
        if entry.actor == signed.act.actor and entry.facts["outcome"] == Opinion.REFUSED
        for rule in entry.facts["rules"]
    }


def _require_term(signed: SignedAct, today: dt.date) -> None:
    """Raise `BadField` for a word that has ended, or a pass for longer than a pass counts."""
    until = fact(signed, "until")
    if until < today.isoformat():
        raise BadField("act.facts.until", "the attestation has ended already")
    last = (today + dt.timedelta(days=ASSESSMENT_DAYS_MAX)).isoformat()
    if signed.act.facts.get("outcome") == Opinion.PASSED and until > last:
        words = f"a pass holds {ASSESSMENT_DAYS_MAX} days at most: no later than {last}"
        raise BadField("act.facts.until", words)
