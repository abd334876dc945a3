"""Every action is told who and when by name, and is one transaction."""

import ast

import pytest

from tests.house.sources import files, is_action_file, name_of, parsed


def offered(path):
    """The names other rooms may call: what an actions package lists in `__all__`, or all public names of actions.py."""
    if path.name == "actions.py":
        return None
    package = parsed(path.parent / "__init__.py")
    listed = [node.value for node in package.body if isinstance(node, ast.Assign) and node.targets[0].id == "__all__"]
    return set(ast.literal_eval(listed[0])) if listed else None


def actions_of(path):
    names = offered(path)
    for node in parsed(path).body:
        if (
            isinstance(node, ast.FunctionDef)
            and not node.name.startswith("_")
            and (names is None or node.name in names)
        ):
            yield pytest.param(node, id=f"{name_of(path)}:{node.name}")


ACTIONS = [action for path in files("ops") if is_action_file(path) for action in actions_of(path)]


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_keyword_only_and_told_who_and_when(action):
    assert not action.args.args and not action.args.posonlyargs
    names = {argument.arg for argument in action.args.kwonlyargs}
    assert {"by", "at"} <= names


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_one_transaction_or_says_how_it_is_cut(action):
    decorators = {ast.unparse(node) for node in action.decorator_list}
    in_chunks = "chunk" in (ast.get_docstring(action) or "")
    assert "transaction.atomic" in decorators or in_chunks


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_says_what_it_does(action):
    assert ast.get_docstring(action)


def test_there_are_actions():
    assert len(ACTIONS) > 10
