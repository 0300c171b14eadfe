"""
What was deployed: each stack exports a record of its part of the description; previews read them.

Each stack writes only its own part, so that a record changes when the stack does. All of it is
plain and may be printed: names, addresses, roles. A record that cannot be read counts as missing.
"""

from .records import StackRecord, stack_record
from .snapshot import Snapshot, deployed, described

__all__ = ["Snapshot", "StackRecord", "deployed", "described", "stack_record"]
