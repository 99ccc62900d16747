"""Keys and values as TOML writes them, for files that a person goes on to edit."""

from __future__ import annotations

import json
from typing import Any


def key_text(name: str) -> str:
    """Write a key, in quotes unless it may stand bare."""
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else _text(name)


def value_text(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Write a value on one line: tables inline."""
    match value:
        case str():
            return _text(value)
        case bool():
            return "true" if value else "false"
        case list():
            return f"[{', '.join(value_text(item) for item in value)}]"
        case dict():
            pairs = (f"{key_text(name)} = {value_text(item)}" for name, item in value.items())
            return f"{{ {', '.join(pairs)} }}"
        case _:
            return str(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # not in TOML
