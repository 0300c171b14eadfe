"""
Mirrors of headless services, one Service for each named pod; pure.

A controller that is told `-enable-headless-services` makes a headless mirror `<service>-<target>`,
and for each pod with a host name, as a StatefulSet gives it, a Service `<pod>-<target>` whose
Endpoints are the gateway. The headless mirror's Endpoints are those Services' addresses.

It all hangs on the Endpoints of the target, with what Linkerd forgets there: the status of the link
says that headless mirrors are disabled, although they are made; a missing namespace is told to
nobody, and its later creation makes no mirror; pods without a host name make an ordinary mirror.
Source: linkerd2, multicluster/service-mirror/cluster_watcher_headless.go
"""

from collections.abc import Callable, Iterator

from sandbox.mirror import endpoints as endpoints_of
from sandbox.mirror import mirrors
from sandbox.mirror.link import Link, Object
from sandbox.mirror.steps import (
    About,
    Attempt,
    Skipped,
    Status,
    Step,
    View,
    Write,
)

NO_PORTS = "Skipped mirroring service: object spec has no exposed ports"


def is_headless(service: Object) -> bool:
    """Tell whether a service, or a mirror, has no address of its own."""
    return bool(service["spec"].get("clusterIP") == "None")


def on_service(about: About) -> list[Step]:
    """Leave a new headless service to its Endpoints; the message is Linkerd's, and means it so."""
    message = "Headless mirror services are disabled"
    condition = mirrors.condition(mirrored=False, reason="InvalidService", message=message)
    return [Status(about=about, condition=condition)]


def on_endpoints(link: Link, view: View, endpoints: Object) -> list[Step]:
    """Follow the pods of an exported headless service."""
    namespace, name = mirrors.key_of(endpoints)
    service = view.services.get((namespace, name))
    if service is None:
        raise ValueError(f"service {namespace}/{name} not found on the target")
    if not service["spec"].get("ports"):
        return [Skipped(service=service, message=NO_PORTS)]
    key = namespace, mirrors.mirror_name(link, name)
    mirror = view.local_services.get(key)
    steps: list[Step] = []
    headless = mirror is not None and is_headless(mirror)
    if mirror is None:
        steps, headless = _new_mirror(link, view, service, endpoints)
    own = view.local_endpoints.get(key)
    if own is None:
        if headless:
            return steps + _new_pods(link, view, service, endpoints)
        undo = mirrors.mirror_service(link, service)
        return [*steps, endpoints_of.created(link, view, service, None, undo)]
    return steps + _changed_pods(link, view, service, endpoints, own) if headless else steps


def pods_of(link: Link, view: View, namespace: str, name: str) -> list[Object]:
    """Give the mirrors of single pods that belong to the mirror of a headless service."""
    root = mirrors.mirror_name(link, name)
    return [
        service
        for (space, _), service in sorted(view.local_services.items())
        if space == namespace and mirrors.labels_of(service).get(mirrors.HEADLESS_MIRROR) == root
    ]


def _new_mirror(
    link: Link, view: View, service: Object, endpoints: Object
) -> tuple[list[Step], bool]:
    """Make the mirror, headless if a pod has a name; of a service without pods none is made yet."""
    subsets = endpoints.get("subsets") or []
    if not subsets or service["metadata"]["namespace"] not in view.namespaces:
        return [], False
    headless = any(
        address.get("hostname")
        for subset in subsets
        for address in (subset.get("addresses") or []) + (subset.get("notReadyAddresses") or [])
    )
    mirror = mirrors.mirror_service(link, service)
    if headless:
        mirror["spec"]["clusterIP"] = "None"
    return [Write(verb="create", kind="services", object=mirror)], headless


