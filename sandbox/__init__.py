"""
The sandbox: the world of an environment on one machine, without Docker, a cloud account or the
internet.

Genuine are the Pulumi engine, etcd, the Kubernetes API servers with their controllers and
scheduler, and Helm, all built from Go modules. Imitated are nodes (KWOK), AWS (ministack), and
whatever is served only outside of package registries: the Pulumi language host and provider
plugins, Linkerd's charts and mirror controllers. Nothing outside this folder knows that it exists:
the same `pulumi up` runs against it and against a cloud.
"""
