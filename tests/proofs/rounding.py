"""A quotient is rounded as its method is defined: for all whole numerators and denominators.

Proven without bounds on the numbers. Each definition below leaves one whole number that can be the
answer, so that together with the mirror the five of them say all that ``divided`` does.
"""

from distbilling.money import RoundingMethod
from distbilling.money.kernels import divided


def a_negative_quotient_mirrors_the_positive_one(
    numerator: int, denominator: int, method: RoundingMethod
) -> None:
    assert denominator > 0
    assert divided(-numerator, denominator, method) == -divided(numerator, denominator, method)


def what_is_more_never_becomes_less(
    lower: int, upper: int, denominator: int, method: RoundingMethod
) -> None:
    assert denominator > 0
    assert lower <= upper
    assert divided(lower, denominator, method) <= divided(upper, denominator, method)


def rounding_again_changes_nothing(
    numerator: int, denominator: int, method: RoundingMethod
) -> None:
    assert denominator > 0
    once = divided(numerator, denominator, method)
    assert divided(once, 1, method) == once


def a_whole_quotient_stays(whole: int, denominator: int, method: RoundingMethod) -> None:
    assert denominator > 0
    assert method is not RoundingMethod.MALAYSIAN
    assert divided(whole * denominator, denominator, method) == whole


def half_away_goes_to_the_nearest_and_from_the_middle_up(numerator: int, denominator: int) -> None:
    assert numerator >= 0
    assert denominator > 0
    added = (
        divided(numerator, denominator, RoundingMethod.HALF_AWAY_FROM_ZERO) * denominator
        - numerator
    )
    assert -denominator < 2 * added <= denominator


def away_from_zero_adds_less_than_a_unit(numerator: int, denominator: int) -> None:
    assert numerator >= 0
    assert denominator > 0
    added = divided(numerator, denominator, RoundingMethod.AWAY_FROM_ZERO) * denominator - numerator
    assert 0 <= added < denominator


def half_even_goes_to_the_nearest_and_from_the_middle_to_the_even(
    numerator: int, denominator: int
) -> None:
    assert numerator >= 0
    assert denominator > 0
    rounded = divided(numerator, denominator, RoundingMethod.HALF_EVEN)
    added = rounded * denominator - numerator
    assert -denominator <= 2 * added <= denominator
    assert rounded % 2 == 0 or -denominator < 2 * added < denominator


def down_takes_away_less_than_a_unit(numerator: int, denominator: int) -> None:
    assert numerator >= 0
    assert denominator > 0
    added = divided(numerator, denominator, RoundingMethod.DOWN) * denominator - numerator
    assert -denominator < added <= 0


def the_malaysian_way_ends_in_0_or_5_less_than_3_below_and_at_most_2_above(
    numerator: int, denominator: int
) -> None:
    assert numerator >= 0
    assert denominator > 0
    rounded = divided(numerator, denominator, RoundingMethod.MALAYSIAN)
    assert rounded % 5 == 0
    assert -3 * denominator < rounded * denominator - numerator <= 2 * denominator
