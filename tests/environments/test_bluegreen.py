"""
Full fallback: switching the back end's cluster is changing two numbers, through the genuine engine.

One story, in order.
"""

import pytest

from tests.environments.conftest import Sandbox, eventually

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module", autouse=True)
def _up(sandbox: Sandbox) -> None:
    sandbox.mesh("up", "bluegreen")


def weights(sandbox: Sandbox) -> dict[str, int]:
    """Read the weights of the callers' route."""
    [route] = sandbox.objects("front", "httproutes.gateway.networking.k8s.io", "-n", "yelb")
    [rule] = route["spec"]["rules"]
    return {backend["name"]: backend["weight"] for backend in rule["backendRefs"]}


def test_callers_have_a_mirror_of_both_and_a_name_that_stays(sandbox: Sandbox) -> None:
    expected = {"yelb-ui", "yelb-appserver", "yelb-appserver-blue", "yelb-appserver-green"}

    assert eventually(
        lambda: (
            {
                each["metadata"]["name"]
                for each in sandbox.objects("front", "services", "-n", "yelb")
            }
            == expected
        )
    )
    assert weights(sandbox) == {"yelb-appserver-blue": 100, "yelb-appserver-green": 0}


def test_every_link_and_mirror_is_healthy(sandbox: Sandbox) -> None:
    sandbox.healthy("bluegreen")


def test_a_second_up_with_other_weights_moves_the_calls_and_changes_nothing_else(
    sandbox: Sandbox,
) -> None:
    described = sandbox.described("bluegreen")
    text = described.read_text(encoding="utf-8")
    old, new = 'weights={"blue": 100, "green": 0}', 'weights={"blue": 0, "green": 100}'
    assert old in text
    described.write_text(text.replace(old, new), encoding="utf-8")
    output = sandbox.mesh("up", "bluegreen", "--all-stacks").stdout

    assert output.splitlines()[-1].endswith(": 1 update.")
    assert weights(sandbox) == {"yelb-appserver-blue": 0, "yelb-appserver-green": 100}


def test_an_export_that_leaves_with_its_alias_goes_after_the_alias(sandbox: Sandbox) -> None:
    described = sandbox.described("bluegreen")
    text = described.read_text(encoding="utf-8")
    with_alias = text.replace(
        "    routes=[",
        '    aliases=[Alias("redis-server", namespace="yelb", on="front", of="blue", port=6379)],\n'
        "    routes=[",
    )
    with_alias = with_alias.replace(
        'for name in ("blue", "green")],',
        'for name in ("blue", "green")]\n'
        '    + [Export("redis-server", namespace="yelb", of="blue")],',
    )
    described.write_text(with_alias.replace("import Eks", "import Alias, Eks"), encoding="utf-8")
    came = sandbox.mesh("up", "bluegreen").stdout.splitlines()
    described.write_text(text, encoding="utf-8")
    left = sandbox.mesh("up", "bluegreen").stdout.splitlines()

    assert deployed(came, "apps.blue") == ["2 create"]
    assert deployed(came, "routes.front") == ["3 create"]
    assert deployed(left, "apps.blue") == ["no changes", "2 delete"]
    assert deployed(left, "routes.front") == ["3 delete"]
    services = sandbox.objects("front", "services", "-n", "yelb")
    assert "redis-server" not in [each["metadata"]["name"] for each in services]


def test_destroy_leaves_no_cluster_and_an_empty_account(sandbox: Sandbox) -> None:
    sandbox.mesh("destroy", "bluegreen")

    assert sandbox.clusters == []
    assert sandbox.left_in(["eu-west-1"]) == []


def deployed(lines: list[str], part: str) -> list[str]:
    """Read what each run of a stack changed."""
    start = f"{part}: deployed in "
    return [line.partition(" s, ")[2] for line in lines if line.startswith(start)]
