"""What a run does to each stack."""

from enum import Enum

# The option that runs every stack, also one of which nothing has changed.
ALL_STACKS = "--all-stacks"


class Operation(Enum):
    """What is done to each stack; the value is the command's name."""

    PREVIEW = "preview"
    UP = "up"
    DESTROY = "destroy"
