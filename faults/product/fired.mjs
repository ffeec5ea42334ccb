// What failpoints wrote before they acted: a file that every process appends to and the harness reads as it grows.
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function watchFired(folder) {
  const file = join(folder, 'fired.jsonl');
  writeFileSync(file, '');
  const reading = openSync(file, 'r');
  const lines = new Map();
  const waiting = new Map();
  const buffer = Buffer.alloc(1 << 16);
  let position = 0;
  let rest = '';
  const look = () => {
    for (let size; (size = readSync(reading, buffer, 0, buffer.length, position)) > 0; position += size) {
      const parts = (rest + buffer.toString('utf8', 0, size)).split('\n');
      rest = parts.pop();
      for (const part of parts) take(JSON.parse(part));
    }
  };
  const take = (line) => {
    lines.set(line.id, [...(lines.get(line.id) ?? []), line]);
    waiting.get(line.id)?.(line);
    waiting.delete(line.id);
  };
  const timer = setInterval(look, 10);
  return {
    file,
    /** Everything that was written for this id so far. */
    of: (id) => lines.get(id) ?? [],
    wait(id) {
      const known = lines.get(id);
      if (known !== undefined) return Promise.resolve(known[0]);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    stop() {
      clearInterval(timer);
      closeSync(reading);
    },
  };
}
