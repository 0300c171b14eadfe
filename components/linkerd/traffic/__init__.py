"""Routes: which cluster answers the calls of a service."""
