"""Who owns what a depot keeps, and by what name S3 knows them."""

from services.s3.depot import Depot

PREFERRED, WRITER = "BucketOwnerPreferred", "ObjectWriter"


def own(depot: Depot, ownership: str) -> None:
    controls = {"Rules": [{"ObjectOwnership": ownership}]}
    depot.do("PutBucketOwnershipControls", OwnershipControls=controls)


def canonical(depot: Depot, *, other: bool = False) -> str:
    return (depot.other if other else depot.owner).account.canonical_id
