"""Mutation testing of the gate: every check is broken in every small way, and a test must notice.

    make mutate                      the rules, against the examples and the tests of the review
    make mutate MUTATE=--services    the services and the ledger's rules as well; takes an hour

A mutant is one changed node of one function, put in its place while the process runs: no file is
touched.  Against the examples a mutant takes milliseconds; one that they leave alive meets the
tests in a process of its own.  What survives is printed by name.  Words that are only shown are
left alone: which of them are wrong is for a reader to see.
"""

from __future__ import annotations

import argparse
import ast
import copy
import functools
import importlib
import inspect
import os
import sys
import textwrap
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

from exchange.compliance import Outcome
from exchange.compliance.catalogue import topics
from exchange.compliance.china import PACK
from tests.exchange.compliance.examples import EXAMPLES

CATALOGUE: Final = (
    *("consent", "export", "geography", "grades", "intake", "merits", "operation", "parties"),
    *("personal", "prohibited", "registration", "sources", "topics", "trade"),
)
RULES: Final = (
    *(f"exchange.compliance.catalogue.{name}" for name in CATALOGUE),
    *(f"exchange.compliance.{name}" for name in ("case", "review", "rule", "lapse", "archive")),
)
SERVICES: Final = (
    "exchange.services.list_product",
    "exchange.services.lapse_listings",
    "exchange.services.build_case",
    "ledger.meaning",
)
# Of `ledger.meaning`, what stands between a product and the board.
GATE: Final = frozenset(
    {
        *("_outcome_known", "_pack_applied", "_rules_attested", "_no_rule_fired", "_dated_today"),
        *("_attestation_current", "_nobody_refuses", "_ended_attestations", "_verdict_stands"),
        "_listing_stands",
    }
)
TESTS: Final = {
    RULES: (
        *("tests/exchange/compliance/test_places.py", "tests/exchange/compliance/test_review.py"),
        "tests/exchange/compliance/test_pack.py",
    ),
    SERVICES: (
        *("tests/exchange/services/test_gate.py", "tests/exchange/services/test_listing.py"),
        *("tests/ledger/test_rules.py", "tests/exchange/services/test_refusals.py"),
    ),
}
_COMPARED: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_CALLED: Final = {
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "fired": "clear",
    "unknown": "clear",
    "issuperset": "isdisjoint",
    "isdisjoint": "issuperset",
}


Change = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One function with one node changed."""

    module: str
    function: types.FunctionType
    line: int
    change: str
    code: types.CodeType

    @property
    def name(self) -> str:
        """Where it is and what was changed."""
        return f"{self.module}:{self.line} {self.function.__qualname__}: {self.change}"


def functions(module: types.ModuleType) -> Iterator[types.FunctionType]:
    """Yield the functions and methods that a module defines, what wraps them taken off."""
    found: dict[int, types.FunctionType] = {}
    members = list(vars(module).values())
    for each in list(members):
        if isinstance(each, type) and each.__module__ == module.__name__:
            members += list(vars(each).values())
    for each in members:
        for attribute in ("fget", "func", "__func__", "__wrapped__"):
            each = getattr(each, attribute, each)  # noqa: PLW2901 - each wrapper in turn
        if isinstance(each, types.FunctionType) and each.__module__ == module.__name__:
            found[id(each)] = each
    yield from sorted(found.values(), key=lambda each: each.__code__.co_firstlineno)


def changes(node: Any) -> Iterator[tuple[str, Change]]:  # noqa: C901 - a table
    """Yield small ways to break a node: the words for it, and what to put in its place."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in _COMPARED.get(type(operator), ()):

                def compare(found: Any, place: int = place, other: Any = other) -> Any:
                    found.ops[place] = other()
                    return found

                yield f"{ast.unparse(node)}: {other.__name__}", compare
    if isinstance(node, ast.BoolOp):
        other_op = ast.Or if isinstance(node.op, ast.And) else ast.And

        def join(found: Any) -> Any:
            found.op = other_op()
            return found

        yield f"{ast.unparse(node)}: {other_op.__name__}", join
        for place in range(len(node.values)):

            def drop(found: Any, place: int = place) -> Any:
                found.values.pop(place)
                return found if len(found.values) > 1 else found.values[0]

            yield f"{ast.unparse(node)}: without {ast.unparse(node.values[place])}", drop
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"{ast.unparse(node)}: without not", lambda found: found.operand
    if isinstance(node, ast.Constant) and type(node.value) in {int, bool}:
        number: Any = node.value
        other_value = not number if isinstance(number, bool) else number + 1
        yield f"{number}: {other_value}", lambda _: ast.Constant(other_value)
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if isinstance(node.func, ast.Attribute):
            name = node.func.attr
        if name in {"fired", "unknown"}:
            yield f"{ast.unparse(node)[:40]}: clear()", lambda _: _cleared()
        elif name in _CALLED:

            def call(found: Any, name: str = name) -> Any:
                if isinstance(found.func, ast.Name):
                    found.func.id = _CALLED[name]
                else:
                    found.func.attr = _CALLED[name]
                return found

            yield f"{ast.unparse(node)[:60]}: {_CALLED[name]}", call
    if (
        isinstance(node, ast.Return)
        and isinstance(node.value, ast.Name)
        and node.value.id.isupper()
    ):
        yield (
            f"{ast.unparse(node)}: clear()",
            lambda _: ast.Return(_cleared()),
        )


