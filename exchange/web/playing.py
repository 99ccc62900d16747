"""The simulations of this application, for the API and the pages alike, and who asks for them."""

from __future__ import annotations

from typing import cast

from flask import current_app, g, request

from exchange.participants import Participant
from exchange.simulation.jobs import Jobs


def jobs() -> Jobs:
    """Return the jobs of this application."""
    return cast("Jobs", current_app.extensions["simulations"])


def visitor() -> str:
    """Name who sent the request: the participant who signed it, else the address it came from."""
    signed: Participant | None = g.get("caller")
    return signed.id if signed else f"address {request.remote_addr}"
