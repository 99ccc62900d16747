"""The gate: what happens to every request before its view, and to every response after it.

In: the route's row in `access`, the size limit, who is there, the nonce, the idempotency key.
Out: the reply is stored or its claim given back, the ETag, the security headers.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from typing import Final, cast

from flask import Flask, Response, current_app, g, request

from exchange.checking import Checking
from exchange.errors import BadField, Forbidden, NotFound, Unauthenticated, Unreadable
from exchange.participants import Participant, Role, Standing
from exchange.ports import Floor, Wait
from exchange.registration import Product
from exchange.requests import Claim, Memory, Reply
from exchange.simulation.report.page import POLICY
from exchange.venue import COMMITTED, Committed, Venue
from exchange.web import auth
from exchange.web.access import ROUTES, Access, Route, Scope
from exchange.web.problems import InFlight, KeyReused, PreconditionMissing

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FORM_PAGES: Final = frozenset(
    {
        *("pages.board", "pages.fit", "pages.verify", "pages.verify_sent"),
        *("pages.simulate", "pages.simulate_asked"),
    }
)
FORM_POLICY: Final = SECURITY_HEADERS["Content-Security-Policy"].replace(
    "form-action 'none'", "form-action 'self'"
)
# matplotlib says in every element how it is drawn.
FIGURE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
# A report says in its head what it allows: the same, and no frame around it.
REPORT_POLICY: Final = f"{POLICY}; frame-ancestors 'none'"
_REPORTS: Final = frozenset({"pages.simulation_report", "simulations.report"})
_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
JUDGES: Final = frozenset(
    {Role.OPERATOR, Role.REVIEWER, Role.COMPLIANCE_ASSESSOR, Role.QUALITY_EXPERT}
)
_ANYBODY: Final = "applicant"  # owner of the replies to those who are not participants yet


def install(app: Flask) -> None:
    """Stand at the door of an application whose routes are all in `ROUTES`."""
    unlisted = {rule.endpoint for rule in app.url_map.iter_rules()} ^ set(ROUTES)
    if unlisted:
        words = f"routes and exchange.web.access differ: {', '.join(sorted(unlisted))}"
        raise RuntimeError(words)
    app.before_request(_come_in)
    app.after_request(_go_out)


def venue() -> Venue:
    """Return the venue of this application."""
    return cast("Venue", current_app.extensions["venue"])


def checking() -> Checking:
    """Return the job that checks the money of this application's venue."""
    return cast("Checking", current_app.extensions["checking"])


def floor() -> Floor:
    """Return the floor of this application's venue, waiting as the request asks for."""
    wait = request.headers.get("Guapai-Wait")
    if wait is None:
        return venue().floor
    try:
        return venue().floor_waiting(Wait(wait))
    except ValueError as error:
        raise BadField("Guapai-Wait", f"one of {', '.join(Wait)}") from error


def caller() -> Participant:
    """Return who sent the request, or raise `Unauthenticated`."""
    found: Participant | None = g.get("caller")
    if found is None:
        raise Unauthenticated("nobody has signed the request")
    return found


def shows_values(product: Product) -> bool:
    """Whether the caller is told what a product's data says before it is listed, if anybody called.

    That are its supplier, and those who judge it while they are in good standing.
    """
    found: Participant | None = g.get("caller")
    if found is None:
        return False
    judging = found.standing is Standing.ADMITTED and not found.roles.isdisjoint(JUDGES)
    return found.id == product.supplier or judging


def is_party(*participants: str) -> bool:
    """Whether the caller is one of these participants, or the operator."""
    return caller().id in {*participants, floor().house.operator}


def _come_in() -> Response | None:
    COMMITTED.set(Committed())  # also where nothing is found: a thread answers one after another
    if request.endpoint is None:
        return None  # not found, or not with this method
    # Nothing is called so, and PostgreSQL does not even take the question.
    if any("\0" in str(value) for value in (request.view_args or {}).values()):
        raise NotFound("nothing has a NUL character in its address")
    route = ROUTES[request.endpoint]
    request.max_content_length = route.body_max
    now = int(time.time())
    signature = _identify(route, now)
    if request.method != "POST" or route.form:
        if signature:
            with venue().memory(writing=True) as memory:
                _remember(memory, signature, now)
        return None
    claim = _claim(signature)
    if route.updates and not request.if_match:
        raise PreconditionMissing("If-Match: say which version the change is meant for")
    with venue().memory(writing=True) as memory:
        if signature:
            _remember(memory, signature, now)
        reply = memory.claim_reply(claim, now=now)
    if reply is None:
        g.claim = claim
        return None
    return _replayed(reply, claim)


