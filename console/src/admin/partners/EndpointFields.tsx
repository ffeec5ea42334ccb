import { NativeSelect, Stack, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Endpoint } from '../../api/partner-queries.js';

/** As it is typed. */
export type TypedEndpoint = Record<'url' | 'tokenUrl' | 'clientId' | 'scope' | 'audience', string> &
  Pick<Endpoint, 'idempotency'>;

export const NO_ENDPOINT: TypedEndpoint = {
  url: '',
  tokenUrl: '',
  clientId: '',
  scope: 'system/Bundle.c',
  audience: '',
  idempotency: 'key',
};
const PROMISES = ['key', 'query', 'none'] as const;
const NEEDED = ['url', 'tokenUrl', 'clientId', 'scope'] as const;

/** What is missing, as paths of what is sent. Pure. */
export function missingIn(typed: TypedEndpoint): readonly string[] {
  return NEEDED.filter((field) => typed[field].trim() === '').map((field) => `/${field}`);
}

export function endpointOf({ audience, ...typed }: TypedEndpoint): Endpoint {
  const trimmed = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim()]));
  return { ...(trimmed as unknown as Endpoint), ...(audience.trim() !== '' && { audience: audience.trim() }) };
}

export function EndpointFields({
  typed,
  onChange,
  errorAt,
}: {
  readonly typed: TypedEndpoint;
  readonly onChange: (change: Partial<TypedEndpoint>) => void;
  /** What is wrong with a member, by its path. */
  readonly errorAt: (path: string) => string | undefined;
}): ReactElement {
  const { t } = useTranslation('admin');
  const field = (name: (typeof NEEDED)[number], description: string): ReactElement => (
    <TextInput
      label={t(`endpoint.${name}`)}
      description={description}
      required
      spellCheck={false}
      value={typed[name]}
      onChange={({ currentTarget: { value } }) => onChange({ [name]: value })}
      error={errorAt(`/${name}`)}
    />
  );
  return (
    <Stack>
      {field('url', t('endpoint.urlWhat'))}
      {field('tokenUrl', t('endpoint.tokenUrlWhat'))}
      {field('clientId', t('endpoint.clientIdWhat', { jwks: `${window.location.origin}/oauth/jwks` }))}
      {field('scope', t('endpoint.scopeWhat'))}
      <TextInput
        label={t('endpoint.audience')}
        spellCheck={false}
        value={typed.audience}
        onChange={({ currentTarget: { value } }) => onChange({ audience: value })}
        error={errorAt('/audience')}
      />
      <NativeSelect
        label={t('endpoint.idempotency')}
        value={typed.idempotency}
        onChange={({ currentTarget: { value } }) => onChange({ idempotency: value as Endpoint['idempotency'] })}
        data={PROMISES.map((value) => ({ value, label: t(`endpoint.promise.${value}`) }))}
      />
    </Stack>
  );
}
