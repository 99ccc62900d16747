"""Grants and what follows from them; what they may not say stands among the refusals."""

from __future__ import annotations

import pytest

from exchange.errors import Forbidden
from exchange.openings import Erased, Opening, open_with
from exchange.registration import RegistrationState
from exchange.services.disclose_values import disclose
from exchange.services.grant_right import Standing, grant_right, revoke_right, standing_of
from exchange.specsheet import Right
from ledger.acts import format_time
from tests.exchange.floor import DATA, DERIVED, NOTICE, OPERATOR, Hall


def standing(hall: Hall, number: str = "") -> Standing:
    with hall.floor.read() as work:
        return standing_of(number or hall.number, work, hall.floor)


def held_by(hall: Hall, handle: str) -> list[str]:
    identity = hall.participant(handle).id
    return [held.right for held in standing(hall).rights if held.participant == identity]


def test_a_grant_is_the_head_of_its_product_and_gives_the_right_for_its_time(listed: Hall) -> None:
    grant = listed.grant()
    assert listed.product().head == grant
    assert held_by(listed, "contributor") == ["processing"]
    assert held_by(listed, "supplier") == ["holding", "processing", "operating"]
    listed.advance(days=90)
    assert held_by(listed, "contributor") == ["processing"]
    listed.advance(seconds=1)
    assert held_by(listed, "contributor") == []


def test_a_supplier_grants_after_the_notice_without_a_listing(hall: Hall) -> None:
    hall.number = hall.register().number
    assert standing(hall).rights == ()
    hall.advance(seconds=NOTICE)
    hall.grant()
    assert hall.product().registration is RegistrationState.CONFIRMED
    assert hall.kinds(f"product/{hall.number}")[-2:] == ["registration.confirmed", "right.granted"]
    assert held_by(hall, "contributor") == ["processing"]


def test_what_was_granted_on_ends_with_the_grant_it_is_under(listed: Hall) -> None:
    grant = listed.grant("contributor", transferable=True)
    on = listed.grant("rival", by="contributor", under=grant)
    (held,) = (
        h for h in standing(listed).rights if h.participant == listed.participant("rival").id
    )
    assert [entry.leaf.hex() for entry in held.rests_on][:2] == [on, grant]
    listed.supplier.revoke(listed.number, grant, "terms were broken")
    assert held_by(listed, "contributor") == held_by(listed, "rival") == []


def test_a_grantee_takes_back_what_it_granted_on(listed: Hall) -> None:
    grant = listed.grant("contributor", transferable=True)
    on = listed.grant("rival", by="contributor", under=grant)
    listed.contributor.revoke(listed.number, on, "no longer needed")
    assert held_by(listed, "contributor") == ["processing"]
    assert held_by(listed, "rival") == []


def test_a_grant_and_its_revocation_repeated_change_nothing(listed: Hall) -> None:
    subject = f"product/{listed.number}"
    openings = open_with(listed.floor.chance, {"agreement": "as we agreed"})
    facts = listed.terms().facts | {"agreement": openings[0].commitment}
    signed = listed.act("supplier", "right.granted", subject, facts)
    granted, size = grant_right(signed, openings, floor=listed.floor), listed.size
    listed.advance(days=2)
    assert grant_right(signed, openings, floor=listed.floor) == granted
    assert listed.size == size
    facts = {"grant": granted.head, "reason": "terms were broken"}
    signed = listed.act("supplier", "right.revoked", subject, facts)
    revoked, size = revoke_right(signed, floor=listed.floor), listed.size
    listed.advance(days=2)
    assert revoke_right(signed, floor=listed.floor) == revoked
    assert listed.size == size


def test_no_entry_says_what_was_agreed(listed: Hall) -> None:
    agreement = "七成归供方".encode()
    terms = listed.terms()
    head = listed.supplier.grant(listed.number, terms, agreement).head
    with listed.floor.read() as work:
        entry = work.chain.store.by_leaf(head)
        assert entry
        assert agreement not in entry.data
        assert agreement not in [data for _, data in work.records.public()]
    made = entry.facts["agreement"]
    assert entry.facts == {**terms.facts, "agreement": made}


def test_an_agreement_is_shown_to_both_sides_and_the_operator(listed: Hall) -> None:
    grant = listed.grant("contributor", transferable=True)
    terms = listed.terms("rival", under=grant)
    on = listed.contributor.grant(listed.number, terms, b"a tenth").head
    for handle in ("contributor", "rival", OPERATOR[0]):
        _, (opening,) = disclose(on, to=listed.participant(handle), floor=listed.floor)
        assert isinstance(opening, Opening)
        assert opening.value == "a tenth"
    for handle in ("supplier", "buyer"):
        with pytest.raises(Forbidden):
            disclose(on, to=listed.participant(handle), floor=listed.floor)


def test_an_agreement_can_be_erased_and_the_grant_stands(listed: Hall) -> None:
    grant = listed.supplier.grant(listed.number, listed.terms(), b"a tenth").head
    request = listed.contributor.request_erasure(grant, ["agreement"], "a trade secret")
    listed.house.execute_erasure(request.request)
    _, found = disclose(grant, to=listed.participant("supplier"), floor=listed.floor)
    assert found == [Erased(grant, "agreement")]
    assert held_by(listed, "contributor") == ["processing"]


def test_lineage_names_what_a_product_comes_from_and_became(listed: Hall) -> None:
    listed.grant()
    first = listed.derive()
    source = listed.number
    file = listed.file("third.csv", DATA.replace("6.1", "5.9"))
    listed.number = first
    listed.grant("supplier", by="contributor")
    third = listed.supplier.register(file, parents=[first]).number
    assert [kin.path for kin in standing(listed, source).descendants] == [
        (source, first),
        (source, first, third),
    ]
    assert [kin.path for kin in standing(listed, third).ancestors] == [
        (third, first),
        (third, first, source),
    ]
    record = standing(listed, third).to_record()
    assert record["rights"] == []  # on notice
    assert record["ancestors"][1]["supplier"] == listed.participant("supplier").id


def test_a_supplier_derives_from_its_own_claim_once_its_notice_has_run(hall: Hall) -> None:
    source = hall.register().number
    hall.advance(seconds=NOTICE)
    derived = hall.supplier.register(hall.file("derived.csv", DERIVED), parents=[source]).number
    assert hall.product(source).registration is RegistrationState.CONFIRMED
    with hall.floor.read() as work:
        entry = next(work.chain.store.of_kind(f"product/{derived}", "product.registered"))
    assert entry.facts["parents"] == [source]
    assert entry.facts["sources"] == ["derived"]


def test_the_record_of_a_grant_says_who_gave_it_and_what_it_rests_on(listed: Hall) -> None:
    start = format_time(listed.floor.clock())
    grant = listed.grant(right=Right.HOLDING, exclusive=True, regions=("CN",))
    record = standing(listed).to_record()
    assert [each["granted_by"] for each in record["rights"][:3]] == [None] * 3
    held = record["rights"][3]
    assert held["entries"][0] == grant
    assert len(held["entries"]) == 3
    del held["entries"]
    assert held == {
        "participant": listed.participant("contributor").id,
        "right": "holding",
        "purposes": ["any"],
        "regions": ["CN"],
        "from": start,
        "until": listed.terms().until,
        "exclusive": True,
        "transferable": False,
        "granted_by": listed.participant("supplier").id,
    }
