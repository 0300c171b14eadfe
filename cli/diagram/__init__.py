"""`mesh diagram`: an environment as a picture."""
