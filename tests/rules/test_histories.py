"""Whatever happens, in whatever order: do the books balance, and does each distributor owe what it should?"""

from __future__ import annotations

import pickle
from collections import Counter
from fractions import Fraction
from math import floor
from typing import Any

import attrs
from hypothesis import given

from distbilling import rules
from distbilling.adapters.memory import MemoryRepository
from distbilling.money import RoundingMethod
from distbilling.rules import evolve
from distbilling.rules.commands.add_account import ByFullForm
from distbilling.rules.credit import Limit, WhenSuspended
from distbilling.rules.decision import Accepted
from distbilling.rules.facts import Facts
from distbilling.rules.journal import (
    CustomerLedger,
    DistributorLedger,
    EntryKind,
    PrepaidFunds,
    balances,
    out_of_balance,
)
from distbilling.rules.parties import AccountKind, Administrator
from distbilling.rules.quick_form import FilledForm, fill
from distbilling.testing.histories import histories

decide: Any = rules.decide

INVENTORY = frozenset({"12125550199"})
EVERYTHING = Facts(inventory=INVENTORY)


def played(history) -> Any:
    """Yield each command with the facts it was decided on and the decision, on one growing set of facts."""
    facts = EVERYTHING
    for command in history:
        decision = decide(command, facts)
        yield command, facts, decision
        if isinstance(decision, Accepted):
            facts = evolve(facts, decision)


