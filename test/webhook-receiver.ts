import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedRequest {
  path: string;
  headers: IncomingHttpHeaders;
  /** As it came over the wire. */
  body: string;
}

export interface Receiver {
  /** Its address, on loopback. */
  url: string;
  port: number;
  requests: ReceivedRequest[];
  close(): Promise<void>;
}

/** An HTTP server that keeps what it is told. `answer` says what it does with the n-th request, from 1; 204 unless it does. */
export async function startReceiver(
  answer: (response: ServerResponse, nth: number) => void = (response) => void response.writeHead(204).end(),
  port = 0,
): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      requests.push({ path: request.url ?? "", headers: request.headers, body });
      answer(response, requests.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${taken}/hooks/tributary`,
    port: taken,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
