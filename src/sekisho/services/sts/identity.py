"""Who am I, and whose key is this?"""

from sekisho.model.faults import Fault
from sekisho.model.identifiers import account_of_access_key
from sekisho.services.operation import Call, Desk, Output, everything, nothing_asked, operation


@operation("sts:GetCallerIdentity", asks=nothing_asked, waits=False)
def get_caller_identity(call: Call, desk: Desk) -> Output:
    """Tell who signed; needs no permission and no policy can deny it (PE-125, W-112).

    Output: Arn, UserId, Account (PE-173).
    """
    principal = call.caller.principal
    return {"Arn": principal.arn, "UserId": principal.user_id, "Account": principal.account}


@operation("sts:GetAccessKeyInfo", resource=everything, waits=False)
def get_access_key_info(call: Call, desk: Desk) -> Output:
    """Tell the account of an access key id, which the id itself carries (W-120).

    Input: AccessKeyId (16-128 characters).
    Raises: ValidationError for an id without an account.
    """
    access_key_id = call.input["AccessKeyId"]
    account = account_of_access_key(access_key_id)
    if account is None:
        raise Fault("ValidationError", 400, f"Invalid AccessKeyId: {access_key_id}")
    return {"Account": account}