class Clerk:
    """Keeps the same books as a patient clerk would: with fractions, dictionaries and no idea of the library's rules."""

    def __init__(self) -> None:
        self.distributors: dict[str, Any] = {}
        self.customers: dict[str, Any] = {}
        self.accounts: dict[str, Any] = {}
        self.forms: dict[str, Any] = {}
        self.owes: Any = Counter()
        self.has: Any = Counter()

    def hears(self, command) -> Any:
        """Return whether the command is to be accepted, having booked it if so."""
        before = self.owes.copy()
        self.staff = None if isinstance(command.by, Administrator) else command.by.distributor
        return getattr(self, "on_" + type(command).__name__)(command), before

    def on_CreateDistributor(self, command) -> Any:  # noqa: N802 - named for the command
        new = command.distributor
        if self.staff or new.id in self.distributors:
            return False
        self.distributors[new.id] = new
        self.owes[new.id] = Fraction(command.opening_balance.amount)
        return True

    def on_PrepareQuickForm(self, command) -> Any:  # noqa: N802
        if not self.staff:
            self.forms[command.form.id] = command.form
        return not self.staff

    def on_CreateCustomer(self, command) -> Any:  # noqa: N802
        owner = self.staff or command.distributor
        if command.distributor not in {None, owner} or (owner and owner not in self.distributors):
            return False
        if (self.staff and self.is_suspended(owner)) or command.customer in self.customers:
            return False
        if owner and self.distributors[owner].currency != command.opening_balance.currency:
            return False
        if self.staff:
            caps = self.distributors[owner].caps
            limit = command.credit_limit
            if not isinstance(limit, Limit) or limit.amount.amount > caps.credit_limit.amount:
                return False
            if abs(command.opening_balance.amount) > caps.opening_balance.amount:
                return False
        self.customers[command.customer] = (owner, command.opening_balance.currency)
        self.owes["customer", command.customer] = Fraction(command.opening_balance.amount)
        return True

    def on_AddAccount(self, command) -> Any:  # noqa: C901, N802, PLR0911 - a clerk checks one thing after the other
        owner, full = self.staff or command.distributor, isinstance(command.through, ByFullForm)
        if (self.staff and full) or command.distributor not in {None, owner}:
            return False
        if (owner and owner not in self.distributors) or (self.staff and self.is_suspended(owner)):
            return False
        if not full and command.through.form not in self.forms:
            return False
        form: Any = None if full else self.forms[command.through.form]
        known = self.customers.get(command.customer)
        if form and form.creates_customer:
            if known or not owner:
                return False
            currency = self.distributors[owner].currency
        elif not known or (self.staff and known[0] != self.staff):
            return False
        else:
            currency = known[1]
        filled = command.through.filled(currency) if full else fill(form, dict(command.through.answers), currency)
        if not isinstance(filled, FilledForm) or filled.number in self.accounts:
            return False
        if (self.staff and filled.number in INVENTORY) or filled.opening_balance.currency != currency:
            return False
        account = {"customer": command.customer, "owner": owner, "kind": filled.kind, "sold": False}
        account |= {"opening": filled.opening_balance, "active": filled.active}
        if not self.may_sell(account):
            return False
        if form and form.creates_customer:
            self.customers[command.customer] = (owner, currency)
        self.accounts[filled.number] = account
        self.sell(filled.number)
        return True

    def on_ActivateAccount(self, command) -> Any:  # noqa: N802
        account = self.accounts.get(command.account)
        if not account or (self.staff and account["owner"] != self.staff) or account["active"]:
            return False
        if self.staff and (account["kind"] is not AccountKind.PREPAID or self.is_suspended(self.staff)):
            return False
        return self.changed(command.account, active=True)

    def on_AssignDistributor(self, command) -> Any:  # noqa: N802
        account = self.accounts.get(command.account)
        if self.staff or not account or account["owner"] or command.distributor not in self.distributors:
            return False
        return self.changed(command.account, owner=command.distributor)

    def on_RecordPayment(self, command) -> Any:  # noqa: N802
        if not self.staff or self.staff not in self.distributors or command.customer not in self.customers:
            return False
        account = self.accounts.get(command.account)
        owners = {self.customers[command.customer][0]}
        if command.account:
            if not account or account["customer"] != command.customer or account["kind"] is not AccountKind.PREPAID:
                return False
            owners.add(account["owner"])
        own = self.distributors[self.staff]
        always = own.credit.when_suspended is WhenSuspended.ALWAYS_ACCEPT
        if self.staff not in owners or (self.is_suspended(self.staff) and not always):
            return False
        if command.amount.currency != own.currency:
            return False
        amount = Fraction(command.amount.amount)
        self.owes[self.staff] += amount - self.commission(amount, own.terms.payment_commission, own)
        if command.account:
            self.has[command.account] += amount
        else:
            self.owes["customer", command.customer] -= amount
        return True

    def on_Remit(self, command) -> Any:  # noqa: N802
        known = self.distributors.get(command.distributor)
        if self.staff or not known or known.currency != command.amount.currency:
            return False
        self.owes[command.distributor] -= Fraction(command.amount.amount)
        return True

    def is_suspended(self, name) -> Any:
        limit = self.distributors[name].credit.limit if name in self.distributors else None
        return isinstance(limit, Limit) and self.owes[name] >= limit.amount.amount

    def changed(self, number, **changes) -> Any:
        account = self.accounts[number] | changes
        if not self.may_sell(account):
            return False
        self.accounts[number] = account
        self.sell(number)
        return True

    def is_due(self, account) -> Any:
        return account["active"] and account["owner"] and not account["sold"]

    def would_owe(self, account) -> Any:
        seller = self.distributors[account["owner"]]
        opening = Fraction(account["opening"].amount)
        return self.owes[seller.id] + opening - self.commission(opening, seller.terms.sales_commission, seller)

    def may_sell(self, account) -> Any:
        if not self.is_due(account):
            return True
        seller = self.distributors[account["owner"]]
        if seller.currency != account["opening"].currency:
            return False
        limit, free = seller.credit.limit, account["opening"].is_zero
        return free or not isinstance(limit, Limit) or self.would_owe(account) <= limit.amount.amount

    def sell(self, number) -> Any:
        account = self.accounts[number]
        if self.is_due(account):
            self.owes[account["owner"]] = self.would_owe(account)
            self.has[number] += Fraction(account["opening"].amount)
            account["sold"] = True

    def commission(self, amount, rate, own) -> Any:
        units = 10**own.currency.digits
        exact = amount * Fraction(rate.value) / 100 * units
        down, rest = floor(exact), exact - floor(exact)
        match own.terms.rounding:
            case RoundingMethod.HALF_AWAY_FROM_ZERO:
                whole = down + (rest >= Fraction(1, 2))
            case RoundingMethod.AWAY_FROM_ZERO:
                whole = down + (rest > 0)
            case RoundingMethod.HALF_EVEN:
                whole = round(exact)
            case RoundingMethod.DOWN:
                whole = down
            case _:  # the Malaysian way
                whole = down - down % 10 + {0: 0, 1: 0, 2: 0, 8: 10, 9: 10}.get(down % 10, 5)
        return min(Fraction(whole, units), amount)


