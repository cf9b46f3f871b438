import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { hostilePages } from "@/e2e/hostile-pages";
import { PAGES } from "@/e2e/pages";

/** Pages that only lead elsewhere, and the one of what is not found. */
const LEADING_ELSEWHERE = ["/sources", "/sources/[name]", "/[...rest]"];

/** Pages of what the demo has none of: a training dataset is frozen by people. */
const NOT_IN_DEMO = ["/training-datasets/[name]"];

/** Addresses of the portal's pages, as folders write them. */
const routes = readdirSync("app/(portal)", { recursive: true, encoding: "utf8" })
  .filter((file) => /(^|\/)page\.tsx$/.test(file))
  .map((file) => `/${file.replace(/\/?page\.tsx$/, "")}`)
  .filter((route) => !LEADING_ELSEWHERE.includes(route));

/** Routes that none of these addresses leads to. A folder's own name wins over a parameter, as in the router. */
function missing(addresses: readonly string[]): string[] {
  const reached = new Set(
    addresses.map((address) => {
      const segments = new URL(address, "http://portal.invalid").pathname.split("/");
      const fits = routes.filter((route) => {
        const parts = route.split("/");
        return (
          parts.length === segments.length && parts.every((part, at) => part === segments[at] || part.startsWith("["))
        );
      });
      return fits.find((route) => !route.includes("[")) ?? fits[0];
    }),
  );
  return routes.filter((route) => !reached.has(route));
}

it("every page is on the list that the passes over all pages take", () => {
  expect(missing(PAGES.map(({ path }) => path))).toEqual(NOT_IN_DEMO);
});

it("every page is looked at with hostile texts, by who may see all and who may not", () => {
  expect(missing(hostilePages({ workspace: "w", experiment: 1, change: 1, run: "r", text: "<b>" }))).toEqual([]);
});
