import { Alert, Checkbox, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { labelName } from '../kit/label-name.js';
import type { EmergencyClause } from './options-of.js';
import { groundOf, spansOf } from './stated-ground.js';
import type { Draft } from './use-draft.js';

/** A ground that is not consent: justified in words, with who was informed, or why nobody was. Complete, or not a ground. */
export function OtherGround({
  kind,
  emergency,
  onChange,
}: {
  readonly kind: string;
  readonly emergency: EmergencyClause | null;
  readonly onChange: (ground: Draft['ground']) => void;
}): ReactElement {
  const { t } = useTranslation();
  const [justification, setJustification] = useState('');
  const [citation, setCitation] = useState('');
  const [informed, setInformed] = useState('');
  const [on, setOn] = useState('');
  const [why, setWhy] = useState('');
  const [categories, setCategories] = useState<readonly string[]>([]);
  const [hours, setHours] = useState('');
  useEffect(() => {
    const typed = { justification, citation, informed, on, why, categories, hours };
    const timer = window.setTimeout(() => onChange(groundOf(kind, typed)), 600);
    return () => window.clearTimeout(timer);
    // The caller makes a new function each time; only what is typed counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [kind, justification, citation, informed, on, why, categories, hours]);
  return (
    <Stack gap="md" maw="40rem">
      {kind === 'break-glass' && emergency !== null && (
        <>
          <Alert color="red" variant="light" title={t('ground.glass.title')}>
            {t('ground.glass.what', { count: emergency.reviewWithinDays })}
          </Alert>
          <Checkbox.Group
            value={[...categories]}
            onChange={setCategories}
            label={t('ground.glass.needed')}
            description={t('ground.glass.neededHint')}
            required
          >
            <Stack gap="xs" mt={4}>
              {emergency.categories.map((category) => (
                <Checkbox key={category} value={category} label={labelName(category)} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Radio.Group
            value={hours}
            onChange={setHours}
            label={t('ground.glass.until')}
            description={t('ground.glass.untilHint')}
            required
          >
            <Stack gap="xs" mt={4}>
              {spansOf(emergency.maxHours).map((span) => (
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
          onChange={({ currentTarget: { value } }) => setCitation(value)}
          maxLength={200}
          required
        />
      )}
      <Textarea
        label={t('ground.justification')}
        description={t('ground.justificationHint')}
        value={justification}
        onChange={({ currentTarget: { value } }) => setJustification(value)}
        autosize
        minRows={2}
        maxLength={2000}
        required
      />
      {kind !== 'care-team' && (
        <Radio.Group value={informed} onChange={setInformed} label={t('ground.informed')} required>
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
          onChange={({ currentTarget: { value } }) => setWhy(value)}
          autosize
          maxLength={2000}
          required
        />
      ) : (
        <TextInput
          type="date"
          label={t(kind === 'care-team' ? 'ground.toldOn' : 'ground.informedOn')}
          value={on}
          onChange={({ currentTarget: { value } }) => setOn(value)}
          maw="16rem"
          required
        />
      )}
    </Stack>
  );
}
