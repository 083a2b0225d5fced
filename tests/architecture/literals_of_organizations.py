"""The words of Organizations and of the console that the sheet on the wire gives literally."""

ORGANIZATIONS: dict[str, tuple[str, ...]] = {
    "W-63": (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        "InvalidSignatureException",
        "ExpiredTokenException",
        "MissingAuthenticationTokenException",
        "IncompleteSignatureException",
        "AccessDeniedException",
    ),
    "PE-197": ("AccessDenied", "You don't have permissions to access this resource."),
    "W-223": (
        "service_control_policy",
        "resource_control_policy",
        "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
        "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess",
    ),
    "W-224": ("AlreadyInOrganizationException",),
    "W-225": (
        "AWSOrganizationsNotInUseException",
        "Your account is not a member of an organization.",
    ),
    "W-226": ("AccessDeniedException", "You don't have permissions to access this resource."),
    "W-227": ("SUCCEEDED", "FAILED", "EMAIL_ALREADY_EXISTS", "OrganizationAccountAccessRole"),
    "W-228": ("OrganizationAccountAccessRole", "AdministratorAccess"),
    "W-229": ("ACTIVE", "INVITED", "CREATED"),
    "W-230": ("DuplicateOrganizationalUnitException", "ACCOUNT", "ORGANIZATIONAL_UNIT"),
    "W-231": ("PolicyInUseException",),
    "W-232": (
        "PolicyTypeAlreadyEnabledException",
        "The specified policy type is already enabled.",
        "PolicyTypeNotEnabledException",
        "This operation can be performed only for enabled policy types.",
        "PolicyTypeNotAvailableForOrganizationException",
    ),
    "W-233": (
        "ConstraintViolationException",
        "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
        "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
    ),
    "W-238": ("OPEN", "CANCELED", "ACCEPTED", "DECLINED", "EXPIRED", "INVITE"),
    "W-239": (
        "To delete an organization you must first remove all member accounts (except the master).",
    ),
    "W-241": (
        "AccountNotFoundException",
        "You specified an account that doesn't exist.",
        "TargetNotFoundException",
        "You specified a target that doesn't exist.",
        "RootNotFoundException",
        "You specified a root that doesn't exist.",
        "OrganizationalUnitNotFoundException",
        "You specified an organizational unit that doesn't exist.",
        "PolicyNotFoundException",
        "We can't find a policy with the PolicyId that you specified.",
        "DuplicatePolicyException",
        "A policy with the same name already exists.",
        "InvalidInputException",
        "You specified an invalid value.",
    ),
}

CONSOLE: dict[str, tuple[str, ...]] = {
    "PE-199": (
        "Invalid information in one or more fields. Check your information or contact your"
        " administrator.",
    ),
    "W-249": (
        "Invalid information in one or more fields. Check your information or contact your"
        " administrator.",
    ),
    "W-251": ("getSigninToken", "SigninToken", "login", "sessionId", "sessionKey", "sessionToken"),
    "W-255": ("Your authentication information is incorrect. Please try again.",),
    "W-323": (
        "ConsoleLogin",
        "Success",
        "Failure",
        "GetSigninToken",
    ),
    "W-324": ("ExitRole",),
}
