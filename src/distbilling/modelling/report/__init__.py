"""What do the figures of a model say? One page to read, print or send: sums, charts, exposure and events."""

from distbilling.modelling.report.writing import report_of, write_report

__all__ = ["report_of", "write_report"]
