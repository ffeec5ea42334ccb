import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { agreementVersion } from '../../api/admin-queries.js';
import { Differences } from './Differences.js';

/** The newest versions are offered with their state; older ones by number alone. */
const WITH_STATE = 12;

/** Any two versions beside each other. */
export function Comparison({ id, newest }: { readonly id: string; readonly newest: number }): ReactElement {
  const { t } = useTranslation('admin');
  const [from, setFrom] = useState(Math.max(1, newest - 1));
  const [to, setTo] = useState(newest);
  const [shown, setShown] = useState<{ from: number; to: number } | null>(null);
  const all = Array.from({ length: newest }, (_, index) => newest - index);
  const states = useQueries({ queries: all.slice(0, WITH_STATE).map((version) => agreementVersion(id, version)) });
  const options = all.map((version, index) => {
    const status = states[index]?.data?.status;
    const label =
      status === undefined
        ? t('agreements.version', { version })
        : t('agreements.versionStatus', { version, status: t(`agreements.status.${status}`).toLowerCase() });
    return { value: String(version), label };
  });
  const show = (event: FormEvent): void => {
    event.preventDefault();
    setShown({ from, to });
  };
  return (
    <Stack gap="md">
      <Text c="dimmed" maw="46rem">
        {t('agreements.compareWhat')}
      </Text>
      <form onSubmit={show}>
        <Group align="flex-end">
          <NativeSelect
            label={t('agreements.from')}
            value={String(from)}
            onChange={({ currentTarget: { value } }) => setFrom(Number(value))}
            data={options}
          />
          <NativeSelect
            label={t('agreements.to')}
            value={String(to)}
            onChange={({ currentTarget: { value } }) => setTo(Number(value))}
            data={options}
          />
          <Button type="submit" variant="default">
            {t('agreements.show')}
          </Button>
        </Group>
      </form>
      <div aria-live="polite">{shown !== null && <Differences id={id} from={shown.from} to={shown.to} />}</div>
    </Stack>
  );
}
