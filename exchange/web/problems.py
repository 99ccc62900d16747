"""Every refusal of the web, in one place: RFC 9457 problems, or a page for people.

A problem carries the stable `code` of its error and the ids of the `rules` that spoke.
Nothing of an unexpected error leaves the process but its status; the log has the rest.  What
may be asked for again is answered 503 with the seconds to wait, and is never remembered.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar, Final

import marshmallow as ma
from flask import (
    Flask,
    Response,
    current_app,
    g,
    json,
    make_response,
    render_template,
    request,
)
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from exchange.errors import (
    Busy,
    Conflict,
    ExchangeError,
    NoScenario,
    NotCompliant,
    OffsetDiffers,
    ProviderFailed,
    Refused,
    Unauthenticated,
)
from ledger.errors import LedgerError
from pricing.errors import PricingError

MEDIA_TYPE = "application/problem+json"
# What was not done and may be asked for again, by its code: in which words, and after how many
# seconds.  Others that write are done within a second; a bank that does not answer takes longer.
AGAIN: Final = {
    Busy.code: ("others were changing the same thing; nothing was done: send it again", 1),
    ProviderFailed.code: ("the bank could not be asked; nothing was concluded: ask again", 30),
}
CHALLENGE = 'Bearer realm="guapai"'  # the other way in, a signature, has no challenge of its own


class PreconditionMissing(ExchangeError):
    """A change was asked for without saying which version it changes."""

    code = "precondition_required"
    status = 428


class InFlight(Conflict):
    """The first request with this idempotency key is still being answered."""

    code = "in_flight"


class KeyReused(Refused):
    """The idempotency key was used for another request."""

    code = "key_reused"


class ProblemSchema(ma.Schema):
    """RFC 9457, with the stable code of the error and the rules that spoke."""

    class Meta:
        """Nothing unknown."""

        unknown = ma.RAISE

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True, strict=True)
    detail = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    rules = ma.fields.List(ma.fields.String(), required=True)
    errors = ma.fields.Dict(metadata={"description": "which fields are out of shape, and how"})


class ProblemApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    """A flask-smorest API whose every error is a problem."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_RESPONSE_CONTENT_TYPE: ClassVar[str] = "application/json"

    def _register_responses(self) -> None:
        kept = self.DEFAULT_RESPONSE_CONTENT_TYPE
        type(self).DEFAULT_RESPONSE_CONTENT_TYPE = MEDIA_TYPE
        try:
            super()._register_responses()
        finally:
            type(self).DEFAULT_RESPONSE_CONTENT_TYPE = kept

    def _register_error_handlers(self) -> None:
        register(self._app)


def register(app: Flask) -> None:
    """Answer every error of the application here."""
    app.register_error_handler(HTTPException, _of_http)
    for kind in (ExchangeError, LedgerError, PricingError):
        app.register_error_handler(kind, _of_domain)
    app.register_error_handler(Exception, _of_surprise)


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    data: dict[str, Any] = getattr(error, "data", None) or {}
    response = _answer(
        status,
        code=HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_"),
        detail="the request is not of the shape that the API describes"
        if "messages" in data
        else str(error.description),
        errors=data.get("messages"),
    )
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value  # Allow, Retry-After
    return response


def _of_domain(error: ExchangeError | LedgerError | PricingError) -> Response:
    status = error.status if isinstance(error, ExchangeError) else 422
    if error.code in AGAIN:
        return _of_again(error)
    if status >= 500:
        return _of_surprise(error)
    rules = error.rules if isinstance(error, ExchangeError) else ()
    # These two are decisions of the exchange, on the chain: asking again must not decide anew.
    g.decided = isinstance(error, NotCompliant | NoScenario)
    response = _answer(status, code=error.code, detail=str(error), rules=rules)
    if isinstance(error, Unauthenticated):
        response.headers["WWW-Authenticate"] = CHALLENGE
    if isinstance(error, InFlight):
        response.headers["Retry-After"] = "1"
    if isinstance(error, OffsetDiffers):
        response.headers["Upload-Offset"] = str(error.offset)
    return response


def _of_again(error: ExchangeError | LedgerError | PricingError) -> Response:
    words, seconds = AGAIN[error.code]
    # What the error says may name files of the exchange, which its operator alone needs.
    current_app.logger.warning("%s %s: %s", request.method, request.path, error)
    response = _answer(503, code=error.code, detail=words)
    response.headers["Retry-After"] = str(seconds)
    return response


def _of_surprise(error: Exception) -> Response:
    current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
    code = error.code if isinstance(error, ExchangeError) else "failed"
    return _answer(500, code=code, detail="the exchange could not do it; its log says why")


def _answer(
    status: int,
    *,
    code: str,
    detail: str,
    rules: tuple[str, ...] = (),
    errors: object = None,
) -> Response:
    title = HTTPStatus(status).phrase
    if not request.path.startswith("/api/"):
        return make_response(
            render_template("error.html", status=status, title=title, detail=detail), status
        )
    problem: dict[str, Any] = {
        "type": f"urn:guapai:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "rules": list(rules),
    }
    if errors is not None:
        problem["errors"] = errors
    return Response(json.dumps(problem, ensure_ascii=True), status, content_type=MEDIA_TYPE)
