"""Mirrors that callers need: whether they exist, why not, and waiting for them."""
