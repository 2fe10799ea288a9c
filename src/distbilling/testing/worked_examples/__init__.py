"""Worked examples: cases written as data, and their runner.

A file holds ``[[case]]`` tables: ``it`` (a sentence), ``source`` (the rules it follows), ``policy``
(where there are several readings), ``given``, ``when`` and ``then``. Needs cattrs (the extra
``testing`` or ``cli``).
"""

from distbilling.testing.worked_examples.case import Case, CaseResult
from distbilling.testing.worked_examples.cases import cases, check

__all__ = ["Case", "CaseResult", "cases", "check"]
