from __future__ import annotations

from tests.pricing import splits


def test_two_thousand_splits_by_every_allocator_lose_no_unit() -> None:
    done = splits.run(2_000, seed=7)
    assert done.total() == 2_000
    assert {name for name in done if "refused" not in name} >= {"banzhaf", "by-rows", "shapley"}
