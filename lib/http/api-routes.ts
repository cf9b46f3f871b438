import { operations } from "@/lib/contracts/operations";

/** Addresses below /api that no contract declares: next-auth's own, and the document of the rest. */
const UNDECLARED: [path: string, methods: string[]][] = [
  ["/api/auth/{...}", ["GET", "POST"]],
  ["/api/openapi.json", ["GET"]],
  ["/api/document-schema.json", ["GET"]],
];

export interface ApiRoute {
  /** As operations write it, such as `/api/v1/features/{name}`. */
  path: string;
  methods: string[];
}

interface Node {
  route?: ApiRoute;
  literal: Map<string, Node>;
  parameter?: Node;
  /** Matches whatever follows. */
  rest?: ApiRoute;
}

const root = build();

function build(): Node {
  const routes = new Map<string, ApiRoute>();
  const add = (path: string, methods: string[]) => {
    const route = routes.get(path) ?? { path, methods: [] };
    route.methods.push(...methods);
    routes.set(path, route);
  };
  for (const { path, method } of operations) add(path, [method]);
  for (const [path, methods] of UNDECLARED) add(path, methods);
  const top: Node = { literal: new Map() };
  for (const route of routes.values()) insert(top, route);
  return top;
}

function insert(top: Node, route: ApiRoute): void {
  let node = top;
  for (const segment of segmentsOf(route.path)) {
    if (segment === "{...}") {
      node.rest = route;
      return;
    }
    const isParameter = segment.startsWith("{");
    let next = isParameter ? node.parameter : node.literal.get(segment);
    if (!next) {
      next = { literal: new Map() };
      if (isParameter) node.parameter = next;
      else node.literal.set(segment, next);
    }
    node = next;
  }
  node.route = route;
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter(Boolean);
}

/** The route that an address below /api leads to, or null. A literal segment wins over a parameter, as in Next. */
export function findApiRoute(pathname: string): ApiRoute | null {
  return find(root, segmentsOf(pathname), 0);
}

function find(node: Node, segments: string[], at: number): ApiRoute | null {
  if (at === segments.length) return node.route ?? null;
  const literal = node.literal.get(segments[at] as string);
  const found = literal && find(literal, segments, at + 1);
  if (found) return found;
  return (node.parameter && find(node.parameter, segments, at + 1)) ?? node.rest ?? null;
}

/** Methods that a route answers; Next adds HEAD and OPTIONS of its own. */
export function methodsOf({ methods }: ApiRoute): string[] {
  return [...new Set([...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"])];
}
