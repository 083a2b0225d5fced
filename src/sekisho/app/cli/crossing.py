"""`sekisho crossing`: which half of a way into another account is missing, on AWS too."""

import click

from sekisho.advice.accounts import AccountAnswer, UnusableAnswer
from sekisho.advice.crossing import crossing as explained
from sekisho.app.cli.options import print_json
from sekisho.app.cli.policy_files import MOST_BYTES_OF_ANSWERS, Unusable, read

LEFT_OUT = (
    "Not looked at, since the files do not tell: control policies of an organization, session"
    " policies."
)


@click.command("crossing")
@click.argument("who", metavar="WHO")
@click.argument("role", metavar="ROLE")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@click.option("--external-id", metavar="ID", help="External id that is passed.")
@click.option("--mfa", is_flag=True, help="An MFA code is given with the request.")
@click.option("--source-ip", metavar="ADDRESS", help="Where the request comes from.")
@click.option(
    "--context",
    "more",
    metavar="KEY=VALUE",
    multiple=True,
    help="Any other condition key of the request.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@click.pass_context
def crossing(
    context: click.Context,
    who: str,
    role: str,
    files: tuple[str, ...],
    external_id: str | None,
    mfa: bool,
    source_ip: str | None,
    more: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say whether WHO may assume ROLE, and if not, which side lacks what.

    It needs no server and no credentials, but a FILE of each account with what it answers to
    GetAccountAuthorizationDetails, be it AWS's account or one of Sekisho. WHO and ROLE are ARNs;
    WHO is a user, a role, or a session of one.

    \b
    Exit codes: 0 allowed, 1 denied, 2 a file or ARN that is of no use.
    \b
    Example:
      aws iam get-account-authorization-details --profile source > source.json
      aws iam get-account-authorization-details --profile destination > destination.json
      sekisho crossing arn:aws:iam::111122223333:user/alice \\
        arn:aws:iam::123456789012:role/LedgerReader source.json destination.json
    """
    given = dict(pair(text) for text in more)
    if external_id is not None:
        given["sts:ExternalId"] = external_id
    if source_ip is not None:
        given["aws:SourceIp"] = source_ip
    if mfa:
        given |= {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0"}
    answers = [answer(name) for name in files]
    try:
        explanation = explained(answers, who, role, given)
    except UnusableAnswer as error:
        raise Refused(str(error)) from None
    if as_json:
        print_json(explanation.as_data())
    else:
        for line in explanation.lines():
            click.echo(line)
        click.echo(LEFT_OUT)
    context.exit(0 if explanation.decision.allowed else 1)


def pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or ":" not in key:
        raise click.BadParameter(
            "give KEY=VALUE, such as aws:PrincipalOrgID=o-…", param_hint="--context"
        )
    return key, value


def answer(name: str) -> AccountAnswer:
    try:
        return AccountAnswer(read(name, MOST_BYTES_OF_ANSWERS))
    except UnusableAnswer as error:
        raise Unusable(name, str(error)) from None


class Refused(click.ClickException):
    """Something that was asked for is not there; the command ends with 2."""

    exit_code = 2
