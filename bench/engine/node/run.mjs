// @cloud-copilot/iam-simulate on the workloads: stdin and stdout as of bench/engine/peers/timing.py.
// It is asked without the validation of its input, but for resource policies: with those the
// unvalidated way of 0.1.173 fails. It reads its policies anew for each request.
import { readFileSync } from "node:fs";
import { runSimulation, runUnsafeSimulation } from "@cloud-copilot/iam-simulate";

const MOST = 1000; // requests
const REPEATS = 9; // the first of them warm the compiler up

function simulations(workload) {
  return workload.requests.slice(0, MOST).map((request) => ({
    request: {
      principal: request.p,
      action: request.a,
      resource: { resource: request.r, accountId: request.ra },
      contextVariables: request.c,
    },
    identityPolicies: workload.principals[request.p].identity.map((name) => ({
      name,
      policy: workload.policies[name],
    })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: workload.policies[workload.resource_policies[request.r]],
  }));
}

async function decide(simulation) {
  if (!simulation.resourcePolicy) return runUnsafeSimulation(simulation, {});
  return (await runSimulation(simulation, {})).overallResult;
}

function seconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function told(workload) {
  const { name } = workload;
  try {
    const asked = simulations(workload);
    const answers = [];
    for (const each of asked) answers.push(await decide(each));
    let rate = 0;
    for (let turn = 0; turn < REPEATS; turn++) {
      const start = seconds();
      for (const each of asked) await decide(each);
      rate = Math.max(rate, asked.length / (seconds() - start));
    }
    const wrong = answers.filter((answer, at) => answer !== workload.requests[at].e).length;
    return { name, rate, wrong, asked: asked.length };
  } catch (failure) {
    return { name, failed: String(failure) };
  }
}

const found = [];
for (const workload of JSON.parse(readFileSync(0, "utf8"))) found.push(await told(workload));
process.stdout.write(JSON.stringify(found));
