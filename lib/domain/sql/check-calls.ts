import { AGGREGATE_CALLERS, isAggregate, TABLE_FUNCTIONS, takesOf, whyRefused } from "./allowed-functions";
import { SqlRefusal } from "./sql-refusal";
import { isNode, nodesOf, type SqlNode, textConstant, textOf, walk } from "./syntax-tree";

const EXPRESSIONS: ReadonlySet<string> = new Set([
  "BETWEEN",
  "CASE",
  "CAST",
  "COLLATE",
  "COLUMN_REF",
  "COMPARISON",
  "CONJUNCTION",
  "CONSTANT",
  "FUNCTION",
  "LAMBDA",
  "OPERATOR",
  "POSITIONAL_REFERENCE",
  "STAR",
  "SUBQUERY",
  "WINDOW",
]);

/** Drawing is repeatable for these methods when it has a seed; by blocks it goes by what threads do. */
const SEEDED_METHODS: ReadonlySet<string> = new Set(["Reservoir", "Bernoulli"]);

/** Throws `SqlRefusal` for what gives other values at other runs, or reads anything but its rows, wherever it stands in the tree. */
export function checkCalls(tree: SqlNode): void {
  walk(tree, (node) => {
    if (node.type === "TABLE_FUNCTION" && isNode(node.function)) checkTableFunction(node.function);
    if (isNode(node.sample)) checkSample(node.sample);
    if (typeof node.class !== "string") return;
    if (!EXPRESSIONS.has(node.class)) {
      const what = node.class === "PARAMETER" ? "has a parameter, and a stage has no values for it" : `uses ${node.class}, and it may not`; // prettier-ignore
      throw new SqlRefusal(what, node.class);
    }
    if (node.class === "FUNCTION" || node.class === "WINDOW") checkCall(node);
  });
}

/** Rows are made beside those of the statement, of as many kinds as arguments are allowed: the count is DuckDB's to judge. */
function checkTableFunction(call: SqlNode): void {
  const name = textOf(call.function_name).toLowerCase();
  if (!TABLE_FUNCTIONS.has(name)) throw new SqlRefusal(`calls ${name}, ${whyRefused(name)}`, name);
}

function checkSample(sample: SqlNode): void {
  const seed = isNode(sample.seed) ? sample.seed.index : sample.seed;
  const method = textOf(sample.method);
  if (typeof seed !== "number" || !(seed >= 0))
    throw new SqlRefusal("samples rows without a seed, which gives other rows at every run; add REPEATABLE (42)", "a sample"); // prettier-ignore
  if (!SEEDED_METHODS.has(method))
    throw new SqlRefusal(`samples rows by ${method}, which gives other rows at every run; sample by reservoir or bernoulli`, method); // prettier-ignore
}

function checkCall(node: SqlNode): void {
  const name = textOf(node.function_name).toLowerCase();
  // A table function's own call is judged where it stands in the FROM clause.
  const takes = takesOf(name) ?? (TABLE_FUNCTIONS.has(name) ? () => true : null);
  if (!takes) throw new SqlRefusal(`calls ${name}, ${whyRefused(name)}`, name);
  const given =
    nodesOf(node.children).length + ["offset_expr", "default_expr"].filter((one) => isNode(node[one])).length;
  // `x.f(y)` is f(x, y), and the column of WITHIN GROUP is an argument too.
  const method = textOf(node.schema) !== "" && textOf(node.schema) !== "main" ? 1 : 0;
  const ordered = isNode(node.order_bys) ? nodesOf(node.order_bys.orders).length : 0;
  if (![given + method, given, given + ordered].some((count) => takes(count))) {
    const counted = `${given} ${given === 1 ? "argument" : "arguments"}`;
    const why = name === "age" ? `: ${whyRefused(name)}` : ", and it does not take so many";
    throw new SqlRefusal(`calls ${name} with ${counted}${why}`, `${name} of ${counted}`);
  }
  if (!AGGREGATE_CALLERS.has(name)) return;
  const called = textConstant(nodesOf(node.children)[1 - method])?.toLowerCase();
  if (called === undefined || !isAggregate(called))
    throw new SqlRefusal(`calls ${name} for ${called ?? "an aggregate that it computes"}, ${whyRefused(called ?? "")}`, called ?? name); // prettier-ignore
}
