from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.appraisal import Evidence, Range
from pricing.conformance import AppraiserContract
from pricing.engines.public_cap import PublicCap
from pricing.errors import BadInput
from pricing.evidence import Operation, PublicUse, UnitCap
from pricing.money import Currency, Money


def yuan(amount: int) -> Money:
    return Money(amount * 100)


OPERATION = Operation(
    PublicUse.INDUSTRY,
    "accounts of the operator, audited",
    cost=yuan(1_200_000),
    subsidy=yuan(200_000),
    profit=Range(Decimal("0.03"), Decimal("0.05"), Decimal("0.06")),
    tax=yuan(63_000),
    excess=yuan(13_000),
    caps=(
        UnitCap("tide service, a call", Money(50), 1_000_000),
        UnitCap("depth model", yuan(60_000), 10),
    ),
)


class TestPublicCapContract(AppraiserContract):
    appraiser = PublicCap()
    evidence = Evidence(operation=OPERATION)
    better = tuple(
        Evidence(operation=replace(OPERATION, excess=yuan(excess), caps=()))
        for excess in (5_000_000, 1_100_000, 13_000, 0)
    )


def test_the_cap_by_hand() -> None:
    # 1,000,000 net, + 3 %, 5 %, 6 % of it, + 63,000 tax − 13,000 of the period before.
    found = PublicCap().appraise(Evidence(operation=OPERATION))
    assert (found.low, found.mid, found.high) == (yuan(1_080_000), yuan(1_100_000), yuan(1_110_000))
    assert "发改价格〔2025〕65号" in found.basis


def test_each_line_says_what_it_adds_and_each_unit_cap_what_it_brings() -> None:
    lines = PublicCap().appraise(Evidence(operation=OPERATION)).indicators
    assert [(line.name, line.value, line.effect, line.weight) for line in lines] == [
        ("operating cost", "1200000", "+ 1,200,000.00 CNY", None),
        ("subsidy", "200000", "- 200,000.00 CNY", None),
        ("allowed profit on net cost", "0.05", "+ 50,000.00 CNY", None),
        ("tax", "63000", "+ 63,000.00 CNY", None),
        ("excess of the period before", "13000", "- 13,000.00 CNY", None),
        ("unit cap of tide service, a call", "0.5", "1,000,000 units, at most 500,000.00 CNY",
         Decimal("0.454545")),
        ("unit cap of depth model", "60000", "10 units, at most 600,000.00 CNY",
         Decimal("0.545455")),
    ]  # fmt: skip


@pytest.mark.parametrize("use", [PublicUse.GOVERNANCE, PublicUse.WELFARE])
def test_what_serves_everyone_is_free_whatever_it_cost(use: PublicUse) -> None:
    found = PublicCap().appraise(Evidence(operation=replace(OPERATION, use=use, caps=())))
    assert found.low == found.mid == found.high == Money(0)
    assert found.indicators[0].effect == f"free: {use}"
    bare = Operation(use, "the authorisation")
    assert PublicCap().appraise(Evidence(operation=bare)).mid == Money(0)
    with pytest.raises(BadInput, match=r"^caps: public .* is free, and a unit has a price"):
        PublicCap().appraise(Evidence(operation=replace(OPERATION, use=use)))


def test_an_excess_beyond_the_cap_is_deducted_later() -> None:
    operation = replace(OPERATION, excess=yuan(1_500_000), caps=())
    found = PublicCap().appraise(Evidence(operation=operation))
    assert found.high == Money(0)
    line = found.indicators[-1]
    assert (line.name, line.value) == ("excess left to deduct", "387000")


@given(st.integers(0, 2_000_000), st.integers(0, 20))
def test_unit_caps_never_bring_in_more_than_the_cap(calls: int, models: int) -> None:
    caps = (UnitCap("call", Money(50), calls), UnitCap("model", yuan(60_000), models))
    evidence = Evidence(operation=replace(OPERATION, caps=caps))
    if calls * 50 + models * 6_000_000 > 110_000_000:
        with pytest.raises(BadInput, match=r"^caps: together .*, above the maximum allowed"):
            PublicCap().appraise(evidence)
    else:
        assert PublicCap().appraise(evidence).mid == yuan(1_100_000)


@pytest.mark.parametrize("field", ["cost", "subsidy", "profit", "tax", "excess"])
def test_what_is_not_known_is_named(field: str) -> None:
    unknown: dict[str, Any] = {field: None}
    with pytest.raises(BadInput, match=f"^operation.{field}: not known"):
        PublicCap().appraise(Evidence(operation=replace(OPERATION, **unknown)))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"subsidy": yuan(1_300_000)}, "operation.subsidy: 1,300,000.00 CNY is more than"),
        ({"tax": Money(1, Currency.USD)}, "operation: the amounts are in more than one currency"),
        ({"caps": (UnitCap("call", Money(1, Currency.USD), 1),)}, "operation: the amounts"),
        ({"cost": yuan(-1)}, "operation.cost"),
        ({"source": " "}, "operation.source"),
        ({"profit": Range(Decimal(0), Decimal(2), Decimal(1))}, "operation.profit"),
    ],
)
def test_accounts_outside_their_domain_are_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        PublicCap().appraise(Evidence(operation=replace(OPERATION, **change)))


def test_a_unit_cap_has_a_product_a_price_and_a_count() -> None:
    for product, price, units in ((" ", Money(1), 1), ("x", Money(-1), 1), ("x", Money(1), -1)):
        with pytest.raises(BadInput, match="caps"):
            UnitCap(product, price, units)
