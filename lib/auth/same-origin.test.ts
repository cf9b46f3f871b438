import { describe, expect, it } from "vitest";
import { assertSameOrigin } from "./same-origin";

const request = (method: string, headers: Record<string, string>) =>
  new Request("http://127.0.0.1:3000/api/v1/tokens", { method, headers: { host: "127.0.0.1:3000", ...headers } });

describe("assertSameOrigin", () => {
  it.each([
    ["GET", { origin: "https://evil.example" }],
    ["POST", { origin: "http://127.0.0.1:3000" }],
    ["POST", { origin: "https://portal.example", "x-forwarded-host": "portal.example" }],
    ["DELETE", {}],
  ])("lets %s with %j pass", (method, headers) => {
    expect(() => assertSameOrigin(request(method, headers as Record<string, string>))).not.toThrow();
  });

  it.each([
    ["POST", { origin: "https://evil.example" }],
    ["DELETE", { origin: "http://127.0.0.1:3001" }],
    ["POST", { origin: "null" }],
    ["PUT", { origin: "http://127.0.0.1" }],
  ])("refuses %s with %j", (method, headers) => {
    expect(() => assertSameOrigin(request(method, headers))).toThrow(
      expect.objectContaining({ name: "DomainError", code: "forbidden" }),
    );
  });
});
