"""The pages of the simulator: choose a market, see how far it is, see what came of it.

Starting one changes nothing of the exchange's: market, seed and days name a job, so the same asked
twice is the same job.  A page of a job that is not over asks the browser to come again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from exchange.errors import ExchangeError
from exchange.simulation.jobs import DAYS_MAX, SEED_MAX, Job
from exchange.web.gate import venue
from exchange.web.playing import jobs, visitor

AGAIN_SECONDS: Final = 2
_NUMBER_MAX: Final = 20  # characters of a number that is sent


def add_to(site: Blueprint, language: Callable[[], str]) -> None:
    """Add the pages to the site."""

    def show() -> str:
        return _form({"market": next(iter(jobs().markets), "")}, language())

    def asked() -> str | Answer:
        """Start what was asked for and go to its page; a form that is wrong comes back."""
        sent = {name: request.form.get(name, "") for name in ("market", "seed", "days")}
        numbers = {
            name: int(sent[name])
            for name in ("seed", "days")
            if sent[name].isdecimal() and len(sent[name]) <= _NUMBER_MAX
        }
        lang = language()
        days = numbers.get("days", -1) if sent["days"].strip() else None
        try:
            job = jobs().ask(sent["market"], numbers.get("seed", -1), days, by=visitor())
        except ExchangeError as error:
            return _form(sent, lang, error=str(error))
        return redirect(url_for("pages.simulation", job=job.id, lang=lang), code=303)

    def one(job: str) -> Response:
        """Show a job; the browser comes again until it is over."""
        found = jobs().get(job)
        response = make_response(
            render_template("simulation.html", job=found, title=_title(found, language()))
        )
        if not found.over:
            response.headers["Refresh"] = str(AGAIN_SECONDS)
        response.headers["Cache-Control"] = "no-store"
        return response

    def report(job: str) -> Response:
        """Return the report of a job that is done."""
        return Response(jobs().report(job, language()), content_type="text/html; charset=utf-8")

    site.get("/simulate", endpoint="simulate")(show)
    site.post("/simulate", endpoint="simulate_asked")(asked)
    site.get("/simulate/<job>", endpoint="simulation")(one)
    site.get("/simulate/<job>/report", endpoint="simulation_report")(report)


def _form(sent: dict[str, Any], lang: str, *, error: str = "") -> str:
    markets = jobs().markets
    return render_template(
        "simulate.html",
        markets=[
            (name, each, each.title[_tag(lang)], each.about[_tag(lang)])
            for name, each in markets.items()
        ],
        sent=sent,
        error=error,
        open=venue().settings.open_simulator,
        jobs=[(job, _title(job, lang)) for job in jobs().all()],
        days_max=DAYS_MAX,
        seed_max=SEED_MAX,
    )


def _title(job: Job, lang: str) -> str:
    market = jobs().markets.get(job.market)
    return market.title[_tag(lang)] if market else job.market


def _tag(lang: str) -> Any:  # noqa: ANN401 - one of the two languages, which a title has
    return lang
