"""
A note-taking engine: runs a program to its end and returns what it registered.

It uses Pulumi's public mocks. A test looks at plain values, never at an `Output`; a secret is
`Secret(value)`; what was not announced (a stack, a look-up) is an error. Only the requests to the
engine tell parents, providers and secret outputs, so the monitor is listened to as well.
"""

import asyncio
import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.runtime import mocks, resource
from pulumi.runtime.mocks import set_mocks
from pulumi.runtime.proto import source_pb2
from pulumi.runtime.settings import SETTINGS, set_root_resource
from pulumi.runtime.stack import run_in_stack

# The mark on the wire of a secret, and of a value that is not yet known.
_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
_SIGNATURE = "4dabf18193072939515e22adb298388d"


@dataclass(frozen=True)
class Secret:
    """A value that reached the engine marked as a secret."""

    value: Any


@dataclass(frozen=True)
class Noted:
    """One resource as it was registered."""

    type: str
    name: str
    inputs: dict[str, Any]
    parent: str
    provider: str
    depends_on: tuple[str, ...]
    secret_outputs: tuple[str, ...]
    custom: bool
    replace_on: tuple[str, ...]
    deletes_first: bool
    protected: bool
    retained: bool
    aliases: tuple[str, ...]

    @property
    def after(self) -> set[str]:
        """Logical names of what must be made before it."""
        return {urn.split("::")[-1] for urn in self.depends_on}

    @property
    def within(self) -> str:
        """Logical name of its parent."""
        return self.parent.split("::")[-1]


@dataclass
class Notes:
    """Everything that a program registered, and exported; outputs of components are separate."""

    resources: list[Noted] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    components: list[dict[str, Any]] = field(default_factory=list)

    def of(self, type_: str) -> list[Noted]:
        """All resources of one type, in the order of their registration."""
        return [noted for noted in self.resources if noted.type == type_]

    def one(self, type_: str, name: str | None = None) -> Noted:
        """The one resource of a type (and name)."""
        found = [noted for noted in self.of(type_) if name in (None, noted.name)]
        assert len(found) == 1, f"{type_} {name or ''}: {[noted.name for noted in found]}"
        return found[0]


def open_texts(value: Any) -> list[str]:
    """List every text of a value that readers of the state or a preview can see."""
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in open_texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in open_texts(item)]
    return [value] if isinstance(value, str) else []


def plain(value: Any) -> Any:
    """Turn the engine's marks into `Secret`."""
    if isinstance(value, Mapping):
        if value.get(_SIGNATURE) == _SECRET_SIGNATURE:
            return Secret(plain(value["value"]))
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


# A certificate authority that lasts until 2036-11-20; its key does not exist any more.
AUTHORITY = base64.b64encode(
    b"""-----BEGIN CERTIFICATE-----
MIHWMIGJoAMCAQICAQEwBQYDK2VwMBUxEzARBgNVBAMMCmt1YmVybmV0ZXMwHhcN
MjYxMTIzMDAwMDAwWhcNMzYxMTIwMDAwMDAwWjAVMRMwEQYDVQQDDAprdWJlcm5l
dGVzMCowBQYDK2VwAyEAXb166QBA+WOg16LZfrY8d5t7PBx/7PUyaQi7V71UiiMw
BQYDK2VwA0EAvSfwjd/bA1rlyKPhoK5HqBolQqItkmqNjahF/hCRpwUSUjLsHDEl
waH+iPzpquuoQCDrleBsNcPWmNw6O0PEBA==
-----END CERTIFICATE-----
"""
).decode()

# What a provider would answer beside the inputs, by type.
COMPUTED: dict[str, Callable[[mocks.MockResourceArgs], dict[str, Any]]] = {
    "tls:index/privateKey:PrivateKey": lambda args: {
        "privateKeyPem": f"KEY {args.name}",
        "privateKeyPemPkcs8": f"PKCS8 {args.name}",
    },
    "tls:index/selfSignedCert:SelfSignedCert": lambda args: {
        "certPem": f"CERTIFICATE {args.name}",
        "validityEndTime": "2036-11-20T00:00:00Z",
    },
    "tls:index/certRequest:CertRequest": lambda args: {"certRequestPem": f"REQUEST {args.name}"},
    "tls:index/locallySignedCert:LocallySignedCert": lambda args: {
        "certPem": f"CERTIFICATE {args.name}",
        "validityEndTime": "2027-11-23T00:00:00Z",
    },
    "kind:index/cluster:Cluster": lambda args: {"kubeconfig": KUBECONFIG},
    "aws:eks/cluster:Cluster": lambda args: {
        "endpoint": f"https://{args.name}.eks.test",
        "certificateAuthority": {"data": AUTHORITY},
        "arn": f"arn:aws:eks:test:000000000000:cluster/{args.name}",
        "identities": [{"oidcs": [{"issuer": f"https://oidc.test/{args.name}"}]}],
        "vpcConfig": {
            **args.inputs.get("vpcConfig", {}),
            "clusterSecurityGroupId": f"sg-{args.name}",
        },
    },
    "aws:ec2/eip:Eip": lambda args: {"publicIp": "203.0.113.7"},
    "aws:ec2/launchTemplate:LaunchTemplate": lambda args: {"latestVersion": 1},
    "aws:cloudwatch/logGroup:LogGroup": lambda args: {
        "arn": f"arn:aws:logs:test:000000000000:log-group:{args.inputs.get('name', args.name)}"
    },
    "aws:kms/key:Key": lambda args: {"arn": f"arn:{args.name}", "keyId": args.name},
    "aws:iam/role:Role": lambda args: {"arn": f"arn:{args.name}", "name": args.name},
    "kubernetes:core/v1:ServicePatch": lambda args: {
        "status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.10"}]}}
    },
    "kubernetes:core/v1:Secret": lambda args: {
        "data": {"token": base64.b64encode(f"TOKEN {args.name}".encode()).decode()}
    },
}

KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: c
contexts: [{name: c, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: Q0E=}}]
users: [{name: u, user: {client-key-data: c2VjcmV0}}]
"""


class _Answers(mocks.Mocks):
    def __init__(
        self, stacks: Mapping[str, Mapping[str, Any]], reads: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self.stacks = stacks
        self.reads = reads

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise AssertionError(f"unannounced look-up: {args.token}")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if args.typ == "pulumi:pulumi:StackReference":
            name = args.inputs["name"]
            assert name in self.stacks, f"unannounced stack: {name}"
            outputs = dict(self.stacks[name])
            secret = [key for key, value in outputs.items() if isinstance(value, Secret)]
            values = {k: v.value if isinstance(v, Secret) else v for k, v in outputs.items()}
            return name, {"name": name, "outputs": values, "secretOutputNames": secret}
        if args.resource_id:
            assert args.resource_id in self.reads, f"unannounced object: {args.resource_id}"
            return args.resource_id, dict(self.reads[args.resource_id])
        answer = COMPUTED.get(args.typ)
        computed = answer(args) if answer else {}
        return f"{args.name}-id", {**args.inputs, **computed}


class _Listening(mocks.MockMonitor):
    def __init__(self, answers: mocks.Mocks, notes: Notes) -> None:
        super().__init__(answers)
        self.notes = notes

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (the name is Pulumi's)
        if request.type != "pulumi:pulumi:Stack":
            self.notes.resources.append(
                Noted(
                    type=request.type,
                    name=request.name,
                    inputs=plain(json_format.MessageToDict(request.object)),
                    parent=request.parent,
                    provider=request.provider,
                    depends_on=tuple(sorted(request.dependencies)),
                    secret_outputs=tuple(request.additionalSecretOutputs),
                    custom=request.custom,
                    replace_on=tuple(request.replaceOnChanges),
                    deletes_first=request.deleteBeforeReplace,
                    protected=request.protect,
                    retained=request.retainOnDelete,
                    aliases=tuple(alias.spec.name for alias in request.aliases),
                )
            )
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        outputs = plain(json_format.MessageToDict(request.outputs))
        if request.urn.split("::")[-2] == "pulumi:pulumi:Stack":
            self.notes.outputs.update(outputs)
        else:
            self.notes.components.append(outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def run(
    program: Callable[[], None],
    *,
    stack: str = "test.west",
    stacks: Mapping[str, Mapping[str, Any]] | None = None,
    reads: Mapping[str, Mapping[str, Any]] | None = None,
    preview: bool = False,
) -> Notes:
    """
    Run a program to its end.

    Args:
        stacks: outputs of the stacks it may reference, by full name; `Secret` marks secret ones.
        reads: properties of the objects that it may read, by id.
    """
    notes = Notes()
    answers = _Answers(stacks or {}, reads or {})
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    monitor = _Listening(answers, notes)
    set_mocks(
        answers,
        project="linkmesh",
        stack=stack,
        preview=preview,
        monitor=monitor,
        organization="organization",
    )
    # What a program that failed has left behind belongs to a loop that is closed.
    SETTINGS.outputs.clear()
    # The mocks bring a root of their own, made before this program; exports need a fresh one.
    set_root_resource(None)  # type: ignore[arg-type]
    try:
        with pytest.MonkeyPatch.context() as patch:
            # Of each resource the SDK reads the lines of the program that made it, which takes a
            # third of a run; no note has them.
            patch.setattr(resource, "_get_stack_trace", source_pb2.StackTrace)
            loop.run_until_complete(run_in_stack(program))
    finally:
        loop.close()
    return notes
