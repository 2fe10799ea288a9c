"""The two shells are one text."""

from __future__ import annotations

import ast
import inspect
import re
from typing import Any

from distbilling import AsyncBilling, Billing


class _Awaited(ast.NodeTransformer):
    """Turns an async text into the same text without async and await."""

    def visit_AsyncFunctionDef(self, node) -> Any:
        fields: dict[str, Any] = {name: getattr(node, name, None) for name in node._fields}
        return self.generic_visit(ast.FunctionDef(**fields))

    def visit_Await(self, node) -> Any:
        return self.generic_visit(node.value)

    def visit_Name(self, node) -> Any:
        return ast.Name(re.sub(r"^Async", "", node.id), node.ctx)


def text_of(kind) -> Any:
    tree: Any = ast.parse(inspect.getsource(kind)).body[0]
    tree.body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    tree.name = tree.name.removeprefix("Async")
    return ast.unparse(ast.fix_missing_locations(_Awaited().visit(tree)))


def test_the_async_shell_is_the_same_text():
    assert text_of(AsyncBilling) == text_of(Billing)


def test_a_difference_of_one_word_would_be_noticed():
    assert text_of(Billing).replace("pending", "waiting") != text_of(AsyncBilling)
