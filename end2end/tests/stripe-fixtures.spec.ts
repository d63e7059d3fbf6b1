import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { fixtures } from "../stripe/fixtures";
import { expect, test } from "./support";

for (const config of ["tsconfig.json", "tsconfig.before.json"]) {
  test(`Stripe’s library knows every field of the events, ${config}`, async () => {
    const check = promisify(execFile)("node_modules/.bin/tsc", ["--project", join("stripe", config)]);
    expect(await check.catch((failed: { stdout: string }) => failed)).toMatchObject({ stdout: "" });
  });
}

// `npx playwright test stripe-fixtures --update-snapshots` writes the files.
test("the files are the events", async () => {
  for (const [path, event] of Object.entries(fixtures)) {
    expect.soft(`${JSON.stringify(event, null, 2)}\n`).toMatchSnapshot(`stripe/${path}.json`.split("/"));
  }
  const files = await readdir("../tests/fixtures/stripe", { recursive: true });
  const events = files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
  expect(events.sort()).toEqual(Object.keys(fixtures).sort());
});
