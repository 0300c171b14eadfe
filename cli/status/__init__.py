"""`mesh status`: whether an environment is healthy; if not, why and what to do."""
