import { uploadFile } from "@/lib/contracts/inspection";
import { route } from "@/lib/http/route";
import { keepUpload } from "@/lib/registry/datasets/uploads";

export const POST = route(
  uploadFile,
  ({ principal, query, request }) => keepUpload(principal, query, request.body),
  // The body is the file: it is not read here.
  () => Promise.resolve({}),
);
