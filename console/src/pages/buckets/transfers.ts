/** Files on their way into a bucket: a few at once, each with its progress, each to be stopped. */

export interface Transfer {
  id: number;
  name: string;
  size: number;
  sent: number;
  state: "waiting" | "sending" | "done" | "failed" | "canceled";
  error: unknown;
}

/** One upload under way; `done` rejects with an AbortError once it was aborted. */
export interface Sending {
  done: Promise<unknown>;
  abort: () => void;
}

export type Start = (file: File, key: string, progress: (bytes: number) => void) => Sending;

const AT_ONCE = 2;
const MOST_SHOWN = 200;

export class TransferQueue {
  #list: Transfer[] = [];
  #last = 0;
  #waiting: { id: number; file: File; key: string }[] = [];
  readonly #running = new Map<number, Sending>();

  /** onChange: told the list after every change. onDone: called when a file has arrived. */
  constructor(
    readonly start: Start,
    readonly onChange: (list: Transfer[]) => void,
    readonly onDone: () => void,
  ) {}

  send(files: File[], prefix: string): void {
    const added = files.map((file): Transfer => {
      this.#last += 1;
      this.#waiting.push({ id: this.#last, file, key: prefix + file.name });
      const { name, size } = file;
      return { id: this.#last, name, size, sent: 0, state: "waiting", error: null };
    });
    this.#list = [...added, ...this.#list].slice(0, MOST_SHOWN);
    this.onChange(this.#list);
    this.#begin();
  }

  cancel(id: number): void {
    const running = this.#running.get(id);
    if (running !== undefined) {
      running.abort();
      return;
    }
    this.#waiting = this.#waiting.filter((one) => one.id !== id);
    this.#change(id, { state: "canceled" });
  }

  #begin(): void {
    while (this.#running.size < AT_ONCE) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const { id, file, key } = next;
      const sending = this.start(file, key, (sent) => this.#change(id, { sent }));
      this.#running.set(id, sending);
      this.#change(id, { state: "sending" });
      void this.#follow(id, file.size, sending);
    }
  }

  async #follow(id: number, size: number, sending: Sending): Promise<void> {
    try {
      await sending.done;
      this.#change(id, { state: "done", sent: size });
      this.onDone();
    } catch (error) {
      const isCanceled = error instanceof Error && error.name === "AbortError";
      this.#change(id, isCanceled ? { state: "canceled" } : { state: "failed", error });
    } finally {
      this.#running.delete(id);
      this.#begin();
    }
  }

  #change(id: number, part: Partial<Transfer>): void {
    this.#list = this.#list.map((one) => (one.id === id ? { ...one, ...part } : one));
    this.onChange(this.#list);
  }
}
