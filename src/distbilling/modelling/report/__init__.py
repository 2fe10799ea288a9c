"""The report of a model: one page to read, print or send, with sums, charts and events."""

from distbilling.modelling.report.writing import report_of, write_report

__all__ = ["report_of", "write_report"]
