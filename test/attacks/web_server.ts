import assert from "node:assert/strict";
import { createServer } from "node:http";

/** Serves bytes by path on the loopback, outside of the job. */
export async function serve(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer(({ url = "" }, response) => {
    const file = files[url];
    if (file === undefined) response.statusCode = 404;
    response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${address.port}`, close };
}

/** A `prepare` that serves files, and where they are then. */
export function server(files: () => Readonly<Record<string, string | Uint8Array>>) {
  const at = { url: "" };
  const prepare = async () => {
    const { url, close } = await serve(files());
    at.url = url;
    return close;
  };
  return { at, prepare };
}
