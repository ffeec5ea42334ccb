import { Badge, Button, Group, NativeSelect, Progress, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Simulation as Found, SimulatedTransfer } from '../../api/admin-queries.js';
import { call } from '../../api/call.js';
import { formatDate } from '../../kit/format.js';
import { currentLang } from '../../texts/i18n.js';
import { Problems } from '../parts/Problems.js';
import { useSeconds } from '../parts/use-seconds.js';
import type { AdminKey } from '../say.js';
import { useWords } from '../use-words.js';

/** transfer/simulate-agreement: MAX_SIMULATED_DAYS. */
const MOST_DAYS = 3_650;

/** Past transfers, decided again with one version: what it would have changed, before anybody signs. */
export function Simulation({
  id,
  versions,
}: {
  readonly id: string;
  readonly versions: readonly { readonly version: number; readonly label: string }[];
}): ReactElement {
  const { t } = useTranslation('admin');
  const [version, setVersion] = useState(versions[0]!.version);
  const [days, setDays] = useState('90');
  const [isWrong, setIsWrong] = useState(false);
  const waiting = useRef<AbortController | null>(null);
  const simulate = useMutation({
    mutationFn: (asked: { version: number; days: number }) => {
      waiting.current = new AbortController();
      return call<Found>('POST', `/api/v1/agreements/${id}/simulate`, {
        body: asked,
        signal: waiting.current.signal,
      });
    },
  });
  const seconds = useSeconds(simulate.isPending);
  const isStopped = simulate.error instanceof DOMException;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const count = Number(days);
    const wrong = !Number.isInteger(count) || count < 1 || count > MOST_DAYS;
    setIsWrong(wrong);
    if (!wrong) simulate.mutate({ version, days: count });
  };
  return (
    <Stack gap="md">
      <Text c="dimmed" maw="46rem">
        {t('simulation.what')}
      </Text>
      <form onSubmit={submit} noValidate>
        <Group align="flex-end">
          {versions.length > 1 && (
            <NativeSelect
              label={t('simulation.version')}
              value={String(version)}
              onChange={({ currentTarget: { value } }) => setVersion(Number(value))}
              data={versions.map((one) => ({ value: String(one.version), label: one.label }))}
            />
          )}
          <TextInput
            label={t('simulation.days')}
            value={days}
            onChange={({ currentTarget: { value } }) => setDays(value.trim())}
            inputMode="numeric"
            w={160}
            error={isWrong ? t('simulation.daysWrong', { most: MOST_DAYS }) : undefined}
          />
          <Button type="submit" variant="default" loading={simulate.isPending}>
            {t('simulation.run')}
          </Button>
          {simulate.isPending && (
            <Button variant="subtle" onClick={() => waiting.current?.abort()}>
              {t('simulation.stop')}
            </Button>
          )}
        </Group>
      </form>
      {simulate.isPending && (
        <div>
          <Progress value={100} animated aria-label={t('simulation.title')} />
          <Text size="sm" mt={4}>
            {t('simulation.running', { seconds })}
          </Text>
        </div>
      )}
      {!isStopped && <Problems error={simulate.error} />}
      <div aria-live="polite">{simulate.data !== undefined && <Result found={simulate.data} />}</div>
    </Stack>
  );
}

function Result({ found }: { readonly found: Found }): ReactElement {
  const { t } = useTranslation('admin');
  const { days, decided, refused, shrunk, unknown, transfers } = found;
  const affected = refused + shrunk;
  if (decided === 0) return <Text>{t('simulation.nothing', { days })}</Text>;
  const numbers = new Intl.NumberFormat(currentLang());
  return (
    <Stack gap="sm">
      <Text fw={650} size="lg">
        {affected === 0 && unknown === 0
          ? t('simulation.same', { days, count: decided })
          : t('simulation.result', { days, count: decided, affected: numbers.format(affected) })}
      </Text>
      <Group gap="xs">
        {refused > 0 && (
          <Badge color="red" variant="outline" className="plain-badge">
            {t('simulation.refused', { count: refused })}
          </Badge>
        )}
        {shrunk > 0 && (
          <Badge color="orange" variant="outline" className="plain-badge">
            {t('simulation.shrunk', { count: shrunk })}
          </Badge>
        )}
        {unknown > 0 && (
          <Badge color="gray" variant="outline" className="plain-badge">
            {t('simulation.unknown', { count: unknown })}
          </Badge>
        )}
      </Group>
      {unknown > 0 && <Text size="sm">{t('simulation.unknownWhy')}</Text>}
      {transfers.length > 0 && (
        <>
          <Title order={3} size="h5">
            {t('simulation.which')}
          </Title>
          {transfers.length < affected + unknown && (
            <Text size="sm" c="dimmed">
              {t('simulation.first', { count: transfers.length })}
            </Text>
          )}
          <ul className="quiet-list rows">
            {transfers.map((one, index) => (
              <li key={one.transferId ?? index} className="row">
                <Line one={one} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Stack>
  );
}

function Line({ one }: { readonly one: SimulatedTransfer }): ReactElement {
  const { t } = useTranslation('admin');
  const { say, nameOf, purpose, list } = useWords();
  return (
    <div className="row-main">
      <Text component="span" fw={650}>
        {t(`simulation.outcome.${one.outcome}`)}
      </Text>
      <Text component="span" size="sm">
        {t('simulation.line', {
          reference: one.reference ?? t('simulation.noReference'),
          organization: nameOf(one.recipientOrganizationId),
          purpose: purpose(one.purpose as 'HOUSING'),
          date: formatDate(one.at),
        })}
      </Text>
      {one.reasons.map(({ code, text }) => (
        <Text component="span" size="sm" key={code}>
          {text}
        </Text>
      ))}
      {one.reasons.length === 0 && one.labels.length > 0 && (
        <Text component="span" size="sm">
          {t('simulation.stay', { labels: list(one.labels.map((label) => say(`label.${label}` as AdminKey))) })}
        </Text>
      )}
    </div>
  );
}
