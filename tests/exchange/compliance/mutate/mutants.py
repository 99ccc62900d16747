"""Mutants: a function with one node changed, and the means to put it in the function's place."""

from __future__ import annotations

import ast
import copy
import hashlib
import importlib
import inspect
import textwrap
import types
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, Final

from exchange.compliance.catalogue import topics
from exchange.compliance.china import PACK
from exchange.compliance.european import PACK as EUROPEAN

# Of `ledger.meaning`, what stands between a product and the board.
GATE: Final = frozenset(
    {
        *("_outcome_known", "_pack_applied", "_rules_attested", "_no_rule_fired", "_dated_today"),
        *("_attestation_current", "_nobody_refuses", "_ended_attestations", "_verdict_stands"),
        "_listing_stands",
    }
)
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
_JOINED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
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
_ANSWERS: Final = frozenset({"fired", "unknown", "clear"})

Change = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One function with one node changed; `lines` are those on which the node stands.

    `change` tells it from the other mutants of the function and says nothing of where the function
    stands; `source` is a digest of the function as it is.
    """

    module: str
    function: types.FunctionType
    lines: range
    change: str
    source: str
    code: types.CodeType

    @property
    def name(self) -> str:
        """The function and what was changed, as `reviewed.toml` names it."""
        return f"{self.function.__qualname__}: {self.change}"


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


def mutants(name: str) -> Iterator[Mutant]:
    """Yield every mutant of a module's functions, each under a name of its own."""
    module = importlib.import_module(name)
    for function in functions(module):
        if name == "ledger.meaning" and function.__name__ not in GATE:
            continue
        try:
            source = inspect.getsource(function)
        except OSError:  # written by a decorator, such as a dataclass
            continue
        tree = ast.parse(textwrap.dedent(source))
        defined = tree.body[0]
        if not isinstance(defined, ast.FunctionDef):
            continue
        defined.decorator_list = []
        digest = hashlib.sha256(source.encode()).hexdigest()
        above = function.__code__.co_firstlineno - 1
        seen = Counter[str]()
        kept_whole, nodes = _kept_whole(defined), list(ast.walk(defined))
        for place, node in enumerate(nodes):
            if id(node) in kept_whole:
                continue
            for words, change in _changes(node):
                code = _compiled(_put(tree, place, change), function, module)
                if code is None or code == function.__code__:
                    continue
                seen[words] += 1
                again = f" ({seen[words]})" if seen[words] > 1 else ""
                first, last = _stands(node)
                lines = range(above + first, above + last + 1)
                yield Mutant(name, function, lines, words + again, digest, code)


def _stands(node: Any) -> tuple[int, int]:
    """Return the first and the last line of a node; of a comprehension, those of its parts."""
    if isinstance(node, ast.comprehension):
        return node.target.lineno, max(each.end_lineno or 1 for each in (node.iter, *node.ifs))
    return node.lineno, node.end_lineno


def _kept_whole(defined: ast.FunctionDef) -> set[int]:
    """Return what is left alone: a signature, annotations, types, the words of an error."""
    roots: list[ast.AST] = [defined.args, *([defined.returns] if defined.returns else [])]
    for node in ast.walk(defined):
        if isinstance(node, ast.AnnAssign):
            roots.append(node.annotation)
        if isinstance(node, ast.Raise):
            roots += ast.iter_child_nodes(node)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):  # of types
            roots.append(node.slice)
        if isinstance(node, ast.FunctionDef | ast.Lambda) and node is not defined:
            roots.append(node.args)
    return {id(node) for root in roots for node in ast.walk(root)}


def _changes(node: Any) -> Iterator[tuple[str, Change]]:
    yield from _conditions(node)
    yield from _left_out(node)
    yield from _values(node)


def _conditions(node: Any) -> Iterator[tuple[str, Change]]:
    """Yield ways to ask another question: the words for each, and what to put in its place."""
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
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"{ast.unparse(node)}: without not", lambda found: found.operand
    yield from _denied(node)


_PLAIN: Final = ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.NamedExpr


def _denied(node: Any) -> Iterator[tuple[str, Change]]:
    """Yield the opposite of conditions that compare nothing."""
    if isinstance(node, ast.If | ast.IfExp | ast.While) and isinstance(node.test, _PLAIN):

        def deny(found: Any) -> Any:
            found.test = ast.UnaryOp(ast.Not(), found.test)
            return found

        yield f"if {ast.unparse(node.test)}: not", deny
    for place, condition in enumerate(node.ifs if isinstance(node, ast.comprehension) else ()):
        if isinstance(condition, _PLAIN):

            def deny_one(found: Any, place: int = place) -> Any:
                found.ifs[place] = ast.UnaryOp(ast.Not(), found.ifs[place])
                return found

            yield f"if {ast.unparse(condition)}: not", deny_one


