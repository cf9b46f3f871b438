import type { ColumnType } from "../../definitions/column-type";

/** What a name means where all of its words stand in a column's name, in this order. */
const NAMES: readonly (readonly [words: string, meaning: string])[] = [
  ["email", "e-mail addresses"],
  ["e mail", "e-mail addresses"],
  ["phone", "phone numbers"],
  ["telephone", "phone numbers"],
  ["mobile number", "phone numbers"],
  ["ssn", "social security numbers"],
  ["social security", "social security numbers"],
  ["nino", "national insurance numbers"],
  ["cpr", "CPR numbers"],
  ["personnummer", "personal identity numbers"],
  ["fodselsnummer", "national identity numbers"],
  ["hetu", "personal identity codes"],
  ["dni", "identity numbers"],
  ["national id", "national identity numbers"],
  ["passport", "passport numbers"],
  ["iban", "bank accounts"],
  ["card number", "payment card numbers"],
  ["credit card", "payment card numbers"],
  ["first name", "names of people"],
  ["last name", "names of people"],
  ["full name", "names of people"],
  ["surname", "names of people"],
  ["birth date", "dates of birth"],
  ["date of birth", "dates of birth"],
  ["birthday", "dates of birth"],
  ["dob", "dates of birth"],
  ["street address", "home addresses"],
  ["home address", "home addresses"],
];

/** Words that make a fact about personal data of it, such as `email_count` or `has_phone`. */
const ABOUT =
  /^(?:count|counts|n|num|number|has|is|share|rate|ratio|days|length|len|flag|opt|sent|opened|clicks|service|services|type|kind|model|brand|domain|valid|verified|known|hash|digest)$/;

/** What personal data a column's name promises; null for one that promises none. A number that counts is no name. */
export function personalName(column: string, type: ColumnType): string | null {
  if (type === "boolean" || type === "double" || type === "vector") return null;
  const words = column
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== "");
  for (const [name, meaning] of NAMES) {
    const wanted = name.split(" ");
    const at = words.findIndex((_, start) => wanted.every((word, offset) => words[start + offset] === word));
    if (at < 0) continue;
    const others = [...words.slice(0, at), ...words.slice(at + wanted.length)];
    // `phone_number` holds numbers of phones, `number_of_phones` counts them.
    const about = others.filter((word, position) => !(word === "number" && position >= at));
    if (!about.some((word) => ABOUT.test(word))) return meaning;
  }
  return null;
}
