"""Rows are written in one place: the owning room's actions."""

import ast

import pytest

from tests.house.sources import files, is_action_file, name_of, parsed

#: Query-set methods that write. `.save`, `.update` and `.delete` also exist on other things, so the last
#: three count only after `.objects`, a filter, or on a model instance's usual shape.
ALWAYS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "create_user", "create_superuser"}
MANAGER_ONLY = {"create", "update", "delete"}
#: The mechanisms actions are made of, and a reader's own bookkeeping.
MECHANISMS = {
    "sizao/ops/governance/audit.py",
    "sizao/ops/governance/history.py",
    "sizao/ops/governance/bulk.py",
    "sizao/ops/governance/ledger.py",
}


def chain(node: ast.AST) -> list[str]:
    """`Case.objects.filter(...).update` → ["Case", "objects", "filter", "update"]."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Name):
            names.append(node.id)
            return names[::-1]
        else:
            return names[::-1]


def writes(tree: ast.Module):
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        names = chain(node.func)
        method = names[-1]
        on_manager = "objects" in names or "_base_manager" in names
        if method in ALWAYS or (method in MANAGER_ONLY and on_manager) or (method == "save" and names[0] != "super"):
            yield f"line {node.lineno}: .{method}()"


@pytest.mark.parametrize("path", [p for p in files("ops", "config") if not is_action_file(p)], ids=name_of)
def test_only_actions_write(path):
    if name_of(path) in MECHANISMS:
        return
    allowed = {"save"} if path.suffix == ".py" and path.name in DOCUMENT_WRITERS else set()
    assert [line for line in writes(parsed(path)) if line.split(".")[-1].strip("()") not in allowed] == []


#: Files whose `.save()` writes a document to disk, not a row.
DOCUMENT_WRITERS = {"docx.py"}


def test_the_check_sees_a_write():
    tree = ast.parse("Case.objects.filter(pk=1).update(note='x')\nrow.save()\nfile.update({})")
    assert list(writes(tree)) == ["line 1: .update()", "line 2: .save()"]
