// Writes batches for ever, and says the number of each after it was committed.
import { writeSync } from "node:fs";
import { openForWriting } from "../../../src/store/open.ts";
import { Writer } from "../../../src/store/writer.ts";
import { aJob, event, process } from "../sample.ts";

const [, , path = "", batches = "1000000", size = "50"] = globalThis.process.argv;
const writer = new Writer(openForWriting(path));
const name = `${globalThis.process.pid}`;
const job = writer.startJob({ ...aJob, name });
for (let batch = 1; batch <= Number(batches); batch++) {
  writer.begin();
  const row = writer.addProcess(job, process(batch));
  for (let i = 0; i < Number(size); i++) {
    const path = `/shared/${batch}/${i}`;
    const id = writer.addEvent(event("file_open", { inode: batch, path }), job, row);
    if (i === 0) writer.fold("file_open", id, 1, 1);
  }
  writer.commit();
  // Not console.log: it may wait, and what it says must have happened.
  writeSync(1, `${batch}\n`);
}
