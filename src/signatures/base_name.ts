/** The last name of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
