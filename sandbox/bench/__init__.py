"""
Measures what the project promises to be fast: python -m sandbox.bench.

`program` makes what is measured, `watching` looks at processes, `telling` writes the figures down,
and `__main__` is the list of what is measured.
"""

from sandbox.bench.program import copy_of_the_program

__all__ = ["copy_of_the_program"]
