/** Questions about decisions, signed like every call of AWS and decided as whoever acts. */
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";

import type { Told } from "../words/told";
import { readAnswer, Unreachable, type Credentials, type Reasons } from "./client";

export type Credential = () => Promise<Credentials>;

export interface Finding {
  code: string;
  severity: "error" | "warning" | "suggestion" | "security";
  told: { message: Told; why: Told };
  /** The whole document, mended. */
  instead?: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  path: string;
}

export interface Explanation extends Reasons {
  told: Reasons["told"] & { summary: Told; lines: Told[] };
}

/** The answer of one of the signed endpoints under /console/api/. */
export async function ask<T>(credential: Credential, path: string, input: object): Promise<T> {
  const { accessKeyId, secretAccessKey, sessionToken } = await credential();
  const signer = new SignatureV4({
    service: "sekisho",
    region: "us-east-1",
    sha256: Sha256,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
  const body = JSON.stringify(input);
  const { protocol, hostname, host } = window.location;
  const request = await signer.sign({
    method: "POST",
    protocol,
    hostname,
    path: `/console/api/${path}`,
    headers: { host, "content-type": "application/json" },
    body,
  });
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => name !== "host"),
  );
  let response: Response;
  try {
    response = await fetch(request.path, { method: "POST", headers, body, credentials: "omit" });
  } catch {
    throw new Unreachable();
  }
  return readAnswer<T>(response);
}

export function explain(credential: Credential, requestId: string): Promise<Explanation> {
  return ask<Explanation>(credential, "explain", { requestId });
}

export async function checkPolicy(
  credential: Credential,
  type: string,
  document: string,
): Promise<Finding[]> {
  return (await ask<{ findings: Finding[] }>(credential, "check-policy", { type, document }))
    .findings;
}
