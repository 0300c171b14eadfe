"""Ways to break a description in one place, by type, value or shape; and to write it otherwise."""

import copy
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random
from typing import Any, get_args, get_origin, get_type_hints

import linkmesh.environment as library
from tests.descriptions.source import Call, Code, calls, written

Mutation = tuple[str, Callable[[], object]]
"""What is done, in words, and what does it."""

OBJECT = Code("object()")
TEXTS: list[Any] = [3, 1.34, True, None, b"west", OBJECT, ["west", "east"], {"a": 1}]
NUMBERS: list[Any] = ["3", "three", 3.5, 80.0, True, None, [3], OBJECT]
TRUTHS: list[Any] = ["false", "yes", 0, 1, None, [], OBJECT]
MEMBERS: list[Any] = ["nothing of it", "", 3, True, None, OBJECT, ["none"]]
LISTS: list[Any] = ["west", "", 3, True, None, OBJECT, {"a": 1}, Code('{"a", "b"}')]
MAPS: list[Any] = ["west", 3, None, OBJECT, Code('[("a", 1)]'), ["a"]]
OBJECTS: list[Any] = ["west", 3, True, OBJECT, {"a": 1}, Code("Kind"), Code("Environment")]

BAD_NAMES = ["", "West", "a_b", "-a", "a-", "a.b", "a b", "wést", "x" * 64, "a\nb", "1a"]
BAD_BLOCKS = ["", "x", "10.0.0.0", "10.0.0.1/8", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "::/0"]
VERSIONS = ["", "latest", "2.14.0", "2024.1.1", "stable-2.14", "v2026.6.3", "2026"]

VALUES: dict[tuple[str, str], list[Any]] = {
    ("Kind", "name"): [*BAD_NAMES, "trust", "x" * 31],
    ("Eks", "name"): [*BAD_NAMES, "links", "x" * 31],
    ("Existing", "name"): [*BAD_NAMES, "apps", "x" * 31],
    ("Kind", "workers"): [0, -1, 2],
    ("Existing", "nodes"): [0, -1, 2],
    ("Existing", "egress"): [*([block] for block in BAD_BLOCKS), ["10.0.0.0/8"], ["10.0.0.0/7"]],
    ("Existing", "api_server"): ["", "http://192.0.2.10", "192.0.2.10:6443", "https://", "x"],
    ("Existing", "cluster_domain"): ["", "Cluster.Local", "a_b", "a..b", ".local"],
    ("Existing", "flat_with"): [["site"], ["nowhere"], [""]],
    ("Existing", "namespaces"): [["nowhere"], [""]],
    ("Existing", "gateway_api"): ["", "latest", "v1.4.0", "1.4", "0.6.0", "9.0.0"],
    ("NodePorts", "address"): ["", "a b", "192.0.2", "https://192.0.2.10", "192.0.2.10:30143"],
    ("NodePorts", "port"): [0, -1, 80, 29999, 32768, 30191],
    ("NodePorts", "probe_port"): [0, -1, 443, 32768, 30143],
    ("Eks", "region"): ["", "ireland", "eu-west1", "us-gov-west-1", "us-west-1", "EU-WEST-1"],
    ("Eks", "cidr"): [
        *("", "x", "10.0.0.0", "10.0.0.1/16", "10.0.0.0/8", "10.0.0.0/24", "127.0.0.0/16"),
        *("169.254.0.0/16", "224.0.0.0/16", "240.0.0.0/16", "0.0.0.0/16", "52.1.0.0/16"),
        "fd00::/16",
    ],
    ("Eks", "kubernetes"): ["", "1.20", "latest", "v1.35", "1.99", "1.35.1"],
    ("Eks", "nodes"): [0, -3, 2, 451, 10**6],
    ("Eks", "instance_types"): [
        *([], ["t3.nano"], ["large"], ["t3"], ["m7i.large", "m7g.large"], ["m7i.huge"], [""]),
        ["M7I.large"],
    ],
    ("Eks", "disk_gib"): [0, -1, 19, 10**6],
    ("Eks", "log_retention_days"): [0, -1, 2, 10**6],
    ("Eks", "flow_log_retention_days"): [0, -1, 2, 10**6],
    ("Export", "service"): BAD_NAMES,
    ("Export", "namespace"): [*BAD_NAMES, "default", "kube-system", "linkerd"],
    ("Export", "of"): ["", "nowhere"],
    ("Export", "to"): [[], ["nowhere"], [""]],
    ("Route", "service"): [*BAD_NAMES, "other"],
    ("Route", "namespace"): [*BAD_NAMES, "other"],
    ("Route", "on"): ["", "nowhere"],
    ("Route", "port"): [0, -1, 65536],
    ("Route", "weights"): [{}, {"nowhere": 1}, {"": 1}, {"east": -1}, {"east": 0, "west": 0}],
    ("Alias", "service"): [*BAD_NAMES, "other"],
    ("Alias", "namespace"): [*BAD_NAMES, "other"],
    ("Alias", "on"): ["", "nowhere"],
    ("Alias", "of"): ["", "nowhere"],
    ("Alias", "port"): [0, -1, 65536],
    ("Linkerd", "version"): VERSIONS,
    ("Linkerd", "versions"): [{"nowhere": "2026.6.3"}, {"west": "latest"}, {"west": ""}],
    ("Linkerd", "registry"): ["", "https://registry.example.com", "Registry", "a b"],
    ("ProxyConfig", "admin_port"): [0, -1, 4143, 4140, 4190, 65536],
    ("ProxyResources", "cpu_request"): ["", "lots", "-1", "0", "100 m"],
    ("ProxyResources", "memory_request"): ["", "lots", "-1", "0", "1Ti"],
    ("ProxyResources", "memory_limit"): ["", "lots", "-1", "0", "1Mi"],
    ("ProxyTracing", "endpoint"): ["", "collector", "http://collector:4317", "a:b", "a:99999"],
    ("ProxyTracing", "service_account"): ["", "A B", "a_b", "-a"],
    ("ProxyTracing", "namespace"): ["", "A B", "a_b", "x" * 64],
    ("CertManagerIssuer", "name"): ["", "A B", "a_b", "-a"],
    ("CertManagerIssuer", "kind"): ["", "issuer", "Other"],
    ("CertManagerIssuer", "lifetime"): [Code("timedelta(0)"), Code("timedelta(hours=1)")],
    ("CertManagerIssuer", "renewal"): [Code("timedelta(0)"), Code("timedelta(days=9)")],
    ("TrustState", "anchors"): [[], [2, 1], [0], [1, 2, 3], [2, 3]],
    ("TrustState", "signing"): [0, 3, -1],
    ("TrustState", "issuers"): [0, -1],
    ("Unmeshed", "namespace"): ["", "nowhere"],
    ("Unmeshed", "workload"): ["", "A B", "a_b"],
    ("Unmeshed", "why"): ["", " "],
    ("AccessEntry", "principal_arn"): [
        *("", "role/web", "arn:aws:iam::1:role/web", "arn:aws-cn:iam::111122223333:role/web"),
        "arn:aws:sts::111122223333:assumed-role/web/ada",
    ],
    ("AccessEntry", "policy"): ["", "owner", "arn:aws:iam::aws:policy/AdministratorAccess"],
    ("AccessEntry", "namespaces"): [[""], ["A B"], ["a_b"]],
    ("LinkSpec", "source"): ["", "nowhere"],
    ("LinkSpec", "target"): ["", "nowhere"],
    ("Environment", "clusters"): [[]],
    ("Environment", "admins"): [[], [""], ["ops"], ["arn:aws:iam::1:root"]],
    ("Environment", "operators"): [[], *([block] for block in BAD_BLOCKS)],
    ("Environment", "token_generations"): [[], [2, 1], [0], [1, 1]],
}

