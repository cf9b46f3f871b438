/** Digits from which a number is said as a power of ten: nobody reads more. */
const READABLE_DIGITS = 9;

/**
 * A number of any length, given as a decimal string, for people: grouped while it can be read, then as `1.27 × 10^30`.
 * Digits that are left out are cut, not rounded, so that a lower bound stays one.
 */
export function formatCount(total: string): { text: string; isExact: boolean } {
  if (total.length <= READABLE_DIGITS) return { text: group(total), isExact: true };
  const decimals = total.slice(1, 3).replace(/0+$/, "");
  const mantissa = decimals ? `${total[0]}.${decimals}` : total[0]!;
  const power = `10${superscript(total.length - 1)}`;
  const isPower = /^10*$/.test(total);
  return { text: isPower ? power : `${mantissa} × ${power}`, isExact: /^\d{1,3}0*$/.test(total) };
}

/** Digits in groups of three. */
export function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

const superscript = (power: number) => Array.from(String(power), (digit) => SUPERSCRIPTS[Number(digit)]).join("");
