import { readFileSync } from "node:fs";
import type { Home } from "../src/jobs/places.ts";

/** Homes whose files matter to a job of that user: its own and root's. passwd(5). */
export function homesOf(user: string | null): readonly Home[] {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  return lines.flatMap((line) => {
    const [name = "", , , , , path = ""] = line.split(":");
    const matters = name === "root" || name === user;
    return matters && path.startsWith("/") && path !== "/" ? [{ user: name, path }] : [];
  });
}
