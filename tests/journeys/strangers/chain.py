"""Walk from role to role with aws-assume-role-lib, whose sessions renew themselves.

``python chain.py ROLE ROLE`` starts from the profile `base` and prints who one is at the end.
"""

import sys

import boto3
from aws_assume_role_lib import assume_role

session = boto3.Session(profile_name="base")
for role in sys.argv[1:]:
    session = assume_role(session, role, RoleSessionName="walk", DurationSeconds=900)
print(session.client("sts").get_caller_identity()["Arn"])
