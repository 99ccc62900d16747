"""The operator's list of guarded sites: read whole, or refused by the field that is wrong."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from exchange.compliance import Site
from exchange.errors import BadField
from exchange.guarded import LIST_MAX, read_guarded

SITE = "[[site]]\nwest = 120.0\nsouth = 35.9\neast = 120.1\nnorth = 36.0\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "guarded.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_list_is_no_empty_list(tmp_path: Path) -> None:
    assert read_guarded(tmp_path / "guarded.toml") is None
    assert read_guarded(written(tmp_path, "site = []\n")) == ()


def test_a_list_is_read_with_its_decimals(tmp_path: Path) -> None:
    (site,) = read_guarded(written(tmp_path, SITE)) or ()
    assert site == Site(Decimal("120.0"), Decimal("35.9"), Decimal("120.1"), Decimal("36.0"))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("site = 3\n", "guarded.toml"),
        ("", "guarded.toml"),
        (f"{SITE}name = 'x'\n", "site.0.name"),
        (f"{SITE}[[place]]\n", "guarded.toml"),
        ("site = [3]\n", "site.0"),
        (SITE.replace("35.9", "36.1"), "site.0.south"),
        (SITE.replace("36.0", "91"), "site.0.south"),
        (SITE.replace("120.1", "181"), "site.0.west"),
        (SITE.replace("120.1", "nan"), "site.0.east"),
        ("[[site", "guarded.toml"),
        ("#" * (LIST_MAX + 1), "guarded.toml"),
    ],
)
def test_a_broken_list_is_refused_by_its_field(tmp_path: Path, text: str, field: str) -> None:
    with pytest.raises(BadField) as caught:
        read_guarded(written(tmp_path, text))
    assert caught.value.field == field
