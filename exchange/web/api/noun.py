"""A blueprint a noun: flask-smorest with types, strict bodies, and access in the description."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import marshmallow as ma
from apispec import BasePlugin
from flask import Request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.routing import Rule

from exchange.errors import Unreadable
from exchange.web.access import ROUTES, Access, Route

View = TypeVar("View", bound=Callable[..., Any])
ShapeOf = type[ma.Schema] | ma.Schema
Parser: Any = FlaskParser  # typed for requests of its own; ours are the same


class StrictParser(Parser):  # type: ignore[misc]
    """Refuses what a schema does not name, wherever it stands, and JSON that is no JSON."""

    DEFAULT_UNKNOWN_BY_LOCATION: ClassVar[dict[str, str | None]] = {
        "json": None,
        "query": ma.RAISE,
        "headers": ma.EXCLUDE,
        "multipart": ma.RAISE,
    }
    __location_map__: ClassVar[dict[str, str]] = {
        **Parser.__location_map__,
        "multipart": "load_multipart",
    }

    def load_json(self, req: Request, schema: ma.Schema) -> Any:  # noqa: ANN401 - any JSON value
        """Read the body; nesting without end and endless numbers are refused as unreadable."""
        try:
            return super().load_json(req, schema)
        except (RecursionError, ValueError) as error:
            raise Unreadable("the body is not JSON that this API reads") from error

    def load_multipart(self, req: Request, schema: ma.Schema) -> MultiDictProxy:
        """Read form fields and files as one object."""
        return MultiDictProxy(CombinedMultiDict([req.form, req.files]), schema)


class Noun(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """The routes of one noun; a view loads, calls one service and dumps."""

    ARGUMENTS_PARSER = StrictParser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: ClassVar[dict[str, str]] = {
        "json": "application/json",
        "multipart": "multipart/form-data",
    }

    def __init__(self, name: str, *, path: str = "") -> None:
        super().__init__(name, __name__, url_prefix=f"/api/v1{path}")

    def read(self, path: str) -> Callable[[View], View]:
        """Route GET."""
        decorate: Callable[[View], View] = self.route(path, methods=["GET"])
        return decorate

    def write(self, path: str) -> Callable[[View], View]:
        """Route POST."""
        decorate: Callable[[View], View] = self.route(path, methods=["POST"])
        return decorate

    def extend(self, path: str) -> Callable[[View], View]:
        """Route PATCH: a part that is added where the thing stands."""
        decorate: Callable[[View], View] = self.route(path, methods=["PATCH"])
        return decorate

    def remove(self, path: str) -> Callable[[View], View]:
        """Route DELETE."""
        decorate: Callable[[View], View] = self.route(path, methods=["DELETE"])
        return decorate

    def takes(self, shape: ShapeOf, location: str = "json") -> Callable[[View], View]:
        """Load the request's body or query into the view's first argument."""
        decorate: Callable[[View], View] = self.arguments(shape, location=location)
        return decorate

    def takes_bytes(self, media_type: str) -> Callable[[View], View]:
        """Describe a body that is bytes of that type, which the view reads itself."""
        content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
        decorate: Callable[[View], View] = self.doc(
            requestBody={"required": True, "content": content}
        )
        return decorate

    def gives(
        self, shape: ShapeOf | None, status: int = 200, media_type: str | None = None
    ) -> Callable[[View], View]:
        """Dump what the view returns."""
        schema: Any = {"type": "string"} if media_type else shape
        decorate: Callable[[View], View] = self.response(status, schema, content_type=media_type)
        return decorate


SECURITY_SCHEMES = {
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "RFC 9421 with the participant's Ed25519 key and the tag guapai; "
        "see docs/api.md",
    },
    "token": {"type": "http", "scheme": "bearer", "description": "a reader's token, gp_…"},
}
_KEY: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "the same key with the same request gets the same reply for 24 hours",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
_MATCH: dict[str, Any] = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "the ETag of the version that the change is meant for",
    "schema": {"type": "string"},
}


class AccessPlugin(BasePlugin):
    """Writes into the description what `exchange.web.access` says of each route."""

    def operation_helper(
        self,
        path: str | None = None,  # noqa: ARG002 - apispec's signature
        operations: dict[str, Any] | None = None,
        **given: Any,  # noqa: ANN401
    ) -> None:
        """Add headers and security to the operations of one path."""
        rule: Rule = given["rule"]
        for method, operation in (operations or {}).items():
            route = ROUTES[rule.endpoint]
            _describe(operation, route, writes=method == "post")
            operation["operationId"] = rule.endpoint
            if route.acts:
                operation["x-acts"] = list(route.acts)


def _describe(operation: dict[str, Any], route: Route, *, writes: bool) -> None:
    headers = [_KEY] * writes + [_MATCH] * route.updates
    operation["parameters"] = [*operation.get("parameters", []), *headers]
    schemes: dict[Access, list[dict[str, list[str]]]] = {
        Access.PUBLIC: [{}, {"signature": []}, {"token": []}] if route.scope else [],
        Access.READER: [{"signature": []}, {"token": []}],
        Access.SIGNED: [{"signature": []}],
    }
    operation["security"] = schemes[route.access]
