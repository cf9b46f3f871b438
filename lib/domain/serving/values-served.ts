/**
 * The values of a feature version that an environment serves: the newest predictions of the model version that its alias names,
 * and without such predictions the newest values that any run wrote. A fit on newer rows thus changes nothing in production
 * before its version has the alias.
 * @param newestFirst values of one feature version; `environment` is null for those that are served anywhere
 */
export function valuesServedIn<Values extends { environment: string | null }>(
  environment: string,
  newestFirst: readonly Values[],
): Values | undefined {
  return (
    newestFirst.find((values) => values.environment === environment) ??
    newestFirst.find((values) => values.environment === null)
  );
}
