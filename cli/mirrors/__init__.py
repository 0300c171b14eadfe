"""Mirrors that callers need: whether they are there, why not, and waiting for them."""