def _new_pods(link: Link, view: View, service: Object, endpoints: Object) -> list[Step]:
    """Make a mirror of each pod, as far as that can be done, and the Endpoints that list them."""
    steps: list[Step] = [
        Attempt(writes=_pod(link, view, service, endpoints, host)) for host in _hosts(endpoints)
    ]
    wanted = mirrors.mirror_endpoints(link, service, [])
    undo = Write(verb="delete", kind="services", object=mirrors.mirror_service(link, service))
    # Linkerd calls a pod by its name when it lists it first, and by its host name later.
    finish = _listing(link, wanted, endpoints, lambda one: str(one["targetRef"]["name"]))
    last = Write(verb="create", kind="endpoints", object=wanted, finish=finish, undo=undo)
    return [*steps, last]


def _changed_pods(
    link: Link, view: View, service: Object, endpoints: Object, own: Object
) -> list[Step]:
    """Make mirrors of new pods, remove those of pods that are gone, and list what there is."""
    namespace, name = mirrors.key_of(service)
    hosts = list(_hosts(endpoints))
    steps: list[Step] = []
    for host in hosts:
        if (namespace, mirrors.mirror_name(link, host)) not in view.local_services:
            steps += _pod(link, view, service, endpoints, host)
    kept = {mirrors.mirror_name(link, host) for host in hosts}
    steps += [
        Write(verb="delete", kind="services", object=one)
        for one in pods_of(link, view, namespace, name)
        if one["metadata"]["name"] not in kept
    ]
    finish = _listing(link, own, endpoints, lambda one: str(one["hostname"]), alive=view.alive)
    return [*steps, Write(verb="update", kind="endpoints", object=own, finish=finish)]


def _pod(
    link: Link, view: View, service: Object, endpoints: Object, host: str
) -> tuple[Write, ...]:
    """Make the mirror of one pod, which the gateway answers for."""
    namespace, name = mirrors.key_of(service)
    labels = {
        **mirrors.mirror_labels(link, service),
        mirrors.HEADLESS_MIRROR: mirrors.mirror_name(link, name),
    }
    full_name = {mirrors.FULL_NAME: f"{host}.{mirrors.full_name(link, service)}"}
    metadata = {"name": mirrors.mirror_name(link, host), "namespace": namespace, "labels": labels}
    version = {mirrors.REMOTE_VERSION: endpoints["metadata"]["resourceVersion"]}
    mirror = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {**metadata, "annotations": {**full_name, **version}},
        "spec": {"ports": mirrors.mirrored_ports(service)},
    }
    identity = {mirrors.GATEWAY_IDENTITY: link.gateway_identity} if link.gateway_identity else {}
    subset = mirrors.gateway_subset(link, service, view.addresses(), alive=view.alive)
    leading = {
        "apiVersion": "v1",
        "kind": "Endpoints",
        "metadata": {**metadata, "annotations": {**full_name, **identity}},
        "subsets": [subset],
    }
    undo = Write(verb="delete", kind="services", object=mirror)
    return (
        Write(verb="create", kind="services", object=mirror),
        Write(verb="create", kind="endpoints", object=leading, undo=undo),
    )


def _hosts(endpoints: Object) -> Iterator[str]:
    for subset in endpoints.get("subsets") or []:
        for address in subset.get("addresses") or []:
            if address.get("hostname"):
                yield address["hostname"]


def _listing(
    link: Link,
    wanted: Object,
    endpoints: Object,
    name_of: Callable[[Object], str],
    *,
    alive: bool = True,
) -> Callable[[View], Object]:
    """Put the pods' mirrors into Endpoints once the mirrors, and so their addresses, are known."""
    namespace = wanted["metadata"]["namespace"]

    def finished(now: View) -> Object:
        subsets = []
        for subset in endpoints.get("subsets") or []:
            listed = []
            for address in subset.get("addresses") or []:
                host = address.get("hostname", "")
                mirror = now.local_services.get((namespace, mirrors.mirror_name(link, host)))
                if host and mirror is not None:
                    ip = mirror["spec"].get("clusterIP", "")
                    listed.append({"ip": ip, "hostname": name_of(address)})
            if listed:
                ready = "addresses" if alive else "notReadyAddresses"
                subsets.append({ready: listed, "ports": subset.get("ports") or []})
        return {**wanted, "subsets": subsets}

    return finished
