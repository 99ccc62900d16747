"""Stand-in until the figure of a path has landed."""

from __future__ import annotations

from pricing.estimate import Estimate
from pricing.figures import Form, Language


def draw(estimate: Estimate, *, language: Language = Language.ZH, form: Form = Form.SVG) -> bytes:
    """Draw."""
    return b""
