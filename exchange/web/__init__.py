"""The web: an HTTP API and a site over the same services as the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask

from exchange.banking import Banking
from exchange.charging import Charging
from exchange.checking import Checking
from exchange.lapsing import Lapsing
from exchange.publishing import Publishing
from exchange.simulation.jobs import Jobs, Simulating, markets_in, sample_markets
from exchange.venue import Venue
from exchange.web import api, gate, pages
from exchange.web.log import log

__all__ = ["create_app", "serve"]


def create_app(venue: Venue) -> Flask:
    """Build the WSGI application around an open venue.

    The venue is an argument, not a global: tests hand in one over an empty database, and two
    exchanges can be served from one process.
    """
    app = Flask(__name__, static_folder=None)
    app.extensions["venue"] = venue
    app.extensions["simulations"] = Jobs(
        venue.folder / "simulations", lambda: markets_in(*_market_folders(venue))
    )
    app.extensions["checking"] = Checking(lambda: venue.floor, seconds=venue.settings.check_seconds)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider's
    app.json.sort_keys = False  # type: ignore[attr-defined]
    api.register(app)
    app.register_blueprint(pages.site)
    app.register_blueprint(log)
    gate.install(app)
    return app


def _market_folders(venue: Venue) -> list[Path]:
    """Return where markets to simulate are: those of a clone, and the operator's own."""
    return [each for each in (sample_markets(), venue.folder / "markets") if each]


def serve(venue: Venue, host: str, port: int, threads: int) -> None:
    """Serve and publish until stopped: one process, since a log has one publisher; so many threads.

    While it serves it publishes the log and has it witnessed, asks again whether every listing
    stands, charges what is due, asks the bank, checks the money, and plays the simulations that
    were asked for.
    """
    # Nothing but serving needs gunicorn, and gunicorn has no types.
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # noqa: PLC0415

    running: list[Publishing | Lapsing | Charging | Banking | Checking | Simulating] = []

    def stop(_server: object, _worker: object) -> None:
        for each in running:
            each.stop()

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            settings: dict[str, Any] = {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "workers": 1,
                "worker_class": "exchange.web.arriving.ArrivingWorker",
                "threads": threads,
                # With a file each and all others, fewer than the 1,024 files a process may open.
                "worker_connections": 400,
                "control_socket_disable": True,  # nothing of it is used
                "worker_exit": stop,
                "timeout": 120,  # seconds; an inspection of the largest upload takes less
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            # In the worker's own process, since threads do not live through a fork.
            running.append(venue.published.publishing())
            running.append(Lapsing(lambda: venue.floor, seconds=venue.settings.lapse_seconds))
            running.append(Charging(lambda: venue.floor, seconds=venue.settings.lapse_seconds))
            running.append(Banking(lambda: venue.floor, seconds=venue.settings.payment_seconds))
            app = create_app(venue)
            running.append(app.extensions["checking"])
            running.append(Simulating(app.extensions["simulations"]))
            for each in running:
                each.start()
            return app

    venue.close()  # no connection of SQLite may be carried over into the worker's process
    Server().run()
