import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Partner } from '../../api/partner-queries.js';
import { call } from '../../api/call.js';
import { Problems, violationsOf } from '../parts/Problems.js';
import { EndpointFields, endpointOf, missingIn, NO_ENDPOINT, type TypedEndpoint } from './EndpointFields.js';
import { useErrors } from './use-errors.js';

const SHOWN = ['url', 'tokenUrl', 'clientId', 'scope'] as const;

/** Where Relais reaches the partner, and the form that changes it. */
export function EndpointSection({
  partner,
  onChanged,
}: {
  readonly partner: Partner;
  readonly onChanged: (after: Partner, said: string) => Promise<void>;
}): ReactElement {
  const { t } = useTranslation('admin');
  const [typed, setTyped] = useState<TypedEndpoint | null>(null);
  const [missing, setMissing] = useState<readonly string[]>([]);
  const save = useMutation({
    mutationFn: (body: object) => call<Partner>('PUT', `/api/v1/partners/${partner.id}/endpoint`, { body }),
    onSuccess: async (after) => {
      setTyped(null);
      await onChanged(after, t('endpoint.saved'));
    },
  });
  const errorAt = useErrors(save.error, missing);
  const { endpoint } = partner;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed === null) return;
    const found = missingIn(typed);
    setMissing(found);
    if (found.length === 0) save.mutate(endpointOf(typed));
  };
  const open = (): void => {
    save.reset();
    setMissing([]);
    setTyped({ ...NO_ENDPOINT, ...endpoint });
  };
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h3">
        {t('endpoint.title')}
      </Title>
      {typed === null ? (
        <Stack gap="sm" align="flex-start">
          {endpoint === null ? (
            <Text>{t('endpoint.none')}</Text>
          ) : (
            <dl className="fields">
              {SHOWN.map((name) => (
                <div className="field" key={name}>
                  <dt>{t(`endpoint.${name}`)}</dt>
                  <dd className="mono">{endpoint[name]}</dd>
                </div>
              ))}
              <div className="field">
                <dt>{t('endpoint.idempotency')}</dt>
                <dd>{t(`endpoint.promise.${endpoint.idempotency}`)}</dd>
              </div>
            </dl>
          )}
          <Button variant="default" onClick={open}>
            {t(endpoint === null ? 'endpoint.enter' : 'endpoint.change')}
          </Button>
        </Stack>
      ) : (
        <form onSubmit={submit} noValidate autoComplete="off">
          <Stack>
            <EndpointFields
              typed={typed}
              onChange={(change) => setTyped({ ...typed, ...change })}
              errorAt={(path) => errorAt(path) ?? errorAt(`/endpoint${path}`)}
            />
            {violationsOf(save.error).length === 0 && <Problems error={save.error} />}
            <Group>
              <Button variant="default" onClick={() => setTyped(null)} disabled={save.isPending}>
                {t('cancel')}
              </Button>
              <Button type="submit" loading={save.isPending}>
                {t('endpoint.save')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Stack>
  );
}
