// A record of at least a hundred resources: cases of the generator's, the items of one after those of the other.
import { syntheticCase } from '../../dist/domain/case/synthetic.js';

/** @param count resources that the maps make of a record */
export function recordOf(least, count) {
  let record = syntheticCase(0);
  for (let number = 1; count(record) < least; number += 1)
    record = joined(record, renamed(syntheticCase(number), number));
  return record;
}

/** The same case with other ids, and everything in it that names them. */
function renamed(record, number) {
  const ids = new Set();
  visit(record, (name, value) => (name === 'id' ? ids.add(value) : undefined));
  return JSON.parse(JSON.stringify(record), (_, value) => (ids.has(value) ? `${value}-${number}` : value));
}

function visit(value, see) {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    see(name, member);
    visit(member, see);
  }
}

function joined(a, b) {
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b.filter((item) => typeof item === 'object')];
  if (typeof a !== 'object' || a === null || Array.isArray(a)) return a ?? b;
  if (typeof b !== 'object' || b === null) return a;
  return Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => [name, joined(a[name], b[name])]),
  );
}
