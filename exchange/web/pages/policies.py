"""The page of a product's usage policy: what it is offered on, in words, rule by rule.

The words come from the policy itself, as it is evaluated, and not from the spec sheet beside it:
whoever reads the page reads what a use will be held against.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote

from flask import Blueprint, render_template

from exchange.listing import ListingState
from exchange.policy.policy import Constraint, Premise, Rule
from exchange.policy.values import Value
from exchange.services.judge_use import offered_policy
from exchange.web.gate import floor
from ledger.acts import format_time

DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a policy: what about, in which relation to which values, and who says so.

    `operand` and `operator` are keys of the table of words.  `part` is the section of the policy
    that the line comes from, and `product` the ancestor where one speaks.  `way` counts from 1
    where any one of several ways will do, and is 0 elsewhere.
    """

    operand: str
    operator: str
    values: tuple[str, ...]
    part: str
    product: str = ""
    way: int = 0


def show_policy(number: str) -> str:
    """Show on what a product is offered before anybody brings a scenario."""
    with floor().read() as work:
        product = work.products.get(number).as_of(floor().clock().date())
        policy = offered_policy(product, work=work, floor=floor())
    return render_template(
        "policy.html",
        product=product,
        on_board=product.listing is ListingState.LISTED,
        policy=policy,
        permitted=[each for rule in policy.permissions for each in lines_of(rule)],
        prohibited=[(rule.action, lines_of(rule)) for rule in policy.prohibitions],
        owed=[(rule.action, lines_of(rule)) for rule in policy.obligations],
    )


def lines_of(rule: Rule) -> list[Said]:
    """Return the lines of a rule; one without constraints holds always."""
    part, product = _origin(rule.uid)
    return list(_lines(rule)) or [Said("", "", (), part, product)]


def _lines(rule: Rule) -> Iterator[Said]:
    for premise in rule.constraints:
        part, product = _origin(premise.uid or rule.uid)
        for each in _within(premise):
            yield replace(each, part=part, product=product)


def _within(premise: Premise) -> Iterator[Said]:
    """Yield the comparisons of one premise; those joined by `and` belong to one way."""
    if isinstance(premise, Constraint):
        values = tuple(map(_word, premise.values))
        yield Said(str(premise.operand), str(premise.operator), values, "")
    elif premise.connective == "and":
        for each in premise.of:
            yield from _within(each)
    else:
        for way, each in enumerate(premise.of, 1):
            yield from (replace(said, way=way) for said in _within(each))


def _word(value: Value) -> str:
    if isinstance(value, dt.timedelta):
        return f"{value // DAY:,}"
    if isinstance(value, dt.datetime):
        return format_time(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _origin(uid: str) -> tuple[str, str]:
    """Return which part of the policy a name stands for, and the ancestor that it names."""
    part, *rest = uid.partition("#")[2].split(".")
    if part == "parents":
        return f"parents.{_field(rest[1:])}", unquote(rest[0])
    return part, ""


def _field(names: Sequence[str]) -> str:
    return "processing" if "processing" in names else "conditions"


def add_to(site: Blueprint) -> None:
    """Route the page."""
    site.get("/products/<number>/policy", endpoint="policy")(show_policy)
