import { labelsOf } from '../labels/labels.js';
import type { CaseRules } from '../labels/rules/rules.js';
import type { Entity, Field } from './define.js';
import { caseModel } from './schema.js';

const INTRODUCTION = `# The case model, version 1

This page is generated from the model (\`src/domain/case/model-page.ts\`); a test compares the two.

A case is what an agency says of one person, in the agency's own words and keys. It enters by \`PUT /api/v1/cases/{id}\`
or \`relais import cases\`, is checked as a whole (every violation at once, each with its JSON Pointer and its rule,
nothing echoed), and is stored as it was written: \`0.10\` stays \`0.10\`. The JSON Schema is served at
\`/api/v1/schemas/case\`; each property there carries its labels as \`x-relais-labels\`.

- **Every field has a category**; a field without one does not compile. A field leaves only when **all** of its labels
  are permitted by the agreement and the ground.
- **Sensitivities** are never shared by default: they leave only by a rule that names them. Working notes never leave.
- **\`about\`** in any entity says of a field, or of the whole entity (\`*\`), where it comes from (\`declared\`, \`observed\`,
  \`document\`), its date, that the person contests it, that it is not to be shared, which further sensitivities it has,
  and which text somebody has read (\`reviewed\`, the SHA-256 of the text: [labels](labels.md)).
- **Codes add labels** to the whole item (second table, from [config/labels](../config/labels/case.yaml)), and pass them on: a goal that serves a need about addiction is
  about addiction.
- Strict: unknown fields, \`null\`, dates that the calendar does not have, two items with one id, and pointers to items
  that are not there are refused. Dates are \`YYYY-MM-DD\`, or partial (\`YYYY\`, \`YYYY-MM\`) where a day is often unknown.
`;

/**
 * The text of docs/case-model.md.
 *
 * @param rules config/labels/case.yaml
 */
export function caseModelPage(rules: CaseRules): string {
  const rows: string[] = [];
  const written = new Set<string>();
  const visit = (model: Entity, path: string): void => {
    if (!written.has(model.name)) rows.push(...rowsOf(model, path));
    written.add(model.name);
    for (const [name, member] of Object.entries(model.fields)) {
      const inner = path === '' ? name : `${path}.${name}`;
      if (member.kind === 'entity') visit(member, inner);
      if (member.kind === 'list') visit(member.item, `${inner}[]`);
    }
  };
  visit(caseModel, '');
  return [
    INTRODUCTION,
    '## Fields and their labels',
    '',
    'Bold: required. The first label is the category.',
    '',
    '| entity | labels | fields |',
    '| --- | --- | --- |',
    ...rows,
    '',
    '## Codes that add labels',
    '',
    '| entity | field | values | labels added to the whole item |',
    '| --- | --- | --- | --- |',
    ...codeRows(rules),
    '',
  ].join('\n');
}

/** One row for each set of labels that occurs among the entity's own fields. */
function rowsOf(model: Entity, path: string): string[] {
  const fieldsByLabels = new Map<string, string[]>();
  for (const [name, member] of Object.entries(model.fields)) {
    if (member.kind !== 'field') continue;
    const labels = [member.category, ...member.sensitivities].join(', ');
    const fields = fieldsByLabels.get(labels) ?? [];
    fields.push(nameOf(name, member));
    fieldsByLabels.set(labels, fields);
  }
  const title = path === '' ? 'the case' : `\`${path}\``;
  return [...fieldsByLabels].map(([labels, fields], index) => {
    const entity = index === 0 ? `${title}: ${model.description}` : '';
    return `| ${entity} | ${labels} | ${fields.join(', ')} |`;
  });
}

function nameOf(name: string, field: Field): string {
  return field.required ? `**${name}**` : name;
}

/** One row for each set of labels that the codes of one field add. */
function codeRows({ byEntity }: CaseRules): string[] {
  const rows: string[] = [];
  const write = (entity: string, field: string, values: readonly (readonly [string, readonly string[]])[]): void => {
    const valuesByLabels = new Map<string, string[]>();
    for (const [value, labels] of values) {
      const known = valuesByLabels.get(labels.join(', ')) ?? [];
      valuesByLabels.set(labels.join(', '), [...known, value]);
    }
    for (const [labels, same] of valuesByLabels) rows.push(`| ${entity} | ${field} | ${same.join(', ')} | ${labels} |`);
  };
  for (const [entity, fields] of byEntity) {
    for (const { field, values } of fields) {
      write(
        entity,
        field,
        [...values].map(([value, mask]) => [String(value), labelsOf(mask)]),
      );
    }
  }
  return rows;
}
