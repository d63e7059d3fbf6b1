// The API through openapi-fetch, with the types that openapi-typescript makes of the document: good calls, errors, pages.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Code = components["schemas"]["Code"];

const { BASE_URL: baseUrl, API_KEY: key } = process.env;
assert(baseUrl && key);
const api = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

/** What came back; fails where that is an error. */
function good<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  assert(answer.data !== undefined, `${answer.response.status} ${JSON.stringify(answer.error)}`);
  return answer.data;
}

// A user joins; sent again, it is the same one.
const newUser: components["schemas"]["NewUser"] = { email: "ts@example.com", external_id: "ts-1", full_name: "Ty Script" };
const created = await api.POST("/api/v1/users", { body: newUser });
const user = good(created);
assert.equal(created.response.status, 201);
const link: string | null = user.link;
assert(link?.startsWith(`${baseUrl}/r/`));
const again = await api.POST("/api/v1/users", { body: newUser });
assert.deepEqual([again.response.status, good(again).id], [200, user.id]);
const found = await api.GET("/api/v1/users/{id}", { params: { path: { id: "ext:ts-1" } } });
assert.equal(good(found).email, "ts@example.com");

// Codes: with a name, at random, and once however often they are sent.
const named = good(
  await api.POST("/api/v1/codes", {
    body: { code: "TS-SPRING", description: "Spring", category: "ts", max_uses: null, beneficiary_id: user.id },
  }),
);
assert.deepEqual([named.code, named.max_uses, named.status], ["TS-SPRING", null, "active"]);
const once = { body: { description: "Random", category: "ts" }, params: { header: { "Idempotency-Key": "ts-once" } } };
const [first, second] = [await api.POST("/api/v1/codes", once), await api.POST("/api/v1/codes", once)];
assert.deepEqual(good(first), good(second));
assert.equal(second.response.headers.get("Idempotency-Replayed"), "true");
good(await api.POST("/api/v1/codes", { body: { description: "Another", category: "ts" } }));

// Page by page.
const codes: Code[] = [];
let after: string | null = null;
do {
  const query: { category: string; limit: number; after?: string } = { category: "ts", limit: 1 };
  if (after) query.after = after;
  const page: components["schemas"]["CodePage"] = good(await api.GET("/api/v1/codes", { params: { query } }));
  codes.push(...page.data);
  after = page.next;
} while (after);
assert.equal(codes.length, 3);
assert.equal(codes[2]?.id, named.id);

// Null clears, and what is left out stays.
const patched = await api.PATCH("/api/v1/codes/{id}", { params: { path: { id: named.id } }, body: { category: null } });
assert.deepEqual([good(patched).category, good(patched).description], [null, "Spring"]);

// Errors have a code that can be told apart, and what is wrong.
const invalid = await api.POST("/api/v1/codes", { body: { description: "" } });
assert(invalid.error && invalid.response.status === 422);
const code: components["schemas"]["ErrorCode"] = invalid.error.code;
assert.deepEqual([code, invalid.error.errors[0]?.field], ["validation", "description"]);

const headers = { "X-Request-Id": "ts-missing" };
const missing = await api.GET("/api/v1/codes/{id}", { params: { path: { id: 999_999 } }, headers });
assert(missing.error && missing.response.status === 404);
assert.deepEqual([missing.error.code, missing.error.request_id], ["code_not_found", "ts-missing"]);
assert.equal(missing.response.headers.get("X-Request-Id"), "ts-missing");
assert.equal(missing.response.headers.get("RateLimit-Limit"), "6000");

// The types know what the server refuses.
// @ts-expect-error There is no such parameter.
const unknown = await api.GET("/api/v1/codes", { params: { query: { categry: "ts" } } });
assert.equal((unknown.error as components["schemas"]["Problem"]).code, "unknown_parameter");
// @ts-expect-error A description cannot be cleared.
const cleared = await api.PATCH("/api/v1/codes/{id}", { params: { path: { id: named.id } }, body: { description: null } });
assert.equal(cleared.error?.code, "validation");

const deleted = await api.DELETE("/api/v1/codes/{id}", { params: { path: { id: named.id } } });
assert.equal(deleted.response.status, 204);

console.log("TypeScript: called");
