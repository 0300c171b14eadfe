"""The last preview on the page: what `mesh preview --markdown` wrote, and no markup of others."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from linkmesh.cli.errors import PreconditionError
from linkmesh.cli.preview.collect import preview
from linkmesh.cli.preview.render import Report, comment
from linkmesh.cli.view.comment import last_preview, read_comment
from linkmesh.cli.view.content import Comment
from linkmesh.environment import Export, Kind, chain
from linkmesh.stacks import snapshot
from tests.cli.preview.events import stack, step
from tests.components.environment.described import on_aws, planned


def written(*, note: str = "") -> str:
    """Write a comment about a new export."""
    clusters, links = (Kind("local"), on_aws("west")), chain("local", "west")
    exports = [Export("api", namespace="shop", of="west")]
    report = Report(
        name="demo",
        before=snapshot.described(planned(*clusters, links=links)),
        after=snapshot.described(planned(*clusters, links=links, exports=exports)),
        previews=(preview("west", [stack({}), step("create", "kubernetes:core:Service", "a")]),),
        notes=(note,) if note else (),
    )
    return comment(report)


def shown(text: str) -> str:
    return last_preview(Comment(text=text, written=datetime(2026, 11, 23, 8, tzinfo=UTC)))


def test_a_comment_is_shown_with_its_changes(tmp_path: Path) -> None:
    file = tmp_path / "comment.md"
    file.write_text(written())

    made = last_preview(read_comment("demo", file))

    assert "<strong>1 call newly possible; 1 other difference.</strong>" in made
    assert '<span class="added">+ local can call api.shop of west: as api-west.shop</span>' in made
    assert '<details id="preview-0"><summary>demo.west: 1 resource</summary>' in made
    assert "<td><code>kubernetes:core:Service</code></td>" in made
    assert "mermaid" not in made
    assert "Preview of" not in made


def test_tags_in_a_comment_are_text() -> None:
    made = shown(written(note="<img src=x onerror=alert(1)> [x](javascript:alert(1))"))

    assert "<img" not in made
    assert "&lt;img src=x" in made
    assert "href" not in made


def test_without_a_file_there_is_no_such_section() -> None:
    assert last_preview(None) == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, "must be readable (No such file or directory)"),
        ("<!-- linkmesh preview prod -->\n", "must be a comment of mesh preview about 'demo'"),
        ("\n", "must be a comment of mesh preview about 'demo'"),
    ],
    ids=["missing", "of another environment", "of another program"],
)
def test_another_file_is_an_error_with_the_command_that_writes_it(
    text: str | None, problem: str, tmp_path: Path
) -> None:
    file = tmp_path / "comment.md"
    if text is not None:
        file.write_text(text)

    with pytest.raises(PreconditionError) as error:
        read_comment("demo", file)

    assert problem in str(error.value)
    assert str(error.value).endswith(f"Use: mesh preview demo --markdown {file}")
