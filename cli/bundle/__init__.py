"""
`mesh support-bundle`: one archive over all clusters, for whoever is asked for help.

`state` and `objects` collect, `archive` writes. Secrets of Kubernetes are never asked for; what the
stacks know to be secret is looked for, in several forms, in everything that is written.
"""
