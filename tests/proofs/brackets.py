"""The slices of a volume make it up: for all whole volumes and three brackets of any bounds.

Proven for three brackets, of which one may be empty: fewer are among these. For more, the same is
searched, not proven, by the properties in tests/money/test_kernels.py.
"""

from distbilling.money.kernels import slices


def the_slices_are_the_whole(start: int, length: int, first: int, second: int, third: int) -> None:
    assert first <= second <= third
    assert first <= min(start, start + length)
    assert sum(slices(start, length, (first, second, third))) == length


def a_slice_lies_within_its_bracket(
    start: int, length: int, first: int, second: int, third: int
) -> None:
    assert first <= second <= third
    assert length >= 0
    low, middle, high = slices(start, length, (first, second, third))
    assert 0 <= low <= second - first
    assert 0 <= middle <= third - second
    assert high >= 0
    assert low == 0 or start < second
    assert middle == 0 or (start < third and start + length > second)
    assert high == 0 or start + length > third


def what_lies_below_the_first_bound_is_in_no_slice(
    length: int, depth: int, first: int, second: int
) -> None:
    assert first <= second
    assert 0 <= length <= depth
    assert slices(first - depth, length, (first, second)) == [0, 0]


def two_halves_are_sliced_as_the_whole(
    start: int, length: int, more: int, second: int, third: int
) -> None:
    assert 0 <= second <= third
    bounds = (0, second, third)
    low, middle, high = slices(start, length, bounds)
    low_more, middle_more, high_more = slices(start + length, more, bounds)
    assert slices(start, length + more, bounds) == [
        low + low_more,
        middle + middle_more,
        high + high_more,
    ]


def the_way_back_is_the_way_there(
    start: int, length: int, first: int, second: int, third: int
) -> None:
    assert first <= second <= third
    bounds = (first, second, third)
    assert slices(start + length, -length, bounds) == [
        -part for part in slices(start, length, bounds)
    ]
