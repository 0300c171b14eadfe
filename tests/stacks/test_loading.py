"""A description is code: whatever goes wrong in it is one message with file and line."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from linkmesh.cli.__main__ import app
from linkmesh.stacks import environments, load, names
from linkmesh.stacks.errors import LoadError
from tests.project import PROJECT

Write = Callable[[str, str], Path]

IMPORTS = "from linkmesh.environment import Eks, Environment, Kind, chain\n"
GOOD = f'{IMPORTS}ENVIRONMENT = Environment(clusters=[Kind("local")])\n'


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Add files to the folder of descriptions, for one test."""
    _forget()
    monkeypatch.setattr(environments, "__path__", [*environments.__path__, str(tmp_path)])
    # Python compares the times of files in seconds, and a test writes several in one.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def one(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    yield one
    _forget()


def _forget() -> None:
    """Forget the modules of descriptions that tests wrote."""
    for name, module in [*sys.modules.items()]:
        if name.startswith("linkmesh.stacks.environments.") and str(PROJECT) not in str(
            module.__file__
        ):
            del sys.modules[name]


def failure(name: str) -> str:
    """Return why an environment cannot be loaded, without the first line."""
    with pytest.raises(LoadError) as error:
        load(name)
    return "\n".join(line.strip() for line in str(error.value).splitlines()[1:])


