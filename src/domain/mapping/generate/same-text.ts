import type { Node } from '../template/intermediate.js';
import { quote } from './emitter.js';
import { property } from './expression.js';
import { guardBy, systemField, type ReverseEmitter } from './reverse-emitter.js';

/** JavaScript that says whether a value is exactly this constant. */
export function sameText(reverse: ReverseEmitter, node: Node, value: string): string {
  switch (node.kind) {
    case 'const':
      return `${value} === ${quote(node.value)}`;
    case 'leaf':
      return `${value} === ${systemField(reverse, node)}`;
    case 'arr': {
      const items = node.items.map((item, index) => sameText(reverse, item, `${value}[${index}]`));
      return [`Array.isArray(${value})`, `${value}.length === ${items.length}`, ...items].join(' && ');
    }
    case 'obj': {
      const members = node.members.map(({ name, node: member }) =>
        sameText(reverse, member, property(value, name, true)),
      );
      const guard = guardBy(
        node.members.map(({ name }) => name),
        value,
      );
      return [guard, ...members, `sizeOf(${value}) === ${members.length}`].join(' && ');
    }
    case 'each':
    case 'if':
      throw new TypeError('no constant');
  }
}
