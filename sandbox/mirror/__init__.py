"""
The imitated mirror controllers: they turn `Link` objects and exported services into mirror
services.

One process plays them for every cluster of the sandbox: `python -m sandbox.mirror`. A controller
runs where a ready pod of the multicluster chart would run one, with the arguments of that pod, the
rights of its service account on the source, and on the target those of the credentials that the
link names. `decisions` says what it does about an event, with `endpoints`, `headless` and
`federation`; what it writes is pure (`selectors`, `link`, `mirrors`); the rest is thin I/O.

It follows Linkerd edge-26.6.3 event by event, with what that forgets: a deleted link leaves its
mirrors, and credentials are not read again. Not imitated: metrics, and Linkerd's queueing of an
outdated `Link` after a newer one.
Source: linkerd2, multicluster/service-mirror and multicluster/cmd/service-mirror
"""
