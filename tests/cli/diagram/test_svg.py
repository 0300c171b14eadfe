"""The picture in SVG: well-formed, with every cluster and link, and the same each time."""

from xml.etree import ElementTree

from hypothesis import HealthCheck, given, settings

from linkmesh.cli.diagram.marks import Mark, Marks
from linkmesh.cli.diagram.svg import picture, svg
from linkmesh.environment import Export, Kind, LinkSpec, Plan, mesh
from linkmesh.stacks import load
from tests.components.environment.described import on_aws, planned, plans

SVG = "{http://www.w3.org/2000/svg}"


def texts(drawn: str) -> list[str]:
    """List the texts of a picture."""
    return [element.text or "" for element in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


def boxes(drawn: str) -> list[tuple[float, float, float, float]]:
    """List the edges of the clusters' boxes: left, top, right, bottom."""
    found = []
    for box in ElementTree.fromstring(drawn).iter(f"{SVG}rect"):
        if "x" in box.attrib:
            x, y, width, height = (float(box.attrib[key]) for key in ("x", "y", "width", "height"))
            found.append((x, y, x + width, y + height))
    return found


def heads(drawn: str) -> int:
    """Count the heads of arrows: one for each link."""
    paths = ElementTree.fromstring(drawn).iter(f"{SVG}path")
    return sum(("marker-start" in path.attrib) + ("marker-end" in path.attrib) for path in paths)


@given(plans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_every_cluster_and_link_is_drawn_within_the_picture(drawn: Plan) -> None:
    picture = svg("any", drawn)
    root = ElementTree.fromstring(picture)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])

    assert set(drawn.names) <= set(texts(picture))
    assert heads(picture) == len(drawn.links)
    assert all(
        left >= 0 and top >= 0 and right <= width and bottom <= height
        for left, top, right, bottom in boxes(picture)
    )
    assert picture == svg("any", drawn)


def test_no_cluster_covers_another() -> None:
    for count in (2, 3, 4, 5, 12, 40):
        clusters = [on_aws(f"c{index}", block=index) for index in range(count)]
        found = boxes(svg("any", planned(*clusters)))

        assert not [
            (one, other)
            for index, one in enumerate(found)
            for other in found[index + 1 :]
            if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
        ]


def test_arrows_name_what_is_called_unless_they_are_many() -> None:
    assert "yelb-appserver" in texts(svg("demo", load("demo")))
    clusters = [on_aws(f"c{index}", block=index) for index in range(6)]
    crowded = planned(
        *clusters,
        links=mesh(*[cluster.name for cluster in clusters]),
        exports=[Export("api", namespace="shop", of="c0")],
    )
    assert "api" not in texts(svg("any", crowded))


def test_a_name_is_no_markup() -> None:
    assert "<title>a&lt;b</title>" in svg("a<b", planned(Kind("local")))


def test_two_directions_are_one_arrow_as_long_as_they_look_the_same() -> None:
    there, back = LinkSpec("a", "b"), LinkSpec("b", "a")
    described = planned(
        on_aws("a", block=1),
        on_aws("b", block=2),
        links=[there, back],
        exports=[Export("api", namespace="shop", of="a"), Export("web", namespace="shop", of="b")],
    )
    failed = Mark(style="faulty", sign="x", title="it failed")

    same = texts(svg("any", described))
    differs = ElementTree.fromstring(picture("any", described, Marks(links={back: failed})))

    assert {"web of b", "api of a"} <= set(same)
    groups = [each.attrib["class"] for each in differs.iter(f"{SVG}g")]
    assert groups[:2] == ["link of-0 of-1", "link faulty of-1 of-0"]
    assert "x api" in [each.text for each in differs.iter(f"{SVG}text")]
    assert "b -> a: it failed" in [each.text for each in differs.iter(f"{SVG}title")]


def test_a_mark_of_a_cluster_is_a_sign_and_lines_in_a_box_that_has_room() -> None:
    long = "a line that is much longer than the name of the cluster"
    described = planned(Kind("local"))
    marked = picture("any", described, Marks(clusters={"local": Mark(sign="?", lines=[long])}))

    assert {"? local", long} <= set(texts(marked))
    [(left, _, right, _)] = boxes(marked)
    assert right - left > len(long) * 7
