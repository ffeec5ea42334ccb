import { Alert, Checkbox, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { labelName } from '../kit/label-name.js';
import type { EmergencyClause } from './options-of.js';
import { groundOf, spansOf, untyped, type TypedGround } from './stated-ground.js';
import type { Draft } from './use-draft.js';

/** While one types: the preview is asked again for what was typed, and not for each letter. */
const REST_MS = 600;

/** A ground that is not consent: justified in words, with who was informed, or why nobody was. Complete, or not a ground. */
export function OtherGround({
  kind,
  clause,
  kept,
  onChange,
}: {
  readonly kind: string;
  readonly clause: EmergencyClause | null;
  readonly kept: TypedGround | null;
  readonly onChange: (ground: Pick<Draft, 'ground' | 'typed'>) => void;
}): ReactElement {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(() => (kept?.kind === kind ? kept : untyped(kind)));
  const report = useDebouncedCallback((next: TypedGround) => onChange({ ground: groundOf(next), typed: next }), {
    delay: REST_MS,
    flushOnUnmount: true,
  });
  const set = (part: Partial<TypedGround>): void => {
    const next = { ...typed, ...part };
    setTyped(next);
    report(next);
  };
  const { justification, citation, informed, on, why, categories, hours } = typed;
  return (
    <Stack gap="md" maw="40rem">
      {kind === 'break-glass' && clause !== null && (
        <>
          <Alert color="red" variant="light" title={t('ground.glass.title')}>
            {t('ground.glass.what', { count: clause.reviewWithinDays })}
          </Alert>
          <Checkbox.Group
            value={[...categories]}
            onChange={(categories) => set({ categories })}
            label={t('ground.glass.needed')}
            description={t('ground.glass.neededHint')}
            required
          >
            <Stack gap="xs" mt={4}>
              {clause.categories.map((category) => (
                <Checkbox key={category} value={category} label={labelName(category)} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Radio.Group
            value={hours}
            onChange={(hours) => set({ hours })}
            label={t('ground.glass.until')}
            description={t('ground.glass.untilHint')}
            required
          >
            <Stack gap="xs" mt={4}>
              {spansOf(clause.maxHours).map((span) => (
                <Radio key={span} value={String(span)} label={t('ground.glass.hours', { count: span })} />
              ))}
            </Stack>
          </Radio.Group>
        </>
      )}
      {kind === 'statute' && (
        <TextInput
          label={t('ground.citation')}
          description={t('ground.citationHint')}
          value={citation}
          onChange={({ currentTarget: { value } }) => set({ citation: value })}
          maxLength={200}
          required
        />
      )}
      <Textarea
        label={t('ground.justification')}
        description={t('ground.justificationHint')}
        value={justification}
        onChange={({ currentTarget: { value } }) => set({ justification: value })}
        autosize
        minRows={2}
        maxLength={2000}
        required
      />
      {kind !== 'care-team' && (
        <Radio.Group value={informed} onChange={(informed) => set({ informed })} label={t('ground.informed')} required>
          <Stack gap="xs" mt={4}>
            <Radio value="person" label={t('ground.informedPerson')} />
            <Radio value="representative" label={t('ground.informedRepresentative')} />
            <Radio value="nobody" label={t('ground.informedNobody')} />
          </Stack>
        </Radio.Group>
      )}
      {informed === 'nobody' && kind !== 'care-team' ? (
        <Textarea
          label={t('ground.nobodyBecause')}
          value={why}
          onChange={({ currentTarget: { value } }) => set({ why: value })}
          autosize
          maxLength={2000}
          required
        />
      ) : (
        <TextInput
          type="date"
          label={t(kind === 'care-team' ? 'ground.toldOn' : 'ground.informedOn')}
          value={on}
          onChange={({ currentTarget: { value } }) => set({ on: value })}
          maw="16rem"
          required
        />
      )}
    </Stack>
  );
}
