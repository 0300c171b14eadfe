"""What is read of stacks once, and when it is read again."""

from dataclasses import dataclass, field
from typing import Any

from linkmesh.cli.errors import StackMissingError
from linkmesh.cli.runs.reads import Reads

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


@dataclass
class FakeStacks:
    """Records what is read; one stack exists."""

    log: list[str] = field(default_factory=list)

    def existing(self) -> set[str]:
        """List it."""
        self.log.append("existing")
        return {"demo.west"}

    def exported(self, stack: str) -> dict[str, Any]:
        """Read its state, or that of no stack."""
        self.log.append(f"state {stack}")
        if stack != "demo.west":
            raise StackMissingError(stack)
        outputs = {"description": {"part": "west"}, "kubeconfig": SECRET}
        resources = [
            {"type": "pulumi:providers:kubernetes"},
            {"type": "pulumi:pulumi:Stack", "outputs": outputs},
        ]
        return {"deployment": {"resources": resources}}

    def outputs(self, stack: str) -> dict[str, Any]:
        """Read its outputs."""
        self.log.append(f"outputs {stack}")
        return {"kubeconfig": "k"}


def test_each_thing_is_read_once() -> None:
    stacks = FakeStacks()
    reads = Reads(stacks)

    for _ in range(2):
        reads.existing()
        reads.state("demo.west")
        reads.outputs("demo.west")
        reads.plain_outputs("demo.west")

    assert stacks.log == ["existing", "state demo.west", "outputs demo.west"]


def test_plain_outputs_are_in_the_state_where_secrets_are_encrypted() -> None:
    found = Reads(FakeStacks()).plain_outputs("demo.west")

    assert found == {"description": {"part": "west"}, "kubeconfig": SECRET}


def test_a_stack_that_does_not_exist_has_no_plain_outputs() -> None:
    assert Reads(FakeStacks()).plain_outputs("demo.east") == {}


def test_a_stack_that_is_written_is_read_again_and_no_other() -> None:
    stacks = FakeStacks()
    reads = Reads(stacks)
    reads.state("demo.west")
    reads.outputs("demo.west")
    reads.outputs("demo.east")
    stacks.log.clear()

    reads.forget("demo.west")
    reads.state("demo.west")
    reads.outputs("demo.west")
    reads.outputs("demo.east")

    assert stacks.log == ["state demo.west", "outputs demo.west"]


def test_stacks_are_listed_again_when_some_are_made() -> None:
    stacks = FakeStacks()
    reads = Reads(stacks)

    reads.existing()
    reads.forget_existing()
    reads.existing()

    assert stacks.log == ["existing", "existing"]
