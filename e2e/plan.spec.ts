import { expectAccessible, expectNoSidewaysScroll } from "./support/accessible";
import { expect, test } from "./support/test";

const LATE = "/plan?outputs=flight.late_probability";

// Axe looks at whole pages in both themes, several times in a journey.
test.describe.configure({ timeout: 180_000 });

const GRID = `kind: Stage
name: airport_grid
entity: airport
estimator: KMeans
class: unsupervised
inputs: [airport.profile_scaled]
outputs:
  - { column: airport.segment, type: string }
params: { k: 8 }
`;

/** Two stages that each need what the other writes. */
const LOOP = ["a", "b"]
  .map((name, at, names) => {
    const other = names[1 - at];
    return `kind: Stage
name: loop_${name}
entity: airport
transformer: sql
inputs: [airport.loop_${other}]
outputs:
  - { column: airport.loop_${name}, type: double }
params: { statement: "SELECT *, loop_${other} AS loop_${name} FROM __THIS__" }
`;
  })
  .join("---\n");

test("pick an output, see its variants, choose, pin, compare, go back", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/plan");
  const choice = page.getByRole("region", { name: "Columns with alternatives" });
  await expect(choice.getByRole("button", { name: /airport\.segment/ })).toBeVisible();

  const outputs = page.getByRole("textbox", { name: "Outputs" });
  await outputs.fill("late probab");
  await page.getByRole("option", { name: /^flight\.late_probability/ }).click();
  await expect(page).toHaveURL(/outputs=flight\.late_probability/);
  const variants = page.getByRole("radiogroup", { name: "4 variants" });
  await expect(variants.getByRole("radio")).toHaveCount(4);
  await expect(variants.getByRole("radio", { name: "A airport_bands + late_logistic" })).toBeChecked();
  const graph = page.getByRole("group", { name: "Merged graph of the variants" });
  await expect(graph.getByRole("button", { name: /^source flights/ })).toBeVisible();
  await expect(graph.getByRole("button", { name: /^transformer flight_vector;.*only in variants AB/ })).toBeVisible();
  await expect(variants.getByText("leak, medium")).toHaveCount(2);
  await expectAccessible(page);

  // Choosing another variant highlights it, and its leak is marked where it arises.
  await variants.getByRole("radio", { name: "C airport_segments + late_logistic" }).check();
  await expect(page).toHaveURL(/variant=airport_segments~late_logistic/);
  await expect(graph.getByRole("button", { name: /airport_segments;.*has seen the test rows/ })).toBeVisible();

  await page.getByRole("button", { name: "Compare C with A" }).click();
  const comparison = page.getByRole("group", { name: "Comparison of two variants" });
  const segment = comparison.getByRole("row", { name: /airport\.segment/ });
  await expect(segment).toContainText("airport_segments");
  await expect(segment).toContainText("airport_bands");
  await expect(comparison.getByRole("row", { name: /^Last run/ })).toContainText("late_model v1");
  await expect(comparison.getByRole("row", { name: /^AUC, test/ })).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(comparison).toBeVisible();
  await page.getByRole("button", { name: "Close comparison" }).click();

  await graph.getByRole("button", { name: "Pin airport.segment to airport_bands" }).first().click();
  await expect(page.getByRole("radiogroup", { name: "2 variants" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Unpin airport.segment@airport_bands" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("radiogroup", { name: "4 variants" })).toBeVisible();
});

test("the graph is walked by keyboard and has a table beside it", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto(LATE);
  const graph = page.getByRole("group", { name: "Merged graph of the variants" });
  await graph.getByRole("button", { name: /^source flights/ }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(graph.getByRole("button", { name: /^source flights/ })).not.toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(graph.getByRole("button", { name: /^source flights/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(
    page.getByRole("status").filter({ hasText: "version" }).getByRole("link", { name: "flights" }),
  ).toBeVisible();

  const table = page.getByRole("group", { name: "Stages of the plan" });
  await expect(table.getByRole("row")).toHaveCount(12);
  await page.getByText("All variants", { exact: true }).click();
  await expect(table.getByRole("row")).toHaveCount(23);
  const [csv] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
  expect(csv.suggestedFilename()).toBe("plan-flight.late_probability.csv");
  await page.getByRole("button", { name: "Picture" }).click();
  const [svg] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "SVG" }).click()]);
  expect(svg.suggestedFilename()).toBe("plan-flight.late_probability.svg");
});

test("a misspelt output is explained, and its suggestion mends it", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/plan?outputs=flight.late_probabilty");
  await expect(page.getByText("No stage writes this column")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "flight.late_probability", exact: true }).click();
  await expect(page.getByRole("radiogroup", { name: "4 variants" })).toBeVisible();
  await expect(page).toHaveURL(/outputs=flight\.late_probability(&|$)/);
});

