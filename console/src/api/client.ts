/** Sign-in, switch and session: the JSON that docs/openapi/console.yaml describes. */

import type { Told } from "../words/told";

const ROOT = "/console/api/";

/** A refusal of the server: `code` is for programs, `message` for people. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
  }

  /** The message as it can be told in other languages too. */
  get told(): Told {
    const { told } = this.body as { told?: { message?: Told } };
    return told?.message ?? this.message;
  }
}

/** No answer at all. */
export class Unreachable extends Error {
  constructor() {
    super("The server does not answer.");
    this.name = "Unreachable";
  }
}

export interface Session {
  account: string;
  alias?: string;
  arn: string;
  kind: "user" | "root" | "role" | "federated";
  name: string;
  mfa: boolean;
  expires: string;
  csrf: string;
}

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: string;
}

export interface SwitchedRole {
  accountId: string;
  alias?: string;
  roleArn: string;
  credentials: Credentials;
  expires: string;
}

/** Both halves of a refusal; `other` is null where the caller may not see it. */
export interface Reasons {
  told: { own: Told[]; other: Told[] | null };
}

export interface SignIn {
  account: string;
  user?: string;
  password: string;
  mfaCode?: string;
}

export interface PasswordChange extends SignIn {
  newPassword: string;
}

let csrf = "";

export async function readSession(): Promise<Session | null> {
  try {
    return remember(await call<Session>("GET", "session"));
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return null;
    throw error;
  }
}

export async function signIn(input: SignIn): Promise<Session> {
  return remember(await call<Session>("POST", "sign-in", input));
}

export async function changePassword(input: PasswordChange): Promise<Session> {
  return remember(await call<Session>("POST", "change-password", input));
}

export async function signOut(): Promise<void> {
  await call("POST", "sign-out", {});
  csrf = "";
}

export function ownCredentials(): Promise<Credentials> {
  return call<Credentials>("POST", "credentials", {});
}

export function switchRole(account: string, roleName: string): Promise<SwitchedRole> {
  return call<SwitchedRole>("POST", "switch-role", { account, roleName });
}

function remember(session: Session): Session {
  csrf = session.csrf;
  return session;
}

async function call<T>(method: string, path: string, input?: object): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (input !== undefined) headers["content-type"] = "application/json";
  if (csrf) headers["x-sekisho-csrf"] = csrf;
  let response: Response;
  try {
    response = await fetch(ROOT + path, {
      method,
      headers,
      body: input === undefined ? null : JSON.stringify(input),
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch {
    throw new Unreachable();
  }
  return readAnswer<T>(response);
}

/** The JSON of an answer; raises Refusal for what is no success. */
export async function readAnswer<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  if (!response.ok) {
    const { code, message } = body;
    throw new Refusal(
      response.status,
      typeof code === "string" ? code : "InternalFailure",
      typeof message === "string" ? message : `The server answered ${response.status}.`,
      body,
    );
  }
  return body as T;
}
