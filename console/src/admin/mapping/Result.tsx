import { List, Stack, Table, Text, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Fold } from '../parts/Fold.js';
import { VirtualRows } from '../../kit/VirtualRows.js';
import { coverageOf, isForward, TIERS, type ForwardRun, type ReverseRun, type Run, type TracedElement } from './run.js';

/** What the mapping made: how far it covers the record, what is lost, and where each element comes from. */
export function Result({ run }: { readonly run: Run }): ReactElement {
  return isForward(run) ? <Forward run={run} /> : <Reverse run={run} />;
}

function Forward({ run }: { readonly run: ForwardRun }): ReactElement {
  const { t } = useTranslation('admin');
  const coverage = coverageOf(run);
  const entries = run.bundle.entry ?? [];
  return (
    <Stack gap="lg">
      <Text role="status">{t('mapping.done', { count: entries.length, version: run.version.slice(0, 12) })}</Text>
      <section>
        <Title order={3} size="h4" mb="xs">
          {t('mapping.coverage')}
        </Title>
        <dl className="tiers">
          {(['kept', ...TIERS] as const).map((tier) => (
            <div key={tier} className="panel">
              <dt>{t(`mapping.tier.${tier}`)}</dt>
              <dd>{coverage[tier]}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section>
        <Title order={3} size="h4" mb="xs">
          {t('mapping.loss', { count: run.loss.length })}
        </Title>
        {run.loss.length === 0 ? (
          <Text>{t('mapping.lossNone')}</Text>
        ) : (
          <VirtualRows
            items={run.loss}
            rowPx={48}
            label={t('mapping.loss', { count: run.loss.length })}
            keyOf={({ path, reason }) => `${path} ${reason}`}
          >
            {({ path, kind, reason }) => (
              <div className="row">
                <span className="mono">{path}</span>
                <span>
                  {t(`mapping.tier.${kind}`)} · {t(`mapping.lossReason.${reason}`)}
                </span>
              </div>
            )}
          </VirtualRows>
        )}
      </section>
      <section>
        <Title order={3} size="h4" mb="xs">
          {t('mapping.fhir')}
        </Title>
        {run.trace.map(({ entry, resourceType, elements }) => (
          <Fold key={entry} summary={t('mapping.resource', { type: resourceType, count: elements.length })}>
            {() => (
              <Stack>
                <Trace elements={elements} />
                <Json label={t('mapping.json', { type: resourceType })} value={entries[entry]?.resource} />
              </Stack>
            )}
          </Fold>
        ))}
        <Fold summary={t('mapping.whole')}>{() => <Json label={t('mapping.whole')} value={run.bundle} />}</Fold>
      </section>
    </Stack>
  );
}

function Trace({ elements }: { readonly elements: readonly TracedElement[] }): ReactElement {
  const { t } = useTranslation('admin');
  return (
    <Table className="stacked small">
      <Table.Caption className="caption-first">{t('mapping.trace')}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('mapping.element')}</Table.Th>
          <Table.Th scope="col">{t('mapping.sources')}</Table.Th>
          <Table.Th scope="col">{t('mapping.line')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {elements.map(({ path, sources, kind, file, line }, index) => (
          <Table.Tr key={`${path} ${index}`}>
            <Table.Th scope="row" className="mono">
              {path}
            </Table.Th>
            <Table.Td data-label={t('mapping.sources')} className="mono">
              {sources.length === 0
                ? t('mapping.noSource', { kind: t(`mapping.kind.${kind}`) })
                : `${sources.join(', ')} (${t(`mapping.kind.${kind}`)})`}
            </Table.Td>
            <Table.Td data-label={t('mapping.line')} className="mono">
              {file}:{line}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Reverse({ run }: { readonly run: ReverseRun }): ReactElement {
  const { t } = useTranslation('admin');
  return (
    <Stack gap="lg">
      <Text role="status">{t('mapping.resultRecord', { version: run.version.slice(0, 12) })}</Text>
      <section>
        <Title order={3} size="h4" mb="xs">
          {t('mapping.recordOut')}
        </Title>
        <Json label={t('mapping.recordOut')} value={run.record} />
      </section>
      <section>
        <Title order={3} size="h4" mb="xs">
          {t('mapping.trace')}
        </Title>
        <VirtualRows
          items={run.trace}
          rowPx={48}
          label={t('mapping.trace')}
          keyOf={({ path, entry, element }) => `${path} ${entry} ${element}`}
        >
          {({ path, element, file, line }) => (
            <div className="row">
              <span className="mono">{path}</span>
              <span className="mono">
                {element} · {file}:{line}
              </span>
            </div>
          )}
        </VirtualRows>
      </section>
      <Places title={t('mapping.kept', { count: run.kept.length })} places={run.kept} />
      <Places title={t('mapping.conflicts', { count: run.conflicts.length })} places={run.conflicts} />
      <Places title={t('mapping.refusedPlaces', { count: run.refused.length })} places={run.refused} />
    </Stack>
  );
}

function Places({
  title,
  places,
}: {
  readonly title: string;
  readonly places: readonly { readonly map: string; readonly path: string }[];
}): ReactElement | null {
  if (places.length === 0) return null;
  return (
    <Fold summary={title}>
      {() => (
        <List className="mono small">
          {places.map(({ map, path }, index) => (
            <List.Item key={`${map} ${path} ${index}`}>
              {map}: {path}
            </List.Item>
          ))}
        </List>
      )}
    </Fold>
  );
}

function Json({ label, value }: { readonly label: string; readonly value: unknown }): ReactElement {
  return (
    <pre className="code" tabIndex={0} aria-label={label} role="region">
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}
