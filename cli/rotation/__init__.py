"""`mesh rotate`: replaces certificates or tokens, step by step."""
