"""`mesh new`: makes a project with a description of an environment."""
