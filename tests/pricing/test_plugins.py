from __future__ import annotations

import ast
import logging
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import pricing
from pricing import plugins
from pricing.engines.cost import CostApproach
from pricing.errors import UnknownPlugin
from tests.pricing.conftest import Register
from tests.pricing.strangers import WhimsicalPrice

STRATEGIES = ("learned-price", "list-price", "posterior-quantile")


def test_built_ins_register_as_strangers_do() -> None:
    appraisers = ("cost", "income", "index", "market", "public-cap")
    assert plugins.names("appraisers") == appraisers
    assert plugins.names("strategies") == STRATEGIES
    assert plugins.names("estimators") == ("comparables-kernel", "hedonic")
    assert set(plugins.names("allocators")) >= {"by-rows", "fixed", "shapley"}
    source = plugins.registered("appraisers", "cost")
    assert (source.distribution, source.version) == ("guapai", version("guapai"))
    assert plugins.load("appraisers", "cost") is CostApproach


def test_an_unknown_name_is_told_what_there_is() -> None:
    with pytest.raises(UnknownPlugin, match="by-rows, fixed"):
        plugins.load("allocators", "equal")
    with pytest.raises(UnknownPlugin, match="available: none"):
        plugins.load("oracles", "delphi")


def test_a_stranger_stands_beside_the_built_ins(register: Register) -> None:
    register("strategies", bid="tests.pricing.strangers:WhimsicalPrice")
    assert plugins.names("strategies") == ("bid", *STRATEGIES)
    assert plugins.load("strategies", "bid") is WhimsicalPrice


@pytest.mark.parametrize(
    "value",
    [
        "tests.pricing.no_such_module:Price",
        "tests.pricing.strangers:NoSuchPrice",
        "tests.pricing.strangers:NoDataclass",
        "tests.pricing.strangers:WHIM",
    ],
)
def test_a_plugin_that_cannot_be_used_is_absent_and_the_log_says_so(
    register: Register, caplog: pytest.LogCaptureFixture, value: str
) -> None:
    register("strategies", broken=value)
    with caplog.at_level(logging.WARNING):
        assert plugins.names("strategies") == STRATEGIES
    (said,) = caplog.messages
    assert said.startswith("pricing.strategies 'broken' is absent")


def test_a_name_that_two_claim_is_nobodys(
    register: Register, caplog: pytest.LogCaptureFixture
) -> None:
    register("strategies", **{"list-price": "tests.pricing.strangers:WhimsicalPrice"})
    with caplog.at_level(logging.WARNING), pytest.raises(UnknownPlugin):
        plugins.load("strategies", "list-price")
    assert "claimed more than once" in caplog.text


def test_pricing_imports_the_standard_library_and_numpy_and_draws_with_matplotlib() -> None:
    always = sys.stdlib_module_names | {"pricing", "numpy"}
    for source in Path(pricing.__path__[0]).rglob("*.py"):
        allowed = always | ({"matplotlib"} if source.parent.name == "figures" else set())
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or "pricing"]
            assert {module.split(".")[0] for module in modules} <= allowed, source
