/** Whether this Node.js can build the console (Vite's own condition); says what is needed if not. */
import { exit, stderr, versions } from "node:process";

const [major = 0, minor = 0] = versions.node.split(".").map(Number);
const fits = major === 20 ? minor >= 19 : major === 22 ? minor >= 12 : major > 22;
if (!fits) {
  stderr.write(
    `The web console needs Node.js 20.19, 22.12 or newer, and this is ${versions.node}: CONTRIBUTING.md says how to get one.\n`,
  );
  exit(1);
}
