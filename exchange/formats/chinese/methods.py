"""How a price is estimated, as the estimators of `pricing` write it in English, in Chinese.

What is told stands in braces, under one name in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

METHODS: Final[Mapping[str, str]] = {
    "hedonic log-price, normal-inverse-gamma; the appraisal's range holds the mean with probability"
    " {coverage}, single trades lie about it with {noise}, memory {memory}": (
        "特征价格法（对数价格，正态–逆伽马分布）：均值落在初始估价区间内的概率为 {coverage}，"
        "单笔成交价围绕均值的离散度为 {noise}，记忆系数 {memory}"
    ),
    "comparables by a Gaussian kernel of bandwidth {bandwidth}; the appraisal's range holds the"
    " mean with probability {coverage}, single trades lie about it with {noise}": (
        "可比产品法（高斯核，带宽 {bandwidth}）：均值落在初始估价区间内的概率为 {coverage}，"
        "单笔成交价围绕均值的离散度为 {noise}"
    ),
}
