"""What the operator can ask afterwards: why was that refused?"""

from demo.expect import not_authorized, prints, replied
from demo.policies import trust
from demo.raw import seal_form, send
from demo.scene import Scene
from demo.steps.cast import assume, enrol, found_role, permit_assuming, turned_away, user_arn

TESS = user_arn("tess")


def play(scene: Scene) -> None:
    enrol(scene, "tess")
    role = found_role(scene, "Riddle", trust(TESS, {"StringEquals": {"sts:ExternalId": "Case-9"}}))
    permit_assuming(scene, "tess", role)
    assume(scene, "tess is told nothing", "tess", role, turned_away(TESS, role), "W-141")
    scene.sekisho("the operator is", "why --last", prints("sts:ExternalId"))
    form = {"Action": "AssumeRole", "RoleArn": role.arn, "RoleSessionName": "tess"}
    reply = scene.raw(
        "tess asks again, and notes the request's id",
        "POST / Action=AssumeRole",
        lambda: send(seal_form(scene.keys("tess"), scene.world.endpoint, form)),
        replied(403, "AccessDenied", not_authorized(TESS, "sts:AssumeRole", role.arn)),
        "W-141, W-10",
    )
    scene.sekisho("why that one", f"why {reply.request_id}", prints("sts:ExternalId"))
    more = "--external-id Case-9"
    assume(scene, "with the external id she is let in", "tess", role, facts="PE-214", more=more)
