/** Luhn's check digit (ISO/IEC 7812-1, annex B): every second digit from the right is doubled, its digits added up. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const weighed = at % 2 === 1 ? 2 * digit : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return digits.length > 1 && sum % 10 === 0;
}

/** ISO 13616: the first four characters go to the end, letters count 10 to 35, and the number is 1 modulo 97. */
export function passesIban(iban: string): boolean {
  const text = iban.toUpperCase();
  return remainderOf97([...`${text.slice(4)}${text.slice(0, 4)}`].map((char) => parseInt(char, 36)).join("")) === 1;
}

/** Of a number of any length, given as its digits. */
export function remainderOf97(digits: string): number {
  let remainder = 0;
  for (const digit of digits) remainder = (remainder * 10 + Number(digit)) % 97;
  return remainder;
}

/** Norway's national identity number: two check digits, each with weights of its own modulo 11. */
export function passesFodselsnummer(digits: string): boolean {
  const remainder = (weights: number[]) =>
    weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0) % 11;
  return (
    digits.length === 11 &&
    remainder([3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) === 0 &&
    remainder([5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) === 0
  );
}

/** Finland's personal identity code: the nine digits modulo 31 choose the last character. */
export function passesHetu(digits: string, control: string): boolean {
  return "0123456789ABCDEFHJKLMNPRSTUVWXY"[Number(digits) % 31] === control.toUpperCase();
}

/** Spain's DNI and NIE: the number modulo 23 chooses the letter; X, Y and Z in front count 0, 1 and 2. */
export function passesDni(number: string, letter: string): boolean {
  const digits = number.toUpperCase().replace(/^[XYZ]/, (first) => String("XYZ".indexOf(first)));
  return "TRWAGMYFPDXBNJZSQVHLCKE"[Number(digits) % 23] === letter.toUpperCase();
}

/** Whether day and month, as two digits each, are those of some year. */
export function isDayOfYear(day: string, month: string): boolean {
  const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1];
  return days !== undefined && Number(day) >= 1 && Number(day) <= days;
}
