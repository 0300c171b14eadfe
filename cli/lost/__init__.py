"""
Clusters that are gone, or that were replaced by others with the same name.

Pulumi compares a program with its state, not with a cluster. After a kind cluster was lost, or
created again, it finds no changes and does nothing. So commands read the clusters first.
"""
