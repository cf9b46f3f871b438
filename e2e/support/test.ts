import { test as base, expect, type Browser, type Page } from "playwright/test";

const PEOPLE = {
  ada: "Ada Lindqvist",
  bram: "Bram Okafor",
  chiara: "Chiara Rossi",
  devi: "Devi Nair",
  emil: "Emil Novak",
} as const;
type Person = keyof typeof PEOPLE;

type StorageState = Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;

/** Each person signs in once through the page; later tests go on with the same cookies. */
const sessions = new Map<Person, StorageState>();

async function sessionOf(browser: Browser, baseURL: string, person: Person): Promise<StorageState> {
  const known = sessions.get(person);
  if (known) return known;
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: `Sign in as ${PEOPLE[person]}` }).click();
  await page.waitForURL("/");
  const state = await context.storageState();
  await context.close();
  sessions.set(person, state);
  return state;
}

interface Fixtures {
  /** A page of a browser in which the person is signed in. Each call opens a browser context of its own. */
  signedInAs: (person: Person) => Promise<Page>;
}

/** What the browser says when a request was answered with an error: tests provoke these on purpose. */
const EXPECTED = /^Failed to load resource: the server responded with a status of (4\d\d|503)/;

/** Fails the test on whatever the page logs as an error or throws. */
function watchConsole(page: Page, errors: string[]): void {
  page.on("console", (message) => {
    if (message.type() === "error" && !EXPECTED.test(message.text())) errors.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
}

/**
 * React shows what a server streamed in lots, up to a third of a second after the document has loaded, and a page that is at work
 * by then has drawn it itself: so long a text is there twice, once hidden. A visit waits for the end of that.
 */
function revealOnVisit(page: Page): void {
  const visit = page.goto.bind(page);
  page.goto = async (...visited) => {
    const response = await visit(...visited);
    // Where a page turned out not to be there, an empty place holder stays.
    await expect(page.locator('div[hidden][id^="S:"]:has(> :not(template))')).toHaveCount(0);
    return response;
  };
}

export const test = base.extend<Fixtures>({
  page: async ({ page }, provide) => {
    const errors: string[] = [];
    watchConsole(page, errors);
    revealOnVisit(page);
    await provide(page);
    expect(errors, "errors in the browser's console").toEqual([]);
  },
  signedInAs: async ({ browser, baseURL, contextOptions, viewport, permissions }, provide) => {
    const errors: string[] = [];
    const open: Page[] = [];
    await provide(async (person) => {
      const storageState = await sessionOf(browser, baseURL as string, person);
      const context = await browser.newContext({ ...contextOptions, baseURL, viewport, permissions, storageState });
      const page = await context.newPage();
      watchConsole(page, errors);
      revealOnVisit(page);
      open.push(page);
      return page;
    });
    for (const page of open) await page.context().close();
    expect(errors, "errors in the browser's console").toEqual([]);
  },
});

export { expect };
