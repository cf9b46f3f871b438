/**
 * An order of rows that follows from what they hold and not from where they lay: sums over rows in this order, and draws by
 * position, are the same to the last digit whatever order a query gave the rows in. Rows that are equal are interchangeable.
 */

/** Position → row, by two 32-bit hashes of the row's bytes in every column. */
export function contentOrder(rows: number, columns: (Uint8Array | Float64Array)[]): Uint32Array {
  const first = new Uint32Array(rows).fill(0x9e3779b9);
  const second = new Uint32Array(rows).fill(0x85ebca6b);
  for (const column of columns) {
    if (column.length === 0) continue;
    if (column instanceof Uint8Array) mix(first, second, column);
    else {
      const words = new Uint32Array(column.buffer, column.byteOffset, 2 * rows);
      mix(first, second, words, 2, 0);
      mix(first, second, words, 2, 1);
    }
  }
  const order = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) order[row] = row;
  return sortByWord(sortByWord(order, second), first);
}

function mix(first: Uint32Array, second: Uint32Array, words: Uint8Array | Uint32Array, stride = 1, offset = 0): void {
  for (let row = 0; row < first.length; row++) {
    const word = words[row * stride + offset]!;
    let a = Math.imul(first[row]! ^ word, 0xcc9e2d51);
    a = Math.imul((a << 15) | (a >>> 17), 0x1b873593);
    first[row] = a ^ (a >>> 13);
    let b = Math.imul(second[row]! + word, 0x27d4eb2f);
    b = Math.imul(b ^ (b >>> 15), 0x165667b1);
    second[row] = b ^ (b >>> 16);
  }
}

const RADIX = 16;

/** Stable: rows with equal words stay as they are ordered. */
function sortByWord(order: Uint32Array, words: Uint32Array): Uint32Array {
  let from = order;
  let to: Uint32Array = new Uint32Array(order.length);
  for (const shift of [0, RADIX]) {
    const starts = new Uint32Array(2 ** RADIX + 1);
    for (const row of from) starts[((words[row]! >>> shift) & 0xffff) + 1]!++;
    for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
    for (const row of from) to[starts[(words[row]! >>> shift) & 0xffff]!++] = row;
    [from, to] = [to, from];
  }
  return from;
}

/** The column in another order. */
export function reorder<Column extends Uint8Array | Float64Array>(column: Column, order: Uint32Array): Column {
  if (column.length === 0) return column;
  const moved = column.slice() as Column;
  for (let i = 0; i < order.length; i++) moved[i] = column[order[i]!]!;
  return moved;
}
