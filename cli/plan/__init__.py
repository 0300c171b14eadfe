"""`mesh plan`: what an environment is, from its description only."""