def _identify(route: Route, now: int) -> auth.Signature | None:
    """Set `g.caller` by the route's row, or raise; return the signature if there is one."""
    g.caller = None
    unknown = not {"Authorization", "Signature"} & set(request.headers.keys())
    if route.access is Access.PUBLIC and (route.scope is None or unknown):
        return None
    if getattr(venue().settings, route.opened_by or "", False):
        return None
    if route.scope and "Authorization" in request.headers:
        header = request.headers["Authorization"]
        try:
            g.caller = auth.read_token(header, route.scope, venue=venue(), now=now)
        except Forbidden:
            if route.access is not Access.PUBLIC:
                raise
            return None  # a token of another scope reads what everybody does
        signature = None
    else:
        signature = auth.verify(request, floor=floor())
        g.caller = signature.by
    if route.scope is not Scope.OWN:  # whoever is suspended still reads what is its own
        g.caller.require()
    return signature


def _remember(memory: Memory, signature: auth.Signature, now: int) -> None:
    memory.remember_nonce(signature.by.id, signature.nonce, expires=signature.expires, now=now)


def _claim(signature: auth.Signature | None) -> Claim:
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise Unreadable("Idempotency-Key: every POST needs one, such as a UUID")
    if not _KEY.fullmatch(key):
        raise BadField("Idempotency-Key", "1 to 255 visible characters")
    content = hashlib.sha256(request.get_data()).hexdigest()
    line = f"{request.method}\n{request.full_path}\n{content}"
    owner = signature.by.id if signature else _ANYBODY
    return Claim(owner, key, hashlib.sha256(line.encode()).hexdigest())


def _replayed(reply: Reply, claim: Claim) -> Response:
    if reply.request != claim.request:
        raise KeyReused("Idempotency-Key: it was used for another request")
    if reply.status == 0:
        raise InFlight("Idempotency-Key: the first request with it is still being answered")
    response = Response(reply.body, reply.status, content_type=reply.media_type)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _go_out(response: Response) -> Response:
    claim: Claim | None = g.pop("claim", None)
    if claim:
        _settle(claim, response)
    if response.is_json and response.status_code < 300:
        _tag(response)
    if (committed := COMMITTED.get()) and committed.leaves:
        response.headers["Guapai-Reached"] = committed.reached
        if note := venue().receipt(committed.leaves):
            response.headers["Ledger-Receipt"] = base64.b64encode(note).decode()
    for name, value in SECURITY_HEADERS.items():
        response.headers[name] = value
    response.headers["Content-Security-Policy"] = _policy(response)
    if request.path.startswith("/api/"):
        response.headers["Cache-Control"] = "no-store" if g.get("caller") else "no-cache"
    elif request.blueprint == "log":
        pass  # its files say themselves how long they hold
    else:
        response.vary.add("Accept-Language")
    return response


def _policy(response: Response) -> str:
    """Return what a browser may do with a response."""
    if request.endpoint in FORM_PAGES:
        return FORM_POLICY
    if request.endpoint == "pages.price_figure" and response.status_code == 200:
        return FIGURE_POLICY
    if request.endpoint in _REPORTS and response.status_code == 200:
        return REPORT_POLICY
    return SECURITY_HEADERS["Content-Security-Policy"]


def _settle(claim: Claim, response: Response) -> None:
    secret = ROUTES[request.endpoint or ""].secret
    with venue().memory(writing=True) as memory:
        if not secret and (response.status_code < 300 or g.get("decided")):
            memory.store_reply(
                claim,
                status=response.status_code,
                media_type=response.headers["Content-Type"],
                body=response.get_data(),
            )
        else:
            memory.release_claim(claim)


def _tag(response: Response) -> None:
    """Make the head that a reply shows its ETag, so that a replayed reply has it too."""
    body = response.get_json()
    if isinstance(body, dict) and isinstance(body.get("head"), str):
        response.set_etag(body["head"])
        response.make_conditional(request.environ)
