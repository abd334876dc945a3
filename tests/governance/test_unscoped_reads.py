"""A read of rows of areas asks for a scope in the same function, or is listed with its reason."""

import ast

import pytest
from django.apps import apps

from sizao.ops.governance.models import InArea
from tests.governance.unscoped_reads import UNSCOPED
from tests.house.sources import ROOT, files, is_action_file, name_of, parsed

MODELS = {model.__name__ for model in apps.get_models() if issubclass(model, InArea)}
#: What a function that minds the reader's areas says.
SCOPES = {
    "within", "inside", "reach", "reach_in", "in_reach", "reached", "covers", "within_each", "check", "check_in",
    "check_throughout", "may", "may_in", "incident_page", "visible_person", "scoped", "everywhere",
}  # fmt: skip


def said(function: ast.FunctionDef) -> set[str]:
    """Every name in a function, its own and those of things it asks."""
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(function)
        if isinstance(node, ast.Name | ast.Attribute)
    }


def unscoped(tree: ast.Module):
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        reads = {
            node.value.id
            for node in ast.walk(function)
            if isinstance(node, ast.Attribute)
            and node.attr in ("objects", "_base_manager")
            and isinstance(node.value, ast.Name)
        }
        if reads & MODELS and not said(function) & SCOPES:
            yield function.name


FOUND = {
    (name_of(path), function)
    for path in files("ops")
    if not is_action_file(path)
    for function in unscoped(parsed(path))
}


def test_every_unscoped_read_is_listed_with_its_reason():
    new = sorted(FOUND - set(UNSCOPED))
    assert new == [], (
        "These read rows of areas without asking for a scope. Ask for one (access.within, scope.reach_in …), or list "
        "them with the reason in tests/governance/unscoped_reads.py."
    )


@pytest.mark.parametrize(("path", "function"), sorted(UNSCOPED))
def test_what_is_listed_is_there(path, function):
    """A function that is gone or scoped now leaves the list."""
    assert (ROOT / path).exists()
    assert (path, function) in FOUND


def test_the_check_sees_an_unscoped_read():
    tree = ast.parse(
        "def all_of_them():\n    return Case.objects.all()\ndef mine(p):\n    return Case.objects.filter(within(p))"
    )
    assert list(unscoped(tree)) == ["all_of_them"]
