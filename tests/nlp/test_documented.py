"""The page about language names commands as they are: their options exist, and their help explains each."""

import argparse
import importlib
import re
from pathlib import Path

import pytest

from hotline.cli import COMMANDS

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
_CALL = re.compile(r"`hotline ([a-z-]+)\b([^`]*)`|^ {4}hotline ([a-z-]+)\b([^#\n]*)", re.MULTILINE)
_OPTION = re.compile(r"--[a-z][a-z-]*")
_LONE_OPTION = re.compile(r"`(--[a-z][a-z-]*)")


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"hotline {name}")
    importlib.import_module(COMMANDS[name][0]).add_arguments(parser)
    return parser


def _said() -> dict[str, set[str]]:
    said: dict[str, set[str]] = {}
    for one, words, other, more in _CALL.findall(PAGE):
        said.setdefault(one or other, set()).update(_OPTION.findall(words or more))
    return said


SAID = _said()


def test_the_page_is_about_these() -> None:
    ours = {name for name, (module, _help) in COMMANDS.items() if module.startswith("nlp.training.")}
    assert ours <= SAID.keys()


@pytest.mark.parametrize("name", sorted(SAID))
def test_what_the_page_says_of_a_command_is_so(name: str) -> None:
    parser = _parser(name)
    help_text = parser.format_help()
    assert {option for option in SAID[name] if option not in help_text} == set()
    usage = importlib.import_module(COMMANDS[name][0]).add_arguments.__doc__
    for action in parser._actions[1:]:
        assert action.help, f"hotline {name}: nothing is said of {action.dest}"
        if action.help != argparse.SUPPRESS and action.option_strings:
            assert action.option_strings[-1] in usage


def test_an_option_that_the_page_names_alone_is_one_of_a_command() -> None:
    known = {option for name in SAID for action in _parser(name)._actions for option in action.option_strings}
    assert set(_LONE_OPTION.findall(PAGE)) <= known
