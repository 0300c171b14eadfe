"""Everything that the components make: it is as asked, its tags change, and it goes again."""

from sandbox.plugins.aws.account import leftovers
from sandbox.plugins.aws.provider import TYPES
from sandbox.plugins.values import UNKNOWN
from sandbox.tests.plugins.aws.programs import TOKENS, Program
from sandbox.tests.plugins.aws.world import WORLD
from sandbox.tests.plugins.fake_clusters import FakeClusters

REGIONS = ["eu-west-1", "eu-west-3"]


def test_the_world_has_each_type() -> None:
    assert {TOKENS[each.kind] for each in WORLD.values()} == set(TYPES)


def test_everything_is_as_asked_is_tagged_anew_and_leaves_nothing(
    program: Program, kwok: FakeClusters
) -> None:
    for name in WORLD:
        program.one(name)

    assert {name: program.drift(name) for name in WORLD} == {name: [] for name in WORLD}
    for name, described in WORLD.items():
        if "tags" in program.resource(described.kind).schema.optional:
            program.change(name, tags={"a": "1", "b": "2"})
            tagged = program.change(name, tags={"a": "3"})
            assert tagged["tagsAll"] == {"environment": "demo", "a": "3"}, name
            assert program.drift(name) == [], name
    assert leftovers(program.cloud.endpoint, REGIONS) != []

    program.destroy()

    assert leftovers(program.cloud.endpoint, REGIONS) == []
    assert kwok.nodes == {}
    assert not list(program.cloud.home.aws.rglob("*.json"))


def test_names_are_made_of_the_resources_own(program: Program) -> None:
    for name in ("writer", "endpoints", "template"):
        made = program.one(name)
        assert made["name"].startswith(f"{name}-"), name
        assert len(made["name"]) == len(name) + 8
    role = program.one("writer")["name"]
    assert program.one("writer")["arn"] == f"arn:aws:iam::000000000000:role/{role}"
    assert program.one("writing").id == f"{role}:{program.one('writing')['name']}"


def test_a_preview_knows_what_is_asked_and_not_what_aws_adds(program: Program) -> None:
    def foreseen(name: str) -> dict[str, object]:
        made = program.one(name)
        resource = program.resource(made.kind)
        return resource.create(made.inputs, preview=True).outputs

    address, cluster = foreseen("address"), foreseen("west")

    assert (address["publicIp"], address["domain"]) == (UNKNOWN, "vpc")
    assert address["tagsAll"] == {"environment": "demo"}
    assert cluster["endpoint"] is UNKNOWN
    assert cluster["vpcConfig"] == {
        **program.one("west").inputs["vpcConfig"],
        "clusterSecurityGroupId": UNKNOWN,
        "vpcId": UNKNOWN,
    }


def test_what_is_unknown_in_a_preview_is_no_mistake(program: Program) -> None:
    for name, described in WORLD.items():
        resource = program.resource(described.kind)
        unknown = dict.fromkeys(described.inputs, UNKNOWN)
        naming = program.naming(described.kind, name)

        checked = resource.check(resource.named(unknown, None, naming))

        outputs = resource.create(checked, preview=True).outputs
        assert all(outputs[key] is UNKNOWN for key in unknown), name
