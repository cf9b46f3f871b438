/** An object with these keys and values, also where a name means something to JavaScript, such as `__proto__`. */
export function toRecord<T>(keys: readonly string[], values: readonly T[]): Record<string, T> {
  const record: Record<string, T> = {};
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (key === "__proto__")
      Object.defineProperty(record, key, { value: values[i]!, enumerable: true, configurable: true, writable: true });
    else record[key] = values[i]!;
  }
  return record;
}