def _cleared() -> Any:
    return ast.parse("clear()", mode="eval").body


def mutants(module: types.ModuleType) -> Iterator[Mutant]:
    """Yield every mutant of a module's functions."""
    for function in functions(module):
        if module.__name__ == "ledger.meaning" and function.__name__ not in GATE:
            continue
        first = function.__code__.co_firstlineno
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        except (OSError, SyntaxError):
            continue
        defined = tree.body[0]
        assert isinstance(defined, ast.FunctionDef)
        defined.decorator_list = []
        for place, node in enumerate(ast.walk(defined)):
            for words, change in changes(node):
                broken = copy.deepcopy(tree)
                _put(broken, place, change)
                code = _compiled(broken, function, module)
                if code is not None:
                    line = first + getattr(node, "lineno", 1) - 1
                    yield Mutant(module.__name__, function, line, words, code)


def _put(tree: ast.Module, place: int, change: Change) -> None:
    target = list(ast.walk(tree.body[0]))[place]

    class Put(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return change(node) if node is target else self.generic_visit(node)

    body: list[Any] = tree.body
    body[0] = Put().visit(body[0])
    ast.fix_missing_locations(tree)


def _compiled(
    tree: ast.Module, function: types.FunctionType, module: types.ModuleType
) -> types.CodeType | None:
    free = function.__code__.co_freevars
    if free:  # a closure keeps its cells: it is compiled within a function that has them
        outer: Any = ast.parse(f"def outer({', '.join(free)}):\n    pass")
        outer.body[0].body = [*tree.body]
        tree = ast.fix_missing_locations(outer)
    future = 0x1000000  # annotations are not evaluated
    code = compile(tree, module.__file__ or "", "exec", flags=future, dont_inherit=True)
    found = _inner(code, function.__name__)
    return found if found is not None and found.co_freevars == free else None


def _inner(code: types.CodeType, name: str) -> types.CodeType | None:
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            inner = each if each.co_name == name else _inner(each, name)
            if inner is not None:
                return inner
    return None


@contextmanager
def applied(mutant: Mutant) -> Iterator[None]:
    """Put a mutant in its function's place, and take it away again."""
    whole = mutant.function.__code__
    mutant.function.__code__ = mutant.code
    _forget()
    try:
        yield
    finally:
        mutant.function.__code__ = whole
        _forget()


def _forget() -> None:
    """Empty the caches, in which answers of the whole code stand."""
    topics._spoken.cache_clear()
    topics._standard.cache_clear()
    PACK.__dict__.pop("_asked", None)
    PACK.__dict__.pop("_names", None)


@functools.cache
def _asked() -> list[tuple[Any, Any, Outcome]]:
    checks = {rule.id: rule.check for rule in PACK.rules}
    return [
        (checks[identifier], replace(case, pack_digest=PACK.digest), expected)
        for identifier, expected, case in EXAMPLES
    ]


def noticed_by_examples() -> bool:
    """Whether some example has another outcome than it should."""
    for check, case, expected in _asked():
        try:
            if check(replace(case)).outcome is not expected:
                return True
        except Exception:  # noqa: BLE001 - a check that raises is noticed too
            return True
    return False


def noticed_by_tests(mutant: Mutant, tests: tuple[str, ...]) -> bool:
    """Whether a test fails, in a process of its own."""
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        with applied(mutant):
            code = pytest.main(["-x", "-q", "-n", "0", "-p", "no:randomly", *tests])
        os._exit(int(code != pytest.ExitCode.OK))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def survivors(names: tuple[str, ...], *, examples: bool) -> Iterator[tuple[Mutant | None, int]]:
    """Yield what no test notices, then None with the number of all mutants."""
    count = 0
    for name in names:
        for mutant in mutants(importlib.import_module(name)):
            count += 1
            if examples:
                with applied(mutant):
                    if noticed_by_examples():
                        continue
            tests = TESTS[RULES] if examples else TESTS[SERVICES]
            if not noticed_by_tests(mutant, tests):
                yield mutant, count
    yield None, count


def main() -> int:
    """Print the survivors; 1 if there is one that is not known to be equivalent."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--services", action="store_true", help="the services and the ledger too")
    parser.add_argument("--module", help="one module alone")
    parser.add_argument("--examples-only", action="store_true", help="leave the tests out")
    told = parser.parse_args()
    if told.examples_only:
        globals()["noticed_by_tests"] = lambda *_: False
    assert not noticed_by_examples(), "the examples fail before anything is broken"
    alive: list[str] = []
    groups = [(RULES, True)] + ([(SERVICES, False)] if told.services else [])
    for names, examples in groups:
        wanted = tuple(each for each in names if told.module in {None, each})
        for mutant, count in survivors(wanted, examples=examples):
            if mutant is None:
                print(f"{count} mutants of {len(wanted)} modules")  # noqa: T201
            else:
                alive.append(mutant.name)
                print(f"alive: {mutant.name}", flush=True)  # noqa: T201
    print(f"{len(alive)} survive")  # noqa: T201
    return int(bool(alive))


if __name__ == "__main__":
    sys.exit(main())
