import { expect, it } from "vitest";
import { fitLabels } from "./fit-labels";

/** As a canvas would, with letters of equal width. */
const within = (room: number) => (text: string) => (text.length <= room ? text : `${text.slice(0, room - 1)}…`);

it.each([
  ["that fit stay", ["2001-01", "2001-02"], 7, "", ["2001-01", "2001-02"]],
  ["of months lose the year", ["2001-01", "2001-02", "2001-03"], 4, "2001-", ["01", "02", "03"]],
  ["of days lose what is shared up to a dash", ["2001-01-01", "2001-02-05"], 5, "2001-", ["01-01", "02-05"]],
  ["of values lose a shared beginning", ["segment_0", "segment_1"], 3, "segment_", ["0", "1"]],
  ["of ranges get a dash", ["0 to 100", "100 to 200"], 7, "", ["0–100", "100–200"]],
  ["of wide ranges say where they begin", ["0 to 1,000", "1,000 to 2,000"], 6, "", ["0…", "1,000…"]],
  ["that differ at the beginning are cut", ["Atlanta", "Boston", "Chicago"], 4, "", ["Atl…", "Bos…", "Chi…"]],
  ["that differ at the end keep the end", ["Approach", "Approaching"], 4, "", ["…ach", "…ing"]],
  ["of one group are cut", ["something long"], 4, "", ["som…"]],
  ["are never empty", ["a-", "a-b"], 1, "", ["…", "…"]],
] as const)("labels %s", (_, labels, room, common, expected) => {
  expect(fitLabels(labels, within(room))).toEqual({ common, labels: expected });
});
