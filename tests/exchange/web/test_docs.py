"""docs/api.md says what is there: its routes, its codes, and its example runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exchange.errors import ExchangeError
from exchange.web.access import ROUTES, Access
from exchange.web.client import Client
from tests.exchange.web.town import HOST, Town

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")


def _routes(town: Town) -> Iterator[tuple[str, str, str, str]]:
    for rule in town.app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1"):
            continue
        path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1"))
        (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        route = ROUTES[rule.endpoint]
        access = f"reader `{route.scope}`" if route.access is Access.READER else str(route.access)
        acts = ", ".join(f"`{kind}`" for kind in route.acts)
        yield method, path, f"{access} ◆" if route.updates else access, acts


def test_the_table_of_routes_is_that_of_the_application(town: Town) -> None:
    row = r"^\| (GET|POST|PATCH|DELETE) \| `([^`]+)` \| ([^|]+) \| ([^|]*?) ?\|$"
    table = re.findall(row, PAGE, flags=re.MULTILINE)
    assert sorted(table) == sorted(_routes(town))


def _codes(kind: type[Any]) -> Iterator[tuple[str, int]]:
    yield kind.code, kind.status
    for child in kind.__subclasses__():
        # Errors of the simulator's own are known where another test has imported it, and no route
        # raises one.
        if not child.__module__.startswith("exchange.simulation."):
            yield from _codes(child)


def test_the_table_of_codes_has_every_code() -> None:
    found: dict[str, int] = {}
    for cell, status in re.findall(r"^\| (`[a-z_`, ]+) \| (\d{3}) \|", PAGE, flags=re.MULTILINE):
        found |= dict.fromkeys(re.findall(r"`(\w+)`", cell), int(status))
    known = dict(_codes(ExchangeError))
    assert known.items() <= found.items()
    assert set(found) - set(known) == {"bad_act", "not_canonical"}


def test_the_example_runs(market: Town) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    # The example opens its own client; here it speaks to the application without a socket.
    example = example.replace("signer=key)", "signer=key, send=send)")
    names: dict[str, Any] = {
        "url": HOST,
        "key": market.keys["harbour"].signing,
        "number": market.product,
        "send": market.send,
    }
    exec(compile(example, "docs/api.md", "exec"), names)  # noqa: S102 - our own page
    assert isinstance(names["client"], Client)
    assert names["lapsed"]["state"] == "lapsed"
    assert names["refusal"] == "illegal_transition"
