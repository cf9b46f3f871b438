import { afterEach, describe, expect, it } from "vitest";
import { type Environment, parseEnvironment } from "./environment";
import { isPrivateAddress, mayCallPrivateAddresses } from "./private-address";

describe("isPrivateAddress", () => {
  it.each([
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "::1", "[::1]", "::", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:7f00:1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "localhost", "",
  ])("%s is private", (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  }); // prettier-ignore

  it.each(["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "[2a00:1450:4001::8a]"])(
    "%s is public",
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );
});

describe("mayCallPrivateAddresses", () => {
  const holder = globalThis as typeof globalThis & { tributaryEnvironment?: Environment };
  afterEach(() => {
    holder.tributaryEnvironment = undefined;
  });

  it.each([
    [{}, true],
    [{ HOST: "0.0.0.0" }, false],
    [{ HOST: "10.0.0.5" }, false],
    [{ HOST: "0.0.0.0", TRIBUTARY_PRIVATE_WEBHOOKS: "1" }, true],
    [{ HOST: "127.0.0.1", NEXTAUTH_URL: "https://features.example.com" }, false],
    [{ HOST: "127.0.0.1", NEXTAUTH_URL: "http://localhost:3000" }, true],
  ])("%j: %s", (variables, expected) => {
    holder.tributaryEnvironment = parseEnvironment(variables);
    expect(mayCallPrivateAddresses()).toBe(expected);
  });
});