test("stages that are not registered take part once their errors are gone; a loop is drawn", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto(LATE);
  await page.getByRole("button", { name: "Preview stages" }).click();
  const drawer = page.getByRole("dialog");
  const yaml = drawer.getByRole("textbox", { name: "Spec documents as YAML" });
  await yaml.fill(GRID.replace("type: string", "type: strin"));
  await drawer.getByRole("button", { name: "Check and use" }).click();
  await drawer.getByRole("button", { name: "Line 8" }).click();
  await expect(yaml).toBeFocused();
  await expectAccessible(page);

  await yaml.fill(GRID);
  await drawer.getByRole("button", { name: "Check and use" }).click();
  await expect(drawer.getByText("Used in your plans", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("radiogroup", { name: "6 variants" })).toBeVisible();
  const graph = page.getByRole("group", { name: "Merged graph of the variants" });
  await expect(graph.getByRole("button", { name: /airport_grid;.*not registered yet/ })).toBeVisible();
  await page.getByRole("radio", { name: /airport_grid \+ late_logistic/ }).check();
  const save = page.getByRole("button", { name: /Save . as pipeline/ });
  await expect(save).toHaveAttribute("aria-disabled", "true");

  await page.getByRole("button", { name: "Previewed stages (1)" }).click();
  await yaml.fill(LOOP);
  await drawer.getByRole("button", { name: "Check and use" }).click();
  await expect(drawer.getByText("Used in your plans", { exact: true })).toBeVisible();
  await page.goto("/plan?outputs=airport.loop_a");
  const loop = page.getByRole("list", { name: "The loop" });
  await expect(loop).toContainText(/airport\.loop_a.*loop_[ab].*airport\.loop_b/);
  await expectAccessible(page);

  await page.goto(LATE);
  await page.getByRole("button", { name: "Previewed stages (2)" }).click();
  await drawer.getByRole("button", { name: "Stop previewing" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("radiogroup", { name: "4 variants" })).toBeVisible();
});

test("a variant is saved as a pipeline; who only reads sees why not", async ({ signedInAs }) => {
  const name = `saved_late_by_tree_${Date.now()}`;
  const page = await signedInAs("ada");
  await page.goto(`${LATE}&variant=airport_bands~late_tree`);
  await page.getByRole("button", { name: "Save B as pipeline" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Not a name");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("textbox", { name: "Model" }).fill(name);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog.getByText(`Saved as ${name}.`)).toBeVisible();
  const saved = await page.request.get(`/api/v1/pipelines/${name}?workspace=flights`);
  expect(await saved.json()).toMatchObject({
    outputs: ["flight.late_probability"],
    pins: { "airport.segment": "airport_bands", "flight.late_probability": "late_tree" },
    evaluate: { split: "by_month", label: "flight.is_late", model: name },
  });

  const reader = await signedInAs("devi");
  await reader.goto(`${LATE}&variant=airport_bands~late_tree`);
  await reader.getByRole("button", { name: "Deploy B" }).focus();
  await expect(reader.getByRole("tooltip")).toContainText("Only authors, stewards and admins deploy.");
});

test("deploying says what will be created", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto(`${LATE}&variant=airport_segments~late_tree`);
  await page.getByRole("button", { name: "Deploy D" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("What will be created")).toBeVisible();
  await expect(dialog.getByText(/a fit job: 15 stages/)).toBeVisible();
  await dialog.getByLabel("Fit: schedule").fill("99 6 * * *");
  await expect(dialog.getByRole("button", { name: "Deploy", exact: true })).toBeDisabled();
  await dialog.getByLabel("Fit: schedule").fill("0 6 * * *");
  await expect(dialog.getByText("every day at 06:00 UTC")).toBeVisible();
  await expectAccessible(page);
});

test("fits a phone", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.setViewportSize({ width: 375, height: 800 });
  await page.goto(LATE);
  await expect(page.getByRole("radiogroup", { name: "4 variants" })).toBeVisible();
  await expectNoSidewaysScroll(page);
});

test("a fix of a leak can be planned, and the verdict follows", async ({ signedInAs }) => {
  const page = await signedInAs("ada");
  await page.goto("/plan?model=late_model&refit=airport_segments&variant=airport_segments~late_logistic");
  await expect(page).toHaveURL(/consumer=late_departures/);
  await expect(page.getByRole("radiogroup", { name: "4 variants" }).getByText("leak, medium")).toHaveCount(0);
  await page.getByRole("button", { name: "Fit airport_segments on its owner's rows again" }).click();
  await expect(page.getByRole("radiogroup", { name: "4 variants" }).getByText("leak, medium")).toHaveCount(2);
});
