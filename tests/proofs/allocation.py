"""A split gives away all there is: for all whole amounts and three weights of any size.

Proven for three weights, of which one or two may be zero: a split in two is one of these. For more
weights the same is searched, not proven, by the properties in tests/money/test_allocation.py.
"""

from distbilling.money import Allocation
from distbilling.money.allocation import shares, shares_with_rest


def the_shares_are_the_whole(units: int, a: int, b: int, c: int, strategy: Allocation) -> None:
    assert a >= 0
    assert b >= 0
    assert c >= 0
    assert a + b + c > 0
    assert sum(shares(units, (a, b, c), strategy)) == units


def a_negative_amount_mirrors_the_positive_one(
    units: int, a: int, b: int, c: int, strategy: Allocation
) -> None:
    assert units >= 0
    assert a >= 0
    assert b >= 0
    assert c >= 0
    assert a + b + c > 0
    assert shares(-units, (a, b, c), strategy) == [
        -share for share in shares(units, (a, b, c), strategy)
    ]


def a_zero_weight_gets_nothing(units: int, a: int, b: int, c: int, strategy: Allocation) -> None:
    assert units >= 0
    assert a >= 0
    assert b >= 0
    assert c >= 0
    assert a + b + c > 0
    first, second, third = shares(units, (a, b, c), strategy)
    assert first == 0 or a > 0
    assert second == 0 or b > 0
    assert third == 0 or c > 0


def by_largest_remainder_a_share_is_less_than_a_unit_off(
    units: int, a: int, b: int, c: int
) -> None:
    assert units >= 0
    assert a >= 0
    assert b >= 0
    assert c >= 0
    assert a + b + c > 0
    total = a + b + c
    first, second, third = shares(units, (a, b, c), Allocation.LARGEST_REMAINDER)
    assert -total < first * total - units * a < total
    assert -total < second * total - units * b < total
    assert -total < third * total - units * c < total


def by_largest_remainder_whoever_lost_more_comes_first(units: int, a: int, b: int, c: int) -> None:
    assert units >= 0
    assert a >= 0
    assert b >= 0
    assert c >= 0
    assert a + b + c > 0
    total = a + b + c
    first, _, third = shares(units, (a, b, c), Allocation.LARGEST_REMAINDER)
    first_lost, third_lost = units * a % total, units * c % total
    if first > units * a // total and third == units * c // total:
        assert first_lost >= third_lost
    if third > units * c // total and first == units * a // total:
        assert third_lost > first_lost


def in_order_a_share_is_a_unit_off_at_most(units: int, a: int, b: int, c: int) -> None:
    assert units >= 0
    assert a >= 0
    assert b >= 0
    assert c >= 0
    assert a + b + c > 0
    total = a + b + c
    first, second, third = shares(units, (a, b, c), Allocation.FIRST_IN_ORDER)
    assert 0 <= units * a // total <= first <= units * a // total + 1
    assert units * b // total <= second <= units * b // total + 1
    assert third == units * c // total or (
        first > units * a // total and second > units * b // total
    )


def by_largest_ratio_the_others_are_rounded_down(units: int, a: int, b: int, c: int) -> None:
    assert units >= 0
    assert a >= 0
    assert b >= 0
    assert max(a, b) < c
    first, second, _ = shares(units, (a, b, c), Allocation.LARGEST_RATIO)
    assert first == units * a // (a + b + c)
    assert second == units * b // (a + b + c)


def shares_and_rest_are_the_whole(units: int, a: int, b: int, c: int, *, in_blocks: bool) -> None:
    assert a >= 0
    assert b >= 0
    assert c >= 0
    assert a + b + c > 0
    given, rest = shares_with_rest(units, (a, b, c), in_blocks=in_blocks)
    assert sum(given) + rest == units


def a_share_apart_from_the_rest_is_rounded_down(units: int, a: int, b: int, c: int) -> None:
    assert units >= 0
    assert a >= 0
    assert b >= 0
    assert c >= 0
    assert a + b + c > 0
    (first, second, third), rest = shares_with_rest(units, (a, b, c))
    assert 0 <= units * a - first * (a + b + c) < a + b + c
    assert 0 <= units * b - second * (a + b + c) < a + b + c
    assert 0 <= units * c - third * (a + b + c) < a + b + c
    assert 0 <= rest <= 2


def in_blocks_the_shares_are_in_proportion_and_less_than_a_block_is_left(
    units: int, a: int, b: int, c: int
) -> None:
    assert units >= 0
    assert a >= 0
    assert b >= 0
    assert c >= 0
    assert a + b + c > 0
    given, rest = shares_with_rest(units, (a, b, c), in_blocks=True)
    blocks = units // (a + b + c)
    assert given == [a * blocks, b * blocks, c * blocks]
    assert 0 <= rest < a + b + c
