"""
Arguments of what a user describes: their types, names and number, checked when they are given.

A description is written by hand, and often without a type checker. A class or function with
`@checked` takes arguments of the annotated types only, and reports all wrong ones together, each
with the corrected line. Decision: docs/decisions/0017-arguments-of-descriptions.md
"""

from .calls import checked
from .problems import DescriptionError, collected

__all__ = ["DescriptionError", "checked", "collected"]
