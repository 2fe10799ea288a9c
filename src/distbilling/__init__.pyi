# The public names, each with its module; `__init__.py` loads from here what is asked for.

from distbilling import adapters as adapters
from distbilling import documents as documents
from distbilling import errors as errors
from distbilling import money as money
from distbilling import periods as periods
from distbilling import ports as ports
from distbilling import rules as rules
from distbilling import services as services
from distbilling.money import Allocation as Allocation
from distbilling.money import Currency as Currency
from distbilling.money import Money as Money
from distbilling.money import Percent as Percent
from distbilling.money import Rounding as Rounding
from distbilling.money import RoundingMethod as RoundingMethod
from distbilling.rules.agreement.agreed_terms import AgreedTerms as AgreedTerms
from distbilling.rules.agreement.agreed_terms import terms_in_force as terms_in_force
from distbilling.rules.agreement.basis import Basis as Basis
from distbilling.rules.agreement.basis import DiscountBasis as DiscountBasis
from distbilling.rules.agreement.basis import TaxBasis as TaxBasis
from distbilling.rules.agreement.circumstances import Circumstances as Circumstances
from distbilling.rules.agreement.measure import Measure as Measure
from distbilling.rules.agreement.measure import Per as Per
from distbilling.rules.agreement.measure import Tiering as Tiering
from distbilling.rules.agreement.policies import Margin as Margin
from distbilling.rules.agreement.policies import Netting as Netting
from distbilling.rules.agreement.policies import Remainder as Remainder
from distbilling.rules.agreement.policies import TermsLayer as TermsLayer
from distbilling.rules.agreement.rates import CommissionKind as CommissionKind
from distbilling.rules.agreement.rates import Rate as Rate
from distbilling.rules.agreement.rates import Subject as Subject
from distbilling.rules.agreement.schedule import Bounded as Bounded
from distbilling.rules.agreement.schedule import Bracket as Bracket
from distbilling.rules.agreement.schedule import Brackets as Brackets
from distbilling.rules.agreement.schedule import ByAge as ByAge
from distbilling.rules.agreement.schedule import FlatFee as FlatFee
from distbilling.rules.agreement.schedule import Stage as Stage
from distbilling.rules.agreement.schedule import Sum as Sum
from distbilling.rules.agreement.terms import Terms as Terms
from distbilling.rules.agreement.terms import TermsLayers as TermsLayers
from distbilling.rules.commands.customers.activate_account import ActivateAccount as ActivateAccount
from distbilling.rules.commands.customers.add_account import AddAccount as AddAccount
from distbilling.rules.commands.customers.add_account import ByFullForm as ByFullForm
from distbilling.rules.commands.customers.add_account import ByQuickForm as ByQuickForm
from distbilling.rules.commands.customers.assign_distributor import (
    AssignDistributor as AssignDistributor,
)
from distbilling.rules.commands.customers.create_customer import CreateCustomer as CreateCustomer
from distbilling.rules.commands.customers.prepare_quick_form import (
    PrepareQuickForm as PrepareQuickForm,
)
from distbilling.rules.commands.customers.transfer_customer import (
    TransferCustomer as TransferCustomer,
)
from distbilling.rules.commands.distributors.change_credit import ChangeCredit as ChangeCredit
from distbilling.rules.commands.distributors.change_terms import ChangeTerms as ChangeTerms
from distbilling.rules.commands.distributors.create_distributor import (
    CreateDistributor as CreateDistributor,
)
from distbilling.rules.commands.distributors.grant_limit_increase import (
    GrantLimitIncrease as GrantLimitIncrease,
)
from distbilling.rules.commands.distributors.review_credit import ReviewCredit as ReviewCredit
from distbilling.rules.commands.distributors.transfer_distributor import (
    TransferDistributor as TransferDistributor,
)
from distbilling.rules.commands.movements.correct import Correct as Correct
from distbilling.rules.commands.movements.credit_commission import (
    CreditCommission as CreditCommission,
)
from distbilling.rules.commands.movements.record_payment import RecordPayment as RecordPayment
from distbilling.rules.commands.movements.remit import Remit as Remit
from distbilling.rules.commands.movements.reverse import Reversal as Reversal
from distbilling.rules.commands.movements.reverse import Reverse as Reverse
from distbilling.rules.credit import CreditTerms as CreditTerms
from distbilling.rules.credit import Limit as Limit
from distbilling.rules.credit import PercentOfLimit as PercentOfLimit
from distbilling.rules.credit import Unlimited as Unlimited
from distbilling.rules.credit import WhenSuspended as WhenSuspended
from distbilling.rules.credit.increase import IncreaseCaps as IncreaseCaps
from distbilling.rules.credit.increase import LimitIncrease as LimitIncrease
from distbilling.rules.credit.thresholds import Crossing as Crossing
from distbilling.rules.credit.thresholds import EveryFurther as EveryFurther
from distbilling.rules.credit.thresholds import Rearm as Rearm
from distbilling.rules.deciding.decision import Accepted as Accepted
from distbilling.rules.deciding.decision import Refused as Refused
from distbilling.rules.parties import Account as Account
from distbilling.rules.parties import AccountKind as AccountKind
from distbilling.rules.parties import Administrator as Administrator
from distbilling.rules.parties import Customer as Customer
from distbilling.rules.parties import CustomerCaps as CustomerCaps
from distbilling.rules.parties import CustomerClass as CustomerClass
from distbilling.rules.parties import Distributor as Distributor
from distbilling.rules.parties import DistributorStaff as DistributorStaff
from distbilling.rules.parties import Preferences as Preferences
from distbilling.rules.parties.quick_form import Asked as Asked
from distbilling.rules.parties.quick_form import Field as Field
from distbilling.rules.parties.quick_form import Fixed as Fixed
from distbilling.rules.parties.quick_form import QuickForm as QuickForm
from distbilling.services import AsyncBilling as AsyncBilling
from distbilling.services import Billing as Billing
