"""`mesh rotate`: a rotation, step by step."""
