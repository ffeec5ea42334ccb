import { Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Draft } from './use-draft.js';

/** A ground that is not consent: justified in words, with who was informed, or why nobody was. Complete, or not a ground. */
export function OtherGround({
  kind,
  onChange,
}: {
  readonly kind: string;
  readonly onChange: (ground: Draft['ground']) => void;
}): ReactElement {
  const { t } = useTranslation();
  const [justification, setJustification] = useState('');
  const [citation, setCitation] = useState('');
  const [informed, setInformed] = useState('');
  const [on, setOn] = useState('');
  const [why, setWhy] = useState('');
  useEffect(() => {
    const timer = window.setTimeout(
      () => onChange(groundOf(kind, { justification, citation, informed, on, why })),
      600,
    );
    return () => window.clearTimeout(timer);
    // The caller makes a new function each time; only what is typed counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [kind, justification, citation, informed, on, why]);
  return (
    <Stack gap="md" maw="40rem">
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

interface Typed {
  readonly justification: string;
  readonly citation: string;
  readonly informed: string;
  readonly on: string;
  readonly why: string;
}

/** As the API takes it; null while something is missing. */
export function groundOf(kind: string, { justification, citation, informed, on, why }: Typed): Draft['ground'] {
  if (justification.trim() === '') return null;
  if (kind === 'care-team') return on === '' ? null : { kind, justification: justification.trim(), informedOn: on };
  const told =
    informed === 'nobody'
      ? why.trim() === ''
        ? null
        : { nobodyBecause: why.trim() }
      : informed === '' || on === ''
        ? null
        : { parties: [informed], on };
  if (told === null) return null;
  if (kind !== 'statute') return { kind, justification: justification.trim(), informed: told };
  if (citation.trim() === '') return null;
  return { kind, citation: citation.trim(), justification: justification.trim(), informed: told };
}
