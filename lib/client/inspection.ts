import { mutationOptions } from "@tanstack/react-query";
import { type InspectBody, inspectSource, Upload, uploadFile } from "@/lib/contracts/inspection";
import type { Problem } from "@/lib/contracts/problem";
import { api, ApiError, urlOf } from "./api";

export const inspectionMutations = {
  inspect: () => mutationOptions({ mutationFn: (body: InspectBody) => api(inspectSource, { body }) }),
};

/**
 * Sends a file as it is; `onProgress` hears the share that is sent, 0 to 1. Throws ApiError with the problem document. `fetch` does
 * not say how far a body is.
 */
export function sendFile(
  { workspace, file, signal }: { workspace: string; file: File; signal: AbortSignal },
  onProgress: (share: number) => void,
): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", urlOf(uploadFile, { query: { workspace, name: file.name } }));
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 201) resolve(Upload.parse(JSON.parse(request.responseText)));
      else reject(new ApiError(problemIn(request)));
    };
    request.onerror = () => reject(new ApiError(problemIn(request)));
    request.onabort = () => reject(new DOMException("The upload was canceled.", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

function problemIn(request: XMLHttpRequest): Problem {
  try {
    const body: unknown = JSON.parse(request.responseText);
    if (typeof body === "object" && body !== null && "detail" in body && "status" in body) return body as Problem;
  } catch {
    // No answer, or one of a proxy.
  }
  return {
    type: "about:blank",
    title: "Upload failed",
    status: request.status,
    code: "unexpected",
    detail: "The connection broke before the file was there, and nothing of it was kept. Send it again.",
  };
}
