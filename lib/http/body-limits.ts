import { bytesOf, MEGABYTE } from "@/lib/config/byte-size";
import { environment } from "@/lib/config/environment";

/** The most bytes of a body, where nothing below says otherwise. */
const DEFAULT_LIMIT = MEGABYTE;

/** Routes that take more. Paths as operations write them. */
const LIMITS: Record<string, number> = {
  "/api/v1/specs/plan": 20 * MEGABYTE,
  "/api/v1/specs/apply": 20 * MEGABYTE,
  "/api/v1/sources/{name}/rules/suite": 20 * MEGABYTE,
  // Lists of values, and the history of a model: files, in effect.
  "/api/v1/drift/preview": 20 * MEGABYTE,
  "/api/v1/leakage/preview": 20 * MEGABYTE,
  "/api/v1/joins/preview": 20 * MEGABYTE,
  // Ten thousand rows.
  "/api/v1/models/{name}/predictions": 10 * MEGABYTE,
  "/api/v1/models/{name}/outcomes": 10 * MEGABYTE,
  "/api/serving/get-online-features": 32 * MEGABYTE,
  "/api/serving/historical-features": 32 * MEGABYTE,
  "/api/serving/predict": 32 * MEGABYTE,
  // The same at the root of the serving role.
  "/get-online-features": 32 * MEGABYTE,
  "/predict": 32 * MEGABYTE,
};

/** The most bytes that a route takes; `path` as its operation writes it, null for what is no route. */
export function bodyLimit(path: string | null): number {
  // Files go to the disk as they come.
  if (path === "/api/v1/uploads") return bytesOf(environment().TRIBUTARY_UPLOAD_LIMIT);
  return (path !== null && LIMITS[path]) || DEFAULT_LIMIT;
}
