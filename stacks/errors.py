"""
Errors of a project and its descriptions.

They are none of Pulumi's: its SDK loads longer than everything else that a command needs which only
reads a description. `deploy` raises them as Pulumi's.
"""


class LoadError(Exception):
    """An environment cannot be loaded or deployed; the message says why and what to do."""
