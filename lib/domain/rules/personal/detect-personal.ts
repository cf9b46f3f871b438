import {
  isDayOfYear,
  passesDni,
  passesFodselsnummer,
  passesHetu,
  passesIban,
  passesLuhn,
  remainderOf97,
} from "./check-digits";

export const PERSONAL_KINDS = [
  "email", "phone", "card", "iban", "us_ssn", "uk_nino", "dk_cpr", "se_personnummer", "no_fodselsnummer", "fi_hetu", "es_dni", "fr_nir",
] as const; // prettier-ignore
/** A kind of personal data that values are searched for. */
export type PersonalKind = (typeof PERSONAL_KINDS)[number];

export const PERSONAL_WORDS: Record<PersonalKind, string> = {
  email: "e-mail addresses",
  phone: "phone numbers",
  card: "payment card numbers",
  iban: "bank accounts (IBAN)",
  us_ssn: "US social security numbers",
  uk_nino: "UK national insurance numbers",
  dk_cpr: "Danish CPR numbers",
  se_personnummer: "Swedish personal identity numbers",
  no_fodselsnummer: "Norwegian national identity numbers",
  fi_hetu: "Finnish personal identity codes",
  es_dni: "Spanish identity numbers (DNI, NIE)",
  fr_nir: "French social security numbers (NIR)",
};

interface Detector {
  /** What looks like one, anywhere in a text. Bounded repetitions only, so that a hostile text costs no more than its length. */
  shape: RegExp;
  /** Whether it is one: check digits, and ranges that are never given out. */
  isOne(match: RegExpExecArray): boolean;
  /**
   * Numbers that merely happen to pass are common among identifiers of this shape (one in ten passes Luhn), so at least half
   * of what looks like one in a column must pass before the column is said to hold them.
   */
  needsHalf?: boolean;
}

const digitsOf = (text: string) => text.replace(/\D/g, "");
/** Not inside a longer word or number, which would be something else. */
const START = String.raw`(?<![\p{L}\p{N}_.+-])`;
const END = String.raw`(?![\p{L}\p{N}_]|[.-]\d)`;
const shape = (source: string) => new RegExp(`${START}${source}${END}`, "giu");

