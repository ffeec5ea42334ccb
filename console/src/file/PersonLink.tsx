import { Alert, Badge, Button, Checkbox, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/call.js';
import { accessLinksOf } from '../api/queries.js';
import type { AccessLink } from '../api/views.js';
import { Failure } from '../kit/Failure.js';
import { formatMoment } from '../kit/format.js';
import { currentLang, type Lang } from '../texts/i18n.js';

interface Made {
  readonly link: AccessLink;
  readonly url: string;
  readonly code: string;
}

/** The person's own page: a link that opens once, and a code that goes another way. Shown once, taken back at any time. */
export function PersonLink({ personId }: { readonly personId: string }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [lang, setLang] = useState<Lang>(currentLang());
  const [safe, setSafe] = useState(false);
  const links = useQuery(accessLinksOf(personId));
  const changed = (): Promise<void> => client.invalidateQueries({ queryKey: ['access-links', personId] });
  const make = useMutation({
    mutationFn: () =>
      call<Made>('POST', `/api/v1/persons/${personId}/access-links`, { body: { lang, hours: 24, safeChannel: true } }),
    onSuccess: async () => {
      setSafe(false);
      await changed();
    },
  });
  const revoke = useMutation({
    mutationFn: (id: string) => call<AccessLink>('POST', `/api/v1/access-links/${id}/revoke`, { body: {} }),
    onSettled: changed,
  });
  const open = (links.data ?? []).filter(
    ({ kind, state }) => kind === 'person' && (state === 'open' || state === 'used'),
  );
  return (
    <Stack gap="sm" maw="44rem">
      <Text c="dimmed">{t('link.what')}</Text>
      <Group align="flex-end">
        <SegmentedControl
          value={lang}
          onChange={(value) => setLang(value)}
          aria-label={t('link.language')}
          data={[
            { value: 'fr', label: 'Français' },
            { value: 'en', label: 'English' },
          ]}
        />
        <Button variant="default" disabled={!safe} loading={make.isPending} onClick={() => make.mutate()}>
          {t('link.make')}
        </Button>
      </Group>
      <Checkbox
        checked={safe}
        onChange={({ currentTarget }) => setSafe(currentTarget.checked)}
        label={t('link.safe')}
      />
      {make.isError && <Failure error={make.error} />}
      <div role="status">
        {make.data !== undefined && (
          <Alert
            color="relais"
            variant="light"
            title={t('link.made', { date: formatMoment(make.data.link.expiresAt) })}
          >
            <Stack gap="xs">
              <TextInput
                label={t('link.url')}
                value={make.data.url}
                readOnly
                onFocus={({ currentTarget }) => currentTarget.select()}
              />
              <Text>
                {t('link.code')} <strong className="code">{make.data.code}</strong>
              </Text>
              <Text size="sm">{t('link.apart')}</Text>
            </Stack>
          </Alert>
        )}
      </div>
      {open.length > 0 && (
        <ul className="quiet-list">
          {open.map(({ id, state, createdAt, expiresAt }) => (
            <li key={id}>
              <Group gap="sm" py={4}>
                <Badge variant="light" color={state === 'open' ? 'relais' : 'gray'} tt="none">
                  {t(`link.state.${state as 'open' | 'used'}`)}
                </Badge>
                <Text size="sm">
                  {t('link.since', { made: formatMoment(createdAt), ends: formatMoment(expiresAt) })}
                </Text>
                <Button
                  variant="default"
                  size="compact-sm"
                  loading={revoke.isPending && revoke.variables === id}
                  onClick={() => revoke.mutate(id)}
                >
                  {t('link.revoke')}
                </Button>
              </Group>
            </li>
          ))}
        </ul>
      )}
      {revoke.isError && <Failure error={revoke.error} />}
    </Stack>
  );
}
