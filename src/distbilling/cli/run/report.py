"""A story as one JSON object; its keys and their meaning are in :mod:`.report_keys`."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Any, assert_never, cast

import attrs
from pendulum import UTC

from distbilling.cli.run import report_keys as keys
from distbilling.cli.run.story import Story, StoryStep
from distbilling.documents.amounts import AMOUNTS
from distbilling.money import Currency, Money, Percent
from distbilling.money.exact import plain
from distbilling.rules.chain.calculations import Calculations
from distbilling.rules.chain.split import Share, Split
from distbilling.rules.commission.commission import Commission
from distbilling.rules.credit.limits import Unlimited
from distbilling.rules.credit.notices import Notice
from distbilling.rules.deciding.decision import Accepted, OverLimit, Refused
from distbilling.rules.deciding.reasons import Reason
from distbilling.rules.ledger.accounts import LedgerAccount
from distbilling.rules.ledger.journal import Entry
from distbilling.rules.ledger.statement import Statement
from distbilling.rules.parties import Actor, Administrator, DistributorStaff
from distbilling.scenarios.values.spelling import spelt

__all__ = ["report_of"]

FORMAT = "distbilling.run/3"


def report_of(story: Story, locale: str | None = None) -> keys.Report:
    """Return the story as plain values, ready for JSON.

    Texts are in the words of :func:`.narrative.write_story`.
    """
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
                    "ledger": str(differing.ledger),
                    "kept": _amount(differing.kept),
                    "rebuilt": _amount(differing.rebuilt),
                }
                for differing in audit.differing
            ],
            "expectations": story.expectations,
            "expectations_met": story.expectations_met,
            "sound": story.is_sound,
        },
    }


def _step(played: StoryStep, locale: str) -> keys.StepReport:
    command, decision = played.step.command, played.decision
    reason = decision.reason if isinstance(decision, Refused) else None
    entry = decision.entry if isinstance(decision, Accepted) else None
    over_limit = decision.over_limit if isinstance(decision, Accepted) else None

    return {
        "number": played.number,
        "it": played.step.it,
        "key": command.key,
        "at": _instant(command.at),
        "by": _actor(command.by),
        "command": spelt(type(command)),
        "text": command.explain(locale),
        "decision": spelt(type(decision)),
        "reason": None if reason is None else _explained(reason, locale),
        "entry": None if entry is None else _entry(entry, locale),
        "over_limit": None if over_limit is None else _explained(over_limit, locale),
        "notices": [_explained(notice, locale) for notice in decision.notices],
        "messages": [
            {"key": message.key, "subject": message.subject, "text": message.text}
            for message in played.messages
        ],
        "balances": [_balance(balance.ledger, balance.owed) for balance in played.balances],
        "unexpected": [
            {"field": difference.field, "text": str(difference)}
            for difference in played.differences
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


def _entry(entry: Entry, locale: str) -> keys.EntryReport:
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


def _share(split: Split[Calculations], share: Share, locale: str) -> keys.ShareReport:
    calculation = share.calculation
    return {
        "distributor": share.distributor,
        "amount": _amount(split.amount),
        "earned": _amount(share.earned),
        "owed": _amount(share.owed),
        "netting": share.netting.value,
        "commission": (
            _commission(calculation, locale) if isinstance(calculation, Commission) else None
        ),
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
    report = {
        "distributor": statement.distributor.id,
        "name": statement.distributor.name,
        "period": {
            "start": _instant(period.start),
            "end": _instant(period.end),
            "zone": period.zone,
            "first_day": period.first_day.isoformat(),
            "last_day": period.last_day.isoformat(),
        },
        **{amount.name: _amount(getattr(statement, amount.name)) for amount in AMOUNTS},
        "lines": [_fields(line) for line in statement.lines],
    }
    return cast("keys.StatementReport", report)


def _balance(ledger: LedgerAccount, owed: Money) -> keys.Balance:
    return {"ledger": str(ledger), "owes": _amount(owed)}


def _explained(what: Reason | Notice | OverLimit, locale: str) -> keys.Explained:
    return {"code": spelt(type(what)), "details": _fields(what), "text": what.explain(locale)}


def _fields(what: Any) -> dict[str, object]:  # noqa: ANN401 - a line, reason, notice, or a part
    return {name: _plain(value) for name, value in attrs.asdict(what, recurse=False).items()}


def _amount(amount: Money) -> keys.Amount:
    return {
        "amount": plain(amount.amount, amount.currency.digits or 0),
        "currency": amount.currency.code,
    }


def _instant(instant: dt.datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(value: object) -> object:
    """Return a field of a line, reason or notice as JSON writes it.

    A field of a new type fails here, and is added.
    """
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
            return _fields(value)


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
