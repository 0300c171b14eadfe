"""
One salt for the stacks of an environment, so that a command derives their key once.

Pulumi derives the key of a stack's secrets from the passphrase and a salt, in a million rounds:
a fifth of a second of processor time. A program that reads the outputs of four stacks paid that
five times. Stacks with the same salt have the same key, which a command of Pulumi derives once.
Decision: docs/decisions/0031-one-salt.md
"""

from pathlib import Path

import yaml

from linkmesh.stacks.stack_settings import read_settings, settings_file

# Pulumi's name of it in a stack's settings file.
SALT = "encryptionsalt"

# The secrets providers whose key comes from a passphrase; none means a passphrase as well, unless
# the backend has keys of its own, and then no settings file has a salt.
BY_PASSPHRASE = (None, "", "passphrase")


def shared_salt(folder: Path, environment: str) -> str | None:
    """Return the salt of an environment's stacks; None if none of them has one."""
    for file in sorted(folder.glob(settings_file(folder, f"{environment}.*").name)):
        salt = read_settings(file).get(SALT)
        if salt:
            return str(salt)
    return None


def give_salt(folder: Path, stack: str) -> None:
    """Let a stack that is about to be created have its environment's salt."""
    file = settings_file(folder, stack)
    salt = shared_salt(folder, stack.partition(".")[0])
    if salt is not None and not file.exists():
        file.write_text(yaml.safe_dump({SALT: salt}))
