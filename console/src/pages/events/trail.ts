/** The audit trail's part that one may see. */
import { ask, type Credential } from "../../api/signed";

export interface Event {
  requestId: string;
  time: string;
  operation: string;
  status: number;
  outcome: "allowed" | "denied" | "failed";
  account: string;
  principal: string;
  sourceIp: string;
  accessKeyId?: string;
  userAgent?: string;
  resources?: string[];
  errorCode?: string;
  errorMessage?: string;
}

export interface Filters {
  principal: string;
  action: string;
  outcome: "" | "allowed" | "denied";
  from: string;
  to: string;
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

export function isTime(text: string): boolean {
  return text === "" || (TIME.test(text) && !Number.isNaN(Date.parse(text)));
}

/** What is asked with: the filters that are set. */
export function wanted(filters: Filters): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filters)
      .map(([name, value]) => [name, value.trim()])
      .filter(([, value]) => value !== ""),
  );
}

/** The filters that an address names, as `wanted` gives them. */
export function fromQuery(query: URLSearchParams): Filters {
  const text = (name: keyof Filters) => query.get(name) ?? "";
  const outcome = text("outcome");
  return {
    principal: text("principal"),
    action: text("action"),
    outcome: outcome === "allowed" || outcome === "denied" ? outcome : "",
    from: isTime(text("from")) ? text("from") : "",
    to: isTime(text("to")) ? text("to") : "",
  };
}

export async function readEvents(
  credential: Credential,
  filters: Filters,
  marker: string | undefined,
): Promise<{ items: Event[]; next?: string | undefined }> {
  const input = { ...wanted(filters), limit: 100, ...(marker ? { next: marker } : {}) };
  const found = await ask<{ events: Event[]; next?: string }>(credential, "events", input);
  return { items: found.events, next: found.next };
}
