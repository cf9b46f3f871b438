import { expect, it } from "vitest";
import { heightOf, toNodeText } from "./node-text";

it.each([
  ["late_tree", ["late_tree"]],
  ["flight_segment_vector", ["flight_segment_", "vector"]],
  ["a_very_long_name_that_never_ends_at_all", ["a_very_long_", "name_that_neve…"]],
  ["averyveryverylongsinglewordindeed", ["averyveryverylo", "ngsinglewordin…"]],
])("a name has at most two lines: %s", (name, lines) => {
  expect(toNodeText(name, "sql", null).name).toEqual(lines);
});

it("a physical name keeps its end, which tells it from its siblings", () => {
  const { physical } = toNodeText(
    "late_tree",
    "DecisionTreeClassifier",
    "flight.late_probability__late_tree__airport_bands",
  );
  expect(physical).toBe("late_pr…_airport_bands");
  expect(toNodeText("a", "b", "x.y__a").physical).toBe("y__a");
});

it("grows with its lines", () => {
  const heights = [
    toNodeText("a", "sql", null),
    toNodeText("flight_segment_vector", "sql", null),
    toNodeText("flight_segment_vector", "sql", "a.b__c"),
  ].map(heightOf);
  expect(heights).toEqual([44, 59, 74]);
});
