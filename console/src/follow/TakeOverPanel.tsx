import { Button, Group, Paper, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/call.js';
import { takeOver } from '../api/queries.js';
import type { Candidate, ReceivedTransfer, TakenOver, TakeOver } from '../api/views.js';
import { InCommon } from '../find/InCommon.js';
import { bornText } from '../kit/born-text.js';
import { Failure } from '../kit/Failure.js';
import { formatDate } from '../kit/format.js';
import { LinkButton } from '../kit/LinkButton.js';
import { Loading } from '../kit/Loading.js';
import { paths } from '../paths.js';
import { useNavigate } from '../router.js';

/**
 * Who accepted makes a file of its own of what was received. Whose file it is, a human says: nothing is preselected, nothing
 * merged. Looking reads what was sent, which is written down, so it takes a click.
 */
export function TakeOverPanel({ transfer }: { readonly transfer: ReceivedTransfer }): ReactElement {
  const { t } = useTranslation();
  const done = transfer.timeline.some(({ status }) => status === 'taken-over');
  const [open, setOpen] = useState(done);
  const heading = useRef<HTMLHeadingElement>(null);
  const query = useQuery({ ...takeOver(transfer.id), enabled: open, retry: false });
  return (
    <Paper withBorder p="lg" component="section" aria-label={t('takeOver.title')}>
      <Stack gap="md">
        <h2 ref={heading} tabIndex={-1} className="section page-title">
          {t('takeOver.title')}
        </h2>
        {!open && (
          <Stack gap="xs" align="flex-start">
            <Text c="dimmed">{t('takeOver.what')}</Text>
            <Button
              variant="default"
              onClick={() => {
                // The button goes: who works by keyboard goes on from here.
                heading.current?.focus();
                setOpen(true);
              }}
            >
              {t('takeOver.look')}
            </Button>
          </Stack>
        )}
        {open && query.isPending && <Loading lines={3} />}
        {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
        {query.data?.takenOver != null && (
          <Stack gap="xs" align="flex-start">
            <Text>{t('takeOver.done', { date: formatDate(query.data.takenOver.takenAt) })}</Text>
            <LinkButton to={paths.case(query.data.takenOver.caseId)} variant="default">
              {t('takeOver.file')}
            </LinkButton>
          </Stack>
        )}
        {query.data?.takenOver === null && <Choice transferId={transfer.id} view={query.data} />}
      </Stack>
    </Paper>
  );
}

function Choice({ transferId, view }: { readonly transferId: string; readonly view: TakeOver }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [person, setPerson] = useState('');
  const take = useMutation({
    mutationFn: () => call<TakenOver>('POST', `/api/v1/transfers/${transferId}/take-over`, { body: { person } }),
    onSuccess: async ({ caseId }) => {
      navigate(paths.case(caseId));
      await client.invalidateQueries({ queryKey: ['transfer', transferId] });
      await client.invalidateQueries({ queryKey: ['take-over', transferId] });
    },
  });
  return (
    <Stack gap="md">
      {view.person !== null && (
        <div>
          <Text c="dimmed" size="sm">
            {t('takeOver.received')}
          </Text>
          <Who {...view.person} />
        </div>
      )}
      <Radio.Group
        value={person}
        onChange={setPerson}
        label={t('takeOver.whose')}
        description={t(view.candidates.length === 0 ? 'takeOver.nobody' : 'takeOver.compare')}
      >
        <div className="choices">
          {view.candidates.map((candidate) => (
            <Radio.Card key={candidate.caseId} value={candidate.personId} p="md" radius="md" className="choice">
              <Group wrap="nowrap" align="flex-start">
                <Radio.Indicator />
                <Stack gap={4}>
                  <Text fw={600}>{t('takeOver.same')}</Text>
                  <Who
                    names={candidate.names}
                    birthDate={candidate.birthDate}
                    apart={view.person !== null && candidate.birthDate !== view.person.birthDate}
                  />
                  <Text size="sm" c="dimmed">
                    {t('find.file', { number: candidate.caseId })}
                  </Text>
                  <InCommon agrees={candidate.agrees} />
                </Stack>
              </Group>
            </Radio.Card>
          ))}
          <Radio.Card value="new" p="md" radius="md" className="choice">
            <Group wrap="nowrap" align="flex-start">
              <Radio.Indicator />
              <Text fw={600}>{t('takeOver.new')}</Text>
            </Group>
          </Radio.Card>
        </div>
      </Radio.Group>
      {view.terms !== null && <Terms terms={view.terms} />}
      {take.isError && <Failure error={take.error} />}
      <Group>
        <Button disabled={person === ''} loading={take.isPending} onClick={() => take.mutate()}>
          {t('takeOver.take')}
        </Button>
      </Group>
    </Stack>
  );
}

/** @param apart the birth date is another one than what was received: the eye goes there first */
function Who({
  names,
  birthDate,
  apart = false,
}: Pick<Candidate, 'names' | 'birthDate'> & { readonly apart?: boolean }): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack gap={0}>
      {names.map(({ given, family }, index) => (
        <Text key={index} fw={index === 0 ? 650 : 400} dir="auto">
          {[...given, family].filter(Boolean).join(' ')}
        </Text>
      ))}
      <Text className={apart ? 'apart' : undefined}>{bornText(t, birthDate)}</Text>
    </Stack>
  );
}

/** What holds for the file from then on. */
function Terms({ terms }: { readonly terms: NonNullable<TakeOver['terms']> }): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {t('takeOver.terms')}
      </Text>
      <Text size="sm">{t(`takeOver.onward.${terms.onward.kind}`)}</Text>
      {terms.keepUntil !== null && (
        <Text size="sm">{t(`takeOver.keep.${terms.keepThen ?? 'delete'}`, { date: formatDate(terms.keepUntil) })}</Text>
      )}
      {terms.leftOut > 0 && <Text size="sm">{t('takeOver.leftOut', { count: terms.leftOut })}</Text>}
    </Stack>
  );
}
