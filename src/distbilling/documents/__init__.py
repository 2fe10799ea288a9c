"""What do people read? Statements and messages in their language, their formats and their time zone."""

from distbilling.documents.message import Message, message_of
from distbilling.documents.statement import (
    StatementDocument,
    StatementRow,
    StatementTotal,
    statement_document,
)

__all__ = [
    "Message",
    "StatementDocument",
    "StatementRow",
    "StatementTotal",
    "message_of",
    "statement_document",
]
