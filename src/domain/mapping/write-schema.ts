/** A schema as text: a line for each keyword of the top and for each definition, so that a change shows as one. */
export function writeSchema(schema: unknown): string {
  const members = (value: object): string[] =>
    Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${JSON.stringify(member)}`);
  const { definitions, allOf, ...top } = schema as { definitions?: object; allOf?: readonly unknown[] };
  const lines = members(top);
  if (allOf !== undefined)
    lines.push(`"allOf": [\n${allOf.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`);
  if (definitions !== undefined)
    lines.push(
      `"definitions": {\n${members(definitions)
        .map((line) => `    ${line}`)
        .join(',\n')}\n  }`,
    );
  return `{\n${lines.map((line) => `  ${line}`).join(',\n')}\n}\n`;
}
