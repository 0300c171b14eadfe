"""`mesh status`: whether an environment is well, and if not, why and what to do."""
