"""The simulations of this application, for the API and the pages alike."""

from __future__ import annotations

from typing import cast

from flask import current_app

from exchange.simulation.jobs import Jobs


def jobs() -> Jobs:
    """Return the jobs of this application."""
    return cast("Jobs", current_app.extensions["simulations"])
