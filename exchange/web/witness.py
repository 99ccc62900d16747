"""A witness over HTTP: C2SP tlog-witness, for anybody's logs, without an exchange.

``POST /add-checkpoint`` cosigns; ``GET /<SHA-256 of the origin>/checkpoint`` is what a monitor
reads.  What the rules of a witness are, `ledger.witness` says; here are bytes in and out.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any, Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from ledger.witness import REQUEST_MAX, Answer, SplitView, Witness, format_reply

TEXT: Final = "text/plain; charset=utf-8"
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_log = logging.getLogger(__name__)


def create_witness_app(
    witness: Callable[[], Witness], keep: Callable[[SplitView], str] | None = None
) -> Flask:
    """Build the application of a witness.

    `witness` is asked at every request, so that a log that was added is known at once; `keep`
    takes the two notes of a log that contradicted itself and says where they are.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = REQUEST_MAX

    @app.post("/add-checkpoint")
    def add_checkpoint() -> Response:
        answer = witness().add_checkpoint(request.get_data())
        _tell(answer, keep)
        reply = format_reply(answer)
        return Response(reply.body, reply.status, content_type=reply.content_type)

    @app.get("/<origin_hash>/checkpoint")
    def latest(origin_hash: str) -> Response:
        note = witness().latest(origin_hash) if _HASH.fullmatch(origin_hash) else None
        if note is None:
            return Response("no checkpoint of such a log was cosigned\n", 404, content_type=TEXT)
        return Response(note, content_type=TEXT, headers={"Cache-Control": "no-cache"})

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Response:
        # A body over the limit is malformed: the protocol has 400 for it.
        status = 400 if error.code == 413 else error.code or 500
        headers = {k: v for k, v in error.get_headers() if k == "Allow"}
        return Response(f"{error.name}\n", status, content_type=TEXT, headers=headers)

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return app


def _tell(answer: Answer, keep: Callable[[SplitView], str] | None) -> None:
    """Write into the process's log what it answered, and keep what a log said against itself."""
    if answer.evidence:
        where = keep(answer.evidence) if keep else "not kept"
        _log.critical("%s (evidence: %s)", answer.words, where)
    elif answer.status in {409, 422, 503}:
        _log.warning("%d %s", answer.status, answer.words)
    else:
        _log.info("%d %s", answer.status, answer.words)


def serve_witness(app: Flask, host: str, port: int, workers: int) -> None:
    """Serve until stopped; its state is safe with any number of processes."""
    # Nothing but serving needs gunicorn, and gunicorn has no types.
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # noqa: PLC0415

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            settings: dict[str, Any] = {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "workers": workers,
                "worker_class": "exchange.web.arriving.WitnessWorker",
                "threads": 4,
                # With a file each and all others, fewer than the 1,024 files a process may open.
                "worker_connections": 400,
                "control_socket_disable": True,  # nothing of it is used
                "timeout": 30,  # seconds; a request takes milliseconds
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return app

    Server().run()
