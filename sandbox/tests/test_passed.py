"""A file of tests is left out only if it passed here with all that it depends on as it is now."""

from pathlib import Path

import pytest

from sandbox.home import PROJECT
from sandbox.tests import passed

TEST = Path(__file__).with_name("test_home.py")


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_a_file_has_passed_once_that_is_written_down() -> None:
    assert not passed.has_passed(TEST)

    passed.note_passed(TEST)

    assert passed.has_passed(TEST)
    assert not passed.has_passed(TEST.with_name("test_nodes.py"))


@pytest.mark.parametrize(
    "changed",
    [
        TEST,
        PROJECT / "requirements.txt",
        PROJECT / "sandbox" / "chart_values.yaml",
        PROJECT / "components" / "api_server.py",
    ],
)
def test_a_change_of_what_it_depends_on_is_a_change(
    changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own text, the pins, the sandbox, and what the sandbox imports of the product."""
    before = passed.fingerprint(TEST)
    digest = passed._digest.__wrapped__

    def after(file: Path) -> bytes:
        content: bytes = digest(file)
        return content + b"changed" if file == changed else content

    monkeypatch.setattr(passed, "_digest", after)
    passed._sandbox.cache_clear()

    assert passed.fingerprint(TEST) != before
    passed._sandbox.cache_clear()


def test_a_module_that_nobody_of_the_sandbox_imports_is_no_change() -> None:
    used = passed.product_modules((PROJECT / "sandbox").rglob("*.py"))

    assert PROJECT / "components" / "api_server.py" in used
    assert PROJECT / "components" / "__init__.py" in used, "importing a module runs its package"
    assert PROJECT / "cli" / "rotation" / "__init__.py" not in used