# These take arguments without a name beyond the first.
POSITIONAL = {"AccessEntry", "LinkSpec", "chain", "mesh", "hub"}


def broken(environment: Call, random: Random) -> tuple[str, Call]:
    """Break a copy of a description in one place; returns how, and the copy."""
    wrong = copy.deepcopy(environment)
    by_kind = {
        "type": [*_types(wrong, random)],
        "value": [*_values(wrong, random)],
        "shape": [*_shapes(wrong, random)],
    }
    kind = random.choice([*by_kind])
    words, change = random.choice(by_kind[kind])
    change()
    return f"{kind}: {words}", wrong


def rewritten(environment: Call, random: Random) -> Call:
    """Write a description otherwise, with the same meaning."""
    other = copy.deepcopy(environment)
    for call in calls(other):
        for name, value in call.named.items():
            if isinstance(value, list) and random.random() < 0.5:
                call.named[name] = _as_iterable(value, random)
            elif isinstance(value, Code) and value.text.split(".")[0] in ENUMS:
                call.named[name] = _as_text(value, random)
    return other


ENUMS = {"Ami", "NatGateways", "Injection", "LinkMode", "InstallProfile", "AccessPolicy"}


def _as_iterable(value: list[Any], random: Random) -> Any:
    form = random.choice(["({},)", "(each for each in [{}])", "map(lambda each: each, [{}])"])
    inner = ", ".join(map(written, value))
    return Code(form.format(inner)) if inner else Code("()")


def _as_text(value: Code, random: Random) -> Any:
    enum, name = value.text.split(".")
    member = getattr(library, enum)[name]
    return random.choice([name, name.lower(), member.value, member.value.replace(" ", "-")])


