"""
What is wrong with a description of an environment: every rule, all problems at once; pure.

Each problem names the thing, the rule, the value and the way out.
"""

import ipaddress
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from components import names
from components.cluster import HA_NODES
from components.subnets import LARGEST_PREFIX, SMALLEST_PREFIX

# The other way round it is imported when a description checks itself, not before.
from .environment import Eks, Environment, Export


class DescriptionError(ValueError):
    """The description of an environment has problems; `problems` has one sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def problems(environment: Environment) -> list[str]:
    """Find every problem of a description, in the order of its fields."""
    return [
        *_empty(environment),
        *_names(environment),
        *_sizes(environment),
        *_addresses(environment),
        *_people(environment),
        *_links(environment),
        *_exports(environment),
        *_application(environment),
    ]


def _empty(environment: Environment) -> Iterator[str]:
    if not environment.clusters:
        yield (
            "environment must have at least one cluster (got none). There would be nothing to "
            'deploy. Use: clusters=[Kind("local")]'
        )


def _names(environment: Environment) -> Iterator[str]:
    for name in environment.names:
        if not names.is_dns_label(name) or len(name) > names.CLUSTER_LIMIT:
            yield (
                f"name of a cluster must be a DNS label of at most {names.CLUSTER_LIMIT} "
                f"characters: lower-case letters, digits and hyphens, a letter first (got {name!r},"
                f" {len(name)} characters). It ends the name of every mirror service. Use: west"
            )
        if name in names.RESERVED:
            yield (
                f"name of a cluster must not be one of {', '.join(names.RESERVED)} (got {name!r})."
                " It is the name of another part of the environment. Choose another."
            )
    for name, count in Counter(environment.names).items():
        if count > 1:
            yield (
                f"clusters must have different names (got {name!r} {count} times). Each is a stack"
                " of its own. Rename one."
            )


def _sizes(environment: Environment) -> Iterator[str]:
    for cluster in environment.clusters:
        size = cluster.nodes if isinstance(cluster, Eks) else cluster.workers
        if size < HA_NODES:
            yield (
                f"cluster {cluster.name!r} must have at least {HA_NODES} nodes (got {size}). "
                "Linkerd's high availability puts each replica on a node of its own. Use: 3"
            )


def _eks(environment: Environment) -> list[Eks]:
    return [cluster for cluster in environment.clusters if isinstance(cluster, Eks)]


def _addresses(environment: Environment) -> Iterator[str]:
    networks = {}
    for cluster in _eks(environment):
        try:
            network = ipaddress.IPv4Network(cluster.cidr)
        except ValueError as error:
            yield (
                f"cidr of cluster {cluster.name!r} must be an IPv4 CIDR block (got "
                f"{cluster.cidr!r}: {error}). Use: 10.10.0.0/16"
            )
            continue
        if not LARGEST_PREFIX <= network.prefixlen <= SMALLEST_PREFIX:
            yield (
                f"cidr of cluster {cluster.name!r} must be between /{LARGEST_PREFIX} and "
                f"/{SMALLEST_PREFIX} (got {cluster.cidr}). Three zones of subnets must fit in it. "
                "Use: 10.10.0.0/16"
            )
        networks[cluster.name] = network
    for (one, its), (other, others) in combinations(networks.items(), 2):
        if its.overlaps(others):
            yield (
                f"cidr of clusters {one!r} and {other!r} must not overlap (got {its} and {others})."
                " Nothing could be routed between them. Give one another block."
            )


def _people(environment: Environment) -> Iterator[str]:
    if _eks(environment) and not environment.admins:
        yield (
            "admins must name at least one IAM principal (got none). Nobody is administrator of an "
            'EKS cluster by having made it. Use: admins=["arn:aws:iam::<account>:role/<role>"]'
        )
    if _eks(environment) and not environment.operators:
        yield (
            "operators must name at least one CIDR block (got none). Nobody could reach the API "
            'servers of the EKS clusters. Use: operators=["<your address>/32"]'
        )
    for block in environment.operators:
        try:
            wide = ipaddress.ip_network(block).prefixlen == 0
        except ValueError as error:
            yield (f"operators must be CIDR blocks (got {block!r}: {error}). Use: 198.51.100.10/32")
            continue
        if wide:
            yield (
                f"operators must not be the whole internet (got {block}). Anybody could call the "
                "API servers. Use: 198.51.100.10/32"
            )


def _links(environment: Environment) -> Iterator[str]:
    known = set(environment.names)
    for link in environment.links:
        for name in link:
            if name not in known:
                yield (
                    f"link {link} must join clusters of the environment (got {name!r}). Known: "
                    f"{', '.join(sorted(known)) or 'none'}."
                )
        if link.source == link.target:
            yield (
                f"link {link} must join two clusters (got one). A cluster calls its own services "
                "by their own names. Remove the link."
            )
        if link.target in known and not isinstance(environment.cluster(link.target), Eks):
            yield (
                f"link {link} must have a target that others can reach (got the kind cluster "
                f"{link.target!r}). Its API server listens on the loopback address of one machine. "
                f"Turn the link round, or make {link.target!r} an EKS cluster."
            )
    for link, count in Counter(environment.links).items():
        if count > 1:
            yield f"link {link} must be given once (got {count} times). Remove the others."


def _exports(environment: Environment) -> Iterator[str]:
    known = set(environment.names)
    for export in environment.exports:
        label = f"export {export.namespace}/{export.service} of {export.of!r}"
        if export.of not in known:
            yield (
                f"{label} must be of a cluster of the environment (got {export.of!r}). Known: "
                f"{', '.join(sorted(known)) or 'none'}."
            )
            continue
        yield from _export_names(label, export, environment)
        yield from _export_links(label, export, environment)
    keys = Counter((export.of, export.namespace, export.service) for export in environment.exports)
    for (of, namespace, service), count in keys.items():
        if count > 1:
            yield (
                f"export {namespace}/{service} of {of!r} must be given once (got {count} times). "
                "Name all sources in one."
            )
    yield from _hidden(environment)


def _hidden(environment: Environment) -> Iterator[str]:
    """Service `a-b` of cluster `c` and service `a` of cluster `b-c` have mirrors of one name."""
    own = {
        (export.of, export.namespace, export.service, export.of) for export in environment.exports
    }
    mirrors = {
        (caller, export.namespace, names.mirror_service(export.service, export.of), export.of)
        for export in environment.exports
        for caller in environment.callers_of(export)
    }
    counts = Counter((cluster, namespace, name) for cluster, namespace, name, _ in own | mirrors)
    for (cluster, namespace, name), count in sorted(counts.items()):
        if count > 1:
            yield (
                f"services of namespace {namespace!r} on {cluster!r} must have different names "
                f"(got {name!r} {count} times). One mirror would hide the other service. "
                "Rename a service or a cluster."
            )


def _export_names(label: str, export: Export, environment: Environment) -> Iterator[str]:
    for what, name in (("service", export.service), ("namespace", export.namespace)):
        if not names.is_dns_label(name):
            yield f"{what} of {label} must be a DNS label (got {name!r})."
    mirror = names.mirror_service(export.service, export.of)
    if len(mirror) > names.SERVICE_LIMIT:
        room = names.SERVICE_LIMIT - len(export.of) - 1
        yield (
            f"{label} must have a mirror name of at most {names.SERVICE_LIMIT} characters (got "
            f"{len(mirror)}: {mirror}). Linkerd would not make the mirror. Shorten the service's "
            f"name to {room} characters, e.g. {export.service[:room].rstrip('-')}"
        )
    value = names.export_label(environment.chosen_sources(export))
    if len(value) > names.SERVICE_LIMIT:
        yield (
            f"{label} must name sources that fit in a label of {names.SERVICE_LIMIT} characters "
            f"(got {len(value)}: {value}). Leave `to` out to offer it to every linked cluster."
        )


def _export_links(label: str, export: Export, environment: Environment) -> Iterator[str]:
    linked = environment.sources_of(export.of)
    for source in export.to or ():
        if source not in linked:
            yield (
                f"{label} must go to clusters that are linked to it (got {source!r}). No mirror "
                f'would ever appear there. Add the link: chain("{source}", "{export.of}")'
            )
    if export.to is None and not linked:
        yield (
            f"{label} must have a link that comes in (got none). Nobody could call it. "
            f'Add one: chain("<source>", "{export.of}")'
        )
    if export.to is not None and not export.to:
        yield f"{label} must go to at least one cluster (got none). Remove the export, or name one."


def _application(environment: Environment) -> Iterator[str]:
    yelb = environment.application
    if yelb is None:
        return
    for tier, name in (("ui", yelb.ui), ("appserver", yelb.appserver), ("database", yelb.database)):
        if name not in environment.names:
            yield (
                f"{tier} of Yelb must be on a cluster of the environment (got {name!r}). Known: "
                f"{', '.join(sorted(environment.names)) or 'none'}."
            )
    calls = (
        (yelb.ui, "yelb-appserver", yelb.appserver),
        (yelb.appserver, "yelb-db", yelb.database),
    )
    for caller, service, of in calls:
        exported = any(
            (export.service, export.namespace, export.of) == (service, yelb.namespace, of)
            and caller in environment.callers_of(export)
            for export in environment.exports
        )
        if caller != of and not exported:
            yield (
                f"Yelb must have its {service} exported from {of!r} to {caller!r} (it is not). The "
                f'caller could not reach it. Add: Export("{service}", '
                f'namespace="{yelb.namespace}", of="{of}", to=["{caller}"])'
            )
