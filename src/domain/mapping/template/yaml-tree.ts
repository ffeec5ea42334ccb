import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Node as YamlNode,
  type YAMLError,
} from 'yaml';
import type { Place, Report } from '../finding.js';
import { align } from './align.js';

/** A YAML document in which every node knows where it stands. */
export type Tree = ScalarTree | MapTree | ListTree;

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly place: Place;
  /** Where the character at an offset of the text stands in the file. */
  placeAt(offset: number): Place;
}
export interface MapTree {
  readonly kind: 'map';
  readonly entries: readonly { readonly key: string; readonly keyPlace: Place; readonly value: Tree }[];
  readonly place: Place;
}
export interface ListTree {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly place: Place;
}

const NO_TAGS = 'Tags are not used in mapping files: a value is what it looks like.';

/**
 * Reads one YAML 1.2 document (core schema). Anchors, aliases, tags and repeated keys are refused: a map says what it
 * means where it stands.
 *
 * @returns null when it is no document that could be read; the reasons are reported
 */
export function readYaml(file: string, text: string, report: Report): Tree | null {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, version: '1.2', schema: 'core', uniqueKeys: true });
  const at = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  for (const { code, pos, message } of tellingOf([...document.errors, ...document.warnings]))
    report(at(pos[0]), OWN_WORDS[code] ?? `This is not YAML: ${firstLine(message)}.`);
  if (document.errors.length + document.warnings.length > 0) return null;
  if (document.contents === null) {
    report(at(0), 'The file is empty.');
    return null;
  }
  return convert(document.contents, { text, at, report });
}

/** The parser's words for these speak of its own inside. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'A tab cannot indent in YAML: use spaces.',
  DUPLICATE_KEY: 'This key stands here twice.',
  TAG_RESOLVE_FAILED: NO_TAGS,
};

/** One mistake makes the parser stumble on: only what came first is told, and a tab before all, for it hides behind others. */
function tellingOf(mistakes: readonly YAMLError[]): readonly YAMLError[] {
  const sorted = [...mistakes].sort((a, b) => a.pos[0] - b.pos[0]);
  const tab = sorted.find(({ code }) => code === 'TAB_AS_INDENT');
  if (tab !== undefined) return [tab];
  const isOwn = ({ code }: YAMLError): boolean => code === 'DUPLICATE_KEY' || code === 'TAG_RESOLVE_FAILED';
  return sorted.filter((mistake, index) => index === 0 || isOwn(mistake));
}

/** The parser's message without the picture of the line that it appends. */
function firstLine(message: string): string {
  return message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
}

interface Reading {
  readonly text: string;
  readonly at: (offset: number) => Place;
  readonly report: Report;
}

function convert(node: YamlNode, reading: Reading): Tree {
  const start = node.range?.[0] ?? 0;
  const place = reading.at(start);
  if (!isAlias(node) && node.tag !== undefined) reading.report(place, NO_TAGS);
  if (isAlias(node) || node.anchor !== undefined) {
    reading.report(place, 'Anchors and aliases are not used in mapping files: write the element where it belongs.');
  }
  if (isAlias(node)) return { kind: 'scalar', value: '', place, placeAt: () => place };
  if (isMap(node)) {
    const entries = node.items.flatMap((pair) => {
      const key = pair.key as YamlNode;
      const keyPlace = reading.at(key.range?.[0] ?? start);
      if (!isScalar(key)) reading.report(keyPlace, 'A key must be a plain text.');
      const name = isScalar(key) ? String(key.value) : '';
      if (name === '<<')
        reading.report(keyPlace, 'Merge keys are not used in mapping files: write the element where it belongs.');
      const value: Tree =
        pair.value === null
          ? { kind: 'scalar', value: null, place: keyPlace, placeAt: () => keyPlace }
          : convert(pair.value as YamlNode, reading);
      return name === '<<' ? [] : [{ key: name, keyPlace, value }];
    });
    return { kind: 'map', entries, place };
  }
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => convert(item as YamlNode, reading)), place };
  if (!isScalar(node)) throw new TypeError('Not a YAML node');
  const value = node.value as ScalarTree['value'];
  return { kind: 'scalar', value, place, placeAt: placesOf(node, String(value), start, reading) };
}

/** A text written on one line without escapes stands in the file as it is read; any other is laid beside the file. */
function placesOf(node: { type?: string | null }, value: string, start: number, { text, at }: Reading) {
  const style = node.type ?? 'PLAIN';
  const first = start + (style.startsWith('QUOTE') ? 1 : 0);
  if (text.startsWith(value, first)) return (offset: number): Place => at(first + offset);
  let offsets: Int32Array | undefined;
  return (offset: number): Place => at((offsets ??= align(value, text, start, style))[offset] ?? start);
}

export function entryOf(tree: MapTree, key: string): MapTree['entries'][number] | undefined {
  return tree.entries.find((entry) => entry.key === key);
}

/** The text of a scalar; undefined for anything else. */
export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === 'scalar' && typeof tree.value === 'string' ? tree.value : undefined;
}
