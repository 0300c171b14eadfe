"""
`mesh doctor`: what is missing on this machine for an environment, and how to get it.

Three steps: `probing` looks at the machine, `judging` holds what it saw against what the
environment needs, `telling` writes the findings down. Only the first does more than compute.
"""
