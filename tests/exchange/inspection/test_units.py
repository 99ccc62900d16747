from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.inspection.units import bare, is_unit


@pytest.mark.parametrize(
    "text",
    [
        *("UTC", "degrees_north", "degree_C", "m s-1", "m/s", "psu", "umol kg**-1", "µmol/kg"),
        *("mg m-3", "mg/m³", "°C", "℃", "W m-2", "米/秒", "1e-3", "1", "%", "(m)", "[hPa]", "dBar"),
        *("seconds since 1970-01-01T00:00:00Z", "yyyy-MM-dd'T'HH:mm:ssZ", "YYYY-MM-DD hh:mm"),
        *("decibars", "S/m", "mS/cm", "degrees_true", "cells/L", "元/吨", "万元", "（摄氏度）"),
    ],
)
def test_units_of_the_field_are_known(text: str) -> None:
    assert is_unit(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "QD", "n/a", "nan", "none", "unknown", "温度", "temp", "time", "date", "id"),
        *("Qingdao", "data", "张三", "13800138000", "m s 5", "2026-01-05", "12.5", "m " * 40),
        *("------", "--:--:--", "......"),
    ],
)
def test_words_and_values_are_no_units(text: str) -> None:
    assert not is_unit(text)


@given(st.text(max_size=60))
def test_a_unit_in_brackets_is_the_unit(text: str) -> None:
    assert is_unit(f"({text})") == is_unit(bare(f"({text})"))
