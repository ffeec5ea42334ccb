import { isDocument, isList, marksOf } from '../record/marks.js';
import type { CaseDocument, CaseValue } from '../api/views.js';

export interface TypedAction {
  readonly id: string;
  readonly description: string;
  readonly status: string;
  readonly responsible: string;
  readonly dueDate: string;
}

/** What the form holds; texts as typed. */
export interface TypedEntry {
  /** Of the entry: the same one sent twice is written once. */
  readonly entryId: string;
  readonly list: EntryList;
  readonly date: string;
  readonly kind: string;
  readonly summary: string;
  /** How it is known: said by the person, or seen by who writes. */
  readonly source: 'declared' | 'observed';
  readonly sensitivities: readonly string[];
  readonly doNotShare: boolean;
  readonly actions: readonly TypedAction[];
}
export type EntryList = 'interventions' | 'workingNotes';

export function emptyEntry(today: string): TypedEntry {
  return {
    entryId: crypto.randomUUID(),
    list: 'interventions',
    date: today,
    kind: '',
    summary: '',
    source: 'declared',
    sensitivities: [],
    doNotShare: false,
    actions: [],
  };
}

const text = (value: CaseValue | undefined): string => (typeof value === 'string' ? value : '');

/** An entry of the file, as the form holds it. */
export function typedOf(list: EntryList, entry: CaseDocument): TypedEntry {
  const about = marksOf(entry, 'summary');
  const { actions } = entry;
  return {
    entryId: text(entry['id']),
    list,
    date: text(entry['date']),
    kind: text(entry['kind']),
    summary: text(entry[list === 'interventions' ? 'summary' : 'text']),
    source: about.source === 'observed' ? 'observed' : 'declared',
    sensitivities: about.sensitivities,
    doNotShare: marksOf(entry, '*').doNotShare,
    actions: (isList(actions) ? actions : []).map((action) => ({
      id: text(action['id']),
      description: text(action['description']),
      status: text(action['status']),
      responsible: text(action['responsible']),
      dueDate: text(action['dueDate']),
    })),
  };
}

export type Missing = 'date' | 'kind' | 'summary';

export function missingIn({ list, date, kind, summary, actions }: TypedEntry): readonly Missing[] {
  return [
    ...(date === '' ? (['date'] as const) : []),
    ...(list === 'interventions' && kind === '' ? (['kind'] as const) : []),
    ...(summary.trim() === '' && (list === 'workingNotes' || actions.every(isBlank)) ? (['summary'] as const) : []),
  ];
}

const isBlank = ({ description }: TypedAction): boolean => description.trim() === '';

/**
 * As the case model has it.
 *
 * @param before the entry that is corrected: what the form does not ask for stays as it is
 */
export function entryOf(typed: TypedEntry, before: CaseDocument = {}): Record<string, unknown> {
  const { id: _, ...rest } = before;
  const { list, date, kind, source, sensitivities, doNotShare } = typed;
  const summary = typed.summary.trim();
  if (list === 'workingNotes') return { ...rest, date, text: summary };
  const actions = typed.actions.filter((action) => !isBlank(action));
  const known = isDocument(before['about']) ? before['about'] : {};
  const { summary: _summary, '*': _whole, ...others } = known;
  const about = {
    ...others,
    ...(summary !== '' && { summary: { source, date, ...(sensitivities.length > 0 && { sensitivities }) } }),
    ...(doNotShare && { '*': { source, date, doNotShare: true } }),
  };
  return {
    ...without(rest, 'summary', 'actions', 'about'),
    date,
    kind,
    ...(summary !== '' && { summary }),
    ...(actions.length > 0 && { actions: actions.map((action) => actionOf(action, before)) }),
    ...(Object.keys(about).length > 0 && { about }),
  };
}

function actionOf({ id, description, status, responsible, dueDate }: TypedAction, before: CaseDocument): object {
  const known = isList(before['actions']) ? before['actions'].find((one) => one['id'] === id) : undefined;
  return {
    ...without(known ?? {}, 'responsible', 'dueDate', 'status'),
    id,
    description: description.trim(),
    ...(status !== '' && { status }),
    ...(responsible !== '' && { responsible }),
    ...(dueDate !== '' && { dueDate }),
  };
}

function without(entry: CaseDocument, ...names: readonly string[]): CaseDocument {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => !names.includes(name)));
}
