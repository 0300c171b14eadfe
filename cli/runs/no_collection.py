"""
Disables the garbage collector of the process that imports it.

The process that programs are forked from imports it first. What programs import and register is
needed until they end. See the __main__.py of a project.
"""

import gc

gc.disable()
