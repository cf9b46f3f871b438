import { describe, expect, it } from "vitest";
import { compareGroups, defaultGroups, partGroup, versionGroup, windowGroup } from "./comparison-group";

const day = (text: string) => new Date(`${text}T00:00:00Z`);

describe("windowGroup", () => {
  it.each([
    ["2001-01-01", "2001-02-01", "2001-01", "Jan 2001"],
    ["2001-12-01", "2002-01-01", "2001-12", "Dec 2001"],
    ["2001-01-08", "2001-01-15", "2001-01-08", "week of 8 Jan 2001"],
    ["2001-01-01", "2001-01-08", "2001-01-01", "week of 1 Jan 2001"],
    ["2001-02-03", "2001-02-04", "2001-02-03", "3 Feb 2001"],
    ["2001-01-01", "2001-01-11", "2001-01-01", "10 days from 1 Jan 2001"],
  ])("names %s to %s", (from, to, key, label) => {
    expect(windowGroup(day(from), day(to))).toEqual({ key, kind: "window", label });
  });
});

it("groups stand in the order in which people read them", () => {
  const groups = [
    versionGroup(1),
    windowGroup(day("2001-02-01"), day("2001-03-01")),
    partGroup("test"),
    versionGroup(2),
  ];
  const keys = [...groups, partGroup("zeta"), partGroup("train"), partGroup("all")]
    .sort(compareGroups)
    .map(({ key }) => key);
  expect(keys).toEqual(["all", "train", "test", "zeta", "2001-02", "v2", "v1"]);
});

describe("defaultGroups", () => {
  it("prefers the parts of the split, then all rows, then whatever there is", () => {
    const [all, train, test] = ["all", "train", "test"].map(partGroup) as [
      ReturnType<typeof partGroup>,
      ReturnType<typeof partGroup>,
      ReturnType<typeof partGroup>,
    ];
    expect(defaultGroups([all, train, test])).toEqual([train, test]);
    expect(defaultGroups([all, versionGroup(1)])).toEqual([all]);
    expect(defaultGroups([versionGroup(1)])).toEqual([versionGroup(1)]);
    expect(defaultGroups([])).toEqual([]);
  });
});