BROKEN = {
    "a syntax error": (
        "ENVIRONMENT = Environment(\n",
        "line 1: SyntaxError: '(' was never closed",
    ),
    "an unknown name": (
        f'{IMPORTS}\nENVIRONMENT = Environment(clusters=[kind("local")])\n',
        "line 3: NameError: name 'kind' is not defined. Did you mean: 'Kind'?",
    ),
    "a wrong call of Python's own": (
        f"{IMPORTS}\nlen(1, 2)\n",
        "line 3: TypeError: len() takes exactly one argument (2 given)",
    ),
    "an exit": (
        "import sys\nsys.exit(0)\n",
        "line 2: a description must not end the program (got sys.exit(0)). The command would do "
        "nothing, without a word. Use: raise ValueError(...), or remove the line",
    ),
    "a failure of its own": ("raise ValueError('no region')\n", "line 1: ValueError: no region"),
    "an attribute that does not exist": (
        f'{IMPORTS}print(Kind("local").worker)\n',
        "line 2: AttributeError: 'Kind' object has no attribute 'worker'. Did you mean: 'workers'?",
    ),
    "a module that does not exist": (
        "import nothing_like_it\n",
        "line 1: ModuleNotFoundError: No module named 'nothing_like_it'",
    ),
    "a name that is not in the library": (
        "from linkmesh.environment import Ek\n",
        "line 1: ImportError: cannot import name 'Ek' from 'linkmesh.environment'",
    ),
    "a wrong argument": (
        f'{IMPORTS}ENVIRONMENT = Environment(\n    clusters=[\n        Kind("local", workers="3"),'
        "\n    ],\n)\n",
        "line 4: workers of Kind(\"local\") must be a whole number (got '3'). Use: workers=3",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_one_message_with_file_and_line(case: str, write: Write) -> None:
    text, message = BROKEN[case]
    path = write("broken.py", text)

    text = failure("broken")

    assert text.splitlines() == [text]
    assert text.startswith(f"{path}, {message}")


def test_the_nearest_name_of_the_library_is_proposed(write: Write) -> None:
    write("broken.py", "from linkmesh.environment import Enviroment\n")

    assert failure("broken").endswith("Did you mean: 'Environment'?")


def test_all_wrong_arguments_of_a_file_are_one_message(write: Write) -> None:
    path = write(
        "broken.py",
        f'{IMPORTS}a = Eks("a", region="eu-west-1", cidr=10)\n'
        'b = Eks("b", regoin="eu-west-1", cidr="10.2.0.0/16")\n'
        "print(b.region)\n"
        "ENVIRONMENT = Environment(clusters=[a, b])\n",
    )

    assert failure("broken").splitlines() == [
        f'{path}, line 2: cidr of Eks("a") must be text (got 10). Use: cidr="10"',
        f'{path}, line 3: Eks("b") must have known arguments only (got regoin). '
        'Use: region="eu-west-1"',
    ]
    # The second time is no better: nothing incomplete stays.
    assert len(failure("broken").splitlines()) == 2


def test_a_mistake_in_a_module_beside_it_is_at_its_own_line(write: Write) -> None:
    helper = write("shared.py", f'{IMPORTS}SMALL = Kind("small", workers=None)\n')
    write(
        "broken.py",
        f"{IMPORTS}from .shared import SMALL\nENVIRONMENT = Environment(clusters=[SMALL])\n",
    )

    assert failure("broken").startswith(f"{helper}, line 2: workers of Kind")
    assert failure("broken").startswith(f"{helper}, line 2: workers of Kind")


def test_a_module_beside_descriptions_is_no_environment(write: Write) -> None:
    helper = write("shared.py", f'{IMPORTS}SMALL = Kind("small")\n')
    write("_private.py", GOOD)
    write("uses.py", f"from .shared import SMALL\n{GOOD}")
    write("again.py", "from .uses import ENVIRONMENT\n")

    assert {"uses", "again"} <= set(names())
    assert not {"shared", "_private"} & set(names())
    assert load("uses").names == load("again").names == ["local"]
    assert failure("shared").startswith(
        f"{helper} must define ENVIRONMENT (it does not). It is a module that environments may "
        "import, and none itself. Use: one of again, bluegreen, demo"
    )


def test_what_is_called_otherwise_is_named(write: Write) -> None:
    write("other.py", GOOD.replace("ENVIRONMENT", "ENVIROMENT"))
    write("lists.py", "ENVIRONMENT = []\n")

    assert failure("other").endswith("Use: rename ENVIROMENT")
    assert failure("lists").endswith(
        "must be an Environment (got list). Use: ENVIRONMENT = Environment(...)"
    )


@pytest.mark.parametrize("neighbour", [text for text, _ in BROKEN.values()])
def test_a_broken_file_does_not_matter_for_its_neighbours(neighbour: str, write: Write) -> None:
    write("broken.py", f"ENVIRONMENT = None\nprint('loud')\n{neighbour}")

    result = CliRunner().invoke(app, ["plan", "demo"])

    assert result.exit_code == 0
    assert "loud" not in result.stdout
    assert result.stdout.count("environment 'broken' cannot be compared with this one: ") == 1


def test_what_a_description_prints_goes_to_standard_error(write: Write) -> None:
    write("loud.py", f"print('loud')\n{GOOD}")

    result = CliRunner().invoke(app, ["doctor", "loud", "--json"])

    assert json.loads(result.stdout)["environments"] == ["loud"]
    assert "loud\n" in result.stderr


def test_a_doctor_of_all_environments_reports_one_that_cannot_be_loaded(write: Write) -> None:
    write("broken.py", f"{GOOD}sys.exit(0)\n")

    result = CliRunner().invoke(app, ["doctor", "--json"])

    assert "broken" not in json.loads(result.stdout)["environments"]
    assert "environment 'broken' cannot be deployed:" in result.stderr


MISNAMED = {
    "demo.py": "environment must be given without the ending of its file (got 'demo.py'). "
    "Use: demo",
    "stacks/environments/demo.py": "environment must be given without the ending of its file (got "
    "'stacks/environments/demo.py'). Use: demo",
    "demo.west": "environment must be given without a part (got 'demo.west', one of its stacks). "
    "Commands of mesh are about all of them. Use: demo, or pulumi with --stack demo.west",
    "blue-green": "environment 'blue-green' must have a name of letters, digits and underscores, "
    "a letter first, at most 60 of them (it does not). It is the name of a module, and the "
    "first word of its stacks. Use: bluegreen, demo, dev, five, hybrid, laptop, prod",
    "dmo": "environment 'dmo' must have a file stacks/environments/dmo.py (it has none). Use: demo",
    "__init__": "environment '__init__' must have a name of letters, digits and underscores, a "
    "letter first, at most 60 of them (it does not). It is the name of a module, and the "
    "first word of its stacks. Use: bluegreen, demo, dev, five, hybrid, laptop, prod",
}


@pytest.mark.parametrize("name", MISNAMED)
def test_what_is_no_environment_is_told_which_one_is_meant(name: str) -> None:
    result = CliRunner().invoke(app, ["plan", name])

    assert (result.exit_code, result.stderr) == (2, f"{MISNAMED[name]}\n")


def test_a_file_whose_name_is_no_modules_is_to_be_renamed(write: Write) -> None:
    path = write("my-env.py", GOOD)
    write("your_env.py", GOOD)

    with pytest.raises(LoadError, match=rf"Use: rename {path}$"):
        load("my-env")
    with pytest.raises(LoadError, match=r"Use: your_env$"):
        load("your-env")


def test_an_environment_may_be_a_folder(write: Write) -> None:
    write("large/__init__.py", GOOD)

    assert load("large").names == ["local"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("raise GeneratorExit\nENVIRONMENT = 1\n", "line 1: GeneratorExit"),
        ("class E(BaseException): ...\nraise E('x')\nENVIRONMENT = 1\n", "line 2: "),
        (
            "class E(Exception):\n    def __str__(self): raise ValueError\n"
            "raise E\nENVIRONMENT = 1\n",
            "line 3: ",
        ),
    ],
    ids=["of the interpreter", "of no class", "without a text"],
)
def test_whatever_a_description_raises_is_one_message(
    text: str, message: str, write: Write
) -> None:
    path = write("broken.py", text)

    assert failure("broken").startswith(f"{path}, {message}")


def test_an_interruption_while_a_description_is_read_says_so(write: Write) -> None:
    write("slow.py", "raise KeyboardInterrupt\nENVIRONMENT = 1\n")

    result = CliRunner().invoke(app, ["plan", "slow"])

    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == "Interrupted before anything was changed.\n"


def test_an_environment_that_is_none_is_named_as_such(write: Write) -> None:
    write("empty.py", "ENVIRONMENT = None\n")

    assert "must be an Environment (got NoneType)" in failure("empty")


def test_what_programs_of_a_description_print_goes_to_standard_error(
    write: Write, capfd: pytest.CaptureFixture[str]
) -> None:
    write("loud.py", f"import subprocess\nsubprocess.run(['echo', 'loud'])\n{GOOD}")

    load("loud")

    assert capfd.readouterr() == ("", "loud\n")


def test_a_name_in_other_letters_proposes_the_environment() -> None:
    with pytest.raises(LoadError, match=r"Use: demo$"):
        load("DEMO")


def test_a_name_that_makes_stacks_longer_than_pulumi_takes_is_an_error(write: Write) -> None:
    name = "a" * 61
    write(f"{name}.py", GOOD)

    with pytest.raises(LoadError, match="at most 60 of them"):
        load(name)
