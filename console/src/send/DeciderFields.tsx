import { Alert, Checkbox, NativeSelect, Radio, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { JURISDICTIONS } from '../../../src/domain/consent/decision-maker/circumstances.js';
import type { CaseDocument, CaseValue } from '../api/views.js';
import { formatDate } from '../kit/format.js';
import { isDocument, isList } from '../record/marks.js';
import { useWords, type Words } from '../record/words.js';
import type { TypedDecider } from './decider.js';
import { whyNotCounted } from './judge-decider.js';

/**
 * Who decides: the person, or whoever holds a power that reaches this decision, with the person's own view. The rules of
 * the gateway say at once whether a yes would count; where it would not, a human must decide.
 */
export function DeciderFields({
  document,
  labels,
  today,
  value,
  onChange,
  isMissing,
}: {
  readonly document: CaseDocument;
  readonly labels: readonly string[];
  readonly today: string;
  readonly value: TypedDecider;
  readonly onChange: (value: TypedDecider) => void;
  readonly isMissing: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const words = useWords();
  const change = (part: Partial<TypedDecider>): void => onChange({ ...value, ...part });
  const representation = isDocument(document['representation']) ? document['representation'] : {};
  const authority = isDocument(representation['parentalAuthority']) ? representation['parentalAuthority'] : {};
  const measures = isList(representation['measures']) ? representation['measures'] : [];
  const holders = isList(authority['holders']) ? authority['holders'] : [];
  const person = isDocument(document['person']) ? document['person'] : {};
  const stands = value.by.length > 0 && (value.by.includes('person') || value.view !== '');
  const reason = stands ? whyNotCounted(value, document, labels, today) : null;
  return (
    <Stack gap="md">
      <NativeSelect
        label={t('decider.jurisdiction')}
        description={t('decider.jurisdictionHint')}
        value={value.jurisdiction}
        onChange={({ currentTarget: { value: jurisdiction } }) => change({ jurisdiction })}
        data={[
          { value: '', label: t('write.choose') },
          ...JURISDICTIONS.map((code) => ({ value: code, label: t(`decider.place.${code}`) })),
        ]}
        maw="24rem"
      />
      {typeof person['birthDate'] !== 'string' && (
        <Checkbox
          checked={value.ofAge}
          onChange={({ currentTarget: { checked } }) => change({ ofAge: checked })}
          label={t('decider.ofAge')}
        />
      )}
      <Radio.Group
        label={t('decider.capacity')}
        description={t('decider.capacityHint')}
        value={value.capacity}
        onChange={(capacity) => change({ capacity: capacity === 'unable' ? 'unable' : 'able' })}
      >
        <Stack gap="xs" mt={6}>
          <Radio value="able" label={t('decider.able')} />
          <Radio value="unable" label={t('decider.unable')} />
        </Stack>
      </Radio.Group>
      <Checkbox.Group
        label={t('decider.who')}
        value={[...value.by]}
        onChange={(by) => change({ by })}
        error={isMissing && value.by.length === 0 ? t('decider.whoMissing') : undefined}
      >
        <Stack gap="xs" mt={6}>
          <Checkbox value="person" label={t('decider.person')} />
          {words !== null &&
            measures.map((measure) => (
              <Checkbox
                key={text(measure['id'])}
                value={`measure/${text(measure['id'])}`}
                label={nameOf(measure, 'holderName') ?? words.code('measures', 'kind', text(measure['kind']))}
                description={measureInWords(measure, words, t('decider.noInstrument'))}
              />
            ))}
          {words !== null &&
            holders.map((holder) => (
              <Checkbox
                key={text(holder['id'])}
                value={`holder/${text(holder['id'])}`}
                label={nameOf(holder, 'name') ?? words.code('holders', 'role', text(holder['role']))}
                description={[
                  words.code('holders', 'role', text(holder['role'])),
                  ...(holder['exercise'] === undefined
                    ? []
                    : [words.code('holders', 'exercise', text(holder['exercise']))]),
                ].join(' · ')}
              />
            ))}
        </Stack>
      </Checkbox.Group>
      {value.by.length > 0 && !value.by.includes('person') && (
        <Radio.Group
          label={t('decider.view')}
          description={t('decider.viewHint')}
          value={value.view}
          onChange={(view) => change({ view: view })}
          error={isMissing && value.view === '' ? t('decider.viewMissing') : undefined}
        >
          <Stack gap="xs" mt={6}>
            {(['agrees', 'objects', 'cannot-say', 'not-sought'] as const).map((view) => (
              <Radio key={view} value={view} label={t(`decider.views.${view}`)} />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <div role="status">
        {reason !== null && (
          <Alert color="orange" variant="light" title={t('decider.human')}>
            <Text>{reason}</Text>
            <Text>{t('decider.humanWhat')}</Text>
          </Alert>
        )}
      </div>
    </Stack>
  );
}

const text = (value: CaseValue | undefined): string => (typeof value === 'string' ? value : '');
const nameOf = (entry: CaseDocument, member: string): string | null => text(entry[member]) || null;

/** Kind, scope, the act that gives it, and its days: what one checks before believing a power. */
function measureInWords(measure: CaseDocument, words: Words, noInstrument: string): string {
  const { kind, scope, instrument, startDate, endDate } = measure;
  const coded = (field: string, value: CaseValue | undefined): string[] =>
    value === undefined ? [] : [words.code('measures', field, text(value))];
  const days = [startDate, endDate].map((day) => (day === undefined ? '…' : formatDate(text(day))));
  return [
    ...coded('kind', kind),
    ...coded('scope', scope),
    ...(instrument === undefined ? [noInstrument] : coded('instrument', instrument)),
    days.join(' – '),
  ].join(' · ');
}
