import type { Signature } from "../engine/signature.ts";
import { stdioOverSocket } from "./stdio_over_socket.ts";

/**
 * Every signature, in id order. A signature that is not listed here does not run. The cast forgets
 * which events each listens to; the engine gives it no other.
 */
export const signatures: readonly Signature[] = [stdioOverSocket as Signature];
