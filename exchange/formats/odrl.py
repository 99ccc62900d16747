"""Policies and compliance reports as JSON-LD and Turtle, in and out.

Whatever graph a document makes is brought into the form of `Policy.to_record` and read by
`exchange.policy.reading`, so that there is one place that refuses.  Nothing is fetched: the context
of ODRL 2.2 stands here, and a document that names another one is refused.  What is said of a policy
in other vocabularies (titles, addresses) is left out; of a rule or a constraint only remarks are.
"""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.namespace import RDF, XSD
from rdflib.plugins.parsers.jsonld import to_rdf
from rdflib.term import Node

from exchange.errors import BadField, Unreadable
from exchange.formats.odrl_context import CONTEXTS, ODRL_CONTEXT
from exchange.policy.policy import DUTIES, Policy
from exchange.policy.reading import DEPTH_MAX, RULES_MAX, read_policy
from exchange.policy.vocabulary import CC, ODRL, OWN, Connective, PolicyType, RuleKind

BYTES_MAX: Final = 262_144  # of one document; an agreement of ours has 5 KB
JSON_LD: Final = "application/ld+json"
TURTLE: Final = "text/turtle"
_PREFIXES: Final = {"": ODRL, "cc:": CC, "guapai:": OWN}
_KINDS: Final = (
    ("permission", RuleKind.PERMISSION),
    ("prohibition", RuleKind.PROHIBITION),
    ("obligation", RuleKind.DUTY),
)
_SHARED: Final[tuple[str, ...]] = ("action", "target", "assigner", "assignee")
# Vocabularies of remarks: they say something about a rule or a constraint and do not bind.
_REMARKS: Final = (
    "http://purl.org/dc/",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2004/02/skos/core#",
)
_KEYWORDS: Final = frozenset({"@id", "@type", "@value", "@list", "@set", "@graph", "@language"})
# What rdflib raises over input that is none: it has no class of errors of its own.
_BROKEN: Final = (
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
)

# rdflib logs a traceback for each ill-typed literal, which `read_value` refuses in one line.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)


def read_json_ld(data: bytes, *, profiles: Collection[str] = ()) -> Policy:
    """Return the one policy of a JSON-LD document, or raise `Unreadable` or `BadField`."""
    try:
        document = json.loads(_bounded(data))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the policy is no JSON: {str(error)[:200]}") from error
    return read_document(document, profiles=profiles)


def read_document(document: Any, *, profiles: Collection[str] = ()) -> Policy:  # noqa: ANN401
    """Return the one policy of a JSON-LD document that was parsed as JSON."""
    graph = Graph(bind_namespaces="none")
    try:
        to_rdf(_local(document), graph, base="urn:guapai:unnamed")
    except BadField:
        raise
    except _BROKEN as error:
        raise Unreadable(f"the policy is no JSON-LD: {str(error)[:200]}") from error
    return read_graph(graph, profiles=profiles)


def read_turtle(data: bytes, *, profiles: Collection[str] = ()) -> Policy:
    """Return the one policy of a Turtle document, or raise `Unreadable` or `BadField`."""
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=_bounded(data).decode(), format="turtle", publicID="urn:guapai:unnamed")
    except _BROKEN as error:
        raise Unreadable(f"the policy is no Turtle: {str(error)[:200]}") from error
    return read_graph(graph, profiles=profiles)


def read_any(data: bytes, *, profiles: Collection[str] = ()) -> Policy:
    """Return the one policy of a document that is JSON-LD if it begins as JSON, else Turtle."""
    reader = read_json_ld if data.lstrip()[:1] in (b"{", b"[") else read_turtle
    return reader(data, profiles=profiles)


def write_json_ld(policy: Policy) -> bytes:
    """Return a policy as the canonical JSON-LD that is stored."""
    return policy.record


def write_turtle(policy: Policy) -> bytes:
    """Return a policy as Turtle, the same bytes each time."""
    return turtle_of(policy.to_record())