def _left_out(node: Any) -> Iterator[tuple[str, Change]]:
    """Yield ways to leave something out."""
    if isinstance(node, ast.BoolOp):
        yield from _without(node, "values", node.values)
    if isinstance(node, ast.comprehension):
        yield from _without(node, "ifs", node.ifs)
    if isinstance(node, ast.Set | ast.Tuple | ast.List) and len(node.elts) > 1:
        if isinstance(getattr(node, "ctx", None), ast.Store):
            return
        yield from _without(node, "elts", node.elts)
    if isinstance(node, ast.Call) and _name(node) not in _ANSWERS:
        # Nothing has a default for what a service works with: each would only raise.
        named = [word for word in node.keywords if word.arg not in {None, "work", "floor"}]
        yield from _without(node, "keywords", named)
    if isinstance(node, ast.Raise):
        yield f"without {_short(node)}", lambda _: ast.Pass()
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom):
        yield f"without {_short(node)}", lambda _: ast.Pass()


def _without(node: Any, field: str, parts: list[Any]) -> Iterator[tuple[str, Change]]:
    for part in parts:
        place = getattr(node, field).index(part)

        def drop(found: Any, place: int = place) -> Any:
            values = getattr(found, field)
            values.pop(place)
            return values[0] if isinstance(found, ast.BoolOp) and len(values) == 1 else found

        yield f"{_short(node)}: without {_short(part)}", drop


def _values(node: Any) -> Iterator[tuple[str, Change]]:
    """Yield ways to come to another value."""
    if isinstance(node, ast.Constant) and type(node.value) in {int, bool}:
        number: Any = node.value
        other_value = not number if isinstance(number, bool) else number + 1
        yield f"{number}: {other_value}", lambda _: ast.Constant(other_value)
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _JOINED:
        other_op = _JOINED[type(node.op)]

        def join(found: Any) -> Any:
            found.op = other_op()
            return found

        yield f"{_short(node)}: {other_op.__name__}", join
    if isinstance(node, ast.Call):
        name = _name(node)
        if name in {"fired", "unknown"}:
            yield f"{_short(node)}: clear()", lambda _: _cleared()
        elif name in _CALLED:

            def call(found: Any, name: str = name) -> Any:
                if isinstance(found.func, ast.Name):
                    found.func.id = _CALLED[name]
                else:
                    found.func.attr = _CALLED[name]
                return found

            yield f"{_short(node)}: {_CALLED[name]}", call
    if (
        isinstance(node, ast.Return)
        and isinstance(node.value, ast.Name)
        and node.value.id.isupper()
    ):
        yield f"{ast.unparse(node)}: clear()", lambda _: ast.Return(_cleared())


def _name(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _short(node: ast.AST) -> str:
    if isinstance(node, ast.comprehension):
        return f"for {ast.unparse(node.target)}"
    words = " ".join(ast.unparse(node).split())
    return words if len(words) <= 60 else words[:59] + "…"


def _cleared() -> Any:
    return ast.parse("clear()", mode="eval").body


def _put(tree: ast.Module, place: int, change: Change) -> ast.Module:
    broken = copy.deepcopy(tree)
    target = list(ast.walk(broken.body[0]))[place]

    class Put(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return change(node) if node is target else self.generic_visit(node)

    body: list[Any] = broken.body
    body[0] = Put().visit(body[0])
    return ast.fix_missing_locations(broken)


def _compiled(
    tree: ast.Module, function: types.FunctionType, module: types.ModuleType
) -> types.CodeType | None:
    free = function.__code__.co_freevars
    if free:  # a closure keeps its cells: it is compiled within a function that has them
        outer: Any = ast.parse(f"def outer({', '.join(free)}):\n    pass")
        outer.body[0].body = [*tree.body]
        tree = ast.fix_missing_locations(outer)
    # A mutant that calls clear() in a module without it raises, and that is noticed.
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
    forget()
    try:
        yield
    finally:
        mutant.function.__code__ = whole
        forget()


def forget() -> None:
    """Empty the caches, in which answers of the whole code stand."""
    topics._spoken.cache_clear()
    topics._standard.cache_clear()
    for pack in (PACK, EUROPEAN):
        for name in set(vars(pack)) - {field.name for field in fields(pack)}:
            del vars(pack)[name]
