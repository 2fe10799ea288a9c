"""What is given back closes to zero: for all whole amounts, earnings and rounding methods.

Proven without bounds on the numbers, and for any step of rounding. Several reversals one after
another follow from two.
"""

# ruff: noqa: PLR0913, PLR0917 - a contract speaks of all its numbers at once
from distbilling.money import RoundingMethod
from distbilling.money.kernels import clawed


def the_whole_gives_back_all(earned: int, amount: int, step: int, method: RoundingMethod) -> None:
    assert amount > 0
    assert step > 0
    assert clawed(earned, amount, 0, amount, method, step) == earned


def two_parts_give_back_all(
    earned: int, amount: int, part: int, step: int, method: RoundingMethod
) -> None:
    assert amount > 0
    assert step > 0
    assert 0 <= part <= amount
    first = clawed(earned, amount, 0, part, method, step)
    assert first + clawed(earned, amount, part, amount - part, method, step) == earned


def two_parts_give_back_what_they_would_as_one(
    earned: int, amount: int, already: int, part: int, more: int, method: RoundingMethod
) -> None:
    assert already >= 0
    assert part >= 0
    assert more >= 0
    assert amount > 0
    assert already + part + more <= amount
    first, second = (
        clawed(earned, amount, already, part, method),
        clawed(earned, amount, already + part, more, method),
    )
    assert first + second == clawed(earned, amount, already, part + more, method)


def nothing_reversed_gives_nothing_back(
    earned: int, amount: int, already: int, step: int, method: RoundingMethod
) -> None:
    assert amount > 0
    assert step > 0
    assert 0 <= already <= amount
    assert clawed(earned, amount, already, 0, method, step) == 0


def no_more_is_given_back_than_was_earned(
    earned: int, amount: int, already: int, part: int, step: int, method: RoundingMethod
) -> None:
    assert already >= 0
    assert part >= 0
    assert earned >= 0
    assert amount > 0
    assert step > 0
    assert already + part <= amount
    assert 0 <= clawed(earned, amount, already, part, method, step) <= earned


def a_negative_commission_mirrors_the_positive_one(
    earned: int, amount: int, already: int, part: int, method: RoundingMethod
) -> None:
    assert already >= 0
    assert part >= 0
    assert amount > 0
    assert already + part <= amount
    assert clawed(-earned, amount, already, part, method) == -clawed(
        earned, amount, already, part, method
    )


def to_the_nearest_what_is_given_back_is_half_a_step_off_at_most(
    earned: int, amount: int, part: int, step: int
) -> None:
    assert amount > 0
    assert step > 0
    assert 0 <= part <= amount
    off = clawed(earned, amount, 0, part, RoundingMethod.HALF_EVEN, step) * amount - earned * part
    assert -amount * step <= 2 * off <= amount * step


def rounded_down_what_is_given_back_is_less_than_a_step_short(
    earned: int, amount: int, part: int, step: int
) -> None:
    assert amount > 0
    assert step > 0
    assert earned >= 0
    assert 0 <= part <= amount
    off = clawed(earned, amount, 0, part, RoundingMethod.DOWN, step) * amount - earned * part
    assert -amount * step < off <= 0


def what_is_given_back_so_far_is_in_whole_steps_unless_it_is_all(
    earned: int, amount: int, part: int, step: int, method: RoundingMethod
) -> None:
    assert amount > 0
    assert step > 0
    assert 0 <= part <= amount
    given_back = clawed(earned, amount, 0, part, method, step)
    assert given_back == earned or given_back % step == 0
