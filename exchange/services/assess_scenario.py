"""An assessor looks at a scenario: it approves it, limits it or refuses it, with reasons.

Who may: a compliance assessor whose licence runs, of another organisation than the buyer, the
supplier, whoever shares in the proceeds, and the exchange (V-01 and T-05 in the scenario's place).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from exchange.errors import BadField, DataDiffer, Forbidden, NotFound, Refused
from exchange.openings import Erased, Opening, text_of
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.records import read_record
from exchange.registration import Product
from exchange.scenarios import Decision, Limits, Scenario
from exchange.services.acting import admit_act, fact, opened, record, subject_id, unchanged
from exchange.services.assess_product import require_independent
from exchange.services.decide_scenario import decide_as_reviewed
from exchange.services.file_scenario import Filing
from exchange.services.lapse_listings import records_lapse
from exchange.services.list_product import require_listed
from exchange.services.read_papers import require_licensed
from ledger.acts import SignedAct
from ledger.kinds.scenarios import LIMITS
from ledger.view import newest

KIND: Final = "scenario.reviewed"
REASONS_MAX: Final = 20_000  # characters


@records_lapse
def assess_scenario(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Scenario:
    """Record an assessor's decision on a scenario that waits, and follow it.

    The house approves within the limits or refuses in the same transaction; it refuses as well
    where a trade rule refuses by then.  Raises `Forbidden` for an assessor who is not
    independent or licensed, `Refused` for a scenario that waits for nobody, `BadField` for a
    limit that narrows nothing, `NotCompliant` to approve what is off the board.  `openings` hold
    the reasons, which are confidential.
    """
    text_of(opened(signed, KIND, openings), "reasons", REASONS_MAX)
    decision, limits = _decided(signed)
    with floor.write() as work:
        role = Role.COMPLIANCE_ASSESSOR
        assessor = admit_act(signed, KIND, role, work=work, floor=floor)
        scenario = work.scenarios.get(subject_id(signed, "scenario"))
        if unchanged(work.chain.recorded(signed), signed):
            return scenario
        if not scenario.waits:
            raise Refused(f"scenario {scenario.id} is {scenario.state} and waits for no assessor")
        product, buyer = work.products.get(scenario.product), work.participants.get(scenario.buyer)
        require_apart(assessor, scenario, product, work=work, floor=floor)
        require_licensed(assessor, role, work=work, floor=floor)
        if decision is not Decision.REFUSED:
            require_listed(product, work=work, floor=floor)
        if fact(signed, "product") != product.number:
            raise DataDiffer("act.facts.product: not that of the scenario")
        if fact(signed, "pack") != floor.pack.digest:
            raise DataDiffer("act.facts.pack: the exchange applies another rule pack")
        scenario.within(limits)
        record(signed, openings, work=work, floor=floor)
        decided, _ = decide_as_reviewed(
            scenario, decision, limits, product, buyer, work=work, floor=floor
        )
        work.scenarios.put(decided)
        return decided


def _decided(signed: SignedAct) -> tuple[Decision, Limits | None]:
    try:
        decision = Decision(fact(signed, "decision"))
    except ValueError as error:
        raise BadField("act.facts.decision", f"one of {', '.join(Decision)}") from error
    named = {name: signed.act.facts[name] for name in LIMITS if name in signed.act.facts}
    if (decision is Decision.LIMITED) != bool(named):
        raise BadField("act.facts.decision", "limits go with limited, and with nothing else")
    return decision, read_record(Limits, named, within="limits") if named else None


def require_apart(
    assessor: Participant, scenario: Scenario, product: Product, *, work: UnitOfWork, floor: Floor
) -> None:
    """Raise `Forbidden` (T-05, T-01) unless an assessor is of no organisation with a part in it."""
    require_independent(assessor, product, work=work, floor=floor)
    if assessor.same_organisation(work.participants.get(scenario.buyer)):
        raise Forbidden("a buyer cannot review its own scenario", rules=("T-01",))


def may_assess(
    assessor: Participant, scenario: Scenario, *, work: UnitOfWork, floor: Floor
) -> bool:
    """Whether a scenario waits for an assessor such as this one, whose licence apart."""
    if not scenario.waits or Role.COMPLIANCE_ASSESSOR not in assessor.roles:
        return False
    product = work.products.get(scenario.product)
    try:
        require_apart(assessor, scenario, product, work=work, floor=floor)
    except Forbidden:
        return False
    return True


def reviewer_of(scenario: Scenario, work: UnitOfWork) -> str | None:
    """Return the assessor who reviewed a scenario, if one did."""
    found = newest(work.chain.store, f"scenario/{scenario.id}", KIND)
    return found.actor if found else None


def may_read(reader: Participant, scenario: Scenario, *, work: UnitOfWork, floor: Floor) -> bool:
    """Whether a participant may read a scenario and its filing.

    That is its buyer, the operator, an assessor for whom it waits, and the one who reviewed it.
    """
    if reader.id in {scenario.buyer, floor.house.operator, reviewer_of(scenario, work)}:
        return True
    return may_assess(reader, scenario, work=work, floor=floor)


def read_filing(
    scenario_id: str, *, reader: Participant, floor: Floor
) -> tuple[Scenario, dict[str, Any]]:
    """Return a scenario with the whole filing, to whoever may read it.

    Raises `Forbidden` for anybody else, `NotFound` where the filing was erased.
    """
    with floor.read() as work:
        scenario = work.scenarios.get(scenario_id)
        if not may_read(reader, scenario, work=work, floor=floor):
            raise Forbidden(f"scenario {scenario_id} is open to its parties and to who assesses it")
        filed = next(work.chain.store.of_kind(f"scenario/{scenario_id}", "scenario.filed"))
        kept = work.confidential.get(filed.leaf.hex(), "scenario")
        if isinstance(kept, Erased):
            raise NotFound(f"the filing of scenario {scenario_id} was erased")
        read_record(Filing, kept.value)  # what was filed under rules of another day still reads
        return scenario, dict(kept.value)
