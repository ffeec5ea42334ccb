import { nearest, type Place, type Report } from './finding.js';
import type { MapForm, Member, Node } from './template/intermediate.js';

/** What a map's `match` names must be in its template: `element`, `element[slice]` or `code.coding[slice]`. */
export function checkMatch(map: MapForm, match: string, place: Place, report: Report): void {
  const [, path, slice] = /^([\w.]+)(?:\[([\w-]+)\])?$/.exec(match) ?? [];
  let node: Node = map.template;
  for (const name of (path ?? match).split('.')) {
    const members: readonly Member[] = node.kind === 'obj' ? node.members : [];
    const member = members.find((candidate) => candidate.name === name);
    if (member === undefined) {
      const suggestion = nearest(
        name,
        members.map((known) => known.name),
      );
      report(place, `match names ${match}, which the template does not have.`, suggestion);
      return;
    }
    node = member.node;
  }
  if (slice === undefined) return;
  const slices = node.kind === 'arr' ? node.items.flatMap(sliceOf) : [];
  if (!slices.includes(slice)) {
    report(place, `match names the slice ${slice}, which is not there.`, nearest(slice, slices));
  }
}

function sliceOf(node: Node): string[] {
  if (node.kind === 'obj') return node.slice === undefined ? [] : [node.slice];
  if (node.kind === 'each') return sliceOf(node.body);
  return node.kind === 'if' ? sliceOf(node.then) : [];
}
