"""
Mirrors of headless services, one Service for each named pod.

A controller that is told `-enable-headless-services` makes a headless mirror `<service>-<target>`,
and for each pod with a host name, as a StatefulSet gives it, a Service `<pod>-<target>` whose
Endpoints are the gateway. The headless mirror's Endpoints are those Services' addresses.

It all hangs on the Endpoints of the target, with what Linkerd forgets there: the status of the link
says that headless mirrors are disabled, although they are made; a missing namespace is told to
nobody, and its later creation makes no mirror; pods without a host name make an ordinary mirror.
Source: linkerd2, multicluster/service-mirror/cluster_watcher_headless.go
"""

from sandbox.mirror import endpoints as endpoints_of
from sandbox.mirror import mirrors
from sandbox.mirror.api import ApiError
from sandbox.mirror.link import Object
from sandbox.mirror.work import Work

# What is said of a new headless service, which then waits for its Endpoints; Linkerd's words.
WAITS = "Headless mirror services are disabled"

NO_PORTS = "Skipped mirroring service: object spec has no exposed ports"


def is_headless(service: Object) -> bool:
    """Tell whether a service, or a mirror, has no address of its own."""
    return bool(service["spec"].get("clusterIP") == "None")


async def on_endpoints(work: Work, endpoints: Object) -> None:
    """Follow the pods of an exported headless service."""
    namespace, name = mirrors.key_of(endpoints)
    service = work.services.get((namespace, name))
    if service is None:
        raise ValueError(f"service {namespace}/{name} not found on the target")
    if not service["spec"].get("ports"):
        await work.writer.skip(service, NO_PORTS)
        return
    key = namespace, mirrors.mirror_name(work.link, name)
    mirror = work.local_services.get(key)
    if mirror is None:
        headless = await _make_mirror(work, service, endpoints)
    else:
        headless = is_headless(mirror)
    own = work.local_endpoints.get(key)
    if own is None and not headless:
        await endpoints_of.create(work, service, None, mirrors.mirror_service(work.link, service))
    elif own is None:
        await _make_pods(work, service, endpoints)
    elif headless:
        await _follow_pods(work, service, endpoints, own)


def pods_of(work: Work, namespace: str, name: str) -> list[Object]:
    """Give the mirrors of single pods that belong to the mirror of a headless service."""
    root = mirrors.mirror_name(work.link, name)
    return [
        service
        for (space, _), service in sorted(work.local_services.items())
        if space == namespace and mirrors.labels_of(service).get(mirrors.HEADLESS_MIRROR) == root
    ]


async def _make_mirror(work: Work, service: Object, endpoints: Object) -> bool:
    """Make the mirror, headless if a pod has a name; of a service without pods none is made yet."""
    subsets = endpoints.get("subsets") or []
    if not subsets or service["metadata"]["namespace"] not in work.namespaces:
        return False
    headless = any(
        address.get("hostname")
        for subset in subsets
        for address in (subset.get("addresses") or []) + (subset.get("notReadyAddresses") or [])
    )
    mirror = mirrors.mirror_service(work.link, service)
    if headless:
        mirror["spec"]["clusterIP"] = "None"
    await work.writer.write("create", "services", mirror)
    return headless


async def _make_pods(work: Work, service: Object, endpoints: Object) -> None:
    """Make a mirror of each pod, as far as that can be done, and the Endpoints that list them."""
    for host in _hosts(endpoints):
        try:
            await _make_pod(work, service, endpoints, host)
        except ApiError as error:
            work.writer.say(f"{error}; the rest goes on")
    # Linkerd calls a pod by its name when it lists it first, and by its host name later.
    subsets = _listed(work, endpoints, by_name=True, alive=True)
    wanted = mirrors.mirror_endpoints(work.link, service, subsets)
    undo = mirrors.mirror_service(work.link, service)
    await work.writer.write("create", "endpoints", wanted, undo=undo)


async def _follow_pods(work: Work, service: Object, endpoints: Object, own: Object) -> None:
    """Make mirrors of new pods, remove those of pods that are gone, and list what there is."""
    namespace, name = mirrors.key_of(service)
    kept = {mirrors.mirror_name(work.link, host): host for host in _hosts(endpoints)}
    for mirror, host in kept.items():
        if (namespace, mirror) not in work.local_services:
            await _make_pod(work, service, endpoints, host)
    for one in pods_of(work, namespace, name):
        if one["metadata"]["name"] not in kept:
            await work.writer.write("delete", "services", one)
    subsets = _listed(work, endpoints, by_name=False, alive=work.alive)
    await work.writer.write("update", "endpoints", {**own, "subsets": subsets})


async def _make_pod(work: Work, service: Object, endpoints: Object, host: str) -> None:
    """Make the mirror of one pod, which the gateway answers for."""
    link = work.link
    namespace, name = mirrors.key_of(service)
    labels = {
        **mirrors.mirror_labels(link, service),
        mirrors.HEADLESS_MIRROR: mirrors.mirror_name(link, name),
    }
    full_name = {mirrors.FULL_NAME: f"{host}.{mirrors.full_name(link, service)}"}
    key = namespace, mirrors.mirror_name(link, host)
    version = {mirrors.REMOTE_VERSION: endpoints["metadata"]["resourceVersion"]}
    spec = {"ports": mirrors.mirrored_ports(service)}
    mirror = mirrors.made("Service", key, labels, {**full_name, **version}, spec=spec)
    subset = mirrors.gateway_subset(link, service, work.addresses(), alive=work.alive)
    annotations = {**full_name, **mirrors.identity(link)}
    leading = mirrors.made("Endpoints", key, labels, annotations, subsets=[subset])
    await work.writer.write("create", "services", mirror)
    await work.writer.write("create", "endpoints", leading, undo=mirror)


def _hosts(endpoints: Object) -> list[str]:
    return [
        address["hostname"]
        for subset in endpoints.get("subsets") or []
        for address in subset.get("addresses") or []
        if address.get("hostname")
    ]


def _listed(work: Work, endpoints: Object, *, by_name: bool, alive: bool) -> list[Object]:
    """List the addresses of the pods' mirrors, as far as there are mirrors."""
    namespace = endpoints["metadata"]["namespace"]
    ready = "addresses" if alive else "notReadyAddresses"
    subsets = []
    for subset in endpoints.get("subsets") or []:
        listed = []
        for address in subset.get("addresses") or []:
            host = address.get("hostname", "")
            mirror = work.local_services.get((namespace, mirrors.mirror_name(work.link, host)))
            if host and mirror is not None:
                name = address["targetRef"]["name"] if by_name else host
                listed.append({"ip": mirror["spec"].get("clusterIP", ""), "hostname": name})
        if listed:
            subsets.append({ready: listed, "ports": subset.get("ports") or []})
    return subsets
