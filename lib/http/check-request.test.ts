import { describe, expect, it } from "vitest";
import { operations } from "@/lib/contracts/operations";
import { findApiRoute } from "./api-routes";
import { admit } from "./check-request";

const MEGABYTE = 1024 * 1024;
const host = { host: "127.0.0.1:3000" };

describe("a request's head", () => {
  it.each(operations.map(({ method, path }) => [method, path]))("leads %s %s to its route", (method, path) => {
    const url = path.replace(/\{\w+\}/g, "x%2Fy");
    expect(findApiRoute(url)?.path).toBe(path);
    expect(admit({ method, url: `${url}?workspace=flights`, headers: host }).refusal).toBeNull();
  });

  it.each<[string, string, number]>([
    ["GET", "/", 200],
    ["GET", "/features/airport.segment?tab=distribution", 200],
    ["POST", "/setup", 405],
    ["POST", "/features", 405],
    ["GET", "/_next/data/x/index.json", 404],
    ["TRACE", "/", 405],
    ["PROPFIND", "/api/v1/features", 405],
    ["DELETE", "/api/v1/features", 405],
    ["HEAD", "/api/v1/features", 200],
    ["OPTIONS", "/api/v1/features", 200],
    ["GET", "/api/auth/session", 200],
    ["POST", "/api/auth/callback/credentials", 200],
    ["GET", "/api/auth/callback/credentials", 405],
    ["GET", "/api/auth/callback/nobody", 404],
    ["POST", "/api/auth/x/y/z", 404],
    ["GET", "/api/auth/signin?callbackUrl=%2Ffeatures", 200],
    ["GET", "/api/auth/signin?callbackUrl=javascript:alert(1)", 400],
    ["GET", "/api/auth/signout?callbackUrl=%2F&callbackUrl=%0a", 400],
    ["GET", "/api/openapi.json", 200],
    ["GET", "/api/document-schema.json", 200],
    ["GET", "/api", 404],
    ["GET", "/api/", 404],
    ["GET", "/api/v1/nothing", 404],
    ["GET", "/api/v1/features/a/b/c", 404],
    ["GET", "/API/v1/features", 404],
    ["GET", "/api%2Fv1%2Ffeatures", 404],
    ["POST", "/api/serving/push", 404],
    ["GET", "/api/v1/features/%zz", 400],
    ["GET", "/features?q=%E9", 400],
    ["GET", "/api/v1/features/a%00b", 400],
    ["GET", "*", 400],
    ["GET", "", 400],
  ])("%s %s: %i", (method, url, status) => {
    expect(admit({ method, url, headers: host }).refusal?.status ?? 200).toBe(status);
  });

  it.each<[Record<string, string>, number]>([
    [{}, 400],
    [{ host: "a b" }, 400],
    [{ host: "x/../y" }, 400],
    [{ host: "[::1]:3000" }, 200],
    [{ host: "portal.example" }, 200],
    [{ ...host, "x-forwarded-host": "portal.example, proxy:80", "x-forwarded-proto": "https,http" }, 200],
    [{ ...host, "x-forwarded-host": "a b" }, 400],
    [{ ...host, "x-forwarded-proto": ":::" }, 400],
    [{ ...host, "x-forwarded-port": "-1" }, 400],
  ])("with %j: %i", (headers, status) => {
    expect(admit({ method: "GET", url: "/", headers }).refusal?.status ?? 200).toBe(status);
  });

  it.each<[string, number]>([
    ["/api/v1/runs", MEGABYTE],
    ["/api/auth/callback/credentials", MEGABYTE],
    ["/api/v1/setup", MEGABYTE],
    ["/api/v1/specs/apply", 20 * MEGABYTE],
    ["/api/v1/sources/flights/rules/suite", 20 * MEGABYTE],
    ["/api/serving/get-online-features", 32 * MEGABYTE],
  ])("of %s lets in %i bytes", (url, bytes) => {
    const of = (length: number) =>
      admit({ method: "POST", url, headers: { ...host, "content-length": String(length) } }).refusal?.status ?? 200;
    expect([of(bytes), of(bytes + 1), of(300_000_000)]).toEqual([200, 413, 413]);
  });

  it("is refused as Feast's clients expect it below /api/serving", () => {
    expect(admit({ method: "POST", url: "/api/serving/push", headers: host })).toMatchObject({
      feast: true,
      refusal: { detail: "Not Found" },
    });
  });
});
