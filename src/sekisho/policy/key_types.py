"""Condition keys: what type their values have, and whether there can be several (PE-172…PE-191).

Names are in lower case, as contexts have them (PE-147); one that ends in a slash stands for all
that begin so. Keys of services that are not listed here, and claims of identity providers, are of
no known type.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType


class KeyType(enum.Enum):
    """The operators that fit a type are those that begin with its value; String fits every key."""

    STRING = "String"
    NUMERIC = "Numeric"
    DATE = "Date"
    BOOL = "Bool"
    IP = "Ip"
    ARN = "Arn"


@dataclass(frozen=True, slots=True)
class Key:
    """several: whether a request has a list of values, for which policies need a set operator."""

    type: KeyType
    several: bool = False


# [] after a type: several values.
_GLOBAL = """
String      aws:principalaccount aws:principalorgid aws:principaltag/ aws:principalservicename
String      aws:principaltype aws:userid aws:username aws:sourceidentity aws:federatedprovider
String      aws:ec2instancesourcevpc aws:sourcevpc aws:sourcevpce aws:vpceaccount aws:vpceorgid
String      aws:resourceaccount aws:resourceorgid aws:resourcetag/ aws:requestedregion
String      aws:useragent aws:referer aws:calledviafirst aws:calledvialast aws:calledviaawsmcp
String      aws:requesttag/ aws:sourceaccount aws:sourceorgid aws:sourceowner
String[]    aws:principalorgpaths aws:principalservicenameslist aws:vpceorgpaths
String[]    aws:resourceorgpaths aws:calledvia aws:tagkeys aws:sourceorgpaths
Arn         aws:principalarn aws:signinsessionarn aws:chatbotsourcearn aws:sourcevpcarn
Arn         aws:sourcearn
Bool        aws:principalisawsservice aws:multifactorauthpresent aws:assumedroot
Bool        aws:securetransport aws:viaawsservice aws:viaawsmcpservice aws:ismcpserviceaction
Numeric     aws:multifactorauthage
Date        aws:tokenissuetime aws:currenttime aws:epochtime
Ip          aws:ec2instancesourceprivateipv4 aws:sourceip aws:vpcsourceip
"""
_S3 = """
String      s3:prefix s3:delimiter s3:versionid s3:x-amz-acl s3:x-amz-grant-full-control
String      s3:x-amz-grant-read s3:x-amz-grant-read-acp s3:x-amz-grant-write
String      s3:x-amz-grant-write-acp s3:existingobjecttag/ s3:requestobjecttag/
String      s3:x-amz-server-side-encryption s3:x-amz-server-side-encryption-customer-algorithm
String      s3:x-amz-storage-class s3:x-amz-copy-source s3:x-amz-metadata-directive
String      s3:x-amz-content-sha256 s3:x-amz-website-redirect-location s3:x-amz-object-ownership
String      s3:authtype s3:signatureversion s3:resourceaccount s3:dataaccesspointaccount
String      s3:accesspointnetworkorigin s3:buckettag/ s3:accesspointtag/ s3:object-lock-mode
String      s3:object-lock-legal-hold s3:if-match s3:if-none-match s3:locationconstraint
String[]    s3:requestobjecttagkeys s3:inventoryaccessibleoptionalfields
Arn         s3:x-amz-server-side-encryption-aws-kms-key-id s3:dataaccesspointarn
Numeric     s3:max-keys s3:signatureage s3:tlsversion s3:object-lock-remaining-retention-days
Date        s3:object-lock-retain-until-date
Bool        s3:objectcreationoperation
"""
_IAM_AND_STS = """
String      sts:externalid sts:rolesessionname sts:sourceidentity sts:awsservicename
String      sts:requestcontext/ sts:signingalgorithm
String[]    sts:transitivetagkeys sts:identitytokenaudience
Arn         sts:taskpolicyarn
Arn[]       sts:requestcontextproviders
Numeric     sts:durationseconds
Bool        sts:roleauthorizedbyidp
String      iam:awsservicename iam:organizationspolicyid iam:passedtoservice iam:resourcetag/
String      iam:fido-certification iam:fido-fips-140-2-certification
String      iam:fido-fips-140-3-certification iam:registersecuritykey
String      iam:servicespecificcredentialservicename
Arn         iam:associatedresourcearn iam:permissionsboundary iam:policyarn
Numeric     iam:servicespecificcredentialagedays
String      saml:aud saml:iss saml:sub saml:sub_type saml:namequalifier saml:doc
String      saml:edupersonorgdn saml:edupersonprimaryaffiliation saml:edupersonprimaryorgunitdn
String      saml:edupersonprincipalname
String[]    saml:cn saml:commonname saml:givenname saml:mail saml:name saml:organizationstatus
String[]    saml:primarygroupsid saml:surname saml:uid saml:x500uniqueidentifier
String[]    saml:edupersonaffiliation saml:edupersonassurance saml:edupersonentitlement
String[]    saml:edupersonnickname saml:edupersonorgunitdn saml:edupersonscopedaffiliation
String[]    saml:edupersontargetedid saml:eduorghomepageuri saml:eduorgidentityauthnpolicyuri
String[]    saml:eduorglegalname saml:eduorgsuperioruri saml:eduorgwhitepagesuri
String      glue:roleassumedby glue:credentialissuingservice identitystore:userid
Arn         ec2:sourceinstancearn lambda:sourcefunctionarn ssm:sourceinstancearn
Arn         codebuild:buildarn codebuild:projectarn
Numeric     ec2:roledelivery
"""


def _read(table: str) -> Iterator[tuple[str, Key]]:
    for line in table.strip().splitlines():
        word, *names = line.split()
        key = Key(KeyType(word.removesuffix("[]")), word.endswith("[]"))
        yield from ((name, key) for name in names)


KEYS: Mapping[str, Key] = MappingProxyType(
    {name: key for table in (_GLOBAL, _S3, _IAM_AND_STS) for name, key in _read(table)}
)


def find_key(name: str) -> Key | None:
    """What is known of a key, in any case: ``aws:PrincipalTag/Team`` too; None if nothing is."""
    family, slash, rest = name.lower().partition("/")
    if slash:
        return KEYS.get(family + slash) if rest else None
    return KEYS.get(family)
