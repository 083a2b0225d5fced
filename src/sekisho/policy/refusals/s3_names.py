"""The actions that S3 takes in a bucket policy, in lower case, by the resource they are done on.

From the Service Authorization Reference, Amazon S3.
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
