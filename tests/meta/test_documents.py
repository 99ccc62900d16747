from __future__ import annotations

import dataclasses
import enum
import importlib
import pkgutil
import re
import tomllib
import typing
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import exchange
import exchange.errors
from exchange import (
    amendments,
    auctions,
    bids,
    clearing,
    deals,
    delivery,
    demands,
    disputes,
    documents,
    engagements,
    listing,
    negotiation,
    participants,
    registration,
    scenarios,
    subscriptions,
    trading,
)
from exchange.clearing import cycles, transfers, withdrawals
from exchange.errors import ExchangeError, Refused
from exchange.settings import SETTING_TYPES, Settings
from exchange.specsheet import SpecSheet
from ledger.errors import LedgerError
from ledger.kinds import KINDS
from pricing.errors import PricingError
from tests.meta.sources import PACKAGES, ROOT, modules

DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of every row of every table, backticks taken off."""
    for line in text.splitlines():
        if line.startswith("| ") and not set(line) <= set("|-: "):
            yield [cell.strip().strip("`") for cell in line.strip().strip("|").split(" | ")]


# Settings.


def test_every_setting_has_a_row_with_its_type_and_its_default() -> None:
    house = Settings()
    expected = {
        name: (kind.__name__, str(getattr(house, name))) for name, kind in SETTING_TYPES.items()
    }
    found = {row[0]: (row[1], row[2]) for row in rows(page("settings.md")) if len(row) == 5}
    found.pop("setting")
    assert found == expected


def test_every_environment_variable_has_a_row() -> None:
    code = [*modules(), ROOT / "tests" / "conftest.py"]
    used = {
        name
        for path in code
        for name in re.findall(r"GUAPAI_[A-Z]+(?:_[A-Z]+)*", path.read_text(encoding="utf-8"))
    }
    listed = {row[0] for row in rows(page("settings.md")) if row[0].startswith("GUAPAI_")}
    assert used == listed


# Plug-ins.


def test_every_group_of_plug_ins_has_a_row_with_what_is_built_in() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {name: sorted(points) for name, points in project["entry-points"].items()}
    listed = {
        row[0]: sorted(re.findall(r"[a-z][a-z0-9-]*", row[2]))
        for row in rows(page("plugins.md"))
        if "." in row[0] and len(row) == 5
    }
    assert listed == groups


# Errors.


def _below(kind: Any) -> Iterator[Any]:
    yield kind
    for each in kind.__subclasses__():
        yield from _below(each)


def errors() -> dict[str, tuple[str, int, int]]:
    """Return every error of the project: its code, exit code and HTTP status."""
    for module in pkgutil.walk_packages(exchange.__path__, "exchange."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    found = {
        each.__name__: (each.code, each.exit_code, each.status) for each in _below(ExchangeError)
    }
    for each in _below(LedgerError):
        name = f"ledger.{each.__name__}" if each.__name__ in found else each.__name__
        found[name] = (each.code, 1, 422)
    for each in _below(PricingError):
        found[each.__name__] = (each.code, Refused.exit_code, 422)
    return found


def test_every_error_has_a_row_with_code_exit_code_and_status() -> None:
    listed = {
        row[0]: (row[1], int(row[2]), int(row[3]))
        for row in rows(page("errors.md"))
        if len(row) == 5 and row[2].isdigit()
    }
    assert listed == errors()


def test_no_two_errors_share_a_code() -> None:
    """One exception: a bundle that cannot be read is unreadable as any input is."""
    counted = Counter(code for code, _, _ in errors().values())
    assert {code for code, times in counted.items() if times > 1} == {"unreadable"}


def test_the_tree_drawn_in_the_module_is_that_of_the_classes() -> None:
    drawn = re.findall(
        r"([A-Z]\w+) +([a-z_]+) +(\d) +(\d{3})\b", exchange.errors.__doc__ or "", re.ASCII
    )
    own = [each for each in _below(ExchangeError) if each.__module__ == "exchange.errors"]
    assert {
        (name, code, int(exit_code), int(status)) for name, code, exit_code, status in drawn
    } == {(each.__name__, each.code, each.exit_code, each.status) for each in own}


# Lifecycles.

MACHINES: dict[str, Mapping[Any, frozenset[Any]]] = {
    "Participants": participants.TRANSITIONS,
    "Registration": registration.TRANSITIONS,
    "Listing": listing.TRANSITIONS,
    "Scenarios": scenarios.TRANSITIONS,
    "Demand": demands.TRANSITIONS,
    "Trade": trading.TRANSITIONS,
    "Delivery": delivery.TRANSITIONS,
    "Escrow": clearing.TRANSITIONS,
    "Disputes over a trade": disputes.TRANSITIONS,
    "Amendments": amendments.TRANSITIONS,
    "Transfers that wait": transfers.TRANSITIONS,
    "Subscriptions": subscriptions.TRANSITIONS,
    "Withdrawals": withdrawals.TRANSITIONS,
    "Engagements": engagements.TRANSITIONS,
    "Deals off the exchange": deals.TRANSITIONS,
    "Obligations": cycles.TRANSITIONS,
    "Documents": documents.TRANSITIONS,
    "Negotiations": negotiation.TRANSITIONS,
    "Auctions": auctions.TRANSITIONS,
    "Bids": bids.TRANSITIONS,
}


def drawing(title: str) -> str:
    found = re.search(
        rf"^## {title}\b.*?^```mermaid\n(.*?)^```", page("lifecycles.md"), re.MULTILINE | re.DOTALL
    )
    assert found, f"docs/lifecycles.md draws no {title}"
    return found[1]


def arrows(title: str) -> list[tuple[str, str]]:
    found = re.findall(r"^ *(\[\*\]|\w+) --> (\[\*\]|\w+)", drawing(title), re.MULTILINE)
    return [(start.replace("_", "-"), end.replace("_", "-")) for start, end in found]


@pytest.mark.parametrize("title", MACHINES)
def test_a_lifecycle_is_drawn_exactly_as_its_table_has_it(title: str) -> None:
    table = MACHINES[title]
    drawn = arrows(title)
    assert len(set(drawn)) == len(drawn)
    assert {arrow for arrow in drawn if "[*]" not in arrow} == {
        (str(state), str(after)) for state, following in table.items() for after in following
    }
    ends = {start for start, end in drawn if end == "[*]"}
    assert ends == {str(state) for state, following in table.items() if not following}
    begins = [end for start, end in drawn if start == "[*]"]
    assert begins == [str(next(iter(table)))]


@pytest.mark.parametrize("title", MACHINES)
def test_a_step_is_labelled_with_the_entry_that_takes_it(title: str) -> None:
    labels = re.findall(r"--> \w+ : ([\w.]+)", drawing(title))
    assert labels
    assert set(labels) <= set(KINDS)


def test_every_table_of_transitions_is_drawn() -> None:
    """A machine added elsewhere must be added here."""
    defining = {
        path.stem
        for path in (ROOT / "exchange").rglob("*.py")
        if re.search(r"^TRANSITIONS\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert defining == {
        *("participants", "registration", "listing", "documents", "engagements"),
        *("scenarios", "demands", "trading", "delivery", "subscriptions"),
        *("disputes", "amendments"),  # over a contract
        *("negotiation", "auctions", "bids", "deals"),
        *("accounts", "transfers", "cycles", "withdrawals"),  # of clearing
    }
    for table in MACHINES.values():
        (kind,) = {type(state) for state in table}
        assert issubclass(kind, enum.StrEnum)
        assert set(table) == set(kind)


# The spec sheet.


def fields_of(kind: Any, within: str = "") -> Iterator[str]:
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        inner = _inner(hints[field.name])
        if inner is None:
            yield f"{within}{field.name}"
        else:
            yield from fields_of(inner, f"{within}{field.name}.")


def _inner(hint: Any) -> Any:
    """Return the section a field holds, alone or in a list; None for a plain value."""
    if dataclasses.is_dataclass(hint):
        return hint if hint.__module__ == SpecSheet.__module__ else None
    for each in getattr(hint, "__args__", ()):
        found = _inner(each)
        if found is not None:
            return found
    return None


def test_every_field_of_the_spec_sheet_is_explained() -> None:
    listed = [row[0] for row in rows(page("spec-sheet.md")) if re.fullmatch(r"[a-z_.]+", row[0])]
    assert [name for name in listed if name != "field"] == list(fields_of(SpecSheet))


# Links, and what every release carries.

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("samples/**/*.md")])


def _anchors(text: str) -> set[str]:
    found = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        words = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(words.replace(" ", "-"))
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        linked = (path.parent / name).resolve() if name else path
        assert linked.exists(), f"{path.name}: {target}"
        if anchor:
            assert anchor in _anchors(linked.read_text(encoding="utf-8")), f"{path.name}: {target}"


def test_the_licence_is_there() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("Apache License")


def test_the_changelog_keeps_a_section_for_what_is_not_released() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings[0] == "[Unreleased]"


def test_decisions_are_numbered_without_a_gap() -> None:
    found = sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert [name[:4] for name in found] == [f"{n:04}" for n in range(1, len(found) + 1)]


def test_what_is_said_of_law_is_said_not_to_be_advice() -> None:
    for name in ("why.md", "rules.md", "spec-sheet.md"):
        assert "not legal advice" in " ".join(page(name).split())


def test_the_packages_are_those_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == list(PACKAGES)
