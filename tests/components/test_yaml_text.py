"""YAML is read by libyaml, and as PyYAML's own parser reads it."""

import pytest
import yaml

from linkmesh import yaml_text
from linkmesh.yaml_text import parsed


def test_it_is_read_as_by_the_safe_loader() -> None:
    text = "a: [1, 2.5, true, null, '1']\nb: {c: 2026-11-30}\nd: &x [e]\nf: *x\n"

    assert parsed(text) == yaml.safe_load(text)
    assert parsed("") is None


def test_no_object_is_made_of_it() -> None:
    with pytest.raises(yaml.YAMLError):
        parsed("!!python/object/apply:os.getcwd []")


def test_what_is_no_yaml_is_an_error_of_the_same_class() -> None:
    with pytest.raises(yaml.YAMLError):
        parsed("a: [")


def test_libyaml_reads_it() -> None:
    assert yaml_text._LOADER is yaml.CSafeLoader
