"""How a commission came about, in words: one sentence for a percentage, else a few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from distbilling.language.catalogue import sentence
from distbilling.money import Money, Percent, Rounding, RoundingMethod
from distbilling.rules.agreement.basis import Basis
from distbilling.rules.agreement.circumstances import NO_CIRCUMSTANCES
from distbilling.rules.agreement.origin import Origin
from distbilling.rules.agreement.schedule import Schedule
from distbilling.rules.commission.earning import Total
from distbilling.rules.commission.working import Line, lines_of
from distbilling.rules.notebook import html_table

__all__ = ["Step", "explain_steps"]

Value = Money | int | Schedule | Rounding | Origin | Basis | Line | Total
"""What a step can hold."""
_QUIET = ("bounded", "brackets")


@attrs.frozen
class Step:
    """One step of an explanation: what was taken or computed, and the value it had.

    Source: rulebook R19.

    >>> Step("base", Money("10.00", "USD")).value
    Money('10.00', 'USD')
    """

    name: str
    value: Value


def explain_steps(steps: Iterable[Step], locale: str) -> str:
    """Say in words what the steps of a commission hold, and nothing else.

    Source: rulebook R19.

    >>> from distbilling.rules.commission import commission_on
    >>> from distbilling.rules.agreement.schedule import Bounded
    >>> tenth = Bounded(Percent("10"), cap=Money("50.00", "USD"))
    >>> print(explain_steps(commission_on(Money("900.00", "USD"), tenth).steps, "en"))
    Rate: 10%, at most $50.00. Working: 10% of $900.00 is $90.00; bounded to $50.00. ...
    """
    series = tuple(steps)
    values: dict[str, Any] = {step.name: step.value for step in series}
    amounts = {step.name: step.value for step in series if isinstance(step.value, Money)}
    texts = {name: _money(amount, locale) for name, amount in amounts.items()}
    rate = values["origin"].beside(values["rate"].format(locale), locale)
    if isinstance(values["rate"], Percent) and not values.keys() & {"basis", "not_above_parent"}:
        return _in_one_sentence(values, texts | {"rate": rate}, locale)

    lines = [step.value for step in series if isinstance(step.value, Line)]
    sentences = (
        *_base(texts, locale),
        *_circumstances(values, texts, locale),
        sentence("Rate: {rate}.", locale, rate=rate),
        _working(values, lines, locale),
        *_rounding(values, locale),
        *_limits(texts, locale),
        sentence(
            "Earned {earned}, owed {owed}.", locale, earned=texts["earned"], owed=texts["owed"]
        ),
    )
    return " ".join(sentences)


def steps_table(steps: Iterable[Step]) -> str:
    """Return the steps of an explanation as a table for a notebook.

    >>> steps_table([Step("taken_before", Money("10.00", "USD"))]).count("taken before")
    1
    """
    return html_table((step.name.replace("_", " "), _notebook_cell(step.value)) for step in steps)


def _notebook_cell(value: Value) -> str:
    """Return the value of a step as a notebook shows it."""
    match value:
        case Money():
            return value.format(exact=True)
        case int():
            return str(value)
        case Rounding():
            return method_in_words(value.method, "en")
        case Origin():
            dates = (
                f"{word} {day}"
                for word, day in (("since", value.since), ("until", value.until))
                if day
            )
            return " ".join(
                (value.level.value.replace("_", " "), value.subject or "", *dates)
            ).strip()
        case Total():
            exact, volume, rounded = (
                _money(figure, "en") for figure in (value.exact, value.volume, value.rounded)
            )
            return f"{exact} on {volume}, rounded {rounded}"
        case _:
            return value.format()


def method_in_words(method: RoundingMethod, locale: str) -> str:
    """Return a rounding method in the words of the locale.

    >>> method_in_words(RoundingMethod.DOWN, "en")
    'towards zero'
    """
    return sentence(method.words, locale)


def _in_one_sentence(values: Mapping[str, Any], texts: Mapping[str, str], locale: str) -> str:
    figures = {name: texts[name] for name in ("rate", "exact", "earned", "owed")}
    figures["amount"] = texts["base"]
    if values["remainder"].is_zero:
        return sentence(
            "{rate} of {amount} is {exact}: earned {earned}, owed {owed}.", locale, **figures
        )

    figures["method"] = method_in_words(values["rounding"].method, locale)
    if "not_above_amount" in values:
        return sentence(
            "{rate} of {amount} is {exact}, rounded {method} to {rounded}, "
            "but never more than the amount: earned {earned}, owed {owed}.",
            locale,
            rounded=texts["rounded"],
            **figures,
        )
    return sentence(
        "{rate} of {amount} is {exact}, rounded {method} to {earned}: "
        "earned {earned}, owed {owed}.",
        locale,
        **figures,
    )


def _base(texts: Mapping[str, str], locale: str) -> Iterator[str]:
    """Say how the amount became the base; nothing where it is the base."""
    if "amount" not in texts:
        return
    amount = texts["amount"]
    if "tax" in texts:
        amount = sentence("{amount} less {tax} of tax", locale, amount=amount, tax=texts["tax"])
    if "discount" in texts:
        discount = texts["discount"]
        amount = sentence(
            "{amount} plus {discount} of discount", locale, amount=amount, discount=discount
        )
    yield sentence("Base: {amount}, that is {base}.", locale, amount=amount, base=texts["base"])


def _circumstances(
    values: Mapping[str, Any], texts: Mapping[str, str], locale: str
) -> Iterator[str]:
    if "items" in values:
        yield sentence("Items: {items}.", locale, items=values["items"])
    if "so_far" in texts:
        yield sentence("Volume of the period so far: {volume}.", locale, volume=texts["so_far"])
    if "months" in values:
        yield sentence("Whole months of the relation: {months}.", locale, months=values["months"])


def _working(values: Mapping[str, Any], lines: Sequence[Line], locale: str) -> str:
    """Say line by line what is computed, but for bounds and brackets that change nothing."""
    if values["base"].is_zero:
        return sentence("Nothing is earned on nothing.", locale)
    if isinstance(values["rate"], Percent):
        lines = lines_of(values["rate"], values["base"], NO_CIRCUMSTANCES)
    before = (None, *(line.gives for line in lines))
    working = "; ".join(
        line.format(locale)
        for line, figure in zip(lines, before, strict=False)
        if line.name not in _QUIET or line.gives != figure
    )
    return sentence("Working: {lines}.", locale, lines=working)


def _rounding(values: Mapping[str, Any], locale: str) -> Iterator[str]:
    figure = values.get("rounded", values["earned"])
    rounded, method = _money(figure, locale), method_in_words(values["rounding"].method, locale)
    if "after" not in values:
        if figure != values["exact"]:
            yield sentence("Rounded {method} to {rounded}.", locale, method=method, rounded=rounded)
        return

    before, after = values["before"], values["after"]
    if (before.rounded, after.rounded) != (before.exact, after.exact):
        yield sentence(
            "Rounded {method}, a volume of {after} earns {becomes} and {before} earned {was}: "
            "the difference is {rounded}.",
            locale,
            method=method,
            after=_money(after.volume, locale),
            becomes=_money(after.rounded, locale),
            before=_money(before.volume, locale),
            was=_money(before.rounded, locale),
            rounded=rounded,
        )


def _limits(texts: Mapping[str, str], locale: str) -> Iterator[str]:
    if figure := texts.get("bounded_again"):
        yield sentence("Bounded again to {figure}.", locale, figure=figure)
    if figure := texts.get("not_above_amount"):
        yield sentence("Never more than the amount: {figure}.", locale, figure=figure)
    if figure := texts.get("not_above_parent"):
        yield sentence("Never more than the parent's commission: {figure}.", locale, figure=figure)


def _money(amount: Money, locale: str) -> str:
    return amount.format(locale, exact=True)
