import assert from "node:assert/strict";
import { test } from "node:test";
import { asCopy, asUnsent, dayOf, figuresIn, keepable, keepOf, kindOf, shownOn, withoutToken } from "../src/pwa/policy.ts";

const ID = "0f8fad5b-d9cb-469f-a165-70867728950e";
const get = (path: string, mode = "navigate") => kindOf({ method: "GET", mode, path }, "b1");

test("only files of this build are kept as files", () => {
  assert.equal(get("/static/b1/app/base.js", "no-cors"), "static");
  assert.equal(get("/static/b0/app/base.js", "no-cors"), "other");
  assert.equal(get("/static/b1x/app/base.js", "no-cors"), "other");
});

test("answers of the API, exports and fetches are never touched", () => {
  for (const path of [`/api/people/${ID}/plan`, `/p/${ID}/me/coxa.zip`, `/p/${ID}/progress/report.pdf`, "/health"]) {
    assert.equal(get(path, "cors"), "other");
    assert.equal(keepable(path), false);
  }
});

test("a page may be kept only where it is the plan or the session", () => {
  assert.equal(keepable(`/p/${ID}/plan`), true);
  assert.equal(keepable(`/p/${ID}/session`), true);
  for (const path of [`/p/${ID}`, `/p/${ID}/me`, `/p/${ID}/plan/wishes`, `/clients/${ID}`, "/"]) assert.equal(keepable(path), false);
});

test("whatever changes somebody, or signs out, has what was kept forgotten", () => {
  const change = (method: string, path: string) => kindOf({ method, mode: "navigate", path }, "b1");
  assert.equal(change("POST", `/p/${ID}/screen`), "change");
  assert.equal(change("DELETE", `/api/people/${ID}/entries/1`), "change");
  assert.equal(change("POST", "/sign-out"), "change");
  assert.equal(change("POST", "/account/sign-out-everywhere"), "change");
  assert.equal(change("POST", `/clients/${ID}/kiosk`), "change");
  assert.equal(change("POST", "/kiosk/leave"), "change");
  assert.equal(change("POST", "/api/csrf"), "other");
  for (const aside of ["sets", "jobs/1", "upload", "uploads"]) assert.equal(change("POST", `/api/people/${ID}/${aside}`), "other");
  assert.equal(change("POST", `/p/${ID}/session/symptom`), "change");
});

test("a header that cannot be read keeps nothing", () => {
  assert.deepEqual(keepOf(`${ID} 2026-11-22`), { person: ID, until: "2026-11-22" });
  assert.equal(keepOf(`${ID} whenever`)?.until, "never");
  assert.equal(keepOf(`${ID}`)?.until, "never");
  for (const header of [null, "", "somebody any", "any"]) assert.equal(keepOf(header), null);
});

test("today's session is of today only", () => {
  const until = (day: string) => ({ person: ID, until: day });
  assert.equal(shownOn(until("2026-11-22"), "2026-11-22"), true);
  assert.equal(shownOn(until("2026-11-22"), "2026-11-23"), false);
  assert.equal(shownOn(until("any"), "2027-01-01"), true);
  assert.equal(shownOn(until("never"), "2026-11-22"), false);
});

test("a copy bears no token and says what it is", () => {
  const html = '<body data-csrf="s3cret" hx-headers=\'{"X-CSRF-Token": "s3cret"}\'><input name="csrf" value="s3cret"><div data-kept-copy hidden></div>';
  assert.equal(withoutToken(html).includes("s3cret"), false);
  assert.equal(withoutToken("<body data-csrf=\"\">a</body>"), "<body data-csrf=\"\">a</body>");
  assert.equal(asCopy(html).includes("hidden"), false);
  assert.equal(asUnsent("<p data-unsent hidden>"), "<p data-unsent>");
});

test("figures of a page are found once each", () => {
  const html = `<img src="/p/${ID}/exercises/clam/figure.svg?side=left"><img src="/p/${ID}/exercises/clam/figure.svg?side=left"><img src="/static/b1/x.svg">`;
  assert.deepEqual(figuresIn(html), [`/p/${ID}/exercises/clam/figure.svg?side=left`]);
});

test("a day is that of the clock on the wall", () => {
  assert.equal(dayOf(new Date(2026, 0, 5, 23, 59)), "2026-01-05");
});
