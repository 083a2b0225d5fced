"""The words of IAM and STS that the sheet on the wire gives literally, by number.

``…`` is anything. Left out: what is S3's, Organizations' or the console's, and what is NOT_HERE.
"""

USER = "User: … is not authorized to perform: …"

WIRE: dict[str, tuple[str, ...]] = {
    # Requests and their signatures
    "W-15": ("https://aws.amazon.com/iam", "<UnknownOperationException/>"),
    "W-16": (
        "Could not find operation NoSuchAction for version 2011-06-15",
        "for version NO_VERSION_SPECIFIED",
        "InvalidAction",
    ),
    "W-41": ("MissingAuthenticationToken", "Request is missing Authentication Token"),
    "W-42": ("SignatureDoesNotMatch",),
    "W-43": ("IncompleteSignature", "Unsupported AWS 'algorithm': '…'."),
    "W-44": ("'…' not a valid key=value pair (missing equal-sign) in Authorization header: '…'.",),
    "W-45": (
        "Authorization header requires 'Credential' parameter. ",
        "Authorization header requires 'Signature' parameter. ",
        "Authorization header requires 'SignedHeaders' parameter. ",
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
    ),
    "W-46": (
        "AWS query-string parameters must include 'X-Amz-Credential'. ",
        "Re-examine the query-string parameters.",
    ),
    "W-47": ("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",),
    "W-48": (
        "Date must be in ISO-8601 'basic format'. Got '…'."
        " See http://en.wikipedia.org/wiki/ISO_8601",
    ),
    "W-49": (
        "Credential must have exactly 5 slash-delimited elements,"
        " e.g. keyid/date/region/service/term, got '…'",
    ),
    "W-50": ("Signature expired: … is now earlier than … (… - 15 min.)",),
    "W-51": ("Signature not yet current: … is still later than … (… + 15 min.)",),
    "W-52": ("Credential should be scoped to a valid region. ",),
    "W-53": ("Credential should be scoped to correct service: '…'. ",),
    "W-54": ("Credential should be scoped with a valid terminator: 'aws4_request', not '…'. ",),
    "W-55": (
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from"
        " HTTP: '…' != '…', from '…'. ",
    ),
    "W-56": ("InvalidClientTokenId", "The security token included in the request is invalid."),
    "W-57": ("ExpiredToken", "The security token included in the request is expired"),
    "W-58": (
        "The request signature we calculated does not match the signature you provided. Check your"
        " AWS Secret Access Key and signing method. Consult the service documentation for details.",
    ),
    "W-59": (
        "MalformedQueryString",
        "Incomplete trailing escape % sequence",
        "Illegal hex character in escape % pattern: %…",
    ),
    # What STS says
    "W-102": ("InvalidAuthorizationMessageException",),
    "W-103": (
        "OutboundWebIdentityFederationDisabled",
        "SessionDurationEscalation",
        "JWTPayloadSizeExceeded",
    ),
    "W-111": (
        "Cannot call GetSessionToken with session credentials",
        "Cannot call GetFederationToken with session credentials",
    ),
    "W-127": ("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",),
    "W-128": (
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role"
        " chaining.",
    ),
    "W-130": (
        r"Member must satisfy regular expression pattern: [\w+=,.@-]*",
        "Member must have length less than or equal to 64",
        "Member must have length greater than or equal to 2",
        "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value"
        " greater than or equal to 900",
        "Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
    ),
    "W-131": ("2 validation errors detected: …; …",),
    "W-132": ("ValidationError", "… is invalid"),
    "W-133": ("MalformedInput",),
    "W-134": ("at 'sourceIdentity' failed to satisfy constraint: …",),
    "W-135": (
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        "The specified transitive tag key must be included in the requested tags.",
        "One of the specified transitive tag keys can't be set because it conflicts with a"
        " transitive tag key from the calling session.",
    ),
    "W-136": (
        "Packed size of session tags consumes …% of allotted space.",
        "Packed policy consumes …% of allotted space, please use smaller policy.",
    ),
    "W-137": (
        "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA"
        " serial number is valid and associated with this user.",
        "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass"
        " code.",
    ),
    "W-138": (
        "No OpenIDConnect provider found in your account for …",
        "Incorrect token audience",
        "Couldn't retrieve verification key from your identity provider,  please reference"
        " AssumeRoleWithWebIdentity documentation for requirements",
        "Token expired: current date/time … must be before the expiration date/time…",
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    ),
    "W-139": (
        "Not authorized to perform sts:AssumeRoleWithSAML",
        "RoleSessionName is required in AuthnResponse",
        "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}",
        'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
        "Response signature invalid",
        "Specified provider doesn't exist.",
        "Response does not contain the required audience.",
        "Issuer not present in specified provider",
    ),
    "W-141": (f"{USER} on resource: …",),
    "W-143": (
        "sts:SetSourceIdentity",
        "sts:TagSession",
        "The source identity is already set for this assume role session",
    ),
    "W-144": (f"{USER} on resource: …",),
    "W-145": (
        "because no … allows the … action",
        "service control policy",
        "VPC endpoint policy",
        "permissions boundary",
        "session policy",
        "resource-based policy",
        "identity-based policy",
    ),
    "W-146": (
        "with an explicit deny in …",
        "a service control policy",
        "a resource control policy",
        "a VPC endpoint policy",
        "a permissions boundary",
        "a session policy",
        "a resource-based policy",
        "an identity-based policy",
    ),
    "W-150": ("user …", "role …"),
    # What IAM says
    "W-158": ("Invalid Marker.",),
    "W-166": (
        "NoSuchEntity",
        "EntityAlreadyExists",
        "DeleteConflict",
        "LimitExceeded",
        "MalformedPolicyDocument",
        "InvalidInput",
        "ValidationError",
        "UnmodifiableEntity",
        "EntityTemporarilyUnmodifiable",
        "ConcurrentModification",
        "InvalidAuthenticationCode",
        "PasswordPolicyViolation",
        "PolicyNotAttachable",
        "NotSupportedService",
        "ReportNotPresent",
        "ReportExpired",
        "KeyPairMismatch",
        "InvalidCertificate",
        "MalformedCertificate",
        "DuplicateCertificate",
        "UnrecognizedPublicKeyEncoding",
        "OrganizationNotFoundException",
    ),
    "W-167": (
        "The user with name … cannot be found.",
        "The role with name … cannot be found.",
        "The group with name … cannot be found.",
        "Policy … was not found.",
        "Policy … does not exist or is not attachable.",
        "The role policy with name … cannot be found.",
        "Policy … version … does not exist or is not attachable.",
        "The Access Key with id … cannot be found",
        "The Server Certificate with name … cannot be found.",
        "Instance Profile … cannot be found.",
        "Login Profile for User … cannot be found.",
    ),
    "W-168": (
        "Role with name … already exists.",
        "User with name … already exists.",
        "Group with name … already exists.",
        "A policy called … already exists. Duplicate names are not allowed.",
        "Instance Profile … already exists.",
        "MFADevice entity at the same path and name already exists.",
        "Login Profile for user … already exists.",
        "The account alias … already exists.",
    ),
    "W-169": (
        "Cannot delete entity, must detach all policies first.",
        "Cannot delete entity, must delete policies first.",
        "Cannot delete entity, must remove roles from instance profile first.",
        "Cannot delete entity, must delete login profile first.",
        "Cannot delete entity, must delete access keys first.",
        "Cannot delete entity, must delete MFA device first.",
        "Cannot delete entity, must remove users from group first.",
        "Cannot delete entity, must remove referenced objects first.",
    ),
    "W-170": (
        "Cannot delete a policy attached to entities.",
        "This policy has more than one version. Before you delete a policy, you must delete the"
        " policy's versions. The default version is deleted with the policy.",
        "Cannot delete the default version of a policy.",
    ),
    "W-171": (
        "Cannot exceed quota for PoliciesPerRole: 10",
        "Cannot exceed quota for PoliciesPerUser: 10",
        "Cannot exceed quota for PoliciesPerGroup: 10",
        "Cannot exceed quota for AccessKeysPerUser: 2",
        "Cannot exceed quota for PolicySize: 6144",
        "Cannot exceed quota for ACLSizePerRole: 2048",
        "Cannot exceed quota for InstanceProfilesPerAccount: …",
        "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
        "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100",
        "Cannot exceed quota for GroupsPerUser: 10",
        "Maximum policy size of 10240 bytes exceeded for role …",
        "A managed policy can have up to 5 versions. Before you create a new version, you must"
        " delete an existing version.",
    ),
    "W-172": (
        "This policy contains invalid Json",
        "Syntax errors in policy.",
        'Invalid principal in policy: "AWS":"…"',
        "Policy document should not specify a principal.",
        "Has prohibited field Resource",
        "Policy document must be version 2012-10-17 or greater.",
        "Policy statement must contain actions.",
        "Policy statement must contain resources.",
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        "Actions/Condition can contain only one colon.",
        "Vendor … is not valid",
        'Resource … must be in ARN format or "*".',
        'Partition "…" is not valid for resource "…".',
        'IAM resource path must either be "*" or start with user/, …',
        "Statement IDs (SID) in a single policy must be unique.",
        "The policy failed legacy parsing",
    ),
    "W-173": (
        "Invalid ARN:  Could not be parsed!",
        "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must"
        " satisfy enum value set",
    ),
    "W-174": ("Must specify userName when calling with non-User credentials",),
    "W-175": (
        "Cannot perform the operation on the protected role '…' - this role is only modifiable by"
        " AWS",
    ),
    "W-207": (
        "The Password Policy with domain name … cannot be found.",
        "The account policy with name PasswordPolicy cannot be found.",
    ),
    "W-208": ("Authentication code for device is not valid.", "otpauth://totp/…"),
    "W-211": (
        "Service role name … has been taken in this account, please try a different suffix.",
        "Custom suffix is not allowed for …",
        "SUCCEEDED",
    ),
    "W-214": ("allowed", "explicitDeny", "implicitDeny", "IAM Policy"),
    "W-216": (
        "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
        "password_next_rotation,mfa_active,…",
        "<root_account>",
        "no_information",
        "not_supported",
        "N/A",
        "text/csv",
    ),
}

NOT_HERE = {
    "RegionDisabledException": "all regions are active (W-104, PE-201 #21)",
    "IDPRejectedClaim": "only who verifies access tokens at the provider is told so (W-104, W-99)",
    "ReportInProgress": "a report is written at once (W-166, W-216)",
    "OpenIdIdpCommunicationError": "nothing is fetched when a provider is made (W-166, W-210)",
    "PolicyEvaluation": "the simulator does not fail (W-166)",
    "ServiceFailure": "an internal failure is InternalFailure, as for every service (W-61, W-166)",
    "ExpiredTradeInTokenException": "GetDelegatedAccessToken is not served (W-103)",
    "ConditionalRequestConflict": "whoever writes waits for who wrote before (W-311)",
    "REQUESTED": "an invitation is open as soon as it is made (W-238)",
    "with an explicit deny in the role trust policy": "AssumeRole gives no reason (W-141)",
    "because no role trust policy allows": "AssumeRole gives no reason (W-141)",
    "transitively through a service control policy": "there are no endpoints here (W-146)",
}
