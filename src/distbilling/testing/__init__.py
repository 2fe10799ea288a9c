"""The proof kit for hosts: contracts of the ports, fakes, strategies, worked examples.

Each module is imported by its own name, as each needs tools of its own (the extra ``testing``):
``contract`` and ``strategies`` need pytest and hypothesis, ``worked_examples`` needs cattrs alone.
"""
