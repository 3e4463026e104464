"""What can be told of a query from its text alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    SelectionSetNode,
    Visitor,
    visit,
)


class _Finder(Visitor):
    """Says whether variables, directives and which fragments are below a node."""

    def __init__(self) -> None:
        super().__init__()
        self.variables = self.directives = False
        self.fragments: set[str] = set()

    def enter_variable(self, *_: object) -> None:
        self.variables = True

    def enter_directive(self, *_: object) -> None:
        self.directives = True

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self.fragments.add(node.name.value)


def has_directives(document: DocumentNode) -> bool:
    """Say whether a directive is anywhere in a document."""
    finder = _Finder()
    visit(document, finder)
    return finder.directives


def has_variables(
    nodes: Sequence[FieldNode | SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> bool:
    """Say whether a variable is used below, fragments included."""
    finder = _Finder()
    for one in nodes:
        visit(one, finder)
    seen: set[str] = set()
    while fragments and (waiting := finder.fragments - seen):
        seen |= waiting
        for name in waiting:
            visit(fragments[name], finder)
    return finder.variables
