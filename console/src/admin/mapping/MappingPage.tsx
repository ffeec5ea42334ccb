import { Alert, Button, FileButton, Group, NativeSelect, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../api/call.js';
import { Failure } from '../../kit/Failure.js';
import { Loading } from '../../kit/Loading.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { violationsOf } from '../parts/Problems.js';
import { Result } from './Result.js';
import { Mistakes } from './Mistakes.js';
import { readRecord, type ReadRecord } from './read-record.js';
import type { Direction, Pack, Run } from './run.js';

/** http/api/mapping-runs: MAX_RUN_BYTES. */
const MAX_BYTES = 4 * 1024 * 1024;

/** A record of one's own becomes FHIR, or FHIR a record; nothing is stored and nothing sent. */
export function MappingPage(): ReactElement {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  const [pack, setPack] = useState<Pack>('case');
  const [direction, setDirection] = useState<Direction>('to-fhir');
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const run = useMutation({
    mutationFn: (record: Record<string, unknown>) =>
      call<Run>('POST', `/api/v1/mappings/${pack}/runs`, { body: { direction, record } }),
    // A record is not kept once nobody looks at it.
    gcTime: 0,
  });
  useEffect(() => {
    if (run.isSuccess) heading.current?.focus();
  }, [run.isSuccess]);
  const change = (set: () => void): void => {
    run.reset();
    setWrong(null);
    set();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const read = readRecord(text);
    setWrong(read.outcome === 'record' ? null : mistakeWords(read));
    if (read.outcome === 'record') run.mutate(read.record);
  };
  const mistakeWords = (read: Exclude<ReadRecord, { outcome: 'record' }>): string => {
    if (read.outcome === 'not-json') {
      const where = read.at === null ? t('mapping.notJsonEnd') : t('mapping.notJsonAt', read.at);
      return t('mapping.notJson', { where });
    }
    return t(read.outcome === 'empty' ? 'mapping.empty' : 'mapping.notObject');
  };
  const open = async (file: File | null): Promise<void> => {
    if (file === null) return;
    if (file.size > MAX_BYTES) return setWrong(t('mapping.fileTooLarge'));
    const content = await file.text();
    change(() => setText(content));
  };
  const example = useMutation({
    mutationFn: () => client.fetchQuery({ queryKey: ['mapping-example'], queryFn: readExample, staleTime: Infinity }),
    onSuccess: (record) =>
      change(() => {
        setPack('case');
        setDirection('to-fhir');
        setText(JSON.stringify(record, null, 2));
      }),
  });
  const what =
    direction === 'from-fhir' ? 'mapping.recordFhir' : pack === 'hmis' ? 'mapping.recordHmis' : 'mapping.recordWhat';
  return (
    <Stack gap="lg">
      <PageTitle windowTitle={t('mapping.title')}>{t('mapping.title')}</PageTitle>
      <Text c="dimmed" maw="46rem">
        {t('mapping.lead')}
      </Text>
      <Alert color="relais" variant="light">
        {t('mapping.nothingKept')}
      </Alert>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack>
          <Group align="flex-end">
            <NativeSelect
              label={t('mapping.which')}
              value={pack}
              onChange={({ currentTarget: { value } }) => change(() => setPack(value as Pack))}
              data={(['case', 'hmis'] as const).map((value) => ({ value, label: t(`mapping.name.${value}`) }))}
            />
            <NativeSelect
              label={t('mapping.direction')}
              value={direction}
              onChange={({ currentTarget: { value } }) => change(() => setDirection(value as Direction))}
              data={[
                { value: 'to-fhir', label: t('mapping.to') },
                { value: 'from-fhir', label: t('mapping.from') },
              ]}
            />
            <FileButton onChange={(file) => void open(file)} accept="application/json,.json">
              {(props) => (
                <Button variant="default" {...props}>
                  {t('mapping.file')}
                </Button>
              )}
            </FileButton>
            <Button variant="default" onClick={() => example.mutate()} loading={example.isPending}>
              {t('mapping.example')}
            </Button>
          </Group>
          <Textarea
            label={t(direction === 'from-fhir' ? 'mapping.recordBundle' : 'mapping.record')}
            description={t(what)}
            value={text}
            onChange={({ currentTarget: { value } }) => change(() => setText(value))}
            rows={12}
            spellCheck={false}
            classNames={{ input: 'mono' }}
            error={wrong ?? undefined}
          />
          <div>
            <Button type="submit" loading={run.isPending}>
              {t('mapping.run')}
            </Button>
          </div>
        </Stack>
      </form>
      {example.isError && <Failure error={example.error} />}
      {run.isPending && <Loading lines={3} />}
      {run.isError && (
        <>
          <Failure error={run.error} />
          <Mistakes violations={violationsOf(run.error)} />
        </>
      )}
      {run.data !== undefined && (
        <>
          <Title order={2} size="h3" ref={heading} tabIndex={-1} className="page-title">
            {t('mapping.result')}
          </Title>
          <Result run={run.data} />
        </>
      )}
    </Stack>
  );
}

/** The made-up record of the documentation. */
async function readExample(): Promise<unknown> {
  const api = await call<{
    paths: Record<string, { post?: { requestBody?: { content: Record<string, { example?: { record?: unknown } }> } } }>;
  }>('GET', '/openapi.json');
  return api.paths['/api/v1/mappings/{name}/runs']?.post?.requestBody?.content['application/json']?.example?.record;
}
