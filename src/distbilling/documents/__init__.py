"""Statements and messages in the language, formats and time zone of their readers."""

from distbilling.documents.message import Message, message_of
from distbilling.documents.rows import StatementRow
from distbilling.documents.statement import StatementDocument, StatementTotal, statement_document

__all__ = [
    "Message",
    "StatementDocument",
    "StatementRow",
    "StatementTotal",
    "message_of",
    "statement_document",
]
