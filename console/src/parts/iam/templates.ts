/** Documents to begin with. */
import { formatJson } from "../editor/json";

export const EMPTY_POLICY = written([{ Effect: "Allow", Action: [], Resource: [] }]);

export interface AccountTrust {
  account: string;
  externalId: string;
  needsMfa: boolean;
}

/** Trust in an account: whoever it allows to may assume the role. */
export function accountTrust({ account, externalId, needsMfa }: AccountTrust): string {
  const Condition = {
    ...(externalId === "" ? {} : { StringEquals: { "sts:ExternalId": externalId } }),
    ...(needsMfa ? { Bool: { "aws:MultiFactorAuthPresent": "true" } } : {}),
  };
  return written([
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "sts:AssumeRole",
      ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
    },
  ]);
}

export function serviceTrust(service: string): string {
  return written([{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }]);
}

function written(Statement: object[]): string {
  return formatJson(JSON.stringify({ Version: "2012-10-17", Statement }));
}
