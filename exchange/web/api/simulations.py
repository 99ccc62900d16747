"""Simulated markets as jobs: what may be played, what is, and the reports of what was."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response

from exchange.simulation.jobs import Job
from exchange.web.api.noun import Noun
from exchange.web.playing import jobs, visitor

simulations = Noun("simulations", path="/simulations")


class SimulationAsked(ma.Schema):
    """A market of those that may be played, and how."""

    market = ma.fields.String(required=True, validate=ma.validate.Length(1, 100))
    seed = ma.fields.Integer(required=True, strict=True)
    days = ma.fields.Integer(strict=True, metadata={"description": "else the market's own"})


class SimulationShape(ma.Schema):
    """One job; `day` counts the days that are played, `why` says what failed."""

    id = ma.fields.String(required=True)
    market = ma.fields.String(required=True)
    seed = ma.fields.Integer(required=True)
    days = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    day = ma.fields.Integer(required=True)
    trades = ma.fields.Integer(required=True)
    why = ma.fields.String(required=True)


class MarketShape(ma.Schema):
    """One market that may be played."""

    name = ma.fields.String(required=True)
    title = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    days = ma.fields.Integer(required=True)
    seed = ma.fields.Integer(required=True)


@simulations.read("/markets")
@simulations.gives(MarketShape(many=True))
def list_markets() -> list[dict[str, Any]]:
    """List the markets that may be played here, with their own seed and days."""
    return [
        {"name": name, "title": dict(each.title), "days": each.days, "seed": each.seed}
        for name, each in jobs().markets.items()
    ]


@simulations.read("")
@simulations.gives(SimulationShape(many=True))
def list_all() -> list[Job]:
    """List the jobs, the newest first."""
    return jobs().all()


@simulations.write("")
@simulations.takes(SimulationAsked)
@simulations.gives(SimulationShape, 201)
def start(body: dict[str, Any]) -> Job:
    """Have a market played, or return the job that plays or played the same."""
    return jobs().ask(body["market"], body["seed"], body.get("days"), by=visitor())


@simulations.read("/<job>")
@simulations.gives(SimulationShape)
def get(job: str) -> Job:
    """Return a job and how far it is."""
    return jobs().get(job)


@simulations.read("/<job>/report")
@simulations.gives(None, media_type="text/html")
def report(job: str) -> Response:
    """Return the report of a job that is done, in Chinese and English."""
    return Response(jobs().report(job), content_type="text/html; charset=utf-8")
