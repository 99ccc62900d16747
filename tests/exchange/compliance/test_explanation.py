"""What is explained is what was decided, whatever a rule does with the case that it is given."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from exchange.compliance.case import ListingCase
from exchange.compliance.china import PACK
from exchange.compliance.european import PACK as UNION
from exchange.compliance.explanation import explain_listing, reviewed
from exchange.compliance.review import review_listing
from exchange.compliance.rule import Answer, Rule, RulePack, Severity, clear
from tests.exchange.compliance.cases import listing
from tests.exchange.compliance.examples import EXAMPLES

CASES: Final = [case for _, _, case in EXAMPLES if isinstance(case, ListingCase)]


@pytest.mark.parametrize("pack", [PACK, UNION], ids=["cn", "eu"])
def test_every_rule_is_explained_as_it_was_decided(pack: RulePack) -> None:
    assert len(CASES) > 100
    for case in CASES:
        told = explain_listing(case, pack)
        assert reviewed(told, case, pack) == review_listing(case, pack)


def _of_another(case: ListingCase) -> Answer:
    return clear() if replace(case, open_disputes=0).open_disputes == 0 else clear("never")


def test_a_rule_that_makes_another_case_is_explained_as_it_was_decided() -> None:
    rule = Rule("Z-01", "says nothing", {"CN": "none"}, Severity.BLOCK, _of_another, "-")
    pack = RulePack("one", "CN", "1", (rule,))
    (told,) = explain_listing(listing(), pack)
    assert told.finding.message == ""
    assert reviewed((told,), listing(), pack) == review_listing(listing(), pack)
