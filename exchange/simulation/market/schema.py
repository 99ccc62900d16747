"""The JSON Schema of a market file, from the very types that the reader holds it to.

An editor that knows it completes names and marks what breaks a bound while the file is written;
samples/markets/market.schema.json is this schema.  What fields may not be together, which plug-ins
are installed and what parameters they take, the reader alone can say.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from exchange.simulation.market import Market

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_ID: Final = "urn:guapai:market:1"


@functools.cache
def json_schema() -> Mapping[str, Any]:
    """Return the JSON Schema (2020-12) of a market file; it allows no key that is not named."""
    made = TypeAdapter(Market).json_schema(mode="validation")
    _close(made)
    return {"$schema": DIALECT, "$id": SCHEMA_ID, **made}


def _close(schema: Any) -> None:  # noqa: ANN401 - any part of a schema
    if isinstance(schema, dict):
        if isinstance(schema.get("title"), str):
            del schema["title"]  # the name of the field once more
        schema.pop("discriminator", None)  # of OpenAPI, not of JSON Schema
        if "patternProperties" in schema:
            schema["additionalProperties"] = False
        for part in schema.values():
            _close(part)
    elif isinstance(schema, list):
        for part in schema:
            _close(part)
