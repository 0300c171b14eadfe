"""The limit of port numbers."""

LARGEST_PORT = 65_535
