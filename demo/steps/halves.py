"""Two halves make a crossing: what the traveller's account permits, whom the role trusts."""

from demo.policies import allow, trust
from demo.scene import DESTINATION, DESTINATION_ROOT, SOURCE, Scene
from demo.steps.cast import (
    Role,
    assume,
    enrol,
    found_role,
    permit_assuming,
    permit_role,
    permit_user,
    retrust,
    root_arn,
    turned_away,
    user_arn,
)

HALL = Role("Hall")
BOB, CAROL, DAN = map(user_arn, ("bob", "carol", "dan"))


def play(scene: Scene) -> None:
    each_half(scene)
    whole_account(scene)
    many_to_one(scene)
    one_to_many(scene)
    at_home(scene)


def each_half(scene: Scene) -> None:
    scene.say("Bob is trusted and not permitted. Carol is permitted and not trusted.")
    for name in ("bob", "carol", "dan"):
        enrol(scene, name)
    found_role(scene, HALL.name, trust(BOB))
    permit_assuming(scene, "carol", HALL)
    assume(
        scene,
        "trusted, not permitted: refused",
        "bob",
        HALL,
        turned_away(BOB, HALL),
        "PE-111, W-141",
    )
    assume(
        scene,
        "permitted, not trusted: refused in the same words",
        "carol",
        HALL,
        turned_away(CAROL, HALL),
        "PE-111, W-141",
    )
    permit_assuming(scene, "bob", HALL)
    assume(scene, "bob has both halves now", "bob", HALL, facts="PE-111")


def whole_account(scene: Scene) -> None:
    scene.say("Trust is widened to the whole source account, in both ways of writing it.")
    retrust(scene, "trust in an account id", HALL, trust(SOURCE))
    scene.aws(
        "it reads back as the account's root",
        DESTINATION_ROOT,
        f"iam get-role --role-name {HALL.name} --query Role.AssumeRolePolicyDocument",
        facts="W-177, PE-30",
    )
    assume(scene, "carol may come in now", "carol", HALL, facts="PE-21, PE-111")
    assume(
        scene,
        "dan is of that account, but nothing permits him",
        "dan",
        HALL,
        turned_away(DAN, HALL),
        "PE-225",
    )
    retrust(scene, "trust in the root ARN means the same", HALL, trust(root_arn()))
    assume(scene, "carol still may", "carol", HALL, facts="PE-21")
    assume(scene, "dan still may not", "dan", HALL, turned_away(DAN, HALL), "PE-225")
    retrust(scene, "trust in another account", HALL, trust(root_arn(DESTINATION)))
    assume(
        scene,
        "which is not carol's",
        "carol",
        HALL,
        turned_away(CAROL, HALL),
        "PE-101",
    )


def many_to_one(scene: Scene) -> None:
    scene.say("One role trusts many: two users, and a role of the source account.")
    courier = found_role(scene, "Courier", trust(root_arn()), SOURCE)
    retrust(scene, "trust in three", HALL, trust([BOB, CAROL, courier.arn]))
    assume(scene, "the first", "bob", HALL, facts="PE-20, PE-21")
    assume(scene, "the second", "carol", HALL, facts="PE-20, PE-21")
    permit_assuming(scene, "dan", HALL, courier)
    assume(
        scene,
        "dan is permitted now, but not one of them",
        "dan",
        HALL,
        turned_away(DAN, HALL),
        "PE-111",
    )
    scene.carry("courier", assume(scene, "as Courier he is …", "dan", courier, facts="PE-110"))
    me = courier.session("dan")
    assume(
        scene,
        "… once Courier itself is permitted",
        "courier",
        HALL,
        turned_away(me, HALL),
        "PE-111, W-142",
    )
    permit_role(scene, "Courier may ask for Hall", courier, allow("sts:AssumeRole", HALL.arn))
    assume(scene, "the third", "courier", HALL, facts="PE-113")


def one_to_many(scene: Scene) -> None:
    scene.say("One user assumes many roles, named by a pattern.")
    east = found_role(scene, "post-east", trust(BOB))
    west = found_role(scene, "post-west", trust(BOB))
    assume(scene, "not before he is permitted", "bob", west, turned_away(BOB, west), "PE-111")
    permit_user(
        scene,
        "bob may ask for every post",
        "bob",
        allow("sts:AssumeRole", f"arn:aws:iam::{DESTINATION}:role/post-*"),
        policy="posts",
    )
    assume(scene, "the one", "bob", east, facts="PE-111")
    assume(scene, "and the other", "bob", west, facts="PE-111")


def at_home(scene: Scene) -> None:
    scene.say("In one account the trust policy alone is enough, if it names the user.")
    erin = enrol(scene, "erin", DESTINATION)
    study = found_role(scene, "Study", trust(root_arn(DESTINATION)))
    assume(
        scene,
        "trust in the account leaves it to erin's own policies",
        "erin",
        study,
        turned_away(erin, study),
        "PE-110",
    )
    retrust(scene, "trust in erin", study, trust(erin))
    assume(scene, "erin needs no more than that", "erin", study, facts="PE-109")
