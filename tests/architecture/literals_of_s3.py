"""The words of S3 that the sheets give literally, by number; ``…`` is anything."""

S3: dict[str, tuple[str, ...]] = {
    # What comes in pieces
    "W-38": (
        "SignatureDoesNotMatch",
        "InvalidChunkSizeError",
        "Only the last chunk is allowed to have a size less than 8192 bytes",
        "BadChunkSize",
        "IncompleteBody",
        "The request body terminated unexpectedly",
        "MalformedTrailerError",
        "The request contained trailing data that was not well-formed or did not conform to our"
        " published schema.",
        "The value specified in the x-amz-trailer header is not supported",
        "MissingContentLength",
    ),
    # Signatures
    "W-64": (
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
        "AWSAccessKeyId",
    ),
    "W-65": (
        "The request signature we calculated does not match the signature you provided. Check your"
        " key and signing method.",
        "StringToSign",
        "SignatureProvided",
        "StringToSignBytes",
        "CanonicalRequest",
        "CanonicalRequestBytes",
    ),
    "W-66": ("ExpiredToken", "The provided token has expired.", "Token-0"),
    "W-67": (
        "InvalidToken",
        "The provided token is malformed or otherwise invalid.",
        "Token-0",
    ),
    "W-68": (
        "AuthorizationHeaderMalformed",
        "The authorization header is malformed; …",
        "the region '…' is wrong; expecting '…'",
        "Region",
    ),
    "W-69": ('incorrect service "…". This endpoint belongs to "s3".',),
    "W-70": (
        "the authorization header requires three components: Credential, SignedHeaders, and"
        " Signature.",
        "missing Credential.",
        "missing Signature.",
        "missing SignedHeaders.",
        'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/'
        'aws4_request".',
        "Invalid credential date. Date is not the same as X-Amz-Date.",
        'This endpoint uses "aws4_request".',
    ),
    "W-71": (
        "InvalidArgument",
        "Authorization header is invalid -- one and only one ' ' (space) required.",
        "ArgumentName",
        "ArgumentValue",
    ),
    "W-72": ("Unsupported Authorization Type",),
    "W-73": (
        "The authorization mechanism you have provided is not supported. Please use"
        " AWS4-HMAC-SHA256.",
    ),
    "W-74": (
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
        "RequestTime",
        "ServerTime",
        "MaxAllowedSkewMilliseconds",
    ),
    "W-75": ("AWS authentication requires a valid Date or x-amz-date header",),
    "W-76": (
        "There were headers present in the request which were not signed",
        "HeadersNotSigned",
    ),
    "W-77": ("Request has expired", "X-Amz-Expires", "Expires", "ServerTime"),
    "W-78": ("Request has expired",),
    "W-79": ("Request is not valid yet",),
    "W-80": (
        "AuthorizationQueryParametersError",
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential,"
        " X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    ),
    "W-81": (
        "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
    ),
    "W-82": (
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must"
        " be less than 604800 seconds",
        "X-Amz-Expires must be non-negative",
        "X-Amz-Expires should be a number",
    ),
    "W-83": ("Error parsing the X-Amz-Credential parameter; ",),
    "W-84": ('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"',),
    "W-85": ("Missing required header for this request: x-amz-content-sha256",),
    "W-86": (
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
        " STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER,"
        " STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD,"
        " STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
    ),
    "W-87": (
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        "ClientComputedContentSHA256",
        "S3ComputedContentSHA256",
    ),
    "W-88": ("AccessDenied", "Access Denied"),
    "W-93": (
        "Invalid according to Policy: Policy expired.",
        "Invalid according to Policy: …",
        'Policy Condition failed: ["eq", "$key", "x"]',
        "Bucket POST must contain a field named 'X-Amz-Signature'.  If it is specified, please"
        " check the order of the fields.",
        "EntityTooLarge",
        "EntityTooSmall",
    ),
    # Buckets and their policies
    "PE-79": (
        "MalformedPolicy",
        "Policies must be valid JSON and the first byte must be '{'",
        "This policy contains invalid Json",
        "Missing required field Statement",
        "Missing required field Effect",
        "Missing required field Principal",
        "Missing required field Action",
        "Missing required field Resource",
        "Could not parse the policy: Statement is empty!",
        "The policy must contain a valid version string",
        "Invalid effect: …",
        "Invalid principal in policy",
        "Policy has invalid action",
        "Policy has invalid resource",
        "Action does not apply to any resource(s) in statement",
        "Policy has an invalid condition key",
        "Conditions do not apply to combination of actions and resources in statement",
    ),
    "PE-138": (
        "AccessControlListNotSupported",
        "The bucket does not allow ACLs",
        "InvalidBucketAclWithObjectOwnership",
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    ),
    "PE-141": (
        "http://acs.amazonaws.com/groups/global/AllUsers",
        "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
    ),
    "W-276": (
        "AccessControlListNotSupported",
        "The bucket does not allow ACLs",
        "InvalidBucketAclWithObjectOwnership",
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    ),
    "W-277": (
        'User: … is not authorized to perform: s3:PutBucketPolicy on resource: "…" because public'
        " policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
        "because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public"
        " Access.",
    ),
    "W-279": (
        'User: … is not authorized to perform: … on resource: "…"',
        "Access Denied",
    ),
    "W-282": (
        "MalformedPolicy",
        "Policies must be valid JSON and the first byte must be '{'",
        "Missing required field Statement",
        "Invalid principal in policy",
        "Detail",
        "Policy has invalid action",
        "Policy has invalid resource",
        "Action does not apply to any resource(s) in statement",
        "The policy must contain a valid version string",
        "Could not parse the policy: Statement is empty!",
        "This policy contains invalid Json",
    ),
    "W-283": (
        "InvalidBucketOwnerAWSAccountID",
        "The value of the expected bucket owner parameter must be an AWS Account ID... [x]",
        "Access Denied",
    ),
    "W-284": ("NoSuchBucketPolicy", "The bucket policy does not exist"),
    "W-302": (
        "NoSuchBucketPolicy",
        "NoSuchCORSConfiguration",
        "NoSuchWebsiteConfiguration",
        "NoSuchLifecycleConfiguration",
        "ReplicationConfigurationNotFoundError",
        "ServerSideEncryptionConfigurationNotFoundError",
        "ObjectLockConfigurationNotFoundError",
        "NoSuchTagSet",
    ),
    "W-303": (
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of"
        " the system. Please select a different name and try again.",
        "IllegalLocationConstraintException",
        "The … location constraint is incompatible for the region specific endpoint this request"
        " was sent to.",
        "The unspecified location constraint is incompatible for the region specific endpoint this"
        " request was sent to.",
        "InvalidLocationConstraint",
        "The specified location-constraint is not valid",
        "InvalidBucketName",
        "The specified bucket is not valid.",
    ),
    "W-304": (
        "BucketNotEmpty",
        "The bucket you tried to delete is not empty",
        "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
    ),
    # Objects
    "W-306": ("ServerSideEncryption", "FULL_OBJECT", "ChecksumCRC64NVME"),
    "W-307": (
        "BadDigest",
        "The CRC32 you specified did not match the calculated checksum.",
        "The crc32c you specified did not match the calculated checksum.",
        "Value for x-amz-checksum-crc32 header is invalid.",
        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        "InvalidDigest",
        "The Content-MD5 you specified was invalid.",
        "The Content-MD5 you specified did not match what we received.",
    ),
    "W-308": (
        "The upload was created using a … checksum. The complete request must include the checksum"
        " for each part. It was missing for part … in the request.",
        "Checksum Type mismatch occurred, expected checksum Type: …, actual checksum Type: …",
        "COMPOSITE",
        "FULL_OBJECT",
    ),
    "W-309": (
        "EntityTooSmall",
        "MinSizeAllowed",
        "5242880",
        "ProposedSize",
        "PartNumber",
        "InvalidPartOrder",
        "InvalidPart",
        "NoSuchUpload",
    ),
    "W-310": (
        "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
        "AccessDenied",
    ),
    "W-311": ("PreconditionFailed", "NotImplemented", "Condition"),
    "W-313": ("ListBucketResult", "http://s3.amazonaws.com/doc/2006-03-01/"),
    "W-315": (
        "MethodNotAllowed",
        "NoSuchKey",
        "Invalid version id specified",
        "NoSuchVersion",
        "x-amz-delete-marker",
    ),
}
