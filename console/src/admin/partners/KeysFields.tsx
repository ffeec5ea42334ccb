import { Button, Checkbox, Group, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { saveText } from '../../api/download.js';
import { canMakeKeys, makeKeyPair, type KeyPair } from './make-key-pair.js';

/** As it is typed or made. */
export interface TypedKeys {
  readonly way: 'url' | 'paste' | 'make' | null;
  readonly url: string;
  readonly pasted: string;
  readonly made: KeyPair | null;
  /** Whoever made the pair has kept the private one. */
  readonly handed: boolean;
}
export const NO_KEYS: TypedKeys = { way: null, url: '', pasted: '', made: null, handed: false };

export type KeysFault = 'way' | 'url' | 'pasted' | 'made' | 'handed';

/** The keys to be sent, or what stands in the way. Pure. */
export function keysIn(typed: TypedKeys): { readonly keys: object } | { readonly fault: KeysFault } {
  switch (typed.way) {
    case null:
      return { fault: 'way' };
    case 'url':
      return typed.url.trim() === '' ? { fault: 'url' } : { keys: { jwksUri: typed.url.trim() } };
    case 'paste': {
      const jwks = readSet(typed.pasted);
      return jwks === null ? { fault: 'pasted' } : { keys: { jwks } };
    }
    case 'make':
      if (typed.made === null) return { fault: 'made' };
      return typed.handed ? { keys: { jwks: { keys: [typed.made.publicJwk] } } } : { fault: 'handed' };
  }
}

function readSet(text: string): object | null {
  try {
    const value = JSON.parse(text) as { readonly keys?: readonly unknown[] } | null;
    return Array.isArray(value?.keys) && value.keys.length > 0 ? { keys: value.keys } : null;
  } catch {
    return null;
  }
}

/** Where a partner's public keys come from: an address, what it sent, or a pair that is made here. */
export function KeysFields({
  typed,
  onChange,
  fault,
  wrong,
}: {
  readonly typed: TypedKeys;
  readonly onChange: (change: Partial<TypedKeys>) => void;
  readonly fault: KeysFault | null;
  /** What the gateway says of the keys. */
  readonly wrong: string | undefined;
}): ReactElement {
  const { t } = useTranslation('admin');
  const ways = (['url', 'paste', 'make'] as const).filter((way) => way !== 'make' || canMakeKeys());
  return (
    <Stack>
      <Radio.Group
        label={t('keys.how')}
        value={typed.way}
        onChange={(way) => onChange({ way })}
        error={fault === 'way' ? t('oversight.choose') : undefined}
        data-wrong={fault === 'way' || undefined}
        required
      >
        <Stack gap="xs" mt="xs">
          {ways.map((way) => (
            <Radio key={way} value={way} label={t(`keys.way.${way}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {typed.way === 'url' && (
        <TextInput
          label={t('keys.url')}
          required
          spellCheck={false}
          value={typed.url}
          onChange={({ currentTarget: { value } }) => onChange({ url: value })}
          error={fault === 'url' ? t('newPartner.needed') : wrong}
        />
      )}
      {typed.way === 'paste' && (
        <Textarea
          label={t('keys.pasted')}
          description={t('keys.pastedWhat')}
          required
          spellCheck={false}
          autosize
          minRows={4}
          maxRows={12}
          classNames={{ input: 'mono' }}
          value={typed.pasted}
          onChange={({ currentTarget: { value } }) => onChange({ pasted: value })}
          error={fault === 'pasted' ? t('keys.notJson') : wrong}
        />
      )}
      {typed.way === 'make' && <Made typed={typed} onChange={onChange} fault={fault} wrong={wrong} />}
    </Stack>
  );
}

function Made({ typed: { made, handed }, onChange, fault, wrong }: Parameters<typeof KeysFields>[0]): ReactElement {
  const { t } = useTranslation('admin');
  const [busy, setBusy] = useState(false);
  const make = async (): Promise<void> => {
    setBusy(true);
    onChange({ made: await makeKeyPair(), handed: false });
    setBusy(false);
  };
  if (made === null) {
    return (
      <Stack gap="xs" align="flex-start">
        <Button variant="default" onClick={() => void make()} loading={busy}>
          {t('keys.make')}
        </Button>
        {fault === 'made' && (
          <Text size="sm" role="alert">
            {t('keys.makeFirst')}
          </Text>
        )}
      </Stack>
    );
  }
  const text = JSON.stringify(made.privateJwk, null, 1);
  return (
    <Stack gap="sm">
      <Text fw={650}>{t('keys.made')}</Text>
      <Text maw="46rem">{t('keys.madeWhat')}</Text>
      <pre className="code" tabIndex={0} role="group" aria-label={t('keys.made')}>
        {text}
      </pre>
      <Group>
        <Button
          variant="default"
          onClick={() => saveText(`${String(made.privateJwk['kid'])}.private.json`, 'application/json', text)}
        >
          {t('keys.download')}
        </Button>
      </Group>
      <Checkbox
        label={t('keys.handed')}
        checked={handed}
        onChange={({ currentTarget: { checked } }) => onChange({ handed: checked })}
        error={fault === 'handed' ? t('keys.handedNeeded') : wrong}
      />
    </Stack>
  );
}
