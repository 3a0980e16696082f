"""Foreign keys point to the same floor or a lower one."""

import ast

from tests.structure import tree

_FIELDS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def _targets(module: ast.Module):
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _FIELDS
            and node.args
        ):
            target = node.args[0]
            if isinstance(target, ast.Constant) and isinstance(target.value, str):
                yield target.value
            elif isinstance(target, ast.Name):
                yield target.id


def test_foreign_keys_go_down_never_up() -> None:
    wrong, seen = [], 0
    for path in tree.modules():
        floor = path.relative_to(tree.SOURCE).parts[0]
        for target in _targets(tree.parsed(path)):
            seen += 1
            label = target.split(".")[0]
            if label in tree.FLOORS and tree.FLOORS[label] > tree.FLOORS.get(floor, 9):
                wrong.append(f"{tree.short(path)}: {floor} points up to {target}")
            elif "." not in target and target != "self":
                wrong.append(f"{tree.short(path)}: write the target of {target} as 'floor.Model'")
    assert seen > 20
    assert not wrong
