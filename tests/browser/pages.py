"""The addresses of all pages, each with something to show."""

import json

from demo.policies import allow, trust

from browser.house import EVERYTHING, House


def addresses(house: House) -> list[str]:
    """Below /console/, after furnishing the source account for them."""
    here = house.source
    person = house.person(here, EVERYTHING)
    role = house.role(here, trust(person.arn), allow("s3:*", "*"))
    bucket = house.bucket(here, **{"march/ledger.txt": b"all is well"})
    iam = house.iam(here)
    iam.create_group(GroupName="looked-at")
    iam.add_user_to_group(GroupName="looked-at", UserName=person.name)
    seen = iam.list_users()["ResponseMetadata"]["RequestId"]
    policy = iam.create_policy(
        PolicyName="LookedAt", PolicyDocument=json.dumps(allow("s3:GetObject", "*"))
    )["Policy"]["Arn"].replace("/", "%2F")
    return [
        "",
        "users",
        "users/create",
        f"users/detail/{person.name}",
        f"users/detail/{person.name}/inline",
        "groups",
        "groups/detail/looked-at",
        "roles",
        "roles/create",
        f"roles/detail/{role}",
        f"roles/detail/{role}/trust",
        "policies",
        "policies/create",
        f"policies/detail/{policy}",
        f"policies/detail/{policy}/edit",
        "buckets",
        "buckets/create",
        f"buckets/detail/{bucket}",
        f"buckets/detail/{bucket}/object?key=march%2Fledger.txt",
        "events",
        f"events/detail/{seen}",
        "ask",
        "wizard",
        "credentials",
        "account-settings",
        "switch-role",
        "no-such-page",
    ]
