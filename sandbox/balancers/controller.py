"""
One running controller: that of one ready pod, with its account's rights in the cluster.

Services are dealt with one after another. What fails is said in an Event on the Service and tried
again, at ever longer intervals. Calls to AWS run in a thread, so that other clusters go on.
Source: aws-load-balancer-controller v3.5.0, controllers/service/service_controller.go
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sandbox.balancers import balancer, deploy, identity, model
from sandbox.balancers.account import Account, DeniedError
from sandbox.balancers.annotations import ModelError
from sandbox.balancers.identity import Arguments
from sandbox.balancers.model import FINALIZER, Object
from sandbox.balancers.writer import Writer
from sandbox.events import Events
from sandbox.home import SandboxError
from sandbox.mirror.api import Api, ApiError, Store, sync
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.contract import Refused

Key = tuple[str, str]

FIRST_RETRY_SECONDS = 0.5
LONGEST_RETRY_SECONDS = 15.0

SERVICE_LABEL = "kubernetes.io/service-name"

FAILURES = (ModelError, DeniedError, Refused, SandboxError)


class Controller:
    """The controller of one pod."""

    def __init__(
        self,
        pod: Object,
        api: Api,
        cloud: Callable[[str], Cloud],
        *,
        by_name: bool,
        say: Callable[[str], None],
    ) -> None:
        self._pod, self._cloud, self._arguments = pod, cloud, Arguments.of(pod)
        self._by_name, self._say = by_name, say
        self._writer, self._events = Writer(api), Events(api, "service")
        self._queue: asyncio.Queue[Key] = asyncio.Queue()
        self._waiting: set[Key] = set()
        self._tries: dict[Key, int] = {}
        self._services = Store(api, "/api/v1/services", on_event=self._on_service, say=say)
        slices = "/apis/discovery.k8s.io/v1/endpointslices"
        self._slices = Store(api, slices, on_event=self._on_slice, say=say)

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            await sync(tasks, self._services, self._slices)
            self._say("started")
            while True:
                key = await self._queue.get()
                self._waiting.discard(key)
                await self._deal_with(key)

    def _on_service(self, _kind: str, service: Object, before: Object | None) -> None:
        if before is None or _facts(before) != _facts(service):
            self._add(_key(service))

    def _on_slice(self, _kind: str, piece: Object, _before: Object | None) -> None:
        name = (piece["metadata"].get("labels") or {}).get(SERVICE_LABEL)
        key = (piece["metadata"]["namespace"], name or "")
        if key in self._services.items:
            self._add(key)

    def _add(self, key: Key) -> None:
        if key not in self._waiting:
            self._waiting.add(key)
            self._queue.put_nowait(key)

    async def _deal_with(self, key: Key) -> None:
        service = self._services.items.get(key)
        if service is None:
            return
        try:
            if model.is_handled(service):
                await self._reconcile(service)
            elif model.is_left_behind(service):
                await self._clean_up(service)
            self._tries.pop(key, None)
        except (*FAILURES, ApiError) as error:
            self._say(f"{key[0]}/{key[1]}: {error}")
            tries = self._tries[key] = self._tries.get(key, 0) + 1
            pause = min(FIRST_RETRY_SECONDS * 2**tries, LONGEST_RETRY_SECONDS)
            asyncio.get_running_loop().call_later(pause, self._add, key)

    async def _reconcile(self, service: Object) -> None:
        async with self._reported(service, "build"):
            plan = await asyncio.to_thread(self._plan, service)
        await self._writer.set_finalizers(service, lambda there: there | {FINALIZER})
        async with self._reported(service, "deploy"):
            made = await asyncio.to_thread(deploy.bring_about, *plan)
        if await self._writer.set_status(service, self._status(service, made)):
            self._say(f"{model.stack_of(service)}: {made.hostname} ({', '.join(made.addresses)})")
            await self._events.record(service, "SuccessfullyReconciled", "Successfully reconciled")

    @asynccontextmanager
    async def _reported(self, service: Object, what: str) -> AsyncIterator[None]:
        """Say in an Event what fails."""
        try:
            yield
        except FAILURES as error:
            reason, message = f"Failed{what.capitalize()}Model", f"Failed {what} model due to"
            await self._events.record(service, reason, f"{message} {error}")
            raise

    def _plan(self, service: Object) -> tuple[Any, ...]:
        """Find out what is wanted and where; calls AWS."""
        account, arguments = self._account(), self._arguments
        own = model.own_tags(arguments.cluster, model.stack_of(service))
        there = balancer.find(account, own)
        # Without an annotation the scheme stays that of the balancer there is.
        wanted = self._wanted(service, there["Scheme"] if there else arguments.scheme)
        chosen = deploy.choose_subnets(account, arguments, wanted, there)
        return account, arguments, wanted, there, chosen, self._node_ports()

    async def _clean_up(self, service: Object) -> None:
        def work() -> None:
            stack, others = model.stack_of(service), bool(self._handled())
            ports = self._node_ports()
            deploy.clear_away(
                self._account(), self._arguments, stack, others=others, node_ports=ports
            )

        async with self._reported(service, "deploy"):
            await asyncio.to_thread(work)
        await self._writer.set_status(service, [])
        await self._writer.set_finalizers(service, lambda there: there - {FINALIZER})

    def _account(self) -> Account:
        cloud = self._cloud(self._arguments.region)
        return identity.account(cloud, self._arguments.cluster, self._pod)

    def _wanted(self, service: Object, scheme: str) -> model.Wanted:
        slices = [
            each
            for each in list(self._slices.items.values())
            if each["metadata"]["namespace"] == service["metadata"]["namespace"]
            and (each["metadata"].get("labels") or {}).get(SERVICE_LABEL)
            == service["metadata"]["name"]
        ]
        return model.wanted(
            service,
            slices,
            cluster=self._arguments.cluster,
            scheme=scheme,
            target_type=self._arguments.target_type,
            tags=self._arguments.tags,
        )

    def _handled(self) -> list[Object]:
        return [each for each in list(self._services.items.values()) if model.is_handled(each)]

    def _node_ports(self) -> set[int]:
        """Give the ports of all Services' pods, which one rule of the nodes' group lets in."""
        ports: set[int] = set()
        for service in self._handled():
            try:
                ports |= self._wanted(service, self._arguments.scheme).node_ports
            except ModelError:  # said when its own turn comes
                continue
        return ports

    def _status(self, service: Object, made: deploy.Balanced) -> list[Object]:
        if not self._by_name:
            return [{"ip": address} for address in made.addresses]
        ports = [
            {"port": each["port"], "protocol": each.get("protocol", "TCP")}
            for each in service["spec"]["ports"]
        ]
        return [{"hostname": made.hostname, "ports": ports}]


def _key(service: Object) -> Key:
    return service["metadata"]["namespace"], service["metadata"]["name"]


def _facts(service: Object) -> tuple[Any, ...]:
    """Give what a Service asks for; its status is ours."""
    own = service["metadata"]
    return (
        service["spec"],
        own.get("annotations"),
        own.get("finalizers"),
        own.get("deletionTimestamp"),
    )
