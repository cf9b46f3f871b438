import { documentSchema } from "@/lib/contracts/spec-reference";

export const dynamic = "force-static";

/** The JSON Schema of every document, for editors. */
export function GET() {
  return Response.json(documentSchema());
}
