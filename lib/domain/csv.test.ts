import { expect, it } from "vitest";
import { csvLine, type CsvValue } from "./csv";

it.each<[CsvValue[], string]>([
  [["a", 1, -0.5, true, null, undefined], "a,1,-0.5,true,,\r\n"],
  [['say "hi"', "one, two", "two\nlines"], '"say ""hi""","one, two","two\nlines"\r\n'],
  [["=1+1", "-danger", "@sum", "fine-"], "'=1+1,'-danger,'@sum,fine-\r\n"],
  [["＝1+1", "＋1", "－1", "＠a", "\t=1", "\n=1"], "'＝1+1,'＋1,'－1,'＠a,'\t=1,\"'\n=1\"\r\n"],
  [[-1, "-1", "'=1", " =1", "a;b"], "-1,'-1,'=1, =1,a;b\r\n"],
])("writes %j", (values, line) => {
  expect(csvLine(values)).toBe(line);
});
