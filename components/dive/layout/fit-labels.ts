/**
 * Labels that stand side by side in little room, each as short as it must be and still unlike the others: without what all
 * begin with ("2001-01" as "01"), which `common` says once; ranges by a dash, then by where they begin; and what is too long
 * even then with its end, if beginnings are alike.
 * @param shorten cuts a text to the room; one that fits comes back as it is
 */
export function fitLabels(
  labels: readonly string[],
  shorten: (text: string) => string,
): { common: string; labels: string[] } {
  const fits = (texts: readonly string[]) => texts.every((text) => shorten(text) === text);
  if (fits(labels)) return { common: "", labels: [...labels] };
  const common = commonBeginning(labels);
  const own = labels.map((label) => label.slice(common.length));
  if (fits(own)) return { common, labels: own };
  const dashed = own.map((label) => label.replace(" to ", "–"));
  if (fits(dashed)) return { common, labels: dashed };
  const begun = own.map((label) => label.replace(/ to .*/, "…"));
  if (fits(begun) && areDifferent(begun)) return { common, labels: begun };
  const cut = own.map(shorten);
  return { common, labels: areDifferent(cut) ? cut : own.map((label) => reverse(shorten(reverse(label)))) };
}

const areDifferent = (texts: readonly string[]) => new Set(texts).size === texts.length;
const reverse = (text: string) => [...text].reverse().join("");

/** Ends at a separator, so that no number or word is torn; empty where a label would lose everything. */
function commonBeginning(labels: readonly string[]): string {
  const [first = "", ...others] = labels;
  if (others.length === 0) return "";
  let length = 0;
  while (length < first.length && others.every((label) => label[length] === first[length])) length += 1;
  const shared = /^.*[-_ :./]/s.exec(first.slice(0, length))?.[0] ?? "";
  return labels.every((label) => label.length > shared.length) ? shared : "";
}
