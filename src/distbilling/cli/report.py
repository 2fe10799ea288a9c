"""How does a story look to machines? As one JSON object; its keys and their meaning are in :mod:`.report_keys`."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Any, assert_never, cast

import attrs
from pendulum import UTC

from distbilling.cli import report_keys as keys
from distbilling.cli.story import Story, StoryStep
from distbilling.money import Currency, Money, Percent
from distbilling.money.exact import plain
from distbilling.rules.chain.split import Share, Split
from distbilling.rules.commission.commission import Commission
from distbilling.rules.credit.limits import Unlimited
from distbilling.rules.credit.notices import Notice
from distbilling.rules.deciding.decision import Accepted, OverLimit, Refused
from distbilling.rules.deciding.reasons import Reason
from distbilling.rules.ledger.accounts import LedgerAccount
from distbilling.rules.ledger.journal import Entry
from distbilling.rules.ledger.statement import Statement, StatementLine
from distbilling.rules.parties import Actor, Administrator, DistributorStaff
from distbilling.scenarios.values.words import spelt

__all__ = ["report_of"]

FORMAT = "distbilling.run/2"


def report_of(story: Story, locale: str | None = None) -> keys.Report:
    """Return the story as plain values, ready for JSON; texts are in the words that :func:`.narrative.tell` uses."""
    audit = story.audit
    return {
        "format": FORMAT,
        "title": story.scenario.title,
        "source": story.scenario.source,
        "steps": [_step(step, locale or step.locale) for step in story.steps],
        "statements": [_statement(statement) for statement in story.statements],
        "balances": [
            _balance(ledger, owed)
            for ledger, purse in audit.rebuilt.items()
            for owed in purse.values()
        ],
        "check": {
            "entries": audit.entries,
            "off_zero": [_amount(amount) for amount in audit.off],
            "differing_balances": [
                {
                    "ledger": str(found.ledger),
                    "kept": _amount(found.kept),
                    "rebuilt": _amount(found.rebuilt),
                }
                for found in audit.differing
            ],
            "expectations": story.expectations,
            "expectations_met": story.expectations_met,
            "sound": story.is_sound,
        },
    }


def _step(told: StoryStep, locale: str) -> keys.StepReport:
    command, decision = told.step.command, told.decision
    accepted = decision if isinstance(decision, Accepted) else None
    refused = decision if isinstance(decision, Refused) else None
    return {
        "number": told.number,
        "it": told.step.it,
        "key": command.key,
        "at": _instant(command.at),
        "by": _actor(command.by),
        "command": spelt(type(command)),
        "text": command.explain(locale),
        "decision": spelt(type(decision)),
        "reason": None if refused is None else _said(refused.reason, locale),
        "entry": None
        if accepted is None or accepted.entry is None
        else _entry(accepted.entry, locale),
        "over_limit": None
        if accepted is None or accepted.over_limit is None
        else _said(accepted.over_limit, locale),
        "notices": [_said(notice, locale) for notice in decision.notices],
        "messages": [
            {"key": message.key, "subject": message.subject, "text": message.text}
            for message in told.messages
        ],
        "balances": [_balance(moved.ledger, moved.owed) for moved in told.moved],
        "unexpected": [
            {"field": difference.field, "text": str(difference)} for difference in told.differences
        ],
    }


def _actor(actor: Actor) -> keys.Actor:
    match actor:
        case Administrator():
            return {"role": "administrator", "name": actor.name}
        case DistributorStaff():
            return {"role": "distributor", "name": actor.distributor}
        case _:
            assert_never(actor)


def _entry(entry: Entry, locale: str) -> keys.Booked:
    split = entry.split
    return {
        "kind": entry.kind.value,
        "original": entry.original,
        "postings": [
            {"ledger": str(posting.ledger), "adds": _amount(posting.adds)}
            for posting in entry.postings
        ],
        "shares": [] if split is None else [_share(split, share, locale) for share in split.shares],
    }


def _share(split: Split, share: Share, locale: str) -> keys.ShareReport:
    because = share.because
    return {
        "distributor": share.distributor,
        "amount": _amount(split.amount),
        "earned": _amount(share.earned),
        "owed": _amount(share.owed),
        "netting": share.netting.value,
        "commission": _commission(because, locale) if isinstance(because, Commission) else None,
        "text": split.explain_share(share.distributor, locale),
    }


def _commission(commission: Commission, locale: str) -> keys.CommissionReport:
    rate, origin = commission.rate, commission.origin
    return {
        "base": _amount(commission.base),
        "rate_percent": f"{rate.value:f}" if isinstance(rate, Percent) else None,
        "rate": rate.format(locale),
        "origin": origin.level.value,
        "subject": origin.subject,
        "since": None if origin.since is None else origin.since.isoformat(),
        "until": None if origin.until is None else origin.until.isoformat(),
        "exact": _amount(commission.exact),
        "rounding": commission.rounding.method.name.lower(),
        "remainder": _amount(commission.remainder),
        "earned": _amount(commission.earned),
    }


def _statement(statement: Statement) -> keys.StatementReport:
    period = statement.period
    return {
        "distributor": statement.distributor.id,
        "name": statement.distributor.name,
        "period": {
            "start": _instant(period.start),
            "end": _instant(period.end),
            "zone": period.zone,
            "first_day": period.first_day.isoformat(),
            "last_day": period.last_day.isoformat(),
        },
        "opening": _amount(statement.opening),
        "brought_forward": _amount(statement.brought_forward),
        "collected": _amount(statement.collected),
        "sales": _amount(statement.sales),
        "reversed": _amount(statement.reversed),
        "adjusted": _amount(statement.adjusted),
        "commission": _amount(statement.commission),
        "remitted": _amount(statement.remitted),
        "closing": _amount(statement.closing),
        "lines": [_line(line) for line in statement.lines],
    }


def _line(line: StatementLine) -> keys.LineReport:
    return {
        "key": line.key,
        "kind": line.kind.value,
        "at": _instant(line.at),
        "turnover": _amount(line.turnover),
        "earned": _amount(line.earned),
        "adds": _amount(line.adds),
        "comment": line.comment,
    }


def _balance(ledger: LedgerAccount, owed: Money) -> keys.Balance:
    return {"ledger": str(ledger), "owes": _amount(owed)}


def _said(what: Reason | Notice | OverLimit, locale: str) -> keys.Said:
    return {"code": spelt(type(what)), "details": _details(what), "text": what.explain(locale)}


def _details(what: Any) -> dict[str, object]:  # noqa: ANN401 - any reason, notice or part of one
    return {name: _plain(value) for name, value in attrs.asdict(what, recurse=False).items()}


def _amount(amount: Money) -> keys.Amount:
    return {
        "amount": plain(amount.amount, amount.currency.digits or 0),
        "currency": amount.currency.code,
    }


def _instant(instant: dt.datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(value: object) -> object:
    """Return a field of a reason or notice as JSON knows it; one that is new there fails here, and is added."""
    match value:
        case None | str() | int():
            return value
        case Money():
            return _amount(value)
        case Percent() | Currency() | Unlimited() | Enum() | dt.date():
            return _word(value)
        case tuple():
            return [_plain(item) for item in cast("tuple[object, ...]", value)]
        case _:
            return _details(value)


def _word(value: Percent | Currency | Unlimited | Enum | dt.date) -> str:
    match value:
        case Percent():
            return f"{value.value:f}"
        case Currency():
            return value.code
        case Unlimited():
            return "unlimited"
        case Enum():
            return value.name.lower()
        case dt.datetime():
            return _instant(value)
        case dt.date():
            return value.isoformat()
        case _:
            assert_never(value)
