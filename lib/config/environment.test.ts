import { describe, expect, it } from "vitest";
import { EnvironmentError, parseEnvironment } from "./environment";

describe("parseEnvironment", () => {
  it("has a default for everything that a first start needs", () => {
    const settings = parseEnvironment({});
    expect(settings).toMatchObject({ HOST: "127.0.0.1", PORT: 3000, TRIBUTARY_ROLE: "all", TRIBUTARY_DEMO: true });
    expect(settings.DATABASE_URL).toBeUndefined();
  });

  it("treats an empty variable as not set", () => {
    expect(parseEnvironment({ PORT: "", DATABASE_URL: "" }).PORT).toBe(3000);
  });

  it.each([
    [{ PORT: "http" }, /^PORT must be a port number \(it is "http"\)\.$/],
    [{ PORT: "70000" }, /^PORT must be between 0 and 65535/],
    [{ TRIBUTARY_ROLE: "queen" }, /^TRIBUTARY_ROLE must be one of all, web, worker, serving/],
    [{ TRIBUTARY_DEMO: "yes" }, /^TRIBUTARY_DEMO must be 0 or 1 \(it is "yes"\)/],
    [{ DATABASE_URL: "mysql://x" }, /^DATABASE_URL must be a postgresql:\/\/ URL\.$/],
    [{ TRIBUTARY_BOOTSTRAP_TOKEN: "short" }, /^TRIBUTARY_BOOTSTRAP_TOKEN must have at least 16 characters\.$/],
    [{ TRIBUTARY_ENGINE_MEMORY: "lots" }, /^TRIBUTARY_ENGINE_MEMORY must be a size such as 2GB/],
  ])("%j stops the start with a sentence", (variables, message) => {
    expect(() => parseEnvironment(variables)).toThrow(EnvironmentError);
    expect(() => parseEnvironment(variables)).toThrow(message);
  });

  it("names every wrong variable at once and never prints a secret", () => {
    const attempt = () => parseEnvironment({ PORT: "x", NEXTAUTH_SECRET: "hunter2" });
    expect(attempt).toThrow(/PORT[\s\S]*NEXTAUTH_SECRET/);
    expect(attempt).not.toThrow(/hunter2/);
  });
});
