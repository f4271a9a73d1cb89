import { readFileSync } from "node:fs";
import { hostname } from "node:os";

export const hostName = (): string => hostname();

/** Changes with each start of the machine: process ids of another one mean nothing. */
export const bootId = (): string => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
