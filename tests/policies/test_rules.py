"""The rules as a whole: each is named once, says its source, and none depends on Pulumi."""

import subprocess
import sys

from policies.rules import RULES


def test_there_are_at_least_fifteen_rules_of_different_names() -> None:
    names = {rule.name for rule in RULES}

    assert len(names) == len(RULES)
    assert len(RULES) >= 15


def test_every_rule_has_a_description_and_a_source() -> None:
    assert [rule.name for rule in RULES if not rule.description.endswith(".")] == []
    assert [rule.name for rule in RULES if len(rule.source) < 10] == []


def test_an_empty_stack_breaks_no_rule() -> None:
    assert [rule.name for rule in RULES if [*rule.check([])]] == []


def test_rules_are_read_without_pulumi() -> None:
    program = "import sys, policies.rules; print([n for n in sys.modules if 'pulumi' in n])"

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
