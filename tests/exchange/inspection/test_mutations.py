"""Valid files with something changed: read, or refused by a rule, and nothing third."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.inspection.conftest import Opening, refusal
from tests.exchange.inspection.specimens import specimens

HUGE = [b"\xff" * 4, b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0" * 8, b"\xff" * 8]


@st.composite
def changes(draw: st.DrawFn, content: bytes) -> bytes:
    """Flip bits, cut, repeat, or lay in what lengths are made of."""
    changed = bytearray(content)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(changed) - 1)))
        match draw(st.sampled_from(["flip", "byte", "cut", "splice", "huge", "drop"])):
            case "flip":
                changed[at : at + 1] = bytes(
                    each ^ (1 << draw(st.integers(0, 7))) for each in changed[at : at + 1]
                )
            case "byte":
                changed[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
            case "cut":
                del changed[at:]
            case "splice":
                begin = draw(st.integers(0, max(0, len(changed) - 1)))
                changed[at:at] = changed[begin : begin + draw(st.integers(1, 200))]
            case "huge":
                huge = draw(st.sampled_from(HUGE))
                changed[at : at + len(huge)] = huge
            case "drop":
                del changed[at : at + draw(st.integers(1, 20))]
    return bytes(changed)


@pytest.mark.parametrize("name", specimens())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_changed_file_is_read_or_refused_by_a_rule(
    opening: Opening, name: str, data: st.DataObject
) -> None:
    content = data.draw(changes(specimens()[name]))
    error = refusal(lambda: opening(content, name))
    if error is None:
        assert opening.rows() >= 0
    else:
        assert error.rules
        assert str(error).startswith(name)
