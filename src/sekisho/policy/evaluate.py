"""The decision: along a course that is plotted once for each matter; no trace is kept."""

from sekisho.policy.course import plot
from sekisho.policy.decision import Decision
from sekisho.policy.evidence import Course, Evidence, Search
from sekisho.policy.question import Question

MOST_COURSES = 4096


def decide(question: Question, evidence: Evidence) -> Decision:
    """Answer a question; pure, and total for whatever text the question holds."""
    try:
        course = evidence.courses[question.matter]
    except KeyError:
        course = _remember(question, evidence)
    resource, context = question.resource, question.context
    # As `course.follow` does it; every call counts here.
    while True:
        begins, key, exact, rest, decision, course = course
        if (
            (begins is None or resource.removeprefix(begins) != resource)
            and (exact is None or context.get(key) in exact)
            and (rest is None or rest(resource, context))
        ):
            if decision is None:
                search: Search = course
                return search(question)
            return decision


def _remember(question: Question, evidence: Evidence) -> Course:
    course = plot(question, evidence)
    if len(evidence.courses) >= MOST_COURSES:
        evidence.courses.clear()
    evidence.courses[question.matter] = course
    return course
