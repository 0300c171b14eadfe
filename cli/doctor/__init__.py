"""
`mesh doctor`: what is missing on this machine for an environment, and how to install it.

`collect` reads the state of the machine, `evaluate` compares it with what the environment needs,
and `render` writes the findings. Only `collect` does I/O.
"""
