"""Where the keys of a TOML text stand."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.simulation.market.places import Path, Places
from tests.meta.sources import ROOT

TEXT = '''\
# [not.a.table]
a = 1  # b = 2
"q.u" . z = "x = 3 # \\" " # y
[[k]]
n = [1,
  2, # c = 4
  { b = 3, 'c d' = [ "]" ] }, ]
[k.s]
m = """
a = 3 ""\\"" """""
w = \'\'\'
b = 4\'\'\'
[[k]]
p = { x = 1, y.z = '}' }
[[k.d]]
at = 2026-01-05 09:00:00
[[k.d]]
[t."[u]"]
'''

LINES = [
    (("a",), 2),
    (("q.u",), 3),
    (("q.u", "z"), 3),
    (("k",), 4),
    (("k", 0), 4),
    (("k", 0, "n"), 5),
    (("k", 0, "n", 0), 5),
    (("k", 0, "n", 1), 6),
    (("k", 0, "n", 2), 7),
    (("k", 0, "n", 2, "b"), 7),
    (("k", 0, "n", 2, "c d"), 7),
    (("k", 0, "n", 2, "c d", 0), 7),
    (("k", 0, "s"), 8),
    (("k", 0, "s", "m"), 9),
    (("k", 0, "s", "w"), 11),
    (("k", 1), 13),
    (("k", 1, "p"), 14),
    (("k", 1, "p", "x"), 14),
    (("k", 1, "p", "y"), 14),
    (("k", 1, "p", "y", "z"), 14),
    (("k", 1, "d"), 15),
    (("k", 1, "d", 0), 15),
    (("k", 1, "d", 0, "at"), 16),
    (("k", 1, "d", 1), 17),
    (("t",), 18),
    (("t", "[u]"), 18),
]


def paths(value: Any, within: Path = ()) -> Iterator[Path]:
    yield within
    held = dict(enumerate(value)) if isinstance(value, list) else value
    for key, inner in held.items() if isinstance(held, dict) else ():
        yield from paths(inner, (*within, key))


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_every_key_stands_on_its_line(ends: str) -> None:
    text = TEXT.replace("\n", ends)
    assert set(paths(tomllib.loads(text))) == {(), *(path for path, _ in LINES)}
    assert dict(Places(text).lines) == {(): 1, **dict(LINES)}


def test_what_is_missing_stands_where_it_would_be() -> None:
    places = Places(TEXT)
    assert places.line(("k", 1, "p", "y", "x")) == 14
    assert places.line(("k", 2, "p")) == 4
    assert places.line(("gone", "with", "it")) == 1


def test_every_key_of_our_own_files_is_found() -> None:
    files = [ROOT / "pyproject.toml", *ROOT.glob("samples/**/*.toml")]
    assert len(files) > 10
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert set(Places(text).lines) == set(paths(tomllib.loads(text))), file.name


TEXTS = st.text(st.sampled_from("ab =#[]{},.\"'\\\n\u4e2d"), max_size=8)
SCALARS = st.integers() | st.booleans() | TEXTS | st.just(0.5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def basic(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def said(draw: st.DrawFn, value: Any) -> str:
    """Write a value in one of the ways that TOML has for it."""
    if isinstance(value, str):
        forms = [
            basic(value),
            f'""{basic(value)}""',
            *([] if "'" in value else [f"'''\n{value}'''"]),
        ]
        return draw(st.sampled_from(forms))
    if isinstance(value, list):
        gap = draw(st.sampled_from(["", " ", "\n", " # [1, ' \n"]))
        return f"[{''.join(f'{gap}{said(draw, item)}{gap},' for item in value)}{gap}]"
    if isinstance(value, dict):
        pairs = (f"{basic(name)} = {said(draw, held)}" for name, held in value.items())
        return f"{{ {' , '.join(pairs)} }}"
    return str(value).lower()


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[Path, int]]:
    """Draw a document, and the line of each key of its tables as it was written down."""
    lines: dict[Path, int] = {(): 1}
    text = ""
    for nth in range(draw(st.integers(0, 3))):
        text += draw(st.sampled_from(["", "\n", "# [a] 'b\n"]))
        lines.setdefault(("rows",), text.count("\n") + 1)
        lines["rows", nth] = text.count("\n") + 1
        text += "[[ rows ]]\n"
        for name, value in draw(st.dictionaries(TEXTS, VALUES, max_size=3)).items():
            text += draw(st.sampled_from(["", "  ", "\n#=\n"]))
            lines["rows", nth, name] = text.count("\n") + 1
            text += f"{basic(name)} = {said(draw, value)}\n"
    return text, lines


@given(documents())
def test_any_document_has_its_keys_found_where_they_were_written(
    drawn: tuple[str, dict[Path, int]],
) -> None:
    text, lines = drawn
    found = Places(text).lines
    assert set(found) == set(paths(tomllib.loads(text)))
    assert {path: found[path] for path in lines} == lines