def turtle_of(record: Mapping[str, Any]) -> bytes:
    """Return a JSON-LD record of ours as Turtle, the same bytes each time."""
    graph = Graph(bind_namespaces="none")
    for prefix, name in (("odrl", ODRL), ("guapai", OWN), ("xsd", str(XSD))):
        graph.bind(prefix, name)
    to_rdf(_numbered(_local(dict(record)), itertools.count()), graph)
    return graph.serialize(format="turtle", encoding="utf-8")


def _bounded(data: bytes) -> bytes:
    if len(data) > BYTES_MAX:
        raise Unreadable(f"the policy has {len(data)} bytes, at most {BYTES_MAX} are read")
    return data


def _local(document: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a document with the context of ODRL in it, every name in it being understood.

    A name that no context has would be left out of the graph in silence, so it is refused here.
    """
    if isinstance(document, list):
        return [_local(each) for each in document]
    if not isinstance(document, dict):
        raise BadField("policy", "must be an object")
    named = document.get("@context", [])
    contexts = [_context(each) for each in (named if isinstance(named, list) else [named])]
    terms = {term for context in contexts for term in context} | _KEYWORDS
    inner = {name: each for name, each in document.items() if name != "@context"}
    return {"@context": contexts, **_understood(inner, terms, 0)}


def _understood(value: Any, terms: Collection[str], depth: int) -> Any:  # noqa: ANN401 - JSON
    if depth > 64:
        raise BadField("policy", "at most 64 within one another")
    if isinstance(value, list):
        return [_understood(each, terms, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    for name in value:
        if name not in terms and (":" not in name or name.startswith("@")):
            raise BadField(name[:200] or "policy", "is not understood here")
    return {name: _understood(each, terms, depth + 1) for name, each in value.items()}


def _context(value: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a context: that of ODRL, or one that names further terms and changes none of its."""
    if isinstance(value, str):
        if value not in CONTEXTS:
            raise BadField("@context", f"{value[:200]} is not known here, and nothing is fetched")
        return ODRL_CONTEXT
    if not isinstance(value, dict):
        raise BadField("@context", "a name or an object")
    for name, meant in value.items():
        same = name in ODRL_CONTEXT and meant == ODRL_CONTEXT[name]
        if not same and (name in ODRL_CONTEXT or name.startswith("@")):
            raise BadField(f"@context.{name[:200]}", "what ODRL says of a term stays")
        if not isinstance(meant, str) and not _plain(meant):
            raise BadField(f"@context.{name[:200]}", "an IRI, or an object of @id and @type")
    return value


def _plain(meant: Any) -> bool:  # noqa: ANN401 - JSON
    return (
        isinstance(meant, dict)
        and set(meant) <= {"@id", "@type"}
        and all(isinstance(each, str) for each in meant.values())
    )


def _numbered(value: Any, numbers: Iterator[int]) -> Any:  # noqa: ANN401 - JSON
    """Return a record whose unnamed nodes have names in their order, so that it is written so."""
    if isinstance(value, list):
        return [_numbered(each, numbers) for each in value]
    if not isinstance(value, dict) or not set(value).isdisjoint({"@value", "@list"}):
        if isinstance(value, dict) and "@list" in value:
            return {"@list": _numbered(value["@list"], numbers)}
        return value
    named = {"@id", "uid", "@context"} & set(value)
    name = {} if named - {"@context"} else {"@id": f"_:n{next(numbers):05}"}
    inner = {
        key: each if key == "@context" else _numbered(each, numbers) for key, each in value.items()
    }
    return inner | name


# A graph to the record that `read_policy` reads.


def read_graph(graph: Graph, *, profiles: Collection[str] = ()) -> Policy:
    """Return the one policy of a graph, or raise `BadField` with the field and its rule."""
    found = {
        node
        for name in ("Policy", *PolicyType, "Request", "Ticket", "Assertion", "Privacy")
        for node in graph.subjects(RDF.type, URIRef(ODRL + name))
    }
    if len(found) != 1:
        raise BadField("policy", f"one policy is read at a time, there are {len(found)}")
    return read_policy(_Reader(graph).policy(found.pop()), profiles=profiles)


class _Reader:
    """Brings the nodes of a graph into records."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def policy(self, node: Node) -> dict[str, Any]:
        """Return the record of a policy, its rules made atomic."""
        rules = {name for name, _ in _KINDS}
        fields = self._fields(node, "", rules | {"profile", "conflict", *_SHARED}, strict=False)
        types = sorted({_term(each) for each in self.graph.objects(node, RDF.type)})
        kinds = [name for name in types if name != "Policy"] or ["Set"]
        if len(kinds) > 1:
            raise BadField("@type", f"a policy is of one type, not of {', '.join(kinds)}")
        record: dict[str, Any] = {"@type": kinds[0], "uid": _name(node)}
        for name in ("profile", "conflict"):
            if name in fields:
                terms = [_term(each) for each in fields[name]]
                record[name] = terms if name == "profile" else self._single(terms, name)
        shared = {name: fields[name] for name in _SHARED if name in fields}
        for name, kind in _KINDS:
            found = [
                rule
                for index, each in enumerate(_ordered(fields.get(name, [])))
                for rule in self._rules(each, f"{name}.{index}", kind, shared, 0)
            ]
            if found:
                record[name] = found
        return record

    def _rules(
        self,
        node: Node,
        where: str,
        kind: RuleKind,
        shared: Mapping[str, Sequence[Node]],
        depth: int,
    ) -> Iterator[dict[str, Any]]:
        if depth >= DEPTH_MAX:
            raise BadField(where, f"at most {DEPTH_MAX} within one another")
        name = DUTIES[kind]
        known = {*_SHARED, "constraint", name}
        fields = {**shared, **self._fields(node, where, known, strict=True)}
        rule: dict[str, Any] = {}
        if "constraint" in fields:
            rule["constraint"] = self._premises(fields["constraint"], f"{where}.constraint")
        if name in fields:
            # What the policy says for all of its rules is for the rules that it names itself.
            rule[name] = [
                duty
                for index, each in enumerate(_ordered(fields[name]))
                for duty in self._rules(
                    each, f"{where}.{name}.{index}", RuleKind.DUTY, {}, depth + 1
                )
            ]
        choices = {
            key: [self._shared(key, each, f"{where}.{key}") for each in _ordered(fields[key])]
            for key in _SHARED
            if key in fields
        }
        combined = list(itertools.islice(itertools.product(*choices.values()), RULES_MAX + 1))
        if len(combined) > RULES_MAX:
            raise BadField(where, f"at most {RULES_MAX} rules")
        named = {"uid": str(node)} if isinstance(node, URIRef) and len(combined) == 1 else {}
        for each in combined:
            yield rule | named | dict(zip(choices, each, strict=True))

    def _shared(self, key: str, node: Node, where: str) -> Any:  # noqa: ANN401 - JSON
        return self._action(node, where) if key == "action" else self._named(key, node, where)

    def _action(self, node: Node, where: str) -> Any:  # noqa: ANN401 - JSON
        refined = list(self.graph.objects(node, URIRef(ODRL + "refinement")))
        values = list(self.graph.objects(node, RDF.value))
        if not refined and not values:
            return _term(node)
        self._fields(node, where, {"refinement"}, strict=True, also={RDF.value})
        return [
            {
                "rdf:value": {"@id": self._single([_term(each) for each in values], where)},
                "refinement": self._premises(refined, f"{where}.refinement"),
            }
        ]

    def _named(self, key: str, node: Node, where: str) -> Any:  # noqa: ANN401 - JSON
        collection = "AssetCollection" if key == "target" else "PartyCollection"
        aside = {"partOf", "hasPolicy", "assigneeOf", "assignerOf"}
        fields = self._fields(node, where, {"source", "refinement", *aside}, strict=False)
        types = {_term(each) for each in self.graph.objects(node, RDF.type)}
        if collection not in types and not fields.keys() & {"source", "refinement"}:
            return _name(node)
        record: dict[str, Any] = {"@type": collection}
        if isinstance(node, URIRef):
            record["uid"] = str(node)
        if "source" in fields:
            record["source"] = self._single([_name(each) for each in fields["source"]], where)
        if "refinement" in fields:
            record["refinement"] = self._premises(fields["refinement"], f"{where}.refinement")
        return record

    def _premises(self, nodes: Sequence[Node], where: str, depth: int = 0) -> list[dict[str, Any]]:
        if depth >= DEPTH_MAX:
            raise BadField(where, f"at most {DEPTH_MAX} within one another")
        return [
            self._premise(each, f"{where}.{index}", depth)
            for index, each in enumerate(_ordered(nodes))
        ]

    def _premise(self, node: Node, where: str, depth: int) -> dict[str, Any]:
        operands = {"leftOperand", "operator", "rightOperand", "rightOperandReference", "unit"}
        fields = self._fields(node, where, operands | set(Connective), strict=True)
        record: dict[str, Any] = {"uid": str(node)} if isinstance(node, URIRef) else {}
        for joined in Connective:
            if joined in fields:
                inner = self._listed(fields[joined])
                record[str(joined)] = self._premises(inner, f"{where}.{joined}", depth + 1)
        for name in ("leftOperand", "operator"):
            if name in fields:
                terms = [_term(each) for each in fields[name]]
                record[name] = self._single(terms, f"{where}.{name}")
        for name in ("rightOperandReference", "unit"):
            if name in fields:
                texts = [str(each) for each in fields[name]]
                record[name] = self._single(texts, f"{where}.{name}")
        if "rightOperand" in fields:
            record["rightOperand"] = [
                _literal(each) for each in self._listed(fields["rightOperand"])
            ]
        return record

    def _listed(self, nodes: Sequence[Node]) -> list[Node]:
        """Return the members of lists among the nodes, and the nodes that are no list."""
        found: list[Node] = []
        for node in nodes:
            if node == RDF.nil or (node, RDF.first, None) in self.graph:
                found.extend(self._members(node))
            else:
                found.append(node)
        return found

    def _members(self, node: Node) -> Iterator[Node]:
        try:
            yield from RdfList(self.graph, node)
        except ValueError as error:  # it runs in a circle
            raise BadField("policy", "a list that does not end") from error

    def _fields(
        self,
        node: Node,
        where: str,
        known: Collection[str],
        *,
        strict: bool,
        also: Collection[Node] = (),
    ) -> dict[str, list[Node]]:
        """Return what is said of a node in ODRL; what is not known of it is refused.

        `strict` refuses other vocabularies too, but for remarks.
        """
        fields: dict[str, list[Node]] = {}
        for predicate, value in self.graph.predicate_objects(node):
            name = str(predicate)
            if predicate == RDF.type or predicate in also:
                continue
            term = name.removeprefix(ODRL)
            if term == "uid" and value == node:
                continue  # it repeats the name of the node
            if name.startswith(ODRL) and term in known:
                fields.setdefault(term, []).append(value)
            elif name.startswith(ODRL) or (strict and not name.startswith(_REMARKS)):
                raise BadField(f"{where}.{term}".lstrip("."), "is not understood here")
        return fields

    @staticmethod
    def _single(values: Sequence[str], where: str) -> str:
        if len(set(values)) != 1:
            raise BadField(where, f"one value, there are {len(set(values))}")
        return values[0]


def _ordered(nodes: Sequence[Node]) -> list[Node]:
    return sorted(nodes, key=str)


def _term(node: Node) -> str:
    name = str(node)
    for prefix, namespace in _PREFIXES.items():
        if name.startswith(namespace):
            return prefix + name.removeprefix(namespace)
    return name


def _name(node: Node) -> str:
    return "" if isinstance(node, BNode) else str(node)


def _literal(node: Node) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(node, Literal):
        return {"@id": str(node)}
    if node.language:
        return {"@value": str(node), "@language": node.language}
    if node.datatype is None or node.datatype == XSD.string:
        return str(node)
    return {"@value": str(node), "@type": str(node.datatype)}
