import { describe, expect, it } from "vitest";

import { TransferQueue, type Transfer } from "./transfers";

interface Begun {
  key: string;
  arrive: () => void;
  fail: (error: Error) => void;
}

function queue() {
  const begun: Begun[] = [];
  let shown: Transfer[] = [];
  let arrived = 0;
  const made = new TransferQueue(
    (_file, key) => {
      let arrive: () => void = () => undefined;
      let fail: (error: Error) => void = () => undefined;
      const done = new Promise<void>((yes, no) => {
        arrive = yes;
        fail = no;
      });
      begun.push({ key, arrive, fail });
      const stopped = Object.assign(new Error("stopped"), { name: "AbortError" });
      return { done, abort: () => fail(stopped) };
    },
    (list) => {
      shown = list;
    },
    () => {
      arrived += 1;
    },
  );
  const states = () => Object.fromEntries(shown.map(({ name, state }) => [name, state]));
  return { made, begun, states, arrived: () => arrived };
}

const files = ["a", "b", "c"].map((name) => new File([name], name));
const settled = () => new Promise((go) => setTimeout(go, 0));

describe("a queue of uploads", () => {
  it("sends two at once, and the next when one has arrived", async () => {
    const { made, begun, states, arrived } = queue();
    made.send(files, "in/");
    expect(begun.map(({ key }) => key)).toEqual(["in/a", "in/b"]);
    begun[0]?.arrive();
    await settled();
    expect(begun).toHaveLength(3);
    expect(states()).toEqual({ a: "done", b: "sending", c: "sending" });
    expect(arrived()).toBe(1);
  });

  it("goes on after a failure, and after what was cancelled", async () => {
    const { made, begun, states } = queue();
    made.send(files, "");
    made.cancel(3);
    made.cancel(1);
    begun[1]?.fail(new Error("lost"));
    await settled();
    expect(states()).toEqual({ a: "canceled", b: "failed", c: "canceled" });
    expect(begun).toHaveLength(2);
  });
});
