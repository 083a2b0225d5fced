"""The usual reasons behind a near miss, and what would mend each."""

from typing import NamedTuple

from sekisho.policy.words import say

MOST_LOOKED_AT = 20  # values of a list


class Hint(NamedTuple):
    """words: follow what was wanted and what was seen, and so begin with a comma, a semicolon or a
    bracket. way: what to do about it, before the statement's name; empty where the usual way is
    right, which is to list what the question has. near: whether the element looks as if it were
    meant for this question.
    """

    words: str
    way: str = ""
    near: bool = True


NO_HINT = Hint("", near=False)
CASE_ONLY = say("; they differ in upper and lower case only")
