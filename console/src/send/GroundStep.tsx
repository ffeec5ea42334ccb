import { Alert, Button, List, Radio, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../api/problem.js';
import type { Preview, StoredCase } from '../api/views.js';
import { Failure } from '../kit/Failure.js';
import { Loading } from '../kit/Loading.js';
import { ConsentPanel } from './ConsentPanel.js';
import type { RecipientOption } from './options-of.js';
import { untyped } from './stated-ground.js';
import type { Draft } from './use-draft.js';

/** Consent is the usual ground. */
const OtherGround = lazy(async () => ({ default: (await import('./OtherGround.js')).OtherGround }));

/** Refusals that a decision of the person, recorded now, may change. Others are not for this page to change. */
const DECIDABLE = new Set([
  'deny.no-consent',
  'deny.consent-refused',
  'deny.consent-withdrawn',
  'deny.consent-expired',
  'deny.nothing-permitted',
  'deny.identity-not-permitted',
  'deny.decision-maker',
]);

/**
 * Why somebody bound to secrecy may speak: the person's consent, valid, expired or missing; or another ground that the
 * agreement accepts, justified in words.
 */
export function GroundStep({
  file,
  option,
  draft,
  onChange,
  preview,
  refusal,
  error,
  isAsking,
  onRecorded,
}: {
  readonly file: StoredCase;
  readonly option: RecipientOption;
  readonly draft: Draft;
  readonly onChange: (ground: Pick<Draft, 'ground' | 'typed'>) => void;
  readonly preview: Preview | undefined;
  readonly refusal: Problem | null;
  readonly error: unknown;
  readonly isAsking: boolean;
  readonly onRecorded: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const [kind, setKind] = useState(draft.typed?.kind ?? 'consent');
  const [anew, setAnew] = useState(false);
  // While the question is asked again what is being filled in stays.
  const [deciding, setDeciding] = useState(false);
  const others = option.secrecyGrounds.filter((one) => one !== 'consent');
  const mayDecide = refusal?.reasons.some(({ code }) => DECIDABLE.has(code)) === true;
  if (mayDecide && !deciding) setDeciding(true);
  if (preview !== undefined && deciding) setDeciding(false);
  const choose = (next: string): void => {
    setKind(next);
    onChange(
      next === 'consent' ? { ground: { kind: 'consent' }, typed: null } : { ground: null, typed: untyped(next) },
    );
  };
  return (
    <Stack gap="md">
      {others.length > 0 && (
        <Radio.Group value={kind} onChange={choose} label={t('ground.which')}>
          <Stack gap="xs" mt={6}>
            {option.secrecyGrounds.map((one) => (
              <Radio
                key={one}
                value={one}
                label={t(`ground.kind.${one}` as 'ground.kind.consent')}
                description={t(`ground.kindWhat.${one}` as 'ground.kindWhat.consent')}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      {kind !== 'consent' && (
        <Suspense fallback={<Loading lines={2} />}>
          <OtherGround kind={kind} clause={option.emergency} kept={draft.typed} onChange={onChange} key={kind} />
        </Suspense>
      )}
      <div role="status">
        {isAsking && preview === undefined && <Loading lines={2} />}
        {preview !== undefined && (
          <Alert color="green" variant="light" title={t('ground.valid')}>
            <Reasons reasons={preview.reasons} />
          </Alert>
        )}
        {!isAsking && refusal !== null && (
          <Alert color="orange" variant="light" title={t(mayDecide ? 'ground.missing' : 'ground.notPossible')}>
            <Reasons reasons={refusal.reasons} />
            {refusal.reasons.length === 0 && refusal.message}
          </Alert>
        )}
      </div>
      {error !== null && error !== undefined && <Failure error={error} onRetry={onRecorded} />}
      {kind === 'consent' && preview !== undefined && !anew && (
        <Button variant="subtle" size="compact-md" onClick={() => setAnew(true)} w="fit-content">
          {t('ground.anew')}
        </Button>
      )}
      {kind === 'consent' && (deciding || anew) && (
        <ConsentPanel
          file={file}
          option={option}
          onRecorded={() => {
            setAnew(false);
            onRecorded();
          }}
        />
      )}
      {option.emergency !== null && (kind === 'break-glass' || (kind === 'consent' && preview === undefined)) && (
        <Button
          variant="subtle"
          size="compact-md"
          color="gray"
          onClick={() => choose(kind === 'consent' ? 'break-glass' : 'consent')}
          w="fit-content"
        >
          {t(kind === 'consent' ? 'ground.glass.open' : 'ground.glass.close')}
        </Button>
      )}
    </Stack>
  );
}

function Reasons({ reasons }: { readonly reasons: Preview['reasons'] }): ReactElement {
  const [only] = reasons;
  if (reasons.length === 1 && only !== undefined) return <Text>{only.text}</Text>;
  return (
    <List>
      {reasons.map(({ code, text }) => (
        <List.Item key={code}>{text}</List.Item>
      ))}
    </List>
  );
}
