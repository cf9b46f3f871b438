import { becomeAdministrator } from "./support/measure-lineage";
import { OwnServer } from "./support/own-server";
import { expect, test } from "./support/test";

const server = new OwnServer("add-data");

test.afterAll(() => server.remove());

const SALES = [
  "Order ID;Sold at;Amount;Region",
  ...Array.from(
    { length: 40 },
    (_, at) =>
      `${at + 1};2024-01-${String((at % 28) + 1).padStart(2, "0")} 10:00;${at},5;${at % 2 ? "north" : "south"}`,
  ),
].join("\n");

test("a file becomes a source in the browser: dropped, looked at, changed, applied", async ({ page }) => {
  test.setTimeout(240_000);
  const { url, stop } = await server.start({ demo: false });
  await becomeAdministrator(page, url);
  await page.goto(`${url}/datasets`);
  await page.getByRole("link", { name: "Add data" }).first().click();

  await page.getByLabel("Or name what the server can read").fill("none.csv");
  await page.getByRole("button", { name: "Read it" }).click();
  await expect(page.getByRole("alert", { name: "The data cannot be read" })).toContainText(
    "no folder of TRIBUTARY_SOURCES holds it",
  );

  await page
    .getByLabel("File to add")
    .setInputFiles({ name: "shop sales.csv", mimeType: "text/csv", buffer: Buffer.from(SALES) });
  await expect(page.getByText("40 rows and 4 columns in one file")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByLabel("Name of Order ID")).toHaveValue("order_id");
  await expect(page.getByLabel("Type of Amount")).toHaveValue("double");
  await expect(page.getByLabel("Order ID is part of the key")).toBeChecked();
  await expect(page.getByLabel("Sold at says when")).toBeChecked();

  // The form and the YAML are two views of one thing.
  const yaml = page.getByLabel("The same as YAML");
  await page.getByLabel("Name of Amount").fill("price");
  await expect(yaml).toHaveValue(/name: price/);
  await yaml.fill((await yaml.inputValue()).replaceAll("shop_sales", "sale"));
  await expect(page.getByLabel("Entity")).toHaveValue("sale");
  await page.getByLabel("Take Region").uncheck();
  await expect(yaml).not.toHaveValue(/region/);

  await page.getByLabel("Type of Amount").selectOption("bigint");
  await expect(page.getByRole("alert", { name: "The documents have errors" })).toContainText("that are not bigint");
  await page.getByLabel("Type of Amount").selectOption("double");
  await expect(page.getByText("Applying changes 2 objects:")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: /^source sale: new$/ })).toBeVisible();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Applied" })).toContainText("source sale: new");

  await page.getByRole("link", { name: "Look at its distributions" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "sale" })).toBeVisible();
  await page.goto("about:blank");
  expect(await stop()).toBe(0);
});
