from __future__ import annotations

import numpy as np

from pricing.chance import Stream, uniforms


def test_a_stream_by_example() -> None:
    # Drawn once and written down: another version of numpy must give the same.
    assert uniforms(7, (0,), 3).tolist() == [
        0.048373749046626946,
        0.8224166666374553,
        0.09368511632803123,
    ]


def test_streams_of_one_seed_differ_and_each_repeats() -> None:
    drawn = [uniforms(seed, path, 100) for seed in (1, -1, 2) for path in ((), (0,), (1,), (0, 1))]
    assert len({tuple(row) for row in drawn}) == len(drawn)
    assert (uniforms(1, (1,), 100) == drawn[2]).all()


def test_reading_in_pieces_reads_the_same_numbers() -> None:
    stream = Stream(5, 1)
    pieces = np.concatenate([stream.uniforms(3), stream.uniforms(0), stream.uniforms(7)])
    assert (pieces == uniforms(5, (1,), 10)).all()


def test_normals_have_the_moments_of_the_law() -> None:
    drawn = Stream(3).normals(100_001)
    assert abs(drawn.mean()) < 0.02
    assert abs(drawn.std() - 1) < 0.02
    assert abs((drawn**4).mean() - 3) < 0.1


def test_every_order_is_equally_likely() -> None:
    orders = Stream(11).orders(60_000, 3)
    _, counts = np.unique(orders @ [9, 3, 1], return_counts=True)
    assert counts.size == 6
    assert abs(counts - 10_000).max() < 500