@given(history=histories())
def test_a_patient_clerk_accepts_the_same_commands_and_has_the_same_balances(history):
    clerk, facts = Clerk(), EVERYTHING
    for command, _, decision in played(history):
        accepts, _ = clerk.hears(command)
        assert accepts == isinstance(decision, Accepted), (command, decision)
        if isinstance(decision, Accepted):
            facts = evolve(facts, decision)
    assert {known.distributor.id: known.owed.amount for known in facts.distributors} == {
        name: clerk.owes[name] for name in clerk.distributors
    }
    assert all(known.owed.amount == clerk.owes["customer", known.customer.id] for known in facts.customers)
    assert {known.account.id: known.funds.amount for known in facts.accounts} == {
        number: clerk.has[number] for number in clerk.accounts
    }


@given(history=histories())
def test_every_accepted_entry_sums_to_zero_and_its_amount_is_commission_plus_owed(history):
    for command, _, decision in played(history):
        entry = decision.entry if isinstance(decision, Accepted) else None
        if entry is None:
            continue
        assert entry.key == command.key
        assert sum(Fraction(posting.adds.amount) for posting in entry.postings) == 0
        assert all(not posting.adds.is_zero or entry.commission for posting in entry.postings)
        split = entry.commission
        assert (split is not None) == (entry.kind in {EntryKind.PAYMENT, EntryKind.SALE})
        if split is not None:
            assert split.amount == split.earned + split.owed
            assert split.exact + split.remainder == split.earned
            assert abs(split.earned) <= abs(split.amount)


@given(history=histories())
def test_all_balances_can_be_rebuilt_from_the_entries_alone(history):
    facts, journal = EVERYTHING, []
    for _, _, decision in played(history):
        if isinstance(decision, Accepted):
            facts = evolve(facts, decision)
            journal += [] if decision.entry is None else [decision.entry]
    rebuilt = balances(journal)
    assert out_of_balance(rebuilt) == ()
    owed: dict[Any, Any] = {DistributorLedger(known.distributor.id): known.owed for known in facts.distributors}
    owed |= {CustomerLedger(known.customer.id): known.owed for known in facts.customers}
    owed |= {PrepaidFunds(known.account.id): -known.funds for known in facts.accounts}
    for ledger, balance in owed.items():
        assert rebuilt.get(ledger, {}).get(balance.currency, balance - balance) == balance


@given(history=histories())
def test_a_command_is_decided_the_same_way_twice_and_the_facts_stay_as_they_are(history):
    for command, facts, decision in played(history):
        before = pickle.dumps(facts)
        assert decide(command, facts) == decision
        assert pickle.dumps(facts) == before


@given(history=histories())
def test_the_memory_decides_each_command_as_one_who_sees_everything_would(history):
    repository = MemoryRepository(INVENTORY)
    for command, _, decision in played(history):
        assert repository.transact(command, decide) == decision


@given(history=histories())
def test_together_and_one_by_one_come_to_the_same(history):
    one_by_one, together = MemoryRepository(INVENTORY), MemoryRepository(INVENTORY)
    assert together.transact_many(history, decide) == tuple(one_by_one.transact(command, decide) for command in history)
    assert list(together.journal()) == list(one_by_one.journal())
    assert together.pending_notices() == one_by_one.pending_notices()


@given(history=histories())
def test_whoever_repeats_everything_gets_the_first_answers_and_writes_nothing(history):
    repository = MemoryRepository(INVENTORY)
    first = [repository.transact(command, decide) for command in history]
    accepted = [command for command, answer in zip(history, first, strict=True) if isinstance(answer, Accepted)]
    journal = list(repository.journal())
    again = [repository.transact(command, decide) for command in accepted]
    assert again == [answer for answer in first if isinstance(answer, Accepted)]
    assert list(repository.journal()) == journal


@given(history=histories())
def test_no_account_is_sold_twice_and_no_notice_has_the_key_of_another(history):
    sold: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for _, _, decision in played(history):
        told.update(notice.key for notice in decision.notices)
        if isinstance(decision, Accepted) and decision.entry and decision.entry.kind is EntryKind.SALE:
            sold.update(
                posting.ledger.account
                for posting in decision.entry.postings
                if isinstance(posting.ledger, PrepaidFunds)
            )
    assert all(times == 1 for times in (*sold.values(), *told.values()))


@given(history=histories())
def test_every_decision_can_be_told_pickled_and_compared(history):
    for command, _, decision in played(history):
        assert command.explain("en").isprintable()
        assert decision.explain("en") or isinstance(decision, Accepted)
        assert pickle.loads(pickle.dumps((command, decision))) == (command, decision)  # noqa: S301 - our own
        assert attrs.evolve(command) == command
