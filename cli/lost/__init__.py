"""
Clusters that are gone, or that are others behind the same name.

Pulumi compares a program with its state, not with a cluster. After a kind cluster was lost, or one
was made anew, it finds no changes, and nothing runs. So commands look first.
"""
