"""The actions and condition keys that S3 takes in a bucket policy, in lower case.

Actions: Service Authorization Reference, Amazon S3, by the resource they are done on.
Keys: PE-175…PE-179 and PE-191.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OBJECT_ACTIONS = _words("""
    abortmultipartupload bypassgovernanceretention deleteobject deleteobjecttagging
    deleteobjectversion deleteobjectversiontagging getobject getobjectacl getobjectattributes
    getobjectlegalhold getobjectretention getobjecttagging getobjecttorrent getobjectversion
    getobjectversionacl getobjectversionattributes getobjectversionforreplication
    getobjectversiontagging getobjectversiontorrent initiatereplication listmultipartuploadparts
    objectowneroverridetobucketowner putobject putobjectacl putobjectlegalhold putobjectretention
    putobjecttagging putobjectversionacl putobjectversiontagging replicatedelete replicateobject
    replicatetags restoreobject updateobjectencryption
""")
BUCKET_ACTIONS = _words("""
    createbucket createbucketmetadatatableconfiguration deletebucket
    deletebucketmetadatatableconfiguration deletebucketpolicy deletebucketwebsite
    getaccelerateconfiguration getanalyticsconfiguration getbucketabac getbucketacl getbucketcors
    getbucketlocation getbucketlogging getbucketmetadatatableconfiguration getbucketnotification
    getbucketobjectlockconfiguration getbucketownershipcontrols getbucketpolicy
    getbucketpolicystatus getbucketpublicaccessblock getbucketrequestpayment getbuckettagging
    getbucketversioning getbucketwebsite getencryptionconfiguration
    getintelligenttieringconfiguration getinventoryconfiguration getlifecycleconfiguration
    getmetricsconfiguration getreplicationconfiguration listbucket listbucketmultipartuploads
    listbucketversions listtagsforresource putaccelerateconfiguration putanalyticsconfiguration
    putbucketabac putbucketacl putbucketcors putbucketlogging putbucketnotification
    putbucketobjectlockconfiguration putbucketownershipcontrols putbucketpolicy
    putbucketpublicaccessblock putbucketrequestpayment putbuckettagging putbucketversioning
    putbucketwebsite putencryptionconfiguration putintelligenttieringconfiguration
    putinventoryconfiguration putlifecycleconfiguration putmetricsconfiguration
    putreplicationconfiguration tagresource untagresource
""")
LISTING_ACTIONS = frozenset({"listbucket", "listbucketversions"})
LISTING_KEYS = frozenset({"s3:prefix", "s3:delimiter", "s3:max-keys"})

S3_KEYS = LISTING_KEYS | _words("""
    s3:versionid s3:x-amz-acl s3:x-amz-grant-full-control s3:x-amz-grant-read
    s3:x-amz-grant-read-acp s3:x-amz-grant-write s3:x-amz-grant-write-acp s3:requestobjecttagkeys
    s3:x-amz-server-side-encryption s3:x-amz-server-side-encryption-aws-kms-key-id
    s3:x-amz-server-side-encryption-customer-algorithm s3:x-amz-storage-class s3:x-amz-copy-source
    s3:x-amz-metadata-directive s3:x-amz-content-sha256 s3:x-amz-website-redirect-location
    s3:x-amz-object-ownership s3:authtype s3:signatureversion s3:signatureage s3:tlsversion
    s3:resourceaccount s3:dataaccesspointarn s3:dataaccesspointaccount s3:accesspointnetworkorigin
    s3:object-lock-mode s3:object-lock-legal-hold s3:object-lock-retain-until-date
    s3:object-lock-remaining-retention-days s3:if-match s3:if-none-match
    s3:objectcreationoperation s3:locationconstraint s3:inventoryaccessibleoptionalfields
""")
TAGGED_KEYS = _words("""
    aws:principaltag aws:resourcetag aws:requesttag s3:existingobjecttag s3:requestobjecttag
    s3:buckettag s3:accesspointtag
""")
GLOBAL_KEYS = _words("""
    aws:principalarn aws:principalaccount aws:principalorgid aws:principalorgpaths
    aws:principalisawsservice aws:principalservicename aws:principalservicenameslist
    aws:principaltype aws:userid aws:username aws:tokenissuetime aws:multifactorauthpresent
    aws:multifactorauthage aws:sourceidentity aws:federatedprovider aws:assumedroot
    aws:signinsessionarn aws:chatbotsourcearn aws:ec2instancesourcevpc
    aws:ec2instancesourceprivateipv4 aws:sourceip aws:sourcevpc aws:sourcevpcarn aws:sourcevpce
    aws:vpceaccount aws:vpceorgid aws:vpceorgpaths aws:vpcsourceip aws:resourceaccount
    aws:resourceorgid aws:resourceorgpaths aws:currenttime aws:epochtime aws:securetransport
    aws:requestedregion aws:useragent aws:referer aws:viaawsservice aws:calledvia
    aws:calledviafirst aws:calledvialast aws:calledviaawsmcp aws:viaawsmcpservice
    aws:ismcpserviceaction aws:tagkeys aws:sourcearn aws:sourceaccount aws:sourceorgid
    aws:sourceorgpaths aws:sourceowner
""")
