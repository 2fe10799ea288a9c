"""Who wants what? A command in a few words of the reader's language."""

from __future__ import annotations

from typing import assert_never

from distbilling.language.catalogue import sentence
from distbilling.rules import Command
from distbilling.rules.commands.activate_account import ActivateAccount
from distbilling.rules.commands.add_account import AddAccount, ByFullForm, ByQuickForm
from distbilling.rules.commands.assign_distributor import AssignDistributor
from distbilling.rules.commands.create_customer import CreateCustomer
from distbilling.rules.commands.create_distributor import CreateDistributor
from distbilling.rules.commands.prepare_quick_form import PrepareQuickForm
from distbilling.rules.commands.record_payment import RecordPayment
from distbilling.rules.commands.remit import Remit
from distbilling.rules.credit import Limit, Unlimited
from distbilling.rules.parties import Actor, Administrator, Distributor, DistributorStaff

__all__ = ["actor_in_words", "deed_in_words", "distributor_concerned"]


def actor_in_words(actor: Actor, locale: str) -> str:
    """Say who acts, and in which role.

    >>> actor_in_words(Administrator("maria"), "en")
    'maria (administrator)'
    """
    match actor:
        case Administrator():
            return sentence("{name} (administrator)", locale, name=actor.name)
        case DistributorStaff():
            return sentence("{name} (distributor)", locale, name=actor.distributor)
        case _:
            assert_never(actor)


def deed_in_words(command: Command, locale: str) -> str:
    """Say what is to be done.

    >>> import pendulum
    >>> from distbilling.money import Money
    >>> deed_in_words(Remit("r", Administrator("maria"), pendulum.datetime(2026, 3, 9), "hudson", Money(9, "USD")), "en")
    'record a remittance of $9.00 from hudson'
    """
    match command:
        case RecordPayment():
            return _payment_in_words(command, locale)
        case Remit():
            return sentence(
                "record a remittance of {amount} from {distributor}",
                locale,
                amount=command.amount,
                distributor=command.distributor,
            )
        case CreateDistributor():
            return _new_distributor_in_words(command.distributor, locale)
        case CreateCustomer():
            return sentence("create the customer {customer}", locale, customer=command.customer)
        case PrepareQuickForm():
            return sentence("prepare the quick form {form}", locale, form=command.form.id)
        case AddAccount():
            return _new_account_in_words(command, locale)
        case ActivateAccount():
            return sentence("activate the account {account}", locale, account=command.account)
        case AssignDistributor():
            return sentence(
                "assign the account {account} to {distributor}",
                locale,
                account=command.account,
                distributor=command.distributor,
            )
        case _:
            assert_never(command)


def distributor_concerned(command: Command) -> str | None:
    """Return the distributor that a command is about or acts for, as far as the command itself tells.

    >>> import pendulum
    >>> from distbilling.money import Money
    >>> distributor_concerned(Remit("r", Administrator("maria"), pendulum.datetime(2026, 3, 9), "hudson", Money(9, "USD")))
    'hudson'
    """
    if isinstance(command.by, DistributorStaff):
        return command.by.distributor
    match command:
        case CreateDistributor():
            return command.distributor.id
        case Remit() | CreateCustomer() | AddAccount() | AssignDistributor():
            return command.distributor
        case RecordPayment() | ActivateAccount() | PrepareQuickForm():
            return None
        case _:
            assert_never(command)


def _payment_in_words(command: RecordPayment, locale: str) -> str:
    if command.account is None:
        return sentence(
            "record a payment of {amount} from {customer}", locale, amount=command.amount, customer=command.customer
        )
    return sentence(
        "record a payment of {amount} from {customer} for the account {account}",
        locale,
        amount=command.amount,
        customer=command.customer,
        account=command.account,
    )


def _new_distributor_in_words(distributor: Distributor, locale: str) -> str:
    match distributor.credit.limit:
        case Limit(amount):
            limit = sentence("credit limit {amount}", locale, amount=amount)
        case Unlimited():
            limit = sentence("no credit limit", locale)
        case _:
            assert_never(distributor.credit.limit)
    return sentence(
        "create the distributor {distributor}: {sales} on sales, {payment} on payments, {limit}",
        locale,
        distributor=distributor.id,
        sales=distributor.terms.sales_commission,
        payment=distributor.terms.payment_commission,
        limit=limit,
    )


def _new_account_in_words(command: AddAccount, locale: str) -> str:
    customer = command.customer
    match command.through:
        case ByQuickForm(form=form) as quick:
            if quick.number is None:
                return sentence(
                    "create an account for {customer} through the quick form {form}",
                    locale,
                    customer=customer,
                    form=form,
                )
            return sentence(
                "create the account {number} for {customer} through the quick form {form}",
                locale,
                number=quick.number,
                customer=customer,
                form=form,
            )
        case ByFullForm(number=number):
            return sentence(
                "create the account {number} for {customer} with the administrator's form",
                locale,
                number=number,
                customer=customer,
            )
        case _:
            assert_never(command.through)
