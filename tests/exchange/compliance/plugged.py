"""The rule pack that docs/rules.md shows, as whoever follows the page would have it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from exchange.compliance import RulePack

_PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def plugged() -> RulePack:
    """Run the page's example and return its pack."""
    section = _PAGE.read_text(encoding="utf-8").partition("## Adding a pack")[2]
    example = re.search(r"```python\n(.+?)```", section, re.DOTALL)
    assert example
    made: dict[str, Any] = {}
    exec(compile(example[1], str(_PAGE), "exec"), made)  # noqa: S102 - a page of this project
    pack: RulePack = made["PACK"]
    return pack
