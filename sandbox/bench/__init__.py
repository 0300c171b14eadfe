"""
Measures what the project promises to be fast: python -m sandbox.bench.

`program` makes what is measured, `session` runs it, `watching` looks at processes, `telling` writes
the figures down beside their `budgets`, and `__main__` is the list of what is measured. `overhead`
compares `mesh up` with `baseline`, which deploys what `deployment` reads from states.
"""

from sandbox.bench.program import copy_of_the_program

__all__ = ["copy_of_the_program"]
