"""Unpack Ansible's collections for AWS from the package of all collections, for the journeys.

``python tools/unpack_collections.py WHEEL FOLDER``. These are 7 MB of 200.
"""

import sys
import zipfile

WANTED = ("ansible_collections/amazon/aws/", "ansible_collections/community/aws/")


def main(wheel: str, folder: str) -> None:
    with zipfile.ZipFile(wheel) as package:
        package.extractall(folder, (n for n in package.namelist() if n.startswith(WANTED)))


if __name__ == "__main__":
    main(*sys.argv[1:])
