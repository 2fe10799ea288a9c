"""An administrator prepares a quick form."""

from __future__ import annotations

import attrs

from distbilling.language.catalogue import sentence
from distbilling.rules import fields
from distbilling.rules.deciding.command_head import CommandHead
from distbilling.rules.deciding.decision import Accepted, Decision, Refused
from distbilling.rules.deciding.facts import Facts
from distbilling.rules.deciding.reads import Reads
from distbilling.rules.parties.permission import Action, Policy
from distbilling.rules.parties.quick_form import QuickForm

__all__ = ["PrepareQuickForm", "decide_quick_form"]


@attrs.frozen
class PrepareQuickForm(CommandHead):
    """Prepare a quick form, or replace the one of that name.

    Accounts that were created through it stay as they are.

    Source: rulebook R29, R30.

    >>> import pendulum
    >>> from distbilling.rules.parties import Administrator
    >>> from distbilling import AccountKind, Asked, Field
    >>> sip = QuickForm("sip", "SIP phone", "SIP line", AccountKind.POSTPAID,
    ...     (Asked(Field.NUMBER),))
    >>> PrepareQuickForm("f-1", Administrator("maria"), pendulum.datetime(2026, 3, 1),
    ...     sip).reads.forms
    ('sip',)
    """

    form: QuickForm = attrs.field(validator=fields.one_of(QuickForm))

    @property
    def reads(self) -> Reads:
        """The names this command needs facts about."""
        return Reads(forms=(self.form.id,))

    def explain(self, locale: str = "en") -> str:
        """Say in a few words what is to be done, in the words and formats of the locale."""
        return sentence("prepare the quick form {form}", locale, form=self.form.id)


def decide_quick_form(command: PrepareQuickForm, _facts: Facts, policy: Policy) -> Decision:
    """Store the form. Refused without permission.

    Source: rulebook R29, R30.
    """
    if denied := policy.denial(command.by, Action.PREPARE_QUICK_FORM):
        return Refused(denied)
    return Accepted(command.key, records=(command.form,))
