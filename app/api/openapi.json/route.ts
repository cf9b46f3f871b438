import { version } from "@/lib/config/version";
import { openApiDocument } from "@/lib/contracts/openapi";

export const dynamic = "force-static";

export function GET() {
  return Response.json(openApiDocument(version));
}
