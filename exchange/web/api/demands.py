"""Demand: postings, answers, and what matches whom; and which products fit a use."""

from __future__ import annotations

from typing import Any

from exchange.demands import Answer, Demand, Posting
from exchange.matching import Match, Wish
from exchange.records import read_record, to_record
from exchange.services import post_demand
from exchange.services.fit_scenario import Precedent, fit_products, library_of
from exchange.web.acts import openings_of, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.requests import Signed
from exchange.web.api.use_replies import (
    AnswerShape,
    DemandShape,
    FitShape,
    MetShape,
    PostingBody,
    PrecedentShape,
    WholeDemand,
    WishQuery,
)
from exchange.web.gate import floor

demands = Noun("demands")


@demands.read("/demands")
@demands.gives(DemandShape(many=True))
def list_open() -> list[Demand]:
    """List the demands that may be answered, the newest first."""
    with floor().read() as work:
        return post_demand.running_demands(work, floor())


@demands.write("/demands")
@demands.takes(PostingBody)
@demands.gives(DemandShape, 201)
def post(body: dict[str, Any]) -> Demand:
    """Post what is looked for."""
    posting = read_record(Posting, body.pop("posting"), within="posting")
    signed = signed_act(body, None)
    return post_demand.post_demand(signed, openings_of(body), posting, floor=floor())


@demands.read("/demands/<demand_id>")
@demands.gives(WholeDemand)
def get(demand_id: str) -> dict[str, Any]:
    """Return a demand with its answers and the products that come nearest."""
    with floor().read() as work:
        demand = work.demands.get(demand_id)
        return {
            "demand": demand,
            "posting": to_record(post_demand.posting_of(demand, work)),
            "answers": post_demand.answers_to(demand, work),
            "matches": post_demand.supply_for(demand, work=work, floor=floor()),
        }


@demands.write("/demands/<demand_id>/answers")
@demands.takes(Signed)
@demands.gives(AnswerShape, 201)
def answer(body: dict[str, Any], demand_id: str) -> Answer:
    """Answer a demand with a listed product, or with a promise."""
    return post_demand.answer_demand(signed_act(body, f"demand/{demand_id}"), floor=floor())


@demands.write("/demands/<demand_id>/closure")
@demands.takes(Signed)
@demands.gives(DemandShape)
def close(body: dict[str, Any], demand_id: str) -> Demand:
    """Close a demand as met, withdraw it, or remove it."""
    return post_demand.close_demand(signed_act(body, f"demand/{demand_id}"), floor=floor())


@demands.read("/products/<number>/demands")
@demands.gives(MetShape(many=True))
def met(number: str) -> list[dict[str, Any]]:
    """List the open demands that a listed product meets, the best first."""
    with floor().read() as work:
        product = work.products.get(number)
        found = post_demand.demands_met(product, work=work, floor=floor())
    return [{"demand": demand, "match": match} for demand, match in found]


@demands.read("/products/<number>/scenarios")
@demands.gives(PrecedentShape(many=True))
def library(number: str) -> list[Precedent]:
    """List what a product was approved for, without naming anybody."""
    with floor().read() as work:
        return list(library_of(work.products.get(number), work).precedents)


@demands.read("/fit")
@demands.takes(WishQuery, location="query")
@demands.gives(FitShape(many=True))
def fit(query: dict[str, Any]) -> list[Match]:
    """List the listed products that come nearest to a use, the best first."""
    with floor().read() as work:
        return fit_products(wish_of(query), work=work, floor=floor())


def wish_of(query: dict[str, Any]) -> Wish:
    """Return a wish as asked for in a query; raises `BadField` as `read_record`."""
    told = {name: value for name, value in query.items() if value not in (None, "")}
    if "words" in told:
        told["words"] = [told["words"]]
    if "budget" in told:
        told["budget"] = {"minor": told["budget"], "currency": "CNY"}
    return read_record(Wish, told)
