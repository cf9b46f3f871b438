import { PAGES } from "./pages";
import { THEMES } from "./support/accessible";
import { openPage } from "./support/open-page";
import { test } from "./support/test";

/** Pictures for people to look at: `npm run screenshots` leaves them in test-results/screenshots. */
const SIZES = [
  { width: 1440, height: 900 },
  { width: 375, height: 740 },
];

for (const { name, path } of [{ name: "sign-in", path: "/sign-in" }, ...PAGES])
  test(name, async ({ page, signedInAs }) => {
    const shown = name === "sign-in" ? page : await signedInAs("emil");
    for (const theme of THEMES)
      for (const size of SIZES) {
        await shown.emulateMedia({ colorScheme: theme });
        await shown.setViewportSize(size);
        await openPage(shown, path);
        await shown.waitForLoadState("networkidle");
        await shown.screenshot({ path: `test-results/screenshots/${name}-${theme}-${size.width}.png` });
      }
  });