def _places(environment: Call) -> Iterator[tuple[Call, str, Any]]:
    """Find every argument of every call, with the type that it is annotated with."""
    for call in calls(environment):
        described = getattr(library, call.name)
        hints = get_type_hints(described)
        names = [*hints]
        for place, _ in enumerate(call.args):
            name = names[min(place, len(names) - 1)] if call.name != "hub" else "centre"
            if call.name in {"chain", "mesh"}:
                name = "clusters"
            yield call, f"{place}:{name}", hints[name]
        for name in call.named:
            yield call, name, hints[name]


def _set(call: Call, place: str, value: Any) -> None:
    index, colon, _ = place.partition(":")
    if colon:
        call.args[int(index)] = value
    else:
        call.named[place] = value


def _get(call: Call, place: str) -> Any:
    index, colon, _ = place.partition(":")
    return call.args[int(index)] if colon else call.named[place]


def _junk(hint: Any) -> list[Any]:
    """List values that are not of a type."""
    members = get_args(hint)
    origin = get_origin(hint)
    if type(None) in members:
        inner = next(each for each in members if each is not type(None))
        return [each for each in _junk(inner) if each is not None]
    if origin is not None and getattr(origin, "__name__", "") in {"Sequence", "tuple"}:
        return LISTS
    if origin is not None and getattr(origin, "__name__", "") == "Mapping":
        return MAPS
    plain = {str: TEXTS, int: NUMBERS, bool: TRUTHS}
    if hint in plain:
        return plain[hint]
    if members:  # a union, e.g. of a policy and its ARN
        return [3, True, None, OBJECT]
    return MEMBERS if hasattr(hint, "__members__") else OBJECTS


def _types(environment: Call, random: Random) -> Iterator[Mutation]:
    for call, place, hint in _places(environment):
        junk = random.choice(_junk(hint))
        yield f"{call.name} {place} = {junk!r}", partial(_set, call, place, junk)
        value = _get(call, place)
        if isinstance(value, list) and value and get_args(hint):
            inner = get_args(hint)[0]
            inner = get_args(inner)[0] if get_origin(inner) is Sequence else inner
            item = random.choice(_junk(inner))
            many = [*value[:-1], item]
            yield f"{call.name} {place} has {item!r}", partial(_set, call, place, many)
        if isinstance(value, dict) and value:
            bad = {key: random.choice(_junk(get_args(hint)[1])) for key in value}
            yield f"{call.name} {place} = {bad!r}", partial(_set, call, place, bad)


def _values(environment: Call, random: Random) -> Iterator[Mutation]:
    for call, place, _ in _places(environment):
        name = place.split(":")[-1]
        if bad := VALUES.get((call.name, name)):
            value = random.choice(bad)
            yield f"{call.name} {name} = {value!r}", partial(_set, call, place, value)
        # A chain of one cluster has no links, so any name will do.
        if call.name in {"chain", "mesh"} and len(call.args) > 1:
            yield (
                f"{call.name} of an unknown cluster",
                partial(_set, call, place, "nowhere"),
            )


def _shapes(environment: Call, random: Random) -> Iterator[Mutation]:
    for call in calls(environment):
        described = getattr(library, call.name)
        known = set(get_type_hints(described))
        for name in call.named:
            wrong = _misspelt(name, random)
            if wrong not in known:
                yield f"{call.name} {wrong}=", partial(_rename, call, name, wrong)
        yield f"{call.name} of something else", partial(call.named.update, something_else=1)
        if call.name not in POSITIONAL:
            yield f"{call.name} without names", partial(call.args.extend, ["a", "b", "c"])
        required = [*call.args[:1]] and call.name not in {"chain", "mesh"}
        if required:
            yield f"{call.name} without its first", partial(call.args.pop, 0)
        for name in set(call.named) & {"region", "cidr", "of", "on", "namespace", "weights", "why"}:
            yield f"{call.name} without {name}", partial(call.named.pop, name)
        if call.name in {"chain", "mesh"}:
            yield (
                f"{call.name} of a list",
                partial(_nest, call),
            )
        for name, value in call.named.items():
            if isinstance(value, list) and value:
                yield (
                    f"{call.name} {name} nested",
                    partial(call.named.update, {name: [value, value]}),
                )
                yield (
                    f"{call.name} {name} alone",
                    partial(call.named.update, {name: value[0]}),
                )
    yield "an unknown name", partial(environment.named.update, clusters=Code("[kind('a')]"))
    yield "an open bracket", partial(environment.named.update, clusters=Code("[Kind('a')"))


def _nest(call: Call) -> None:
    call.args = [[*call.args]]


def _rename(call: Call, name: str, wrong: str) -> None:
    call.named = {wrong if key == name else key: value for key, value in call.named.items()}


def _misspelt(name: str, random: Random) -> str:
    place = random.randrange(len(name))
    return random.choice(
        [name[:place] + name[place + 1 :] or "x", name[:place] + name[place] + name[place:]]
    )
