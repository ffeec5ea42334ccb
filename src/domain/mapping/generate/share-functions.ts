/**
 * Maps of one file are one template with other columns and codes: their generated functions are the same text but for
 * names, texts and numbers. Such functions become one that is given what differs, so that a module does not grow with
 * every line of a table.
 */

/** Functions that many maps have; what is called for every resource of a pack is not among them. */
const SHARED = /^(?:map|put|look|key)\d+$/;
/** Fewer copies than this stay as they are: straight-line code with its constants is the faster one. */
const LEAST = 3;

/** A text, a property with its dot, a word, or a number. */
const TOKEN = /"(?:[^"\\]|\\.)*"|\??\.[A-Za-z_$][\w$]*|[A-Za-z_$][\w$]*|\d+/g;

const [QUOTE, DOLLAR, UPPER_A] = ['"', '$', 'A'].map((character) => character.charCodeAt(0)) as [
  number,
  number,
  number,
];
const DIGIT = /\d/;

interface FunctionText {
  readonly name: string;
  readonly parameters: string;
  readonly body: string;
  readonly lines: number;
}

interface Reading {
  /** The text between what may differ; local names are counted, so that they do not. */
  readonly pieces: readonly string[];
  readonly holes: readonly string[];
}

/**
 * @param code a generated module: each function begins at the start of a line and ends with a line that is only `}`
 */
export function shareFunctions(code: string): string {
  const parts = code.split(/^(?=function )/m);
  const names = new Set([...code.matchAll(/^(?:function|const) (\w+)/gm)].map((found) => found[1]!));
  const groups = new Map<
    string,
    { readonly index: number; readonly of: FunctionText; readonly holes: Reading['holes'] }[]
  >();
  const found = parts.map(functionOf);
  // What has another number of lines is another function: most are told apart without being read.
  const sameLength = new Map<number, number>();
  for (const of of found) if (of !== null) sameLength.set(of.lines, (sameLength.get(of.lines) ?? 0) + 1);
  found.forEach((of, index) => {
    if (of === null || sameLength.get(of.lines)! < LEAST) return;
    const { pieces, holes } = read(of, names);
    const skeleton = `${of.parameters}\n${pieces.join('\u0000')}`;
    const group = groups.get(skeleton);
    if (group === undefined) groups.set(skeleton, [{ index, of, holes }]);
    else group.push({ index, of, holes });
  });
  const added: string[] = [];
  for (const [skeleton, members] of groups) {
    if (members.length < LEAST) continue;
    const number = added.length + 1;
    const [parameters = '', pieces = ''] = split(skeleton);
    const { body, given } = shared(
      pieces.split('\u0000'),
      members.map(({ holes }) => holes),
    );
    added.push(`function shared${number}(${parameters}, p) {${body}}`);
    members.forEach(({ index, of }, member) => {
      const rest = parts[index]!.slice(parts[index]!.indexOf('\n}') + 2);
      added.push(`const given_${of.name} = [${given.map((values) => values[member]).join(', ')}];`);
      parts[index] =
        `function ${of.name}(${parameters}) { return shared${number}(${parameters}, given_${of.name}); }${rest}`;
    });
  }
  // What is given names other functions and constants: it comes after all of them.
  return `${parts.join('')}${added.join('\n')}\n`;
}

const split = (skeleton: string): [string, string] => {
  const at = skeleton.indexOf('\n');
  return [skeleton.slice(0, at), skeleton.slice(at + 1)];
};

function functionOf(part: string): FunctionText | null {
  const [, name = '', parameters = ''] = /^function (\w+)\(([^)]*)\) \{\n/.exec(part) ?? [];
  const end = part.indexOf('\n}');
  if (!SHARED.test(name) || end < 0) return null;
  const body = part.slice(part.indexOf('{') + 1, end + 1);
  let lines = 0;
  for (let at = body.indexOf('\n'); at >= 0; at = body.indexOf('\n', at + 1)) lines += 1;
  return { name, parameters, body, lines };
}

function read({ body, parameters }: FunctionText, names: ReadonlySet<string>): Reading {
  const pieces: string[] = [];
  const holes: string[] = [];
  // The parameters stand before the body as they are.
  const locals = new Map(parameters.split(', ').map((name) => [name, name]));
  // A local name may be that of a function elsewhere.
  const own = new Set([...body.matchAll(/\b(?:const|let) (\w+)/g)].map((found) => found[1]!));
  let text = '';
  let last = 0;
  for (const { 0: token, index } of body.matchAll(TOKEN)) {
    const first = token.charCodeAt(0);
    const isWord = first >= UPPER_A || first === DOLLAR;
    if (isWord && (own.has(token) || !names.has(token))) {
      if (!DIGIT.test(token)) continue;
      const local = locals.get(token) ?? `v${locals.size}`;
      locals.set(token, local);
      text += body.slice(last, index) + local;
      last = index + token.length;
      continue;
    }
    // The name of a member in an object literal is no value.
    const end = index + token.length;
    if (first === QUOTE && body[end] === ':' && !body.startsWith('case ', index - 'case '.length)) continue;
    pieces.push(text + body.slice(last, index));
    holes.push(token);
    text = '';
    last = end;
  }
  pieces.push(text + body.slice(last));
  return { pieces, holes };
}

/** One body for all, and for each place where they differ what each of them is given. */
function shared(
  pieces: readonly string[],
  members: readonly Reading['holes'][],
): { readonly body: string; readonly given: readonly (readonly string[])[] } {
  const given: string[][] = [];
  const known = new Map<string, number>();
  const body = pieces.map((piece, hole) => {
    const tokens = members.map((holes) => holes[hole]);
    const first = tokens[0];
    if (first === undefined || tokens.every((token) => token === first)) return piece + (first ?? '');
    const values = tokens.map((token) => valueOf(token!));
    const identity = values.join('\u0000');
    const at = known.get(identity) ?? given.length;
    if (!known.has(identity)) {
      known.set(identity, at);
      given.push(values);
    }
    if (first.startsWith('?')) return `${piece}?.[p[${at}]]`;
    return first.startsWith('.') ? `${piece}[p[${at}]]` : `${piece}p[${at}]`;
  });
  return { body: body.join(''), given };
}

/** A property is given by its name; everything else as it stands. */
const valueOf = (token: string): string => {
  const property = /^\??\.(.*)$/s.exec(token)?.[1];
  return property === undefined ? token : JSON.stringify(property);
};
