import type { Node } from '../template/intermediate.js';
import { textOf } from '../reverse/tell-apart.js';
import { quote } from './emitter.js';
import { property } from './expression.js';
import { guardBy, systemField, type ReverseEmitter } from './reverse-emitter.js';

/**
 * What a node says besides its one expression, as a text: nodes of one text are compared, or opened, by one function.
 * Many maps of one file have the same constants.
 */
export function constantText(node: Node): string {
  switch (node.kind) {
    case 'const':
      return quote(node.value);
    case 'leaf':
      return node.constant ? `%${quote(textOf(node))}` : '?';
    case 'arr':
      return `[${node.items.map(constantText).join()}]`;
    case 'obj':
      return `{${node.members.map(({ name, node: member }) => `${name}:${constantText(member)}`).join()}}`;
    case 'each':
    case 'if':
      throw new TypeError('no constant');
  }
}

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
