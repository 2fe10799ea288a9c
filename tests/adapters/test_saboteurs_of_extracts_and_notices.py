"""Every promise on extracts and notices bites: broken repositories are noticed."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import attrs
import pytest

from distbilling.adapters.memory import MemoryRepository
from distbilling.money import Money
from distbilling.rules.credit.notices import CreditThresholdCleared
from distbilling.rules.ledger.statement import Extract
from distbilling.testing.contract.promises.extracts import ExtractContract
from distbilling.testing.contract.promises.notices import NoticeContract


class ExtractsTheEndToo(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        return super().extract(distributor, start, end.add(microseconds=1))


class ExtractsWithoutTheStart(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        return super().extract(distributor, start.add(microseconds=1), end)


class OpensEveryExtractWithNothing(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        extract = super().extract(distributor, start, end)
        return attrs.evolve(extract, opening=Money.zero(extract.opening.currency))


class ExtractsInTheOrderOfWriting(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        extract = super().extract(distributor, start, end)
        return attrs.evolve(
            extract, entries=tuple(entry for entry in self.journal() if entry in extract.entries)
        )


class ExtractsInTheOrderOfKeys(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        extract = super().extract(distributor, start, end)
        return attrs.evolve(
            extract, entries=tuple(sorted(extract.entries, key=attrgetter("at", "key")))
        )


class ExtractsEverybody(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        extract = super().extract(distributor, start, end)
        return attrs.evolve(
            extract, entries=tuple(entry for entry in self.journal() if start <= entry.at < end)
        )


class ExtractsWhatSubdistributorsOweToo(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        extract = super().extract(distributor, start, end)
        touched = (
            entry
            for entry in self.journal()
            if any(
                getattr(posting.ledger, "distributor", None) == distributor
                for posting in entry.postings
            )
        )
        return attrs.evolve(
            extract, entries=tuple(entry for entry in touched if start <= entry.at < end)
        )


class ExtractsOnlyWhatADistributorSold(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        extract = super().extract(distributor, start, end)
        sold = (
            entry
            for entry in extract.entries
            if entry.split is None or entry.split.seller == distributor
        )
        return attrs.evolve(extract, entries=tuple(sold))


class ExtractsNothingOfNobody(MemoryRepository):
    def extract(self, distributor, start, end, /) -> Any:
        if distributor not in self._tables.distributors:
            return Extract(Money.zero("USD"), ())
        return super().extract(distributor, start, end)


class LosesNotices(MemoryRepository):
    def _write(self, work) -> Any:
        super()._write(work)
        self._outbox.clear()


class LosesTheEndsOfWarnings(MemoryRepository):
    def pending_notices(self, distributor=None, /) -> Any:
        pending = super().pending_notices(distributor)
        return tuple(notice for notice in pending if not isinstance(notice, CreditThresholdCleared))


class KeepsOnlyTheNoticesOfWhoeverCollected(MemoryRepository):
    def _write(self, work) -> Any:
        super()._write(work)
        for _, accepted in work.written:
            for notice in accepted.notices:
                if notice.distributor != accepted.notices[0].distributor:
                    del self._outbox[notice.key]


class KeepsNoticesByDistributor(MemoryRepository):
    def pending_notices(self, distributor=None, /) -> Any:
        return tuple(sorted(super().pending_notices(distributor), key=attrgetter("distributor")))


class KeepsNoticesByKey(MemoryRepository):
    def pending_notices(self, distributor=None, /) -> Any:
        return tuple(sorted(super().pending_notices(distributor), key=attrgetter("key")))


class GivesTheNoticesOfAll(MemoryRepository):
    def pending_notices(self, distributor=None, /) -> Any:
        return super().pending_notices()


class MarksAllDelivered(MemoryRepository):
    def mark_delivered(self, keys, /) -> Any:
        super().mark_delivered([notice.key for notice in self.pending_notices()])


class MarksNoneDelivered(MemoryRepository):
    def mark_delivered(self, keys, /) -> Any:
        pass


class StumblesOverAKeyThatIsNotPending(MemoryRepository):
    def mark_delivered(self, keys, /) -> Any:
        for key in keys:
            del self._outbox[key]


NOTICED_BY: Any = {
    ExtractsTheEndToo: {
        "an_extract_holds_the_entries_from_its_start_until_before_its_end",
    },
    ExtractsWithoutTheStart: {
        "an_extract_holds_the_entries_from_its_start_until_before_its_end",
        "an_extract_holds_the_entries_of_its_distributor_alone",
        "an_extract_holds_what_moved_the_debt_of_its_distributor_and_only_that",
        "an_extract_is_in_the_order_of_the_dates_and_then_of_writing",
    },
    OpensEveryExtractWithNothing: {
        "an_amount_comes_back_to_its_last_digit",
        "an_extract_holds_the_entries_from_its_start_until_before_its_end",
    },
    ExtractsInTheOrderOfWriting: {
        "an_extract_is_in_the_order_of_the_dates_and_then_of_writing",
    },
    ExtractsInTheOrderOfKeys: {
        "an_extract_is_in_the_order_of_the_dates_and_then_of_writing",
    },
    ExtractsEverybody: {
        "an_extract_holds_the_entries_of_its_distributor_alone",
        "an_extract_holds_what_moved_the_debt_of_its_distributor_and_only_that",
        "an_extract_is_in_the_order_of_the_dates_and_then_of_writing",
    },
    ExtractsWhatSubdistributorsOweToo: {
        "an_extract_holds_what_moved_the_debt_of_its_distributor_and_only_that",
        "an_extract_is_in_the_order_of_the_dates_and_then_of_writing",
    },
    ExtractsOnlyWhatADistributorSold: {
        "an_extract_holds_what_moved_the_debt_of_its_distributor_and_only_that",
    },
    ExtractsNothingOfNobody: {
        "an_extract_of_nobody_is_an_error_of_the_host",
    },
    LosesNotices: {
        "a_notice_of_every_level_of_a_chain_is_pending",
        "notices_are_pending_once_their_command_is_accepted",
        "payments_that_meet_warn_once",
        "pending_notices_can_be_those_of_one_distributor",
        "pending_notices_keep_the_order_of_writing",
        "what_is_delivered_is_no_longer_pending_and_all_else_is",
    },
    LosesTheEndsOfWarnings: {
        "pending_notices_keep_the_order_of_writing",
    },
    KeepsOnlyTheNoticesOfWhoeverCollected: {
        "a_notice_of_every_level_of_a_chain_is_pending",
    },
    KeepsNoticesByDistributor: {
        "a_notice_of_every_level_of_a_chain_is_pending",
        "pending_notices_keep_the_order_of_writing",
    },
    KeepsNoticesByKey: {
        "a_notice_of_every_level_of_a_chain_is_pending",
        "notices_are_pending_once_their_command_is_accepted",
        "payments_that_meet_warn_once",
        "pending_notices_keep_the_order_of_writing",
    },
    GivesTheNoticesOfAll: {
        "pending_notices_can_be_those_of_one_distributor",
    },
    MarksAllDelivered: {
        "what_is_delivered_is_no_longer_pending_and_all_else_is",
    },
    MarksNoneDelivered: {
        "what_is_delivered_is_no_longer_pending_and_all_else_is",
    },
    StumblesOverAKeyThatIsNotPending: {
        "what_is_delivered_is_no_longer_pending_and_all_else_is",
    },
}


@pytest.mark.parametrize(
    ("saboteur", "expected"), NOTICED_BY.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_a_broken_promise_is_noticed_by_the_tests_that_should_and_by_no_others(
    saboteur, expected, check_noticed
):
    check_noticed(saboteur, expected)


@pytest.mark.parametrize("theme", [ExtractContract, NoticeContract])
def test_every_promise_on_extracts_and_notices_has_a_saboteur(theme, promises_of):
    assert promises_of(theme) <= set().union(*NOTICED_BY.values())
