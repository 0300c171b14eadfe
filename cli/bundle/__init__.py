"""
`mesh support-bundle`: one archive over all clusters, for people who help with a problem.

`state` and `objects` collect, `archive` writes. Secrets of Kubernetes are never read. All values
that stacks mark as secret are searched for, in several forms, in everything that is written.
"""
