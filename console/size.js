/** Weighs the bundle as it travels: gzipped, all pages together. Fails beyond the limit. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exit, stderr, stdout } from "node:process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUNDLE = fileURLToPath(new URL("../src/sekisho/app/console/bundle/", import.meta.url));
const MOST = 700 * 1000; // bytes

const inKb = (bytes) => `${(bytes / 1000).toFixed(1).padStart(8)} KB`;

const weights = readdirSync(BUNDLE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return { name: entry.name, bytes: gzipSync(readFileSync(path)).length };
  })
  .sort((one, other) => other.bytes - one.bytes);
const total = weights.reduce((sum, { bytes }) => sum + bytes, 0);

for (const { name, bytes } of weights.slice(0, 8)) {
  stdout.write(`${inKb(bytes)}  ${name}\n`);
}
stdout.write(`${inKb(total)}  in all, of ${MOST / 1000}\n`);
if (total > MOST) {
  stderr.write("The console's bundle is too large.\n");
  exit(1);
}
