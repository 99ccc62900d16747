"""The description is valid OpenAPI 3.1, and what it describes never falls over."""

from __future__ import annotations

import atexit
import io
import itertools
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
)

from exchange.web.access import ROUTES, Access
from exchange.web.client import PART_TYPE, Request, sign
from tests.exchange.web.town import HOST, Town, listed

API_ENDPOINTS = {name for name in ROUTES if not name.startswith(("pages.", "api-docs.", "log."))}


SIGNED_HEADERS = {
    "HTTP_IDEMPOTENCY_KEY",
    "HTTP_IF_MATCH",
    "HTTP_UPLOAD_LENGTH",
    "HTTP_UPLOAD_OFFSET",
    "CONTENT_TYPE",
}


class Signing:
    """An application before the application: it signs whatever comes, as the operator."""

    def __init__(self, town: Town) -> None:
        self.app = town.app
        self.keys = town.keys["house"].signing
        self.numbers = itertools.count()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        number = f"{next(self.numbers):032x}"
        environ["HTTP_HOST"] = "exchange.example"
        if environ["REQUEST_METHOD"] == "POST":
            environ["HTTP_IDEMPOTENCY_KEY"] = number
        headers = {
            name.removeprefix("HTTP_").replace("_", "-"): value
            for name, value in environ.items()
            if name in SIGNED_HEADERS and value
        }
        raw = environ.get("RAW_URI") or environ["PATH_INFO"]
        request = Request(environ["REQUEST_METHOD"], HOST + raw, headers, body)
        try:
            sign(request, "house", self.keys, nonce=number)
        except Exception:  # noqa: BLE001 - what cannot be signed goes on unsigned
            request.headers = {}
        for name in ("Signature", "Signature-Input", "Content-Digest"):
            if name in request.headers:
                environ[f"HTTP_{name.upper().replace('-', '_')}"] = request.headers[name]
        environ["wsgi.input"] = io.BytesIO(body)
        return self.app.wsgi_app(environ, start_response)


schemathesis.serializer.alias(PART_TYPE, "application/octet-stream")
_FOLDER = Path(tempfile.mkdtemp(prefix="guapai-schemathesis-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
_TOWN = listed().copied(_FOLDER / "exchange")
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", Signing(_TOWN))
schema.config.phases.coverage.enabled = False  # 3,000 requests more: half a minute


@schema.parametrize()
@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_nothing_that_can_be_sent_makes_it_fail(case: Any) -> None:
    case.call_and_validate(
        checks=[
            not_a_server_error,
            content_type_conformance,
            response_schema_conformance,
            unsupported_method,
        ]
    )


@pytest.fixture
def described(town: Town) -> dict[str, Any]:
    found: dict[str, Any] = town.client().get("/openapi.json").json
    return found


def test_what_takes_an_act_says_of_what_kind(described: dict[str, Any]) -> None:
    lapse = described["paths"]["/api/v1/trades/{trade_id}/lapse"]["post"]
    assert lapse["x-acts"] == ["trade.lapsed"]


def test_it_is_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    assert not list(OpenAPIV31SpecValidator(described).iter_errors())


def test_every_operation_says_who_may_and_what_it_needs(described: dict[str, Any]) -> None:
    operations = [
        (method, operation)
        for path in described["paths"].values()
        for method, operation in path.items()
        if method in {"get", "post", "patch", "delete"}
    ]
    assert {operation["operationId"] for _, operation in operations} == API_ENDPOINTS
    for method, operation in operations:
        route = ROUTES[operation["operationId"]]
        headers = {
            parameter["name"]
            for parameter in operation["parameters"]
            if parameter.get("in") == "header"
        }
        assert ("Idempotency-Key" in headers) == (method == "post")
        assert ("If-Match" in headers) == route.updates
        keyless = not operation["security"] or {} in operation["security"]
        assert keyless == (route.access is Access.PUBLIC)
        assert ({"token": []} in operation["security"]) == (route.scope is not None)
        assert operation["summary"]


def test_errors_are_described_as_problems(described: dict[str, Any]) -> None:
    default = described["components"]["responses"]["DEFAULT_ERROR"]
    assert set(default["content"]) == {"application/problem+json"}


def test_nothing_unknown_is_allowed_in_a_body(described: dict[str, Any]) -> None:
    for name, shape in described["components"]["schemas"].items():
        assert shape["additionalProperties"] is False, name
