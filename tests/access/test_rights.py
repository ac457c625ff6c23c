"""The table of rights."""

from __future__ import annotations

from duoshou.access import Right, right_title, rights_of, role_title
from duoshou.model import Role


def test_the_table_names_every_role_and_right_in_both_languages() -> None:
    """Each role and each right has its words, no two the same; each right has somebody who holds it."""
    for titles in ([role_title(one) for one in Role], [right_title(one) for one in Right]):
        assert all(one.zh and one.en for one in titles)
        assert len({one.zh for one in titles}) == len({one.en for one in titles}) == len(titles)
    assert rights_of(Role.OWNER) == set(Right)


def test_who_may_what() -> None:
    """Everybody reads; only owners manage people and read the log; who only reads may do nothing else."""
    for role in Role:
        rights = rights_of(role)
        assert Right.READ in rights
        assert (rights & {Right.PEOPLE, Right.AUDIT} != set()) is (role is Role.OWNER)
    assert rights_of(Role.VIEWER) == {Right.READ}
    assert Right.EXPORT not in rights_of(Role.DESIGNER) | rights_of(Role.SERVICE) | rights_of(Role.WAREHOUSE)
    assert {role for role in Role if Right.COSTS in rights_of(role)} == {Role.OWNER, Role.OPERATOR}
