"""`mesh`: commands over a whole environment."""