const DETECTORS: Record<PersonalKind, Detector> = {
  email: {
    shape:
      /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}@])/giu,
    isOne: ([text]) => !text.includes("..") && !text.startsWith("."),
  },
  phone: {
    // International with its plus, or North American with its separators; bare digits could be anything.
    shape: new RegExp(
      String.raw`(?<![\p{L}\p{N}_.+-])(?:\+[1-9]\d{0,2}(?:[ .\-\/]?\(?\d{1,4}\)?){2,6}|\(?[2-9]\d{2}\)?[ .\-][2-9]\d{2}[.\-]\d{4})${END}`,
      "giu",
    ),
    isOne: ([text]) => {
      const { length } = digitsOf(text);
      return text.startsWith("+") ? length >= 8 && length <= 15 : length === 10;
    },
  },
  card: {
    // Visa, Mastercard, American Express, Discover, Diners, JCB.
    shape: shape(String.raw`(?:3[0-9]|4[0-9]|5[1-5]|2[2-7]|6[0-9])\d{2}(?:[ -]?\d{2,6}){2,4}`),
    isOne: ([text]) => {
      const digits = digitsOf(text);
      return digits.length >= 13 && digits.length <= 19 && !/^(\d)\1+$/.test(digits) && passesLuhn(digits);
    },
    needsHalf: true,
  },
  iban: {
    shape: shape(String.raw`[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?`),
    isOne: ([text]) => {
      const iban = text.replaceAll(" ", "");
      return iban.length >= 15 && iban.length <= 34 && passesIban(iban);
    },
  },
  us_ssn: {
    shape: shape(String.raw`(?<area>\d{3})-(?<group>\d{2})-(?<serial>\d{4})`),
    isOne: ({ groups }) =>
      !/^(?:000|666|9\d\d)$/.test(groups?.area ?? "") && groups?.group !== "00" && groups?.serial !== "0000",
  },
  uk_nino: {
    shape: shape(String.raw`(?<prefix>[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]) ?\d{2} ?\d{2} ?\d{2} ?[A-D]`),
    isOne: ({ groups }) => !/^(?:BG|GB|NK|KN|TN|NT|ZZ)$/i.test(groups?.prefix ?? ""),
  },
  dk_cpr: {
    // There has been no check digit since 2007, so a date in front must do.
    shape: shape(String.raw`(?<day>\d{2})(?<month>\d{2})\d{2}-?\d{4}`),
    isOne: ({ groups }) => isDayOfYear(groups?.day ?? "", groups?.month ?? ""),
    needsHalf: true,
  },
  se_personnummer: {
    shape: shape(String.raw`(?:19|20)?(?<own>\d{2}(?<month>\d{2})(?<day>\d{2})[-+]?\d{4})`),
    isOne: ({ groups }) =>
      isDayOfYear(groups?.day ?? "", groups?.month ?? "") && passesLuhn(digitsOf(groups?.own ?? "")),
    needsHalf: true,
  },
  no_fodselsnummer: {
    shape: shape(String.raw`(?<day>\d{2})(?<month>\d{2})\d{2} ?\d{5}`),
    isOne: ({ 0: text, groups }) =>
      isDayOfYear(groups?.day ?? "", groups?.month ?? "") && passesFodselsnummer(digitsOf(text)),
    needsHalf: true,
  },
  fi_hetu: {
    shape: shape(String.raw`(?<day>\d{2})(?<month>\d{2})(?<year>\d{2})[-+A-FU-Y](?<number>\d{3})(?<control>[0-9A-Y])`),
    isOne: ({ groups = {} }) =>
      isDayOfYear(groups.day ?? "", groups.month ?? "") &&
      passesHetu(`${groups.day}${groups.month}${groups.year}${groups.number}`, groups.control ?? ""),
  },
  es_dni: {
    shape: shape(String.raw`(?<number>[XYZ]\d{7}|\d{8})[ -]?(?<letter>[A-HJ-NP-TV-Z])`),
    isOne: ({ groups = {} }) => passesDni(groups.number ?? "", groups.letter ?? ""),
    needsHalf: true,
  },
  fr_nir: {
    shape: shape(String.raw`(?<number>[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3}) ?(?<key>\d{2})`),
    isOne: ({ groups = {} }) => 97 - remainderOf97(digitsOf(groups.number ?? "")) === Number(groups.key),
  },
};

/** Characters of one value that are looked at. */
const READ = 2000;
const SHOWN = 3;

export interface PersonalFinding {
  kind: PersonalKind;
  /** Values in which there is at least one. */
  values: number;
  /** Masked: what is shown is never the value. */
  examples: string[];
}

/** Kinds of personal data among the values, the most frequent first. */
export function detectPersonal(
  values: readonly string[],
  kinds: readonly PersonalKind[] = PERSONAL_KINDS,
): PersonalFinding[] {
  return kinds
    .flatMap((kind): PersonalFinding[] => {
      const { shape, isOne, needsHalf } = DETECTORS[kind];
      let alike = 0;
      let found = 0;
      const examples = new Set<string>();
      for (const value of values) {
        const matches = [...value.slice(0, READ).matchAll(shape)];
        const real = matches.filter(isOne);
        if (matches.length > 0) alike += 1;
        if (real.length > 0) found += 1;
        if (real[0] && examples.size < SHOWN) examples.add(maskValue(real[0][0]));
      }
      if (found === 0 || (needsHalf && found * 2 < alike)) return [];
      return [{ kind, values: found, examples: [...examples] }];
    })
    .sort((one, other) => other.values - one.values);
}

/** How many of the values hold at least one of the kinds. */
export function countPersonal(values: readonly string[], kinds: readonly PersonalKind[]): number {
  const holds = (value: string, { shape, isOne }: Detector) => [...value.slice(0, READ).matchAll(shape)].some(isOne);
  return values.filter((value) => kinds.some((kind) => holds(value, DETECTORS[kind]))).length;
}

/** The first character and the shape: letters become x, digits 0, at most 24 characters. Nobody can be found again by it. */
export function maskValue(value: string): string {
  const [first = "", ...rest] = value;
  const masked = rest.map((char) => (/\p{N}/u.test(char) ? "0" : /\p{L}/u.test(char) ? "x" : char)).join("");
  const text = `${/\p{N}/u.test(first) ? "0" : first}${masked}`;
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
