"""
Stacks that need no run, since nothing that they are deployed from has changed.

A program is a function of its share of the plan, its settings, the outputs that it reads, and the
code; what the engine does is one of that and the stack's state. All of it is compared with what it
was when `mesh up` last deployed the stack. Whatever cannot be compared counts as changed.
Decision: docs/decisions/0032-unchanged-stacks.md
"""

from .unchanged import Unchanged

__all__ = ["Unchanged"]
