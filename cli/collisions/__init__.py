"""
What is on an existing cluster already and collides with what an environment puts on it.

`collect` reads a cluster, `evaluate` compares it with the plan; what others made is recognized by
its field managers and by Helm's annotations. Each problem names the field of `Existing` that says
that something is there. `mesh doctor`, `mesh preview` and `mesh up` use it.
"""
