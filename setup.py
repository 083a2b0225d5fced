"""Build the package; with SEKISHO_COMPILED=1, what every call passes through as extension modules.

All else about the package stands in pyproject.toml. Decision 8 says what may be compiled.
"""

import os

from setuptools import setup

ROOMS = {
    "model": ("arn", "identifiers"),
    "directory": ("changes", "store"),
    "access": ("context", "held"),
    "wire": (
        "authorization",
        "authorization_s3",
        "claim",
        "constraints",
        "form",
        "hosts",
        "query",
        "rest_input",
        "rest_xml",
        "route",
        "shapes",
        "sigv4",
        "times",
        "uri",
        "xml",
    ),
    "services": (
        "operation",
        "sts/assume_role",
        "sts/mfa",
        "sts/passed",
        "sts/roles",
        "sts/standing",
        "sts/tokens",
        "s3/asks",
        "s3/headers",
        "s3/objects",
        "s3/reading",
    ),
    "gate": ("authenticate", "authority", "pipeline"),
}

if os.environ.get("SEKISHO_COMPILED") == "1":
    from mypyc.build import mypycify

    paths = [f"src/sekisho/{room}/{name}.py" for room in ROOMS for name in ROOMS[room]]
    setup(ext_modules=mypycify(paths, opt_level="3", debug_level="0", group_name="sekisho"))
else:
    setup()
