import { choice, defineEvent, type EventOf, path, u32, u64 } from "./schema.ts";
import { yesNo } from "./words.ts";

export const codeMapping = defineEvent({
  id: 41,
  name: "code_mapping",
  doc: "A process mapped a file as code that no directory names, or that lies in a file system in memory.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_file_map",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["mmap"],
        loses: "which file it was, when another thread replaces the descriptor at once",
      },
    ],
  ],
  fold: true,
  fields: {
    inode: u64("Inode of the file."),
    device: u32("Its device: major << 20 | minor."),
    links: u32("Hard links; 0 for memory (memfd), deleted files and those that never had a name."),
    shared: choice("Whether a store by others shows in the mapping.", yesNo, "BOOL"),
    path: path("The file, as the kernel resolved it; memory starts with `memfd:`."),
  },
});

export type CodeMapping = EventOf<typeof codeMapping>;
