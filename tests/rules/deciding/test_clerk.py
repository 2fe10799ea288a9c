"""A clerk with fractions and a sheet of paper accepts the same and keeps the same books."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import floor
from typing import Any

import attrs
import pendulum
from hypothesis import given

from distbilling import ByFullForm, Limit, Percent, RoundingMethod, WhenSuspended, rules
from distbilling.rules import evolve
from distbilling.rules.agreement.basis import DiscountBasis, TaxBasis
from distbilling.rules.agreement.schedule import Brackets
from distbilling.rules.agreement.terms import CommissionKind, Netting
from distbilling.rules.chain.rate_above import rates_exceeding
from distbilling.rules.deciding.decision import Accepted
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.parties import AccountKind, Administrator
from distbilling.rules.parties.quick_form import FilledForm, fill
from distbilling.testing.strategies.histories import histories

decide: Any = rules.decide

INVENTORY = frozenset({"12125550199"})


class Clerk:
    """Keeps the same books as the library, with fractions and dictionaries alone."""

    def __init__(self) -> None:
        self.distributors: dict[str, Any] = {}
        self.customers: dict[str, Any] = {}
        self.accounts: dict[str, Any] = {}
        self.forms: dict[str, Any] = {}
        self.booked: dict[str, Any] = {}
        self.owes: Any = Counter()
        self.waits: Any = Counter()
        self.has: Any = Counter()
        self.volume: Any = Counter()

    def hears(self, command) -> Any:
        """Return whether the command is to be accepted, having booked it if so."""
        self.staff = None if isinstance(command.by, Administrator) else command.by.distributor
        return getattr(self, "on_" + type(command).__name__)(command)

    def on_CreateDistributor(self, command) -> Any:  # noqa: N802 - named for the command
        new, opening = command.distributor, Fraction(command.opening_balance.amount)
        if new.id in self.distributors or (new.parent and new.parent not in self.distributors):
            return False
        above = self.chain(new.parent)
        if self.staff and (
            self.staff != new.parent or opening or self.are_suspended(above, command.at)
        ):
            return False
        if self.staff:
            caps = above[0].caps
            if (
                new.caps.credit_limit > caps.credit_limit
                or new.caps.opening_balance > caps.opening_balance
            ):
                return False
        if not self.fits_below(new, new.parent, command.at):
            return False
        self.distributors[new.id] = new
        self.owes[new.id] = opening
        return True

    def on_PrepareQuickForm(self, command) -> Any:  # noqa: N802
        if not self.staff:
            self.forms[command.form.id] = command.form
        return not self.staff

    def on_CreateCustomer(self, command) -> Any:  # noqa: N802
        owner, opening = self.staff or command.distributor, command.opening_balance
        if command.distributor not in {None, owner} or (owner and owner not in self.distributors):
            return False
        if (
            self.staff and self.are_suspended(self.chain(owner), command.at)
        ) or command.customer in self.customers:
            return False
        if owner and self.distributors[owner].currency != opening.currency:
            return False
        if self.staff:
            caps, limit = self.distributors[owner].caps, command.credit_limit
            if not isinstance(limit, Limit) or limit.amount.amount > caps.credit_limit.amount:
                return False
            if abs(opening.amount) > caps.opening_balance.amount:
                return False
        self.customers[command.customer] = {
            "owner": owner,
            "currency": opening.currency,
            "since": command.at,
        }
        self.owes["customer", command.customer] = Fraction(opening.amount)
        return True

    def on_AddAccount(self, command) -> Any:  # noqa: N802, PLR0911
        owner, full = self.staff or command.distributor, isinstance(command.through, ByFullForm)
        if (self.staff and full) or command.distributor not in {None, owner}:
            return False
        if owner and owner not in self.distributors:
            return False
        if (self.staff and self.are_suspended(self.chain(owner), command.at)) or (
            not full and command.through.form not in self.forms
        ):
            return False
        form: Any = None if full else self.forms[command.through.form]
        known = self.customers.get(command.customer)
        if form and form.creates_customer:
            if known or not owner:
                return False
            known = {
                "owner": owner,
                "currency": self.distributors[owner].currency,
                "since": command.at,
            }
        elif not known or (self.staff and known["owner"] != self.staff):
            return False
        currency = known["currency"]
        filled = (
            command.through.filled(currency)
            if full
            else fill(form, dict(command.through.answers), currency)
        )
        if not isinstance(filled, FilledForm) or filled.number in self.accounts:
            return False
        if (
            self.staff and filled.number in INVENTORY
        ) or filled.opening_balance.currency != currency:
            return False
        account = {"customer": command.customer, "owner": owner, "kind": filled.kind, "sold": False}
        account |= {"opening": filled.opening_balance, "active": filled.active, "tax": filled.tax}
        if self.does_not_sell(account, command, filled.number, known["since"]):
            return False
        self.customers[command.customer] = known
        return True

    def on_ActivateAccount(self, command) -> Any:  # noqa: N802
        account = self.accounts.get(command.account)
        if not account or (self.staff and account["owner"] != self.staff) or account["active"]:
            return False
        if self.staff and (
            account["kind"] is not AccountKind.PREPAID
            or self.are_suspended(self.chain(self.staff), command.at)
        ):
            return False
        return not self.does_not_sell(account | {"active": True}, command, command.account)

    def on_AssignDistributor(self, command) -> Any:  # noqa: N802
        account = self.accounts.get(command.account)
        if (
            self.staff
            or not account
            or account["owner"]
            or command.distributor not in self.distributors
        ):
            return False
        return not self.does_not_sell(
            account | {"owner": command.distributor}, command, command.account
        )

    def on_RecordPayment(self, command) -> Any:  # noqa: N802
        if not self.staff or command.customer not in self.customers:
            return False
        account, customer = self.accounts.get(command.account), self.customers[command.customer]
        owners = {customer["owner"]}
        if command.account:
            if (
                not account
                or account["customer"] != command.customer
                or account["kind"] is not AccountKind.PREPAID
            ):
                return False
            owners.add(account["owner"])
        chain = self.chain(self.staff)
        strict = [
            own for own in chain if own.credit.when_suspended is WhenSuspended.REFUSE_WHEN_SUSPENDED
        ]
        if (
            self.staff not in owners
            or self.is_too_early(chain, command.at)
            or self.are_suspended(strict, command.at)
        ):
            return False
        if command.amount.currency != chain[0].currency or self.lacks_tax(chain, command.tax):
            return False
        credited = (
            (self.has, command.account, 1)
            if account
            else (self.owes, ("customer", command.customer), -1)
        )
        trade = self.trade(
            chain, CommissionKind.PAYMENT, command.amount, command.at, customer["since"]
        )
        self.book(
            command.key,
            trade | {"tax": command.tax, "discount": command.discount, "credited": credited},
        )
        return True

    def on_Remit(self, command) -> Any:  # noqa: N802
        known = self.distributors.get(command.distributor)
        if not known or (self.staff and known.parent != self.staff) or command.at < known.created:
            return False
        if known.currency != command.amount.currency:
            return False
        self.owes[known.id] -= Fraction(command.amount.amount)
        return True

    def on_Reverse(self, command) -> Any:  # noqa: N802
        entry = self.booked.get(command.entry)
        if self.staff or not entry or command.at < entry["at"]:
            return False
        remains = entry["amount"] - entry["back"]
        if command.amount and command.amount.currency != entry["currency"]:
            return False
        amount = Fraction(command.amount.amount) if command.amount else remains
        if not 0 < amount <= remains:
            return False
        before, after = entry["back"], entry["back"] + amount
        self.credit(entry, -amount)
        total = Fraction(0)
        for level in entry["levels"]:
            total += self.given_back(level["kept"], entry, after, level["rounding"])
            total -= self.given_back(level["kept"], entry, before, level["rounding"])
            self.charge(level, -amount, -total)
            gone, was = (self.given_back(level["base"], entry, far) for far in (after, before))
            self.volume[level["counts"]] -= gone - was
        entry["back"] = after
        return True

    def on_Correct(self, command) -> Any:  # noqa: N802
        entry = self.booked.get(command.entry)
        if (
            self.staff
            or not entry
            or command.at < entry["at"]
            or command.amount.currency != entry["currency"]
        ):
            return False
        right = Fraction(command.amount.amount)
        if entry["back"] or (
            entry["kind"] is CommissionKind.SALE and self.passes_a_limit(entry, right, command.at)
        ):
            return False
        if right != entry["amount"]:
            self.credit(entry, right - entry["amount"])
            self.share_out(entry, right)
        return True

    def on_CreditCommission(self, command) -> Any:  # noqa: N802
        known = self.distributors.get(command.distributor)
        if self.staff or not known or command.at < known.created:
            return False
        waiting = self.waits[known.id]
        if command.amount and (
            command.amount.currency != known.currency or command.amount.amount > waiting
        ):
            return False
        amount = Fraction(command.amount.amount) if command.amount else waiting
        self.owes[known.id] -= amount
        self.waits[known.id] -= amount
        return amount != 0

    def on_ChangeTerms(self, command) -> Any:  # noqa: N802
        known = self.distributors.get(command.distributor)
        if self.staff or not known or command.at < known.created:
            return False
        above = self.chain(known.parent)[:1]
        below = [child for child in self.distributors.values() if child.parent == known.id]
        if any(self.gives_more(command.terms, parent.terms) for parent in above):
            return False
        if any(self.gives_more(child.terms, command.terms) for child in below):
            return False
        return self.changed(known, terms=command.terms)

    def on_ChangeCredit(self, command) -> Any:  # noqa: N802
        known = self.distributors.get(command.distributor)
        if self.staff or not known or command.at < known.created:
            return False
        return self.changed(known, credit=command.credit)

    def on_GrantLimitIncrease(self, command) -> Any:  # noqa: N802
        known, asked = self.distributors.get(command.distributor), command.raises_by
        if (
            self.staff
            or not known
            or command.at < known.created
            or not isinstance(known.credit.limit, Limit)
        ):
            return False
        if not isinstance(asked, Percent) and asked.currency != known.currency:
            return False
        if caps := command.by.increase_caps:
            permanent = known.credit.limit.amount
            if self.increase(asked, permanent) > self.increase(caps.most, permanent):
                return False
            if (command.until - command.at).total_seconds() > caps.days * 86_400:
                return False
        return self.changed(known, increases=(*known.increases, command.increase))

    def on_ReviewCredit(self, command) -> Any:  # noqa: N802
        known = self.distributors.get(command.distributor)
        return bool(not self.staff and known and command.at >= known.created)

    def on_TransferCustomer(self, command) -> Any:  # noqa: N802
        customer, to = (
            self.customers.get(command.customer),
            self.distributors.get(command.distributor),
        )
        if self.staff or not customer or (command.distributor and not to):
            return False
        if to and (command.at < to.created or to.currency != customer["currency"]):
            return False
        was = customer["owner"]
        if was != command.distributor:
            for account in self.accounts.values():
                would_be_sold = to and account["active"] and not account["sold"]
                if (
                    account["customer"] == command.customer
                    and account["owner"] == was
                    and not would_be_sold
                ):
                    account["owner"] = command.distributor
            customer |= {"owner": command.distributor, "since": command.at}
        return True

    def on_TransferDistributor(self, command) -> Any:  # noqa: N802
        known, to = self.distributors.get(command.distributor), command.parent
        if self.staff or not known or (to and to not in self.distributors):
            return False
        if known in self.chain(to) or command.at < known.created:
            return False
        if known.parent == to:
            return True
        if (
            self.owes[known.id]
            or self.waits[known.id]
            or not self.fits_below(known, to, command.at)
        ):
            return False
        return self.changed(known, parent=to)

    def chain(self, name) -> Any:
        """Return a distributor and those above it."""
        found = []
        while name:
            found.append(self.distributors[name])
            name = found[-1].parent
        return found

    def changed(self, known, **changes) -> Any:
        self.distributors[known.id] = attrs.evolve(known, **changes)
        return True

    def fits_below(self, known, parent, at) -> Any:
        above = self.chain(parent)
        if self.is_too_early(above, at) or any(each.currency != known.currency for each in above):
            return False
        return not any(self.gives_more(known.terms, each.terms) for each in above[:1])

    def gives_more(self, terms, above) -> Any:
        """Return whether somebody earns more, or on more, than its parent."""
        on_tax = terms.basis.tax is TaxBasis.GROSS and above.basis.tax is TaxBasis.NET_OF_TAX
        before = (terms.basis.discount, above.basis.discount) == (
            DiscountBasis.BEFORE_DISCOUNT,
            DiscountBasis.AFTER_DISCOUNT,
        )
        return on_tax or before or bool(rates_exceeding(terms, above))

    def is_too_early(self, chain, at) -> Any:
        return any(at < own.created for own in chain)

    def lacks_tax(self, chain, tax) -> Any:
        return tax is None and any(own.terms.basis.tax is TaxBasis.NET_OF_TAX for own in chain)

    def increase(self, share, permanent) -> Any:
        return (
            Fraction(share.value) * Fraction(permanent.amount) / 100
            if isinstance(share, Percent)
            else share.amount
        )

    def limit(self, own, at) -> Any:
        """Return the limit at an instant, None for none; the latest increase in force counts."""
        if not isinstance(own.credit.limit, Limit):
            return None
        permanent, raised, latest = own.credit.limit.amount, Fraction(0), None
        for increase in own.increases:
            if increase.granted <= at < increase.until and (
                latest is None or increase.granted >= latest
            ):
                raised, latest = (
                    Fraction(self.increase(increase.raises_by, permanent)),
                    increase.granted,
                )
        return Fraction(permanent.amount) + raised

    def are_suspended(self, chain, at) -> Any:
        limits = {own.id: self.limit(own, at) for own in chain}
        return any(limit is not None and self.owes[name] >= limit for name, limit in limits.items())

    def does_not_sell(self, account, command, number, since=None) -> Any:
        """Keep an account, and sell it if that is due; return whether something is against it."""
        opening, chain = account["opening"], self.chain(account["owner"])
        if chain and chain[0].currency != opening.currency:
            return True
        if account["active"] and chain and not account["sold"]:
            if self.is_too_early(chain, command.at):
                return True
            if not opening.is_zero:
                if self.lacks_tax(chain, account["tax"]):
                    return True
                since = since or self.customers[account["customer"]]["since"]
                trade = self.trade(chain, CommissionKind.SALE, opening, command.at, since)
                trade |= {
                    "tax": account["tax"],
                    "discount": None,
                    "credited": (self.has, number, 1),
                }
                if self.passes_a_limit(trade, trade["asked"], command.at):
                    return True
                self.book(command.key, trade)
            account["sold"] = True
        self.accounts[number] = account
        return False

    def passes_a_limit(self, trade, amount, at) -> Any:
        """Return whether a sale of more than before would take somebody above its limit."""
        for level, was in zip(self.levels_of(trade, amount), trade["levels"], strict=True):
            limit, at_once = (
                self.limit(self.distributors[level["name"]], at),
                level["netting"] is Netting.AT_COLLECTION,
            )
            adds = amount - trade["amount"] - (level["total"] - was["total"] if at_once else 0)
            if (
                amount > trade["amount"]
                and limit is not None
                and self.owes[level["name"]] + adds > limit
            ):
                return True
        return False

    def trade(self, chain, kind, amount, at, since) -> Any:
        """Write down what was agreed on the day of a trade, level by level: it never changes."""
        zone = chain[0].cycle.zone
        first, today = (
            pendulum.instance(instant).in_timezone(zone).date() for instant in (since, at)
        )
        agreed = []
        for own in chain:
            terms, counts = own.terms, (own.id, kind, own.period_at(at).start)
            schedule = (
                terms.sales_commission if kind is CommissionKind.SALE else terms.payment_commission
            )
            agreed.append({
                "name": own.id, "schedule": schedule,
                "rounding": terms.rounding, "basis": terms.basis,
                "netting": terms.netting, "counts": counts, "so_far": self.volume[counts],
                "months": sum(first.add(months=month) <= today for month in range(1, 14)),
            })  # fmt: skip
        nothing = [{"total": Fraction(0), "base": Fraction(0)} for _ in chain]
        written = {
            "kind": kind,
            "agreed": agreed,
            "at": at,
            "currency": amount.currency,
            "levels": nothing,
        }
        return written | {
            "asked": Fraction(amount.amount),
            "amount": Fraction(0),
            "back": Fraction(0),
        }

    def book(self, key, trade) -> Any:
        self.credit(trade, trade["asked"])
        self.share_out(trade, trade["asked"])
        self.booked[key] = trade

    def credit(self, entry, amount) -> Any:
        where, whom, sign = entry["credited"]
        where[whom] += sign * amount

    def charge(self, level, amount, commission) -> Any:
        """Charge a level with an amount, less the commission of its own and of those below it."""
        self.owes[level["name"]] += amount
        purse, sign = (
            (self.owes, -1) if level["netting"] is Netting.AT_COLLECTION else (self.waits, 1)
        )
        purse[level["name"]] += sign * commission

    def share_out(self, entry, amount) -> Any:
        """Charge every level with what an amount makes, less what it was charged with before."""
        levels = self.levels_of(entry, amount)
        for level, was in zip(levels, entry["levels"], strict=True):
            self.charge(level, amount - entry["amount"], level["total"] - was["total"])
            self.volume[level["counts"]] += level["base"] - was["base"]
        entry |= {"levels": levels, "amount": amount}

    def levels_of(self, entry, amount) -> Any:
        """Return what each level earns with those below, what it keeps, and its base, top first."""
        tax, discount = (
            self.rounded(Fraction(part.amount) * amount / entry["asked"], entry["currency"])
            if part
            else Fraction(0)
            for part in (entry["tax"], entry["discount"])
        )
        most: Any = amount
        levels: list[Any] = []
        for agreed in reversed(entry["agreed"]):
            basis = agreed["basis"]
            base = amount - (tax if basis.tax is TaxBasis.NET_OF_TAX else 0)
            base += discount if basis.discount is DiscountBasis.BEFORE_DISCOUNT else 0
            most = min(self.commission(agreed, base, entry["currency"]), most)
            levels.insert(0, agreed | {"base": base, "total": most})
        totals = [Fraction(0), *(level["total"] for level in levels)]
        return [
            level | {"kept": level["total"] - below}
            for level, below in zip(levels, totals, strict=False)
        ]

    def commission(self, agreed, base, currency) -> Any:
        schedule, so_far, rounding = agreed["schedule"], agreed["so_far"], agreed["rounding"]
        if isinstance(schedule, Brackets):
            pieces: Any = schedule.brackets
            bound = Fraction(pieces[1].lower.amount)

            def total(volume) -> Any:
                slices = min(volume, bound), max(volume - bound, Fraction(0))
                earned = (
                    of * Fraction(piece.schedule.value) / 100
                    for of, piece in zip(slices, pieces, strict=True)
                )
                return self.rounded(sum(earned), currency, rounding)

            return total(so_far + base) - total(so_far)
        if not isinstance(schedule, Percent):
            first, then = schedule.stages
            schedule = (first if agreed["months"] < first.months else then).schedule
        return self.rounded(base * Fraction(schedule.value) / 100, currency, rounding)

    def given_back(self, earned, entry, far, method=RoundingMethod.HALF_AWAY_FROM_ZERO) -> Any:
        whole = far == entry["amount"]
        return (
            earned
            if whole
            else min(
                self.rounded(earned * far / entry["amount"], entry["currency"], method), earned
            )
        )

    def rounded(self, exact, currency, method=RoundingMethod.HALF_AWAY_FROM_ZERO) -> Any:
        units = 10**currency.digits
        down, rest = floor(exact * units), exact * units - floor(exact * units)
        match method:
            case RoundingMethod.HALF_AWAY_FROM_ZERO:
                whole = down + (rest >= Fraction(1, 2))
            case RoundingMethod.AWAY_FROM_ZERO:
                whole = down + (rest > 0)
            case RoundingMethod.HALF_EVEN:
                whole = round(exact * units)
            case RoundingMethod.DOWN:
                whole = down
            case _:  # the Malaysian way
                whole = down - down % 10 + {0: 0, 1: 0, 2: 0, 8: 10, 9: 10}.get(down % 10, 5)
        return Fraction(whole, units)


@given(history=histories(by_hand=True))
def test_a_patient_clerk_accepts_the_same_commands_and_has_the_same_balances(history):
    clerk, facts = Clerk(), Facts(inventory=INVENTORY)
    for command in history:
        decision = decide(command, facts)
        assert clerk.hears(command) == isinstance(decision, Accepted), (command, decision)
        if isinstance(decision, Accepted):
            facts = evolve(facts, decision)
    assert {
        known.distributor.id: (known.owed.amount, known.accrued.amount)
        for known in facts.distributors.values()
    } == {name: (clerk.owes[name], clerk.waits[name]) for name in clerk.distributors}
    assert {
        known.distributor.id: known.distributor for known in facts.distributors.values()
    } == clerk.distributors
    assert {known.customer.id: known.owed.amount for known in facts.customers.values()} == {
        name: clerk.owes["customer", name] for name in clerk.customers
    }
    assert {known.account.id: known.funds.amount for known in facts.accounts.values()} == {
        number: clerk.has[number] for number in clerk.accounts
    }
    volumes = {
        (known.distributor.id, volume.kind, volume.start): volume.volume.amount
        for known in facts.distributors.values()
        for volume in known.volumes
    }
    assert volumes == {
        counts: volume for counts, volume in clerk.volume.items() if counts in volumes
    }
    assert all(not volume for counts, volume in clerk.volume.items() if counts not in volumes)
