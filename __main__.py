"""One program for every stack: the stack's name says which part of which environment it is."""

import gc

# What a program imports and registers is needed until it ends, which is soon. To look through it
# over and over took up to half of the processor time and freed nothing. See docs/scale.md.
gc.disable()

from linkmesh.stacks import deploy  # noqa: E402 - importing the SDKs is what would be looked through

deploy()
