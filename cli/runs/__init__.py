"""Runs one operation on all stacks of an environment, in order, with progress and locks."""
