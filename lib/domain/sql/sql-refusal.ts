/** A statement that may not run. `problem` stands behind "The statement". */
export class SqlRefusal extends Error {
  override readonly name = "SqlRefusal";

  constructor(
    readonly problem: string,
    readonly found: string,
  ) {
    super(`The statement ${problem}.`);
  }
}
