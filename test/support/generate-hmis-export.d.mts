/** Writes a synthetic export of that many people and rows (all files together). */
export function generateHmisExport(folder: string, people: number, rows: number): void;
