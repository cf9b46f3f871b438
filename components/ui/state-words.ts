/** Of a window that cannot be judged: rows or values are few, its buckets are others, or there is no reference yet. */
export const TOO_LITTLE_DATA = "too little data";
